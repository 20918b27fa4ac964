"""Pages made in the process that kernels are forked from: a kernel shows one as it is.

Such a page's widgets opened their comms before there was a kernel that could have said so. A
frontend does not hear of them: it has to ask for all states once the page was displayed, as Voilà
does, and JupyterLab does not.
"""

import ipywidgets
from IPython import get_ipython
from ipywidgets.widgets import widget

from client_triage.views.app import App
from client_triage.views.sheet import Sheet
from client_triage.views.workspace import Workspace

_all = widget._instances  # noqa: SLF001 - ipywidgets has no public name for it that lasts
_prepared: dict[str, tuple[App, dict[str, ipywidgets.Widget]]] = {}
"""By language: a page, and its widgets by their ids."""


def prepare(language: str) -> None:
    """Make a page in a language; `take` gives it away.

    Until then its widgets are not among those whose states a frontend is told.
    """
    Sheet.shared()  # of all pages
    there = set(_all)
    page = App(Workspace(language=language))
    own = {model: _all.pop(model) for model in list(_all) if model not in there}
    _prepared[language] = page, own


def take(language: str) -> App | None:
    """Give the page that was made in a language; None where there is none any more."""
    page, own = _prepared.pop(language, (None, {}))
    _all.update(own)
    if kernel := getattr(get_ipython(), "kernel", None):
        for one in own.values():  # a comm opens in its kernel, and knows it from then on
            one.comm.kernel = kernel
    return page
