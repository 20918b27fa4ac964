"""Remember on this device: the page's answers in the visitor's own browser, if they say so."""

import base64
import zlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar

from client_triage.faults import FaultyFileError
from client_triage.store import Portfolio, dumps, loads
from client_triage.store.history import SCHEMA, step_texts
from client_triage.views.modules import script
from client_triage.views.view import Action, View
from client_triage.views.workspace import Workspace

_MOST_BYTES = 5_000_000
"""Of what is stored or handed over; a much longer message would end the connection."""

_LONGEST_CHARACTER = 3  # bytes in UTF-8, for each that JavaScript counts

_FILE = "portfolio.json"
_UNASKED, _NO, _YES, _WAITING, _REFUSED = "unasked", "no", "yes", "waiting", "refused"
_ERASED, _NOT_TAKEN = "erased", "not_taken"
_TRY_AGAIN = frozenset({"full", "blocked", "not_erased"})
_GIVE_UP = frozenset({"stored_elsewhere", "erased_elsewhere"})


class DeviceView(View):
    """Ask once, then have the browser store every change; hand back what it stored before.

    The served page holds the newest text in its own memory as well, whatever the answer was: when
    the kernel is lost, it hands the text over to the page that comes after it.

    The browser is told *how* each text may be stored: ``first`` where nothing is stored yet,
    ``again`` over what this page stored or read last, ``over`` whatever is there. So a second tab
    neither overwrites what the first stored nor brings back what it erased. What another tab
    stored is brought in (see `Workspace.meet`), and then stored together with what is here.

    The history is handed over a step at a time: each goes to the browser once, under a number.

    Where the portfolio has a file, the view does nothing and shows nothing.
    """

    _esm = script("device.js")

    follows: ClassVar = (*View.follows, "clashes")

    def __init__(self, workspace: Workspace) -> None:
        self._standing = _UNASKED
        self._remembers = False
        self._holds = False
        self._how = "first"
        self._faults = ""
        self._back = 0
        self._number = 0
        self._knows: str | None = None  # when that was stored which was brought in last
        self._sent: Portfolio | None = None
        self._storing: dict[int, Portfolio] = {}  # by number: what the browser may have stored
        self._steps: dict[str, int] = {}  # which the browser has, by their text
        super().__init__(workspace)

    def draw(self) -> dict[str, Any]:
        """Give where things stand, and what is said of it."""
        workspace, words = self.workspace, self.workspace.words
        asks = self._standing == _UNASKED
        back = words.text("device.back", count=self._back) if self._back else ""
        return {
            "words": words.texts("device"),
            "is_used": workspace.path is None,
            "standing": "" if asks and workspace.is_blank else self._standing,
            "remembers": self._remembers,
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
            "hold": self._on_hold,
            "found": self._on_found,
            "found_history": self._on_found_history,
            "handed": self._on_handed,
            "met": self._on_met,
            "stored": self._on_stored,
            "fail": self._on_fail,
        }

    def _on_change(self, change: Any) -> None:  # noqa: ANN401 - traitlets' own, untyped
        # At once: whatever the page shows as done must outlive the kernel.
        is_settled = change.name == "clashes" and not change.new
        if (self._remembers or self._holds) and (is_settled or self.workspace.own != self._sent):
            self._back = 0
            self._push(stores=self._remembers and not self.workspace.clashes)
        super()._on_change(change)

    def _push(self, *, stores: bool) -> None:
        """Hand the browser what there is: to hold in the tab, and to store if it may."""
        self._sent = self.workspace.own
        self._number += stores
        how = self._how if stores else None
        if stores:
            self._storing[self._number] = self._sent
        knows = self._knows
        self.send({**self._packed(), "number": self._number, "how": how, "knows": knows})

    def _packed(self) -> dict[str, Any]:
        """Give what the browser keeps; of the history the steps that it does not have yet."""
        undo, redo = step_texts(self.workspace.own_history)
        known = self._steps
        new = [text for text in dict.fromkeys([*undo, *redo]) if text not in known]
        first = max(known.values(), default=0) + 1
        fresh = {text: number for number, text in enumerate(new, start=first)}
        self._steps = {text: {**known, **fresh}[text] for text in (*undo, *redo)}
        return {
            "text": dumps(self.workspace.own),
            "is_blank": self.workspace.is_blank,
            "history": {
                "schema": SCHEMA,
                "undo": [self._steps[text] for text in undo],
                "redo": [self._steps[text] for text in redo],
                "steps": [[number, text] for text, number in fresh.items()],
            },
        }

    def _unpack(self, text: str | None, *, asked: bool) -> bool:
        """Go on with what the browser kept, if it can be used.

        Parameters
        ----------
        text
            None where there is too much of it to be a portfolio.
        asked
            The address says which language is wanted.
        """
        workspace = self.workspace
        if text is None or len(text) > _MOST_BYTES:
            self._faults = workspace.words.text("file.too_large")
            return False
        try:
            workspace.restore(text, _FILE)
        except FaultyFileError as error:
            self._faults = str(error)
            return False
        written_in = workspace.stored.language if workspace.stored else None
        if written_in and not asked:
            workspace.speak(written_in)
        self._sent, self._faults = workspace.own, ""
        self._back = len(workspace.portfolio.clients)
        return True

    def _on_remember(self, *, over: bool = False) -> None:
        if self.workspace.path is not None or self._standing in {_WAITING, _REFUSED}:
            raise KeyError(self._standing)
        self._remembers = True
        if over:
            self._how = "over"
        self._push(stores=True)

    def _on_decline(self) -> None:
        self._stop(_NO)

    def _on_forget(self) -> None:
        self._stop(_ERASED)
        self.workspace.forget_earlier()

    def _stop(self, standing: str) -> None:
        self._standing, self._remembers, self._how = standing, False, "first"
        self._faults, self._back = "", 0
        self.workspace.stored = None

    def _on_hold(self) -> None:
        """Hand the browser each change from now on, and what may not have reached it before."""
        if self.workspace.path is not None:
            raise KeyError(self._standing)
        self._holds, self._steps = True, {}
        self._push(stores=self._remembers and self.workspace.stored != self._sent)

    def _on_found(
        self, text: str | None = None, *, asked: bool, packed: str = "", instead: bool = False
    ) -> None:
        """Go on with what is stored, unless something was entered here already.

        Parameters
        ----------
        packed
            The text, where it is long: see `_unpacked`.
        instead
            The person wants it in place of what was entered here.
        """
        workspace = self.workspace
        text = _unpacked(packed) if packed else text
        if workspace.path is not None:
            raise KeyError(self._standing)
        if self._standing == _NOT_TAKEN:  # that has to be saved first
            return
        if self._remembers:  # the page was loaded again, over the same kernel
            self._steps = {}
            self._on_met(text)  # another page may have stored it
            if self._remembers:
                self._push(stores=not workspace.clashes)
            return
        if not workspace.is_blank and not instead:
            self._standing = _WAITING
            return
        self._standing = _REFUSED
        if not self._unpack(text, asked=asked):
            return
        workspace.stored = self._sent
        self._standing, self._remembers, self._how = _YES, True, "again"

    def _on_found_history(self, text: str = "", *, packed: str = "") -> None:
        """Bring back the history that is stored beside what was found."""
        text = _unpacked(packed) if packed else text
        if self.workspace.path is not None:
            raise KeyError(self._standing)
        self.workspace.restore_history(text, _FILE)
        if self._holds:
            self._push(stores=False)  # what it holds of this has no history yet

    def _on_met(self, text: str | None, at: str | None = None) -> None:
        """Bring in what another tab stored meanwhile.

        Parameters
        ----------
        at
            When it was stored; with it the browser knows which texts came before.
        """
        workspace = self.workspace
        self._knows = at or self._knows
        if not self._remembers:
            return
        try:
            theirs = loads(text or "", _FILE, workspace.scenarios)
        except FaultyFileError:
            self._stop("stored_elsewhere")
            return
        base = workspace.stored or Portfolio()
        self._how, self._sent = "again", replace(theirs, language=workspace.language)
        workspace.stored = self._sent
        workspace.meet(theirs, base)
        if not workspace.clashes and workspace.own != self._sent:
            self._push(stores=True)

    def _on_handed(
        self, text: str | None, history: str = "", *, asked: bool, remembers: bool
    ) -> None:
        """Go on with what the page before this one held when its kernel was lost.

        Parameters
        ----------
        remembers
            The page before stored its changes, and nobody else stored anything since.
        """
        if self.workspace.path is not None or self._remembers:
            raise KeyError(self._standing)
        self._standing = _NOT_TAKEN
        if not self._unpack(text, asked=asked):
            return
        if history:
            self.workspace.restore_history(history, _FILE)
        self._standing = _UNASKED
        self.workspace.stored = None  # what is stored may be older
        if remembers:
            self._standing, self._remembers, self._how = _YES, True, "again"
            self._push(stores=True)

    def _on_stored(self, number: int) -> None:
        if not self._remembers:
            return
        self._standing, self._how = _YES, "again"
        self.workspace.stored = self._storing.get(number, self.workspace.stored)
        self._storing = {later: one for later, one in self._storing.items() if later > number}

    def _on_fail(self, problem: str) -> None:
        if problem in _GIVE_UP:
            self._stop(problem)
        elif problem in _TRY_AGAIN:
            self._standing = problem
        else:
            raise KeyError(problem)


def _unpacked(packed: str) -> str:
    """Unpack a text that the browser deflated, up to as much as is read at all.

    Raises
    ------
    ValueError, zlib.error
        It is none.
    """
    most = _MOST_BYTES * _LONGEST_CHARACTER
    return zlib.decompressobj().decompress(base64.b64decode(packed), most).decode(errors="replace")
