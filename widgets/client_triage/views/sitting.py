"""The test before and the one after: ten cases, one a scenario, and what came of them."""

import random
from collections.abc import Mapping
from typing import Any, ClassVar

from client_triage.content import Item
from client_triage.domain import edits
from client_triage.domain.practice import Form, Sitting, When, other_form
from client_triage.domain.quiz import draw, mark
from client_triage.views import asking
from client_triage.views.modules import script
from client_triage.views.standings import sitting_of
from client_triage.views.view import Action, View
from client_triage.views.workspace import Workspace

_SHORT = 5
_FORMS: tuple[Form, ...] = ("A", "B")


class SittingView(View):
    """One test: offered, asked case by case without feedback, then looked at.

    Who begins gets one of two parallel forms at random; the test after has the other one, with
    the same scenarios.

    Parameters
    ----------
    when
        ``"before"`` or ``"after"``.
    folded
        Whether it waits behind its title until it is opened.

    Examples
    --------
    >>> SittingView(Workspace(), "before")  # doctest: +SKIP
    """

    _esm = script("sitting.js")

    follows: ClassVar = (*View.follows, "is_sample")

    def __init__(
        self, workspace: Workspace, when: When, *, folded: bool = False, shown: bool = True
    ) -> None:
        self.when = when
        self._folded = folded
        self._is_closed = folded
        self._random = random.SystemRandom()
        super().__init__(workspace, shown=shown)

    def draw(self) -> dict[str, Any]:
        """Give the offer, the next case, or the result."""
        words = self.workspace.words
        title = words.text(f"test.title_{self.when}")
        if self._is_closed and self.when not in self.workspace.own.tests:
            # Which cases there are takes a while to read: not before somebody wants to know.
            return {
                "words": words.texts("test"),
                "title": title,
                "is_folded": True,
                "stage": "folded",
            }
        sitting = self._sitting
        ref = sitting.next if sitting else None
        place = len(sitting.answers) + 1 if sitting else 0
        offered = len(self._to_ask("A"))
        return {
            "words": {**words.texts("practice"), **words.texts("test")},
            "title": title,
            "is_folded": self._folded,
            "stage": "offer" if sitting is None else "question" if ref else "result",
            "offer": words.text(f"test.offer_{self.when}", count=offered),
            "has_items": bool(sitting or offered),
            "can_be_short": self._can_be_short,
            "question": asking.question(ref, self._item(ref), words) if ref else None,
            "place": words.text("test.place", place=place, of=len(sitting.items))
            if sitting
            else "",
            "result": self._result(sitting) if sitting and not ref else None,
        }

    @property
    def actions(self) -> Mapping[str, Action]:
        """What a person can do here."""
        return {
            "unfold": self._on_unfold,
            "begin": self._on_begin,
            "answer": self._on_answer,
            "again": self._on_again,
        }

    # --- what there is ----------------------------------------------------------------------

    @property
    def _sitting(self) -> Sitting | None:
        return sitting_of(self.workspace.content, self.workspace.own, self.when)

    @property
    def _other(self) -> Sitting | None:
        other: When = "after" if self.when == "before" else "before"
        return sitting_of(self.workspace.content, self.workspace.own, other)

    @property
    def _can_be_short(self) -> bool:
        return self._other is None and len(self._drawn("A")) > _SHORT

    def _to_ask(self, form: Form) -> tuple[str, ...]:
        """Give the cases of a form: of the other test's scenarios, where there is that test."""
        drawn, other = self._drawn(form), self._other
        asked = {asking.topic_of(ref) for ref in (other.items if other else drawn)}
        return tuple(ref for ref in drawn if asking.topic_of(ref) in asked)

    def _item(self, ref: str) -> Item:
        return asking.items_of(self.workspace.content, asking.topic_of(ref))[ref]

    def _drawn(self, form: Form, count: int | None = None) -> tuple[str, ...]:
        content = self.workspace.content
        items = {one.id: content.quiz(one.id).items for one in content.scenarios}
        return tuple(
            f"{scenario}/{item.id}" for scenario, item in draw(items, form, self._random, count)
        )

    def _result(self, sitting: Sitting) -> dict[str, Any]:
        words = self.workspace.words
        rows = [self._row(ref, sitting) for ref in sitting.items]
        right = sum(row["right"] for row in rows)
        return {
            "score": words.text("test.score", right=right, of=len(rows)),
            "rows": rows,
        }

    def _row(self, ref: str, sitting: Sitting) -> dict[str, Any]:
        item, words = self._item(ref), self.workspace.words
        attempt = sitting.answers[ref]
        right = bool(mark(item, attempt.answer))
        mark_key = "test.was_right" if right else "test.was_not"
        return {
            "ref": ref,
            "said": words.named(words.scenario(asking.topic_of(ref)).short, words.text(mark_key)),
            "right": right,
            "question": asking.question(ref, item, words),
            "given": asking.given(item, attempt),
        }

    # --- what is done -----------------------------------------------------------------------

    def _on_unfold(self) -> None:
        self._is_closed = False

    def _on_begin(self, *, short: bool = False) -> None:
        other = self._other
        if self._sitting is not None:  # a second press of the button begins no second test
            return
        if other is None:
            form = self._random.choice(_FORMS)
            items = self._drawn(form, _SHORT if short and self._can_be_short else None)
        else:
            form = other_form(other.form)
            items = self._to_ask(form)
        self._sit(Sitting(form, items))

    def _on_answer(self, ref: str, answer: object, confidence: object, **_: object) -> None:
        sitting, words = self._sitting, self.workspace.words
        if sitting is None or ref not in sitting.items:
            raise KeyError(ref)
        attempt = asking.attempt_at(self._item(ref), answer, words, confidence=confidence)
        self._sit(sitting.with_answer(ref, attempt))

    def _on_again(self) -> None:
        self.workspace.apply_own(lambda portfolio: edits.forget_test(portfolio, self.when))

    def _sit(self, sitting: Sitting) -> None:
        self.workspace.apply_own(lambda portfolio: edits.sit(portfolio, self.when, sitting))
