"""Pages made in the process that kernels are forked from: a kernel shows one as it is.

Such a page's widgets opened their comms before there was a kernel that could have said so. A
frontend does not hear of them: it has to ask for all states once the page was displayed, as Voilà
does, and JupyterLab does not.
"""

from typing import Any

import ipywidgets
from comm import get_comm_manager
from IPython import get_ipython
from ipywidgets.widgets import widget

from client_triage.views.app import App
from client_triage.views.sheet import Sheet
from client_triage.views.workspace import Workspace

_all = widget._instances  # noqa: SLF001 - ipywidgets has no public name for it that lasts
_prepared: dict[str, tuple[App, list[tuple[ipywidgets.Widget, Any]]]] = {}
"""By language: a page, and its widgets with their comms."""


def prepare(language: str) -> None:
    """Make a page in a language; `take` gives it away.

    Until then its widgets are not among those whose states a frontend is told, and its comms are
    not open: a browser knows a kernel that was restarted by its having none at all. So each page
    has its own style sheet, where no other is open.
    """
    there = set(_all)
    page = App(Workspace(language=language))
    own = [(one, one.comm) for model, one in _all.items() if model not in there]
    for one, comm in own:
        del _all[comm.comm_id]
        get_comm_manager().unregister_comm(comm)
        one.comm = None
    _prepared[language] = page, own


def take(language: str) -> App | None:
    """Give the page that was made in a language; None where there is none any more."""
    page, own = _prepared.pop(language, (None, []))
    kernel = getattr(get_ipython(), "kernel", None)
    for one, comm in own:
        get_comm_manager().register_comm(comm)
        if kernel is not None:
            comm.kernel = kernel  # it learns that when it is opened
        one.comm = comm  # puts it among those whose states are told
        if isinstance(one, Sheet):
            one.share()
    return page
