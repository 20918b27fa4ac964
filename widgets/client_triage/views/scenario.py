"""One scenario on one page: its text, its sweep, and what it looks like across the clients."""

import ipywidgets
import traitlets

from client_triage.views.across import AcrossView
from client_triage.views.keeping import KeepingView
from client_triage.views.practice import PracticeView
from client_triage.views.prose import ProseView
from client_triage.views.sweep import SweepView
from client_triage.views.workspace import Workspace


class ScenarioView(ipywidgets.VBox):
    """A scenario's views under each other.

    Parameters
    ----------
    prose
        False where text and practice stand elsewhere, as in a notebook. There each scenario says by
        itself how the answers are kept; on the page the page does.
    shown
        Views that are not on screen wait with their redrawing until they are.

    Examples
    --------
    >>> ScenarioView(Workspace(), "slow-pay", prose=False)  # doctest: +SKIP
    """

    shown = traitlets.Bool(default_value=True)

    def __init__(
        self, workspace: Workspace, scenario_id: str, *, prose: bool = True, shown: bool = True
    ) -> None:
        kinds = [ProseView, SweepView, AcrossView] if prose else [SweepView, AcrossView]
        views = [kind(workspace, scenario_id, shown=shown) for kind in kinds]
        # Who is asked before reading remembers more of it.
        first = PracticeView(workspace, scenario_id, folded=True, shown=shown)
        views.insert(0, first if prose else KeepingView(workspace, shown=shown))
        super().__init__(children=views, shown=shown)
        for view in views:
            traitlets.dlink((self, "shown"), (view, "shown"))
