"""The plots on the page: drawn when they are on screen, a moment after the last change."""

import asyncio
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from typing import Any, ClassVar

from client_triage import plots
from client_triage.domain.tally import Tally
from client_triage.plots import Description
from client_triage.views.modules import script
from client_triage.views.view import Action, View
from client_triage.views.workspace import Workspace
from client_triage.words import Words

_PAUSE = 0.15
"""Seconds without a change before plots are drawn anew."""

Describe = Callable[[Any, Words], Description]


class PicturesView(View):
    """A view with plots, each with its finding as a title, alt text, and its data as a table.

    The browser says which plots are on screen; only those are drawn, and each picture is sent
    by itself when it changes. Without matplotlib the tables stand alone.
    """

    described: ClassVar[Mapping[str, Describe]]
    """What says each plot in words, by the name of the function that draws it."""

    def __init__(self, workspace: Workspace, *, shown: bool = True) -> None:
        self._on_screen: set[str] = set()
        self._drawn: dict[str, tuple[object, str, str]] = {}
        self._waiting: asyncio.TimerHandle | None = None
        super().__init__(workspace, shown=shown)

    @property
    def data(self) -> object:
        """What the plots show; None where there is nothing to show."""
        raise NotImplementedError

    def redraw(self) -> None:
        """Send the state anew, and the pictures that are on screen."""
        super().redraw()
        for name in sorted(self._on_screen):
            self._send_picture(name)

    def close(self) -> None:
        """Close the widget; what waits to be drawn is not drawn any more."""
        if self._waiting:
            self._waiting.cancel()
        super().close()

    def plot(self, name: str) -> dict[str, Any]:
        """Give a plot as the browser shows it, without its picture."""
        described = self.described[name](self.data, self.workspace.words)
        return {
            "name": name,
            "title": described.title,
            "note": described.note,
            "columns": described.columns,
            "rows": described.rows,
            "can_draw": _can_draw(),
        }

    def see(self, plot: str, *, seen: bool) -> None:
        """Hear from the browser that a plot came on screen, or left it."""
        if plot not in self.described:
            raise KeyError(plot)
        if not seen:
            self._on_screen.discard(plot)
            return
        self._on_screen.add(plot)
        # The browser may be a new one, which has no picture yet.
        self._send_picture(plot, again=True)

    def _send_picture(self, name: str, *, again: bool = False) -> None:
        """Draw a plot and send it, unless what was sent still holds."""
        data, language = self.data, self.workspace.language
        last = self._drawn.get(name)
        if not (last and last[:2] == (data, language)):
            if not _can_draw() or data is None:
                return
            figure = getattr(plots, name)(data, self.workspace.words)
            last = self._drawn[name] = (data, language, plots.svg(figure, name))
            again = True
        if again:
            self.send({"plot": name, "svg": last[2]})

    def _on_change(self, change: object) -> None:
        """Wait until the changes pause: a burst of answers draws each plot once."""
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            super()._on_change(change)
            return
        if self._waiting:
            self._waiting.cancel()
            self._waiting = None
        if self.acting:  # drawn at its end
            super()._on_change(change)
            return
        self._waiting = loop.call_later(_PAUSE, super()._on_change, change)


class PlotsView(PicturesView):
    """The three plots of the portfolio."""

    _esm = script("plots.js")

    described: ClassVar = {
        "heatmap": plots.describe_heatmap,
        "tally_by_scenario": plots.describe_tally_by_scenario,
        "revenue_by_verdict": plots.describe_revenue_by_verdict,
    }

    @property
    def data(self) -> Tally | None:
        """The tally; None without clients."""
        tally = self.workspace.tally
        return tally if tally.clients else None

    def draw(self) -> dict[str, Any]:
        """Give the words and the data of all three plots."""
        is_empty = self.data is None
        return {
            "words": self.workspace.words.texts("plots"),
            "is_empty": is_empty,
            "plots": [] if is_empty else [self.plot(name) for name in self.described],
        }

    @property
    def actions(self) -> Mapping[str, Action]:
        """What the browser reports here."""
        return {"see": self.see}


def _can_draw() -> bool:
    return find_spec("matplotlib") is not None
