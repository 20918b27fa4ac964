"""What a person answered in practice and in the tests, and what comes next.

An item is named by its reference, ``scenario/item``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

Form = Literal["A", "B"]
Confidence = Literal[1, 2, 3]
Key = str | int | float | tuple[str, ...]
When = Literal["before", "after"]
Extra = Mapping[str, object]

SURE: Confidence = 3


@dataclass(frozen=True, slots=True)
class Attempt:
    """One answer to one item.

    Parameters
    ----------
    item
        The fingerprint of the item as it was asked: an answer counts while it stays the same.
    confidence
        1 guessed, 2 fairly sure, 3 sure; None where it was not asked.
    hints
        How many were looked at before.
    why
        The person's own words.
    """

    on: date
    item: str
    answer: Key
    confidence: Confidence | None = None
    hints: int = 0
    why: str = ""
    extra: Extra = field(default_factory=dict)


Attempts = Mapping[str, tuple[Attempt, ...]]
"""By reference, the latest at the end."""


@dataclass(frozen=True, slots=True)
class Sitting:
    """One sitting of the test.

    Parameters
    ----------
    items
        References of its items, in their order.
    answers
        By reference.
    """

    form: Form
    items: tuple[str, ...]
    answers: Mapping[str, Attempt] = field(default_factory=dict)
    extra: Extra = field(default_factory=dict)

    @property
    def is_finished(self) -> bool:
        """Whether every item has an answer."""
        return all(item in self.answers for item in self.items)

    @property
    def next(self) -> str | None:
        """The first item without an answer."""
        return next((item for item in self.items if item not in self.answers), None)

    def with_answer(self, item: str, attempt: Attempt) -> "Sitting":
        """Add an answer."""
        return replace(self, answers={**self.answers, item: attempt})


def other_form(form: Form) -> Form:
    """Give the form that was not asked yet."""
    return "B" if form == "A" else "A"


@dataclass(frozen=True, slots=True)
class Standing:
    """How one item stands.

    Parameters
    ----------
    twin
        The item that makes the same point with another story.
    times
        How often it was answered.
    right, confidence
        Of the latest answer.
    """

    ref: str
    twin: str | None = None
    times: int = 0
    right: bool | None = None
    confidence: Confidence | None = None

    @property
    def is_surely_wrong(self) -> bool:
        """Answered wrongly by somebody who was sure."""
        return self.right is False and self.confidence == SURE


def queue(standings: Sequence[Standing], last: str | None = None) -> tuple[str, ...]:
    """Give the items that are still to do, the next one first.

    Twins are asked one after the other, and in turn until the latest answer is right. What was
    wrong and sure comes first: such errors are corrected best when they are met again (Butterfield
    & Metcalfe 2001, "Errors committed with high confidence are hypercorrected"). Then comes what
    was not asked yet, then what was wrong.

    Parameters
    ----------
    last
        The item answered last: it is not asked twice in a row while there are others.
    """
    by_ref = {one.ref: one for one in standings}
    waiting: list[tuple[bool, int, str]] = []
    seen: set[str] = set()
    for one in standings:
        if one.ref in seen:
            continue
        twin = by_ref.get(one.twin or "")
        seen |= {one.ref, one.twin or ""}
        # In turn: whoever was asked as often as the first twin was asked after it.
        latest = twin if twin and twin.times and twin.times >= one.times else one
        asked = twin if twin and one.times > twin.times else one
        is_begun = one.times and (twin is None or twin.times)
        if is_begun and latest.right is not False:
            continue
        rank = 0 if latest.is_surely_wrong else 2 if is_begun else 1
        waiting.append((asked.ref == last, rank, asked.ref))
    return tuple(ref for *_, ref in sorted(waiting, key=lambda each: each[:2]))


def with_attempt(attempts: Attempts, ref: str, attempt: Attempt) -> Attempts:
    """Add an answer; those to an earlier wording of the item go."""
    earlier = (one for one in attempts.get(ref, ()) if one.item == attempt.item)
    return {**attempts, ref: (*earlier, attempt)}
