"""What of the answers in practice and in the tests counts, and how far one has come."""

from collections.abc import Iterator, Mapping

from client_triage.content import Content, Item
from client_triage.domain.portfolio import Portfolio
from client_triage.domain.practice import (
    Attempt,
    Attempts,
    Confidence,
    Sitting,
    Standing,
    When,
    queue,
)
from client_triage.domain.quiz import WrongFormError, mark
from client_triage.views import asking

_TEST_PAIR = 1


class Practised:
    """The practice of one scenario or lesson, and how it stands in a portfolio.

    The first pair of vignettes is kept for the test before and the one after.

    Parameters
    ----------
    topic
        Id of the scenario or of the lesson.
    """

    def __init__(self, content: Content, topic: str) -> None:
        every = asking.items_of(content, topic)
        self.items = {ref: item for ref, item in every.items() if item.pair != _TEST_PAIR}
        self._twins = _twins(self.items)

    @property
    def count(self) -> int:
        """How much there is to do: twins are one."""
        return len(self.items) - len(self._twins) // 2

    def done(self, portfolio: Portfolio) -> int:
        """Count what is done of it."""
        return self.count - len(self.waiting(portfolio))

    def waiting(self, portfolio: Portfolio, last: str | None = None) -> tuple[str, ...]:
        """Give the items that are still to do, the next one first (see `queue`)."""
        return queue([self._standing(portfolio, ref) for ref in self.items], last)

    def attempts(self, portfolio: Portfolio, ref: str) -> tuple[Attempt, ...]:
        """Give the answers to an item as it is now; those to an earlier wording do not count."""
        item = self.items[ref]
        return tuple(one for one in portfolio.practice.get(ref, ()) if counts(item, one))

    def has_changed(self, portfolio: Portfolio, ref: str) -> bool:
        """Tell whether an item was answered, but not as it is now."""
        return bool(portfolio.practice.get(ref)) and not self.attempts(portfolio, ref)

    def _standing(self, portfolio: Portfolio, ref: str) -> Standing:
        attempts, twin = self.attempts(portfolio, ref), self._twins.get(ref)
        if not attempts:
            return Standing(ref, twin)
        last = attempts[-1]
        right = mark(self.items[ref], last.answer)
        return Standing(ref, twin, len(attempts), right, last.confidence)


def counts(item: Item | None, attempt: Attempt) -> bool:
    """Tell whether an answer counts: its item is as it was asked, and can have such an answer."""
    if item is None or attempt.item != item.fingerprint:
        return False
    try:
        mark(item, attempt.answer)
    except WrongFormError:
        return False
    return True


def items_of_test(content: Content) -> Mapping[str, Item]:
    """Give the items of both forms of the test, by reference."""
    return {
        ref: item
        for scenario in content.scenarios
        for ref, item in asking.items_of(content, scenario.id).items()
        if item.pair == _TEST_PAIR
    }


def sitting_of(content: Content, portfolio: Portfolio, when: When) -> Sitting | None:
    """Give a test as far as its items are still what they were; None where nothing is left."""
    sitting, known = portfolio.tests.get(when), items_of_test(content)
    items = tuple(ref for ref in sitting.items if ref in known) if sitting else ()
    if sitting is None or not items:
        return None
    given = {ref: sitting.answers[ref] for ref in items if ref in sitting.answers}
    answers = {ref: one for ref, one in given.items() if counts(known[ref], one)}
    return Sitting(sitting.form, items, answers, sitting.extra)


def results(content: Content, portfolio: Portfolio, when: When) -> Mapping[str, bool]:
    """Give what was right in a test, by scenario; nothing before its end, as in the test itself."""
    sitting, known = sitting_of(content, portfolio, when), items_of_test(content)
    if sitting is None or not portfolio.tests[when].is_finished:
        return {}
    return {
        asking.topic_of(ref): mark(known[ref], given.answer) is True
        for ref, given in sitting.answers.items()
    }


def judged(content: Content, portfolio: Portfolio) -> Iterator[tuple[Confidence, bool | None]]:
    """Give confidence and mark of every answer that has both; a test's only once it is over."""
    over = {when: one for when, one in portfolio.tests.items() if one.is_finished}
    for item, given in _answers(content, portfolio.practice, over):
        if given.confidence is not None and item is not None and counts(item, given):
            yield given.confidence, mark(item, given.answer)


def dropped(content: Content, portfolio: Portfolio) -> int:
    """Count the answers that no longer count, because their items changed or are gone."""
    every = _answers(content, portfolio.practice, portfolio.tests)
    return sum(not counts(item, given) for item, given in every)


def _answers(
    content: Content, practice: Attempts, tests: Mapping[When, Sitting]
) -> Iterator[tuple[Item | None, Attempt]]:
    known = asking.every_item(content)
    for ref, several in practice.items():
        for given in several:
            yield known.get(ref), given
    for sitting in tests.values():
        for ref, given in sitting.answers.items():
            yield known.get(ref), given


def _twins(items: Mapping[str, Item]) -> Mapping[str, str]:
    """Find for each vignette the one that makes the same point with another story."""
    pairs: dict[int, list[str]] = {}
    for ref, item in items.items():
        if item.pair is not None:
            pairs.setdefault(item.pair, []).append(ref)
    both = [pair for pair in pairs.values() if len(pair) == 2]  # noqa: PLR2004 - a pair
    return {one: other for pair in both for one, other in (pair, pair[::-1])}
