"""The plots on the page: drawn when they are on screen, a moment after the last change."""

import asyncio
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from typing import Any

from client_triage import plots
from client_triage.domain.tally import Tally
from client_triage.plots import Description
from client_triage.views.modules import script, style
from client_triage.views.view import Action, View
from client_triage.views.workspace import Workspace
from client_triage.words import Words

_PAUSE = 0.15
"""Seconds without a change before plots are drawn anew."""

_DESCRIBED: Mapping[str, Callable[[Tally, Words], Description]] = {
    "heatmap": plots.describe_heatmap,
    "tally_by_scenario": plots.describe_tally_by_scenario,
    "revenue_by_verdict": plots.describe_revenue_by_verdict,
}


class PlotsView(View):
    """The three plots, each with its finding as a title, alt text, and its data as a table.

    The browser says which plots are on screen; only those are drawn. Without matplotlib the
    tables stand alone.
    """

    _esm = script("plots.js")
    _css = style("plots.css")

    def __init__(self, workspace: Workspace, *, shown: bool = True) -> None:
        self._on_screen: set[str] = set()
        self._drawn: dict[str, tuple[Tally, str, str]] = {}
        self._waiting: asyncio.TimerHandle | None = None
        super().__init__(workspace, shown=shown)

    def draw(self) -> dict[str, Any]:
        """Give the plots that are on screen as SVG, and the words and data of all three."""
        words = self.workspace.words
        return {
            "words": words.texts("plots"),
            "is_empty": not self.workspace.tally.clients,
            "plots": [self._plot(name) for name in _DESCRIBED],
        }

    @property
    def actions(self) -> Mapping[str, Action]:
        """What the browser reports here."""
        return {"see": self._on_see}

    def _plot(self, name: str) -> dict[str, Any]:
        tally, words = self.workspace.tally, self.workspace.words
        described = _DESCRIBED[name](tally, words)
        return {
            "name": name,
            "title": described.title,
            "note": described.note,
            "columns": described.columns,
            "rows": described.rows,
            "svg": self._svg(name) if name in self._on_screen else "",
            "can_draw": _can_draw(),
        }

    def _svg(self, name: str) -> str:
        tally, words = self.workspace.tally, self.workspace.words
        drawn = self._drawn.get(name)
        if drawn and drawn[0] is tally and drawn[1] == words.language:
            return drawn[2]
        if not _can_draw() or not tally.clients:
            return ""
        figure = getattr(plots, name)(tally, words)
        svg = plots.svg(figure, name)
        self._drawn[name] = (tally, words.language, svg)
        return svg

    def _on_see(self, plot: str, *, seen: bool) -> None:
        if plot not in _DESCRIBED:
            raise KeyError(plot)
        (self._on_screen.add if seen else self._on_screen.discard)(plot)

    def _on_change(self, change: object) -> None:
        """Wait until the changes pause: a burst of answers draws each plot once."""
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            super()._on_change(change)
            return
        if self._waiting:
            self._waiting.cancel()
        self._waiting = loop.call_later(_PAUSE, super()._on_change, change)


def _can_draw() -> bool:
    return find_spec("matplotlib") is not None
