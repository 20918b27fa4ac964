"""Remember on this device: the page's answers in the visitor's own browser, if they say so."""

import asyncio
from collections.abc import Mapping
from typing import Any

from client_triage.faults import FaultyFileError
from client_triage.store import Portfolio, dumps
from client_triage.views.modules import script, style
from client_triage.views.view import Action, View
from client_triage.views.workspace import Workspace

_PAUSE = 0.2
"""Seconds in which a burst of changes becomes one."""

_MOST_BYTES = 5_000_000
"""Of what is stored; a message much longer would end the connection to the kernel."""

_FILE = "portfolio.json"
_UNASKED, _NO, _YES, _WAITING, _REFUSED = "unasked", "no", "yes", "waiting", "refused"
_ERASED = "erased"
_TRY_AGAIN = frozenset({"full", "blocked", "not_erased"})
_GIVE_UP = frozenset({"stored_elsewhere", "erased_elsewhere"})


class DeviceView(View):
    """Ask once, then have the browser store every change; hand back what it stored before.

    The browser is told *how* each text may be stored: ``first`` where nothing is stored yet,
    ``again`` over what this page stored or read last, ``over`` whatever is there. So a second tab
    neither overwrites what the first stored nor brings back what it erased.

    Where the portfolio has a file, the view does nothing and shows nothing.
    """

    _esm = script("device.js")
    _css = style("device.css")

    def __init__(self, workspace: Workspace) -> None:
        self._standing = _UNASKED
        self._remembers = False
        self._how = "first"
        self._faults = ""
        self._back = 0
        self._number = 0
        self._sent: Portfolio | None = None
        self._waiting: asyncio.TimerHandle | None = None
        super().__init__(workspace)

    def draw(self) -> dict[str, Any]:
        """Give where things stand, and what is said of it."""
        workspace, words = self.workspace, self.workspace.words
        asks = self._standing == _UNASKED
        back = words.text("device.back", count=self._back) if self._back else ""
        return {
            "words": words.texts("device"),
            "is_used": workspace.path is None,
            "standing": "" if asks and not workspace.own.clients else self._standing,
            "back": back,
            "faults": self._faults,
            "file": _FILE,
            "most_bytes": _MOST_BYTES,
        }

    @property
    def actions(self) -> Mapping[str, Action]:
        """What a person can do here, and what the browser reports."""
        return {
            "remember": self._on_remember,
            "decline": self._on_decline,
            "forget": self._on_forget,
            "found": self._on_found,
            "stored": self._on_stored,
            "fail": self._on_fail,
        }

    def close(self) -> None:
        """Close the widget; what waits to be stored is not stored any more."""
        self._hold()
        super().close()

    def _on_change(self, change: Any) -> None:  # noqa: ANN401 - traitlets' own, untyped
        if self._remembers and self.workspace.own != self._sent:
            self._back = 0
            self._push_soon()
        super()._on_change(change)

    def _push_soon(self) -> None:
        """Have the browser store it, with whatever else changes meanwhile."""
        if self._waiting:
            return
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            self._push()
            return
        self._waiting = loop.call_later(_PAUSE, self._push)

    def _push(self) -> None:
        self._hold()
        self._sent = self.workspace.own
        self._number += 1
        self.send({"store": dumps(self._sent), "number": self._number, "how": self._how})

    def _hold(self) -> None:
        if self._waiting:
            self._waiting.cancel()
            self._waiting = None

    def _on_remember(self, *, over: bool = False) -> None:
        if self.workspace.path is not None or self._standing in {_WAITING, _REFUSED}:
            raise KeyError(self._standing)
        self._remembers = True
        if over:
            self._how = "over"
        self._push()

    def _on_decline(self) -> None:
        self._stop(_NO)

    def _on_forget(self) -> None:
        self._stop(_ERASED)
        self.send({"forgotten": True})

    def _stop(self, standing: str) -> None:
        self._hold()
        self._standing, self._remembers, self._how = standing, False, "first"
        self._faults, self._back, self._sent = "", 0, None
        self.workspace.stored = None

    def _on_found(self, text: str | None, *, asked: bool, instead: bool = False) -> None:
        """Go on with what is stored, unless something was entered here already.

        Parameters
        ----------
        text
            None where there is too much of it to be a portfolio.
        asked
            The address says which language is wanted.
        instead
            The person wants it in place of what was entered here.
        """
        workspace = self.workspace
        if workspace.path is not None:
            raise KeyError(text)
        if self._remembers:  # the page was loaded again, over the same kernel
            self._how = "again"
            self._push()
            return
        if workspace.own.clients and not instead:
            self._standing = _WAITING
            return
        self._standing, self._faults = _REFUSED, workspace.words.text("file.too_large")
        if text is None or len(text) > _MOST_BYTES:
            return
        try:
            workspace.restore(text, _FILE)
        except FaultyFileError as error:
            self._faults = str(error)
            return
        self._sent = workspace.own
        self._standing, self._faults = _YES, ""
        self._remembers, self._how = True, "again"
        written_in = workspace.stored.language if workspace.stored else None
        if written_in and not asked:
            workspace.speak(written_in)
        self._back = len(workspace.portfolio.clients)

    def _on_stored(self, number: int) -> None:
        if not self._remembers:
            return
        self._standing, self._how = _YES, "again"
        if number == self._number:
            self.workspace.stored = self._sent

    def _on_fail(self, problem: str) -> None:
        if problem in _GIVE_UP:
            self._stop(problem)
        elif problem in _TRY_AGAIN:
            self._standing = problem
        else:
            raise KeyError(problem)
