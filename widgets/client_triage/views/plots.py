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

    The browser says which plots are on screen; only those are drawn, and each picture is sent
    by itself when it changes. Without matplotlib the tables stand alone.
    """

    _esm = script("plots.js")
    _css = style("plots.css")

    def __init__(self, workspace: Workspace, *, shown: bool = True) -> None:
        self._on_screen: set[str] = set()
        self._drawn: dict[str, tuple[Tally, str, str]] = {}
        self._waiting: asyncio.TimerHandle | None = None
        super().__init__(workspace, shown=shown)

    def draw(self) -> dict[str, Any]:
        """Give the words and the data of all three plots."""
        workspace = self.workspace
        return {
            "words": workspace.words.texts("plots"),
            "is_empty": not workspace.tally.clients,
            "plots": [self._plot(name) for name in _DESCRIBED],
        }

    def redraw(self) -> None:
        """Send the state anew, and the pictures that are on screen."""
        super().redraw()
        for name in sorted(self._on_screen):
            self._send_picture(name)

    @property
    def actions(self) -> Mapping[str, Action]:
        """What the browser reports here."""
        return {"see": self._on_see}

    def close(self) -> None:
        """Close the widget; what waits to be drawn is not drawn any more."""
        if self._waiting:
            self._waiting.cancel()
        super().close()

    def _plot(self, name: str) -> dict[str, Any]:
        described = _DESCRIBED[name](self.workspace.tally, self.workspace.words)
        return {
            "name": name,
            "title": described.title,
            "note": described.note,
            "columns": described.columns,
            "rows": described.rows,
            "can_draw": _can_draw(),
        }

    def _send_picture(self, name: str, *, again: bool = False) -> None:
        """Draw a plot and send it, unless what was sent still holds."""
        tally, language = self.workspace.tally, self.workspace.language
        last = self._drawn.get(name)
        if not (last and last[0] is tally and last[1] == language):
            if not _can_draw() or not tally.clients:
                return
            figure = getattr(plots, name)(tally, self.workspace.words)
            last = self._drawn[name] = (tally, language, plots.svg(figure, name))
            again = True
        if again:
            self.send({"plot": name, "svg": last[2]})

    def _on_see(self, plot: str, *, seen: bool) -> None:
        if plot not in _DESCRIBED:
            raise KeyError(plot)
        if not seen:
            self._on_screen.discard(plot)
            return
        self._on_screen.add(plot)
        # The browser may be a new one, which has no picture yet.
        self._send_picture(plot, again=True)

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
