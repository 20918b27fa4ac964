"""What all views share: a state that goes to the browser, and actions that come back."""

import json
import logging
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

import anywidget
import traitlets
from ipywidgets import widget_serialization

from client_triage.domain.levels import Level
from client_triage.domain.portfolio import NoClientError, Portfolio
from client_triage.palette import LEVEL_LOOKS
from client_triage.views.sheet import Sheet
from client_triage.views.workspace import Workspace
from client_triage.words import Words

_log = logging.getLogger(__name__)

Action = Callable[..., None]


class RefusedError(Exception):
    """What the person entered can't be taken; the message says why and what to do.

    Parameters
    ----------
    words
        The language of the message; `said` gives it in any.
    key
        The message, in the catalogue.
    details
        What stands under it, the same in every language.
    figures
        What the message names; a function gives what each language writes in its own way.
    """

    def __init__(self, words: Words, key: str, *, details: str = "", **figures: object) -> None:
        self._key, self._details, self._figures = key, details, figures
        super().__init__(self.said(words))

    def said(self, words: Words) -> str:
        """Say it in a language."""
        figures: dict[str, Any] = {
            name: figure(words) if callable(figure) else figure
            for name, figure in self._figures.items()
        }
        return "\n".join(filter(None, [words.text(self._key, **figures), self._details]))


Refused = dict[tuple[str, ...], tuple[str, RefusedError]]
"""What was refused, by client and field: what was typed, and why it was refused."""


