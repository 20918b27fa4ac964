"""Practise one scenario: a case, what you would do, why, and another case."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, ClassVar

from client_triage.content import Item
from client_triage.domain import edits
from client_triage.domain.quiz import finding_of
from client_triage.domain.scenario import Scenario
from client_triage.exchange.calendar import recheck
from client_triage.views import asking
from client_triage.views.modules import script
from client_triage.views.standings import Practised
from client_triage.views.view import Action, View, level_words
from client_triage.views.workspace import Workspace

_RECHECK = timedelta(days=14)


class PracticeView(View):
    """The items of a scenario or a lesson, one at a time, the next one first.

    Parameters
    ----------
    topic
        Id of the scenario or of the lesson.
    folded
        Whether it waits behind its title until it is opened.

    Examples
    --------
    >>> PracticeView(Workspace(), "slow-pay")  # doctest: +SKIP
    """

    _esm = script("practice.js")

    follows: ClassVar = (*View.follows, "is_sample")

    def __init__(
        self, workspace: Workspace, topic: str, *, folded: bool = False, shown: bool = True
    ) -> None:
        self.topic = topic
        self._folded = folded
        self._practice = Practised(workspace.content, topic)
        self._answered: tuple[str, int] | None = None  # and how often it had been by then
        self._last: str | None = None
        super().__init__(workspace, shown=shown)

    def draw(self) -> dict[str, Any]:
        """Give the question, or what was answered to it, and how far one has come."""
        words, own, practice = self.workspace.words, self.workspace.own, self._practice
        waiting, shown = practice.waiting(own, self._last), self._shown
        ref = shown or next(iter(waiting), None)
        item = practice.items[ref] if ref else None
        attempts = practice.attempts(own, ref) if ref else ()
        count, left = practice.count, len(waiting)
        changed = ref and practice.has_changed(own, ref)
        return {
            **level_words(self.workspace),
            "words": {
                **words.texts("practice"),
                **words.texts("actions"),
                "title": self._title(),
            },
            "has_items": bool(practice.items),
            "is_folded": self._folded,
            "is_scenario": self._scenario is not None,
            "question": asking.question(ref, item, words) if ref and item else None,
            "asked": len(attempts) - bool(shown),
            "given": asking.given(item, attempts[-1]) if item and shown else None,
            "half": self._half(item) if item and not shown else None,
            "worked": self._worked(item) if item and shown else None,
            "progress": words.text("practice.progress", done=count - left, count=count),
            "changed": words.text("practice.changed") if changed else "",
            "is_last": not waiting,
        }

    @property
    def actions(self) -> Mapping[str, Action]:
        """What a person can do here."""
        return {
            "answer": self._on_answer,
            "why": self._on_why,
            "next": self._on_next,
            "again": self._on_again,
            "remind": self._on_remind,
        }

    # --- what there is ----------------------------------------------------------------------

    def _title(self) -> str:
        words = self.workspace.words
        if self._scenario is not None:
            return words.text("practice.title")
        title = self.workspace.content.lesson_title(self.topic, words.language)
        return words.text("practice.title_lesson", title=title)

    @property
    def _scenario(self) -> Scenario | None:
        content = self.workspace.content
        return None if self.topic in content.lessons else content.scenario(self.topic)

    @property
    def _shown(self) -> str | None:
        """The item whose answer is looked at; none once that answer was taken back."""
        if self._answered is None:
            return None
        ref, times = self._answered
        return ref if len(self._practice.attempts(self.workspace.own, ref)) >= times else None

    def _is_second(self, item: Item) -> bool:
        return item.form == "B"

    def _half(self, item: Item) -> list[dict[str, Any]] | None:
        """Give the half-worked example: the record of the story, with its count left open."""
        if self._scenario is None or not self._is_second(item):
            return None
        return asking.facts_of(self._scenario, item.facts, self.workspace.words)

    def _worked(self, item: Item) -> dict[str, Any] | None:
        """Give the worked example: the record of the story, and what the rules say of it."""
        if self._scenario is None or item.use != "vignette":
            return None
        words = self.workspace.words
        finding = finding_of(self._scenario, item.facts, item.bar)
        return {
            "facts": asking.facts_of(self._scenario, item.facts, words),
            "reason": words.reason(finding.reason),
            "level": finding.level.word,
            "next": words.scenario(self._scenario.id).next.get(finding.level.word, ""),
        }

    # --- what is done -----------------------------------------------------------------------

    def _on_answer(self, ref: str, answer: object, confidence: object, hints: object = 0) -> None:
        item, words = self._practice.items[ref], self.workspace.words
        attempt = asking.attempt_at(item, answer, words, confidence=confidence, hints=hints)
        self.workspace.apply_own(lambda portfolio: edits.practise(portfolio, ref, attempt))
        self._answered = ref, len(self._practice.attempts(self.workspace.own, ref))

    def _on_why(self, ref: str, text: str) -> None:
        why = asking.own_words(text)
        self.workspace.apply_own(lambda portfolio: edits.explain(portfolio, ref, why))

    def _on_next(self) -> None:
        self._last, self._answered = self._shown or self._last, None

    def _on_again(self) -> None:
        refs = tuple(self._practice.items)
        self._last = self._answered = None
        self.workspace.apply_own(lambda portfolio: edits.forget_practice(portfolio, refs))

    def _on_remind(self) -> None:
        words = self.workspace.words
        text = recheck(date.today() + _RECHECK, words)  # noqa: DTZ011 - the user's own calendar day
        self.send({"file": "client-triage.ics", "text": text, "type": "text/calendar"})
        self.say(words.text("file.downloaded", file="client-triage.ics"))
