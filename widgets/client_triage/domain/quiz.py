"""Quiz items as far as marking needs them: keys, marks, what the rules say, gain, calibration."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from math import isfinite
from random import Random
from typing import Literal, TypeVar, get_args

from client_triage.domain.edits import answer as record_answer
from client_triage.domain.findings import Finding, find
from client_triage.domain.levels import Level
from client_triage.domain.portfolio import Client, Portfolio
from client_triage.domain.practice import Confidence, Form, Key
from client_triage.domain.rules import Answer, BarValue
from client_triage.domain.scenario import Scenario

ItemType = Literal["choose-one", "choose-many", "order", "number", "rating"]
Use = Literal["vignette", "compare", "line", "extra"]
Action = Literal["keep", "warn", "weigh", "fire"]
Case = Literal["first", "second", "both", "neither"]
Side = Literal["right", "below", "above"]

ACTIONS: tuple[Action, ...] = get_args(Action)
CASES: tuple[Case, ...] = get_args(Case)
SIDES: tuple[Side, ...] = get_args(Side)
RATINGS = ("1", "2", "3", "4", "5")
PAIRS = (1, 2)
_CONFIDENCES: tuple[Confidence, ...] = get_args(Confidence)
_BY_LEVEL: Mapping[Level, Action] = {
    Level.CLEAR: "keep",
    Level.WATCH: "keep",
    Level.WARN: "warn",
    Level.WEIGH: "weigh",
    Level.FIRE: "fire",
}
_FURTHEST = 1000  # a line is not looked for beyond this many counts


class WrongFormError(ValueError):
    """An answer is none that this kind of item can have."""


@dataclass(frozen=True, kw_only=True)
class Option:
    """One thing to choose, to put in order, or to say after a number."""

    id: str


@dataclass(frozen=True, kw_only=True)
class Cases:
    """Two clients side by side, each as signals of the scenario."""

    first: Mapping[str, Answer]
    second: Mapping[str, Answer]


@dataclass(frozen=True, kw_only=True)
class Item:
    """One question, without its words.

    Parameters
    ----------
    answer
        The key: an option id, several, all of them in order, or a number; a rating has none.
    tolerance
        How far a number may lie from the key, in the same unit.
    form, pair
        Of a vignette: A and B of a pair are parallel; pair 1 is the test's, 2 is for practice.
    facts, bar
        The story as signals of the scenario, and the limits that it states.
    cases
        Of a comparison: the two clients.
    vary, reaches
        Of a line: the key is the smallest count of signal ``vary`` that reaches this level.
    """

    id: str
    use: Use
    type: ItemType
    options: tuple[Option, ...]
    answer: Key | None = None
    tolerance: float | None = None
    form: Form | None = None
    pair: int | None = None
    facts: Mapping[str, Answer] = field(default_factory=dict)
    bar: Mapping[str, BarValue] = field(default_factory=dict)
    cases: Cases | None = None
    vary: str | None = None
    reaches: Level | None = None

    @property
    def option_ids(self) -> tuple[str, ...]:
        """The ids of the options, in the file's order."""
        return tuple(option.id for option in self.options)


I = TypeVar("I", bound=Item)  # noqa: E741 - the item's own type, kept


@dataclass(frozen=True, slots=True)
class Calibrated:
    """How many marked answers were given with one confidence, and how many of them were right."""

    n: int = 0
    right: int = 0


def mark(item: Item, answer: object) -> bool | None:
    """Tell whether an answer is right; None for a rating, which has no right answer.

    Parameters
    ----------
    answer
        The id of an option; for *choose-many* a list of ids in any order, which may be empty;
        for *order* a list of all ids; for *number* a number.

    Raises
    ------
    WrongFormError
        It is none that this item can have.
    """
    if item.type == "number":
        return side_of(item, answer) == "right"
    if item.type in {"choose-many", "order"}:
        chosen = _several(item, answer)
        key = item.answer if isinstance(item.answer, tuple) else ()
        if item.type == "choose-many":
            return set(chosen) == set(key)
        if set(chosen) != set(item.option_ids):
            raise WrongFormError("put every option in order, each once")
        return chosen == key
    if not isinstance(answer, str) or answer not in item.option_ids:
        raise WrongFormError(f"choose one of {', '.join(item.option_ids)}")
    return None if item.type == "rating" else answer == item.answer


def side_of(item: Item, answer: object) -> Side:
    """Tell on which side of the key a number lies: the id of the option that speaks of it.

    The edge of the tolerance is right. Decimals count as they are written: 0.4 is within 0.1
    of 0.3.

    Raises
    ------
    WrongFormError
        It is no number.
    """
    given, key = _exactly(answer), _exactly(item.answer)
    if abs(given - key) <= _exactly(item.tolerance or 0):
        return "right"
    return "below" if given < key else "above"


