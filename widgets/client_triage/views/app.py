"""The whole walk: start, a step for each scenario, the portfolio."""

from collections.abc import Callable, Iterable

import ipywidgets

from client_triage.views.bar import BarView
from client_triage.views.cards import CardsView
from client_triage.views.clients import ClientsView
from client_triage.views.device import DeviceView
from client_triage.views.drop import DropView
from client_triage.views.file import FileView
from client_triage.views.glossary import GlossaryView
from client_triage.views.keeping import KeepingView
from client_triage.views.lesson import lessons
from client_triage.views.matrix import MatrixView
from client_triage.views.page import PageView
from client_triage.views.plots import PlotsView
from client_triage.views.progress import ProgressView
from client_triage.views.scenario import ScenarioView
from client_triage.views.shell import LEARN, PORTFOLIO, START, ShellView
from client_triage.views.sitting import SittingView
from client_triage.views.tally import TallyView
from client_triage.views.view import View
from client_triage.views.workspace import Workspace

Part = View | ScenarioView


class App(ipywidgets.VBox):
    """One step at a time; a step is made when it is first opened, and waits while it is away."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self._parts: dict[str, tuple[Part, ...]] = {}
        self._boxes: dict[str, ipywidgets.Box] = {}
        self._device = DeviceView(workspace)  # one for all steps: it stores in each of them
        start = self._box(START)  # before the others: what a change did is seen here first
        self._head = ShellView(workspace, self.go)
        self._foot = ShellView(workspace, self.go, foot=True)
        self._keeping = KeepingView(workspace)
        self._glossary = GlossaryView(workspace)
        self._drop = DropView(workspace)
        super().__init__(children=self._around(start))
        self.add_class("ct-app")

    @property
    def step(self) -> str:
        """The step on screen: ``start``, a scenario id, or ``portfolio``."""
        return self._head.step

    def go(self, step: str) -> None:
        """Open a step."""
        for part in self._parts[self.step]:
            part.shown = False
        box = self._box(step)
        for part in self._parts[step]:
            part.shown = True
        self._head.step = self._foot.step = step
        self.children = self._around(box)

    def _around(self, box: ipywidgets.Box) -> tuple[ipywidgets.Widget, ...]:
        return self._head, self._keeping, box, self._foot, self._glossary, self._drop

    def _box(self, step: str) -> ipywidgets.Box:
        if step not in self._boxes:
            parts, box = self._make(step)
            box.add_class("ct-step")
            box.add_class(f"ct-step-{step}")
            self._parts[step], self._boxes[step] = tuple(parts), box
        return self._boxes[step]

    def _make(self, step: str) -> tuple[Iterable[Part], ipywidgets.Box]:
        workspace, device = self.workspace, self._device
        if step == START:
            return start_views(workspace, device=device)
        if step == PORTFOLIO:
            return portfolio_views(workspace, device=device)
        if step == LEARN:
            return learn_views(workspace, device=device, on_step=self.go)
        scenario = ScenarioView(workspace, step)
        return [scenario], ipywidgets.VBox([scenario])


def portfolio_views(
    workspace: Workspace, *, prose: bool = True, device: DeviceView | None = None
) -> tuple[list[View], ipywidgets.Box]:
    """Make the views of the whole portfolio, the tally beside the matrix, plots beside the cards.

    Parameters
    ----------
    prose
        False where the text stands elsewhere, as in a notebook.
    device
        What remembers the portfolio in the browser, where there is no file.
    """
    last: list[View] = [FileView(workspace), *([device] if device else [])]
    pages: list[View] = [PageView(workspace, PORTFOLIO) if prose else KeepingView(workspace)]
    cards, tally, plots = CardsView(workspace), TallyView(workspace), PlotsView(workspace)
    matrix, clients = MatrixView(workspace), ClientsView(workspace)
    bar = BarView(workspace)
    overview, beside = _beside(matrix, tally, how="ct-overview"), _beside(cards, plots)
    parts: list[View] = [*pages, matrix, tally, cards, plots, clients, bar, *last]
    return parts, _page(*pages, overview, beside, clients, bar, *last)


def start_views(
    workspace: Workspace, *, prose: bool = True, device: DeviceView | None = None
) -> tuple[list[View], ipywidgets.Box]:
    """Make the views of the start: what this is, the first clients, a sample result.

    Parameters
    ----------
    prose
        False where the text stands elsewhere, as in a notebook.
    device
        What remembers the portfolio in the browser, where there is no file.
    """
    views: list[View] = [
        PageView(workspace, START, part="first") if prose else KeepingView(workspace)
    ]
    views += [ClientsView(workspace), FileView(workspace), *([device] if device else [])]
    views.append(SittingView(workspace, "before", folded=True))
    if prose:
        views.append(PageView(workspace, START, part="others"))
    sample = CardsView(workspace, sample=True)
    return [*views, sample], _page(_beside(ipywidgets.VBox(views), sample))


def learn_views(
    workspace: Workspace, *, device: DeviceView, on_step: Callable[[str], None]
) -> tuple[list[View], ipywidgets.Box]:
    """Make the views of the end: the test after, what was learnt, the lessons.

    Parameters
    ----------
    device
        What remembers the portfolio in the browser.
    on_step
        Opens a step.
    """
    views: list[View] = [
        PageView(workspace, LEARN),
        SittingView(workspace, "after"),
        ProgressView(workspace, on_step),
        *lessons(workspace),
        FileView(workspace),
        device,
    ]
    return views, _page(*views)


def _page(*children: ipywidgets.Widget) -> ipywidgets.VBox:
    page = ipywidgets.VBox(children)
    page.add_class("ct-page")
    return page


def _beside(*children: ipywidgets.Widget, how: str = "ct-beside") -> ipywidgets.Box:
    beside = ipywidgets.Box(children)
    beside.add_class(how)
    return beside