class View(anywidget.AnyWidget):
    """A view of a workspace.

    ``state`` is drawn by the browser and never read back; what the person does arrives as one
    message, ``{"action": …, …details}``, and changes the workspace, which redraws the views.

    A connection may look open long after it is dead, so that a browser numbers its messages,
    ``{"sent": {"from": …, "number": …}, …}``, and sends again what ``heard`` does not acknowledge.
    Each is carried out once, and in its turn.

    Parameters
    ----------
    workspace
        What the view shows.
    shown
        A view that is not on screen waits with its redrawing until it is.

    Attributes
    ----------
    acting
        True while the view carries out its own action.
    """

    _esm = "export default { render() {} }"

    follows: ClassVar[tuple[str, ...]] = ("portfolio", "language", "trouble")
    """What of the workspace the view redraws itself for."""

    state = traitlets.Dict().tag(sync=True)
    heard = traitlets.Dict().tag(sync=True)
    """Who sent last, the number of the last message carried out, and of one that came too early."""
    sheet = traitlets.Instance(Sheet).tag(sync=True, **widget_serialization)
    """How the view looks: the browser draws it once this is there."""
    shown = traitlets.Bool(default_value=True)

    _complete: ClassVar[dict[type, type]] = {}

    def __init__(self, workspace: Workspace, *, shown: bool = True) -> None:
        self.workspace = workspace
        self._fault = ""
        self._notice = ""
        self._said = 0
        self._numbers: dict[str, int] = {}  # of the last message carried out, by sender
        self._stale = not shown
        self.acting = False
        super().__init__(sheet=Sheet.shared(), shown=shown)
        if shown:
            self.redraw()
        self.on_msg(self._on_message)
        workspace.observe(self._on_change, self.follows)
        self.observe(self._on_shown, "shown")

    def add_traits(self, **traits: Any) -> None:  # noqa: ANN401 - of any type
        """Take what anywidget adds from a class that all views of a kind share.

        anywidget makes a class for each widget, which takes about as long as all the rest of it.
        """
        kind = type(self)
        if kind in self._complete:
            self.__class__ = self._complete[kind]
            return
        super().add_traits(**traits)
        self._complete[kind] = type(self)

    def draw(self) -> dict[str, Any]:
        """Give what the browser needs to draw the view, as plain JSON values."""
        raise NotImplementedError

    @property
    def actions(self) -> Mapping[str, Action]:
        """What a person can do here: a function for each action, called with the details."""
        return {}

    def redraw(self) -> None:
        """Send the state anew."""
        words = self.workspace.words
        self._stale = False
        self.state = {
            "language": words.language,
            "fault": self._fault,
            "notice": self._notice,
            "said": self._said,
            "waiting": {
                "working": words.text("waiting.working"),
                "late": words.text("waiting.late"),
            },
            **self.draw(),
        }

    def say(self, notice: str) -> None:
        """Have a screen reader say what an action did."""
        self._notice = notice
        self._said += 1

    def close(self) -> None:
        """Close the widget and stop following the workspace."""
        if self.comm is not None:
            self.workspace.unobserve(self._on_change, self.follows)
        super().close()

    def _on_change(self, change: Any) -> None:  # noqa: ANN401 - traitlets' own, untyped
        if change.name == "language":  # what was said is in the other one
            self._fault = self._notice = ""
        # One's own action is drawn once, at its end, with what is to be said of it.
        if not self.acting:
            self._redraw_if_shown()

    def _on_shown(self, _: object) -> None:
        if self.shown and self._stale:
            self.redraw()

    def _redraw_if_shown(self) -> None:
        if not self.shown:
            self._stale = True
            return
        # A view that fails must keep no answer from being saved, and no other view from this.
        try:
            self.redraw()
        except Exception:  # noqa: BLE001 - see above
            _log.exception("redraw failed")

    def _on_message(self, _: object, message: object, __: object) -> None:
        details = _whole(message) if isinstance(message, dict) else {}
        match details.pop("sent", None):
            case {"from": str(sender), "number": int(number)}:
                self._hear(sender, number, details)
            case None:
                self._carry_out(details)
            case _:
                self._carry_out({})

    def _hear(self, sender: str, number: int, details: dict[str, Any]) -> None:
        last = self._numbers.get(sender, 0)
        with self.hold_sync():  # the state and its acknowledgement are one message
            if number == last + 1:
                self._numbers[sender] = number
                self._carry_out(details)
            early = number if number > last + 1 else None
            self.heard = {"from": sender, "number": self._numbers.get(sender, 0), "early": early}
        if number <= last:  # the answer did not arrive
            self.send_state(["state", "heard"])

    def _carry_out(self, details: dict[str, Any]) -> None:
        self.do(self.actions.get(str(details.pop("action", ""))), details)

    def do(self, action: Action | None, details: dict[str, Any]) -> None:
        """Carry out an action, and show what came of it; None is one that there is not."""
        self._fault = self._notice = ""
        self.acting = True
        try:
            self._act(action, details)
            self._redraw_if_shown()
        finally:
            self.acting = False

    def _act(self, action: Action | None, details: dict[str, Any]) -> None:
        if action is None:
            self._fault = self.workspace.words.text("fault.unexpected")
            return
        # Whatever a browser sends must not raise: a traceback would travel back to it.
        try:
            action(**details)
        except RefusedError as error:
            self._fault = str(error)
        except NoClientError:  # deleted here or elsewhere, just when it was answered for
            self._fault = self.workspace.words.text("fault.client_gone")
        except Exception:  # noqa: BLE001 - see above
            _log.exception("action failed")
            self._fault = self.workspace.words.text("fault.unexpected")


def _whole(message: dict[str, Any]) -> dict[str, Any]:
    """Copy a message; half a character, which no file can hold, becomes a question mark."""
    text = json.dumps(message, ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError:
        whole: dict[str, Any] = json.loads(text.encode(errors="replace"))
        return whole
    return dict(message)


def refused_of(portfolio: Portfolio, refused: Refused) -> Refused:
    """Drop what was refused of deleted clients: undo may bring such a client back."""
    there = {client.id for client in portfolio.clients}
    return {key: kept for key, kept in refused.items() if key[0] in there}


def level_words(workspace: Workspace) -> dict[str, Any]:
    """Give what the browser needs to show levels: words and signs by level."""
    words = workspace.words
    return {
        "levels": {level.word: words.level(level) for level in Level},
        "signs": {level.word: LEVEL_LOOKS[level].sign for level in Level},
    }