def keyed_action(level: Level) -> Action | None:
    """Give what a vignette of this level is keyed; None where the rules know nothing."""
    return _BY_LEVEL.get(level)


def keyed_case(first: Level, second: Level) -> Case:
    """Give which of two clients is to be let go or weighed, as a comparison is keyed."""
    grave = first >= Level.WEIGH, second >= Level.WEIGH
    return {
        (True, False): "first",
        (False, True): "second",
        (True, True): "both",
        (False, False): "neither",
    }[grave]  # type: ignore[return-value] # mypy reads the table's values as text


def finding_of(
    scenario: Scenario, facts: Mapping[str, Answer], bar: Mapping[str, BarValue] | None = None
) -> Finding:
    """Judge a story by the rules.

    Parameters
    ----------
    facts
        By signal, the client's own (billing) included.
    bar
        Limits that the story states; the rest are the defaults.
    """
    told = record_answer(Portfolio(clients=(Client("story", ""),)), "story", scenario, facts)
    return find(scenario, told.clients[0], scenario.bar_with(bar), date.min)


def level_of(
    scenario: Scenario, facts: Mapping[str, Answer], bar: Mapping[str, BarValue] | None = None
) -> Level:
    """Give the level of a story, as `finding_of` does."""
    return finding_of(scenario, facts, bar).level


def least_count(scenario: Scenario, item: Item) -> int | None:
    """Find the smallest count of an item's ``vary`` at which the rules reach its level.

    Counts that break a constraint (more late than invoices) are passed over. None where no
    count reaches it.

    Raises
    ------
    KeyError
        The scenario has no such signal.
    """
    if item.vary is None or item.reaches is None:
        return None
    signal = scenario.signals[item.vary]
    for count in range(signal.minimum, min(signal.maximum, signal.minimum + _FURTHEST) + 1):
        facts = {**item.facts, item.vary: count}
        if not scenario.excess(facts) and level_of(scenario, facts, item.bar) >= item.reaches:
            return count
    return None


def gain(pre: float, post: float, of: float) -> float | None:
    """Give the normalised gain: what was learnt of what there was left to learn.

    (post − pre) / (100 − pre) on percentages (Hake 1998, "Interactive-engagement versus
    traditional methods", American Journal of Physics 66(1), 64–74). It is defined for a group:
    the gain of the mean scores, not the mean of the gains.

    Parameters
    ----------
    pre, post
        The group's mean (or summed) scores before and after, 0 to ``of``.
    of
        The highest score there is, in the same unit.

    Returns
    -------
    float or None
        At most 1, negative where less was right after; None where all was right before.
    """
    return None if pre >= of else (post - pre) / (of - pre)


def calibration(
    answers: Iterable[tuple[Confidence, bool | None]],
) -> Mapping[Confidence, Calibrated]:
    """Hold confidence against correctness.

    Parameters
    ----------
    answers
        Confidence (1 unsure, 2 fairly sure, 3 sure) and mark; ratings (None) are left out.
    """
    marked = [(confidence, right) for confidence, right in answers if right is not None]
    return {
        level: Calibrated(
            n=sum(confidence == level for confidence, _ in marked),
            right=sum(right for confidence, right in marked if confidence == level),
        )
        for level in _CONFIDENCES
    }


def draw(
    items: Mapping[str, Sequence[I]], form: Form, rng: Random, count: int | None = None
) -> list[tuple[str, I]]:
    """Draw a test: the vignette of pair 1 of each scenario, in the scenarios' order.

    Parameters
    ----------
    items
        By scenario id, in order; a scenario without such a vignette is left out.
    rng
        Decides which scenarios are drawn. In the same state it draws the same ones for the
        other form, so that before and after can be compared.
    count
        How many to draw at random, for a short workshop; all of them by default.

    Returns
    -------
    list
        Scenario id and item.
    """
    drawn = [
        (scenario, item)
        for scenario, own in items.items()
        for item in own
        if (item.use, item.pair, item.form) == ("vignette", 1, form)
    ]
    if count is None or count >= len(drawn):
        return drawn
    return [drawn[place] for place in sorted(rng.sample(range(len(drawn)), count))]


def _several(item: Item, answer: object) -> tuple[str, ...]:
    if isinstance(answer, set | frozenset) and item.type == "choose-many":
        answer = tuple(answer)
    if not isinstance(answer, list | tuple):
        raise WrongFormError("answer with a list of options")
    for chosen in answer:
        if not isinstance(chosen, str) or chosen not in item.option_ids:
            raise WrongFormError(f"{chosen!r} is none of {', '.join(item.option_ids)}")
    if len(set(answer)) < len(answer):
        raise WrongFormError("name each option once")
    return tuple(answer)


def _exactly(value: object) -> Fraction:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise WrongFormError("answer with a number")
    if isinstance(value, int):
        return Fraction(value)
    if not isfinite(value):
        raise WrongFormError("answer with a number")
    return Fraction(str(value))
