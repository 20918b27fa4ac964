"""The changes that can be taken back and made again, as differences."""

from dataclasses import dataclass
from typing import TypeVar

from client_triage.domain.differences import Difference
from client_triage.domain.portfolio import Portfolio

P = TypeVar("P", bound=Portfolio)

MOST_STEPS = 100


@dataclass(frozen=True)
class History:
    """Steps, the latest at the end.

    Parameters
    ----------
    undo
        The changes that were made.
    redo
        The changes that were taken back, the next to make again at the end.
    """

    undo: tuple[Difference, ...] = ()
    redo: tuple[Difference, ...] = ()

    def with_step(self, step: Difference) -> "History":
        """Add a change; what was taken back can't be made again after it."""
        if not step.parts:
            return self
        return History((*self.undo, step)[-MOST_STEPS:])

    def without(self, step: Difference) -> "History":
        """Drop a step that fits no longer; each of the others may still fit."""
        undo = tuple(one for one in self.undo if one is not step)
        return History(undo, tuple(one for one in self.redo if one is not step))

    def undone(self, portfolio: P) -> tuple["History", P]:
        """Take the last change back.

        Raises
        ------
        ConflictError
            What it changed was changed by somebody else since.
        IndexError
            There is none.
        """
        step = self.undo[-1]
        return History(self.undo[:-1], (*self.redo, step)), step.inverse().apply(portfolio)

    def redone(self, portfolio: P) -> tuple["History", P]:
        """Make the change again that was taken back last.

        Raises
        ------
        ConflictError
            What it changes was changed by somebody else since.
        IndexError
            There is none.
        """
        step = self.redo[-1]
        return History((*self.undo, step), self.redo[:-1]), step.apply(portfolio)
