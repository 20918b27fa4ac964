"""A scenario's facts: its signals, its bar, and the rules that read them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from client_triage.domain.rules import Answer, BarValue, Rule

MOST_COUNTED = 100_000

SignalType = Literal["count", "flag", "scale", "choice"]
BarType = Literal["count", "share", "confidence", "rate", "scale", "lines"]
Tier = Literal["red-flag", "pattern"]


@dataclass(frozen=True, slots=True)
class Signal:
    """One thing that is asked of a client.

    Parameters
    ----------
    type
        ``count``: a whole number; ``flag``: yes or no; ``scale``: a whole number between the
        limits; ``choice``: one of ``options``.
    minimum, maximum
        Limits of a count or a scale, both included.
    of
        ``record``: asked for this scenario; ``client``: a fact of the client, such as billing.
    asked
        False: a file may have it, the views explain it instead of asking.
    """

    type: SignalType
    minimum: int = 0
    maximum: int = MOST_COUNTED
    options: tuple[str, ...] = ()
    of: Literal["record", "client"] = "record"
    asked: bool = True

    def accepts(self, value: object) -> bool:
        """Tell whether the value is an answer to this signal (a boolean is no count)."""
        if self.type == "flag":
            return isinstance(value, bool)
        if self.type == "choice":
            return isinstance(value, str) and value in self.options
        return type(value) is int and self.minimum <= value <= self.maximum


@dataclass(frozen=True, slots=True)
class BarItem:
    """One personal limit: its type, its bounds, and what holds until the user sets it."""

    type: BarType
    default: int | float | None = None
    minimum: int = 0
    maximum: int = MOST_COUNTED

    def accepts(self, value: object) -> bool:
        """Tell whether the value can stand in the bar."""
        if self.type == "lines":
            return isinstance(value, list | tuple) and all(isinstance(line, str) for line in value)
        if isinstance(value, bool) or not isinstance(value, int | float):
            return False
        if self.type == "share":
            return 0 <= value <= 1
        if self.type == "confidence":
            return 0 < value < 1
        if self.type == "rate":
            return 0 <= value <= self.maximum
        return isinstance(value, int) and self.minimum <= value <= self.maximum


@dataclass(frozen=True, slots=True)
class Constraint:
    """One signal that can never be larger than another."""

    part: str
    whole: str


@dataclass(frozen=True, slots=True)
class Detail:
    """A further question for a client with a yes in the sweep.

    Parameters
    ----------
    offer
        The answers to choose among; empty where any answer of the signal's type will do.
    only_if
        Other answers that must be just so before the question makes sense.
    """

    signal: str
    offer: tuple[int | str, ...] = ()
    only_if: Mapping[str, Answer] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sweep:
    """What the answers of a sweep mean.

    Parameters
    ----------
    yes
        The least that a yes says.
    none
        What "none of the others did" says.
    details
        What is asked after a yes.
    """

    yes: Mapping[str, Answer]
    none: Mapping[str, Answer]
    details: tuple[Detail, ...] = ()


@dataclass(frozen=True, eq=False)
class Scenario:
    """One situation in which a client relationship may have to end.

    Parameters
    ----------
    number
        Its place in the order of the notebooks, from 1.
    expires
        Whether what happened before the review period stops counting.
    safety
        Whether the prose has the safety block instead of "your own side".
    advice_first
        Whether legal advice comes before any word to the client.
    urgency
        Place in the firing order, 1 first; None where no rule reaches *fire* by itself.
    """

    id: str
    number: int
    tier: Tier
    expires: bool
    signals: Mapping[str, Signal]
    rules: tuple[Rule, ...]
    sweep: Sweep
    safety: bool = False
    advice_first: bool = False
    urgency: int | None = None
    constraints: tuple[Constraint, ...] = ()
    bar: Mapping[str, BarItem] = field(default_factory=dict)
    presets: Mapping[str, Mapping[str, int | float]] = field(default_factory=dict)

    @cached_property
    def bar_defaults(self) -> Mapping[str, BarValue]:
        """What holds for each bar item that the user left alone."""
        return {key: item.default for key, item in self.bar.items() if item.default is not None}

    def bar_with(self, own: Mapping[str, BarValue] | None) -> Mapping[str, BarValue]:
        """Lay the user's own limits over the defaults."""
        return {**self.bar_defaults, **own} if own else self.bar_defaults

    @cached_property
    def client_signals(self) -> tuple[str, ...]:
        """The signals that are facts of the client, such as billing."""
        return tuple(name for name, signal in self.signals.items() if signal.of == "client")

    @property
    def counted(self) -> str | None:
        """The count that dated events belong to: the first rule's signal, if it is a count."""
        signal = self.rules[0].signal
        return signal if self.signals[signal].type == "count" else None

    def excess(self, answers: Mapping[str, Answer | None]) -> Constraint | None:
        """Find a constraint that the answers break."""
        for constraint in self.constraints:
            part, whole = answers.get(constraint.part), answers.get(constraint.whole)
            if isinstance(part, int) and isinstance(whole, int) and part > whole:
                return constraint
        return None
