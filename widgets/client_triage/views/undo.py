"""What views with undo and redo share."""

from collections.abc import Callable, Mapping
from typing import ClassVar

from client_triage.views.view import Action, View


class UndoView(View):
    """A view in which changes can be taken back and made again."""

    follows: ClassVar = (*View.follows, "histories")

    def steps(self) -> dict[str, bool]:
        """Give what the browser needs for its two buttons."""
        return {"can_undo": self.workspace.can_undo, "can_redo": self.workspace.can_redo}

    @property
    def actions(self) -> Mapping[str, Action]:
        """What a person can do here."""
        return {"undo": self.undo, "redo": self.redo}

    def undo(self) -> None:
        """Take the last change back, and say so."""
        if self.workspace.can_undo:
            self._go(self.workspace.undo, self.undone)

    def redo(self) -> None:
        """Make the change again that was taken back last, and say so."""
        if self.workspace.can_redo:
            self._go(self.workspace.redo, lambda: self.workspace.words.text("actions.redone"))

    def undone(self) -> str:
        """Say what was taken back."""
        return self.workspace.words.text("actions.undone")

    def _go(self, step: Callable[[], bool], done: Callable[[], str]) -> None:
        self.say(done() if step() else self.workspace.words.text("keeping.changed_since"))
