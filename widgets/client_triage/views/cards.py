"""A card a client, the most urgent first: why, what to do next, how far it goes."""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from typing import Any, NamedTuple

from client_triage.content import Content
from client_triage.domain import edits
from client_triage.domain.findings import Finding
from client_triage.domain.levels import Level
from client_triage.domain.portfolio import Client, Review
from client_triage.domain.scenario import Scenario
from client_triage.domain.tally import ClientTally, Tally, tally
from client_triage.store.exports import unknown_sentence
from client_triage.views.bands import band_key, band_of, band_options
from client_triage.views.contacts import contacts
from client_triage.views.days import day
from client_triage.views.modules import script
from client_triage.views.view import (
    Action,
    Refused,
    RefusedError,
    View,
    level_words,
    refused_of,
)
from client_triage.views.workspace import Workspace, sample
from client_triage.words import Words, words_in

_A_SCREENFUL = 20
_SAMPLES = 3
_LONGEST_TEXT = 1000
_LONGEST_WAIT = timedelta(days=5 * 366)
_WORTH = {"yes": True, "no": False, "not_yet": None}


class _Exception(NamedTuple):
    """A reason for keeping a client against advice: one of the chips, and own words."""

    chip: str = ""
    note: str = ""


class CardsView(View):
    """What to do about each client, and the person's own decisions about it.

    Parameters
    ----------
    sample
        Show the made-up example to look at, whatever the workspace holds.

    Examples
    --------
    >>> CardsView(Workspace(), sample=True)  # doctest: +SKIP
    """

    _esm = script("cards.js")

    def __init__(self, workspace: Workspace, *, shown: bool = True, sample: bool = False) -> None:
        self._is_sample = sample
        self._most = _SAMPLES if sample else _A_SCREENFUL
        self._order: tuple[str, ...] = ()
        self._refused: Refused = {}
        super().__init__(workspace, shown=shown)

    def draw(self) -> dict[str, Any]:
        """Give the cards that show."""
        words, counted = self.workspace.words, self._tally()
        ordered = [] if self._is_over() else self._ordered(counted)
        shown = ordered[: self._most]
        cards = [self._card(one, counted) for one in shown]
        left = 0 if self._is_sample else len(ordered) - len(cards)
        return {
            **level_words(self.workspace),
            "words": {**words.texts("cards"), **words.texts("actions")},
            "choices": _choices(words),
            "is_sample": self._is_sample or self.workspace.is_sample,
            "is_example": self._is_sample,
            "is_over": self._is_over(),
            "cards": cards,
            "bands": self._bands(shown, counted.currency),
            "contacts": self._contacts() if any(card["is_unsafe"] for card in cards) else None,
            "more": words.text("cards.more", count=min(left, _A_SCREENFUL)) if left else "",
            "left": words.text("cards.left", count=left) if left else "",
        }

    @property
    def actions(self) -> Mapping[str, Action]:
        """What a person can do here; nothing in the example."""
        if self._is_sample:
            return {}
        return {
            "more": self._on_more,
            "decide": self._on_decide,
            "conditions": self._on_conditions,
            "look_again": self._on_look_again,
            "clear_decision": self._on_clear_decision,
            "keep": self._on_keep,
            "keep_note": self._on_keep_note,
            "clear_keep": self._on_clear_keep,
            "band": self._on_band,
        }

    def _on_change(self, change: object) -> None:
        self._refused = refused_of(self.workspace.portfolio, self._refused)
        super()._on_change(change)

    def _is_over(self) -> bool:
        """Tell whether the example has made way for the first real client."""
        workspace = self.workspace
        return self._is_sample and bool(workspace.portfolio.clients) and not workspace.is_sample

    def _tally(self) -> Tally:
        if self._is_sample:
            return _tally_of_sample(self.workspace.content, self.workspace.language)
        return self.workspace.tally

    def _ordered(self, counted: Tally) -> list[ClientTally]:
        ranked = {one.client.id: one for one in counted.most_urgent_first}
        kept = self._order if self.acting else ()
        self._order = tuple(name for name in dict.fromkeys((*kept, *ranked)) if name in ranked)
        return [ranked[name] for name in self._order]

    def _bands(self, cards: Iterable[ClientTally], currency: str | None) -> list[list[str]]:
        known = [one.client.revenue_band for one in cards]
        return band_options(self.workspace.words, currency, known)

    def _contacts(self) -> dict[str, Any]:
        """Give where to get help: "your safety first" must not leave one alone with it."""
        title = self.workspace.words.text("contacts.title")
        return {"title": title, **contacts(self.workspace)}

    # --- one card ---------------------------------------------------------------------------

    def _card(self, one: ClientTally, counted: Tally) -> dict[str, Any]:
        words = self.workspace.words
        order = {scenario.id: scenario for scenario in counted.scenarios}
        deciding = counted.deciding(one)
        highest = deciding[0].level if deciding else Level.UNKNOWN
        by_hand = not self._is_sample
        return {
            "id": one.client.id,
            "alias": one.client.alias,
            "reasons": _reasons(one, deciding, words),
            "next": _next(one, deciding, words),
            "is_unsafe": _is_unsafe(deciding, order),
            "level": one.verdict.word,
            "when": words.text(f"cards.when.{_when(deciding, order)}")
            if one.verdict is Level.FIRE
            else "",
            "leaving": self._leaving(one, deciding, order, counted),
            "kept": _kept(one, deciding, order, words),
            "further": [_said(finding, words) for finding in _further(one, highest)],
            "money": {} if highest is Level.FIRE else _money(one, counted.currency, words),
            "decision": self._decision(one) if by_hand and highest is Level.WEIGH else None,
            "keep": self._keep(one, deciding, order) if by_hand else None,
            "band": band_key(one.client.revenue_band)
            if by_hand and _is_revenue_asked(one, deciding, order)
            else None,
        }

    def _leaving(
        self,
        one: ClientTally,
        deciding: Iterable[Finding],
        order: Mapping[str, Scenario],
        counted: Tally,
    ) -> str:
        """Say what leaving costs, so that it can be bridged; where somebody is unsafe, nothing."""
        revenue, total = one.client.revenue_or_middle, sum(counted.revenue.values())
        if one.verdict is not Level.FIRE or not revenue or _is_unsafe(deciding, order):
            return ""
        words = self.workspace.words
        return words.text("cards.leaving", share=words.percent(float(revenue / total)))

    def _decision(self, one: ClientTally) -> dict[str, Any]:
        """Give the answer to "is it worth it?", and what came up since."""
        words, client = self.workspace.words, one.client
        answer, review = _answer(client), client.review or Review()
        look_again = review.look_again.isoformat() if review.look_again else ""
        conditions, conditions_fault = self._typed(client.id, "conditions", review.conditions)
        look_again, day_fault = self._typed(client.id, "look_again", look_again)
        return {
            "answer": "" if one.reopened else answer,
            "is_known": bool(answer),
            "reopened": _reopened(one, words) if one.reopened else None,
            "overdue": _overdue(review, self.workspace.tally.as_of, words),
            "conditions": conditions,
            "look_again": look_again,
            "faults": {"conditions": conditions_fault, "look_again": day_fault},
        }

    def _keep(
        self, one: ClientTally, deciding: Iterable[Finding], order: Mapping[str, Scenario]
    ) -> dict[str, Any] | None:
        """Give the reason for keeping a client against advice."""
        if one.verdict is not Level.FIRE:
            return None
        words = self.workspace.words
        manner = "with_care" if _is_unsafe(deciding, order) else "plainly"
        reason = self._exception(one.client)
        note, fault = self._typed(one.client.id, "keep_note", reason.note)
        return {
            **words.texts(f"cards.keep.{manner}"),
            "chip": reason.chip,
            "note": note,
            "fault": fault,
            "is_known": one.kept,
        }

    def _typed(self, client: str, field: str, known: str) -> tuple[str, str]:
        """Give what stands in a field, and what is wrong with it."""
        typed, error = self._refused.get((client, field), (known, None))
        return typed, error.said(self.workspace.words) if error else ""

    def _exception(self, client: Client) -> _Exception:
        """Read an exception: its chip is recognised in any language."""
        text = (client.exception or "").strip()
        for chip, said in self._chips():
            if text == said:
                return _Exception(chip)
            if text.startswith(f"{said}: "):
                return _Exception(chip, text.removeprefix(f"{said}: "))
        return _Exception(note=text)

    def _chips(self) -> list[tuple[str, str]]:
        content = self.workspace.content
        return [
            pair
            for language in content.languages
            for pair in words_in(language, content).texts("cards.chips").items()
        ]

    # --- what a person does -----------------------------------------------------------------

    def _on_more(self) -> None:
        self._most += _A_SCREENFUL

    def _on_decide(self, client: str, answer: str) -> None:
        one = self._weighed(client)
        weighed = tuple(finding.scenario for finding in one.deciding)
        review = replace(
            one.client.review or Review(), on=self.workspace.tally.as_of, scenarios=weighed
        )
        self._change(client, worth_keeping=_WORTH[answer], review=review)
        self._say_verdict("cards.decided", client)

    def _on_conditions(self, client: str, text: str) -> None:
        if (taken := self._text(client, "conditions", text)) is not None:
            self._review(client, conditions=taken)

    def _on_look_again(self, client: str, day: str | None) -> None:
        try:
            taken = self._day(day)
        except RefusedError as error:
            self._refused[client, "look_again"] = (str(day), error)
            self.say(str(error))
            return
        self._refused.pop((client, "look_again"), None)
        self._review(client, look_again=taken)

    def _on_clear_decision(self, client: str) -> None:
        for field in ("conditions", "look_again"):
            self._refused.pop((client, field), None)
        self._change(client, worth_keeping=None, review=None)
        self._say_verdict("cards.decision_cleared", client)

    def _on_keep(self, client: str, chip: str) -> None:
        note = self._exception(self._fired(client)).note
        self._set_exception(client, _Exception(chip, note))

    def _on_keep_note(self, client: str, text: str) -> None:
        chip = self._exception(self._fired(client)).chip
        if (taken := self._text(client, "keep_note", text)) is not None:
            self._set_exception(client, _Exception(chip, taken))

    def _on_clear_keep(self, client: str) -> None:
        self._refused.pop((client, "keep_note"), None)
        self._change(client, exception=None)
        self._say_verdict("cards.keep_cleared", client)

    def _on_band(self, client: str, value: str | None) -> None:
        self._change(client, revenue_band=band_of(value, self.workspace.portfolio.currency))

    def _weighed(self, client: str) -> ClientTally:
        one = self.workspace.tally.client(client)
        if not one.deciding or one.deciding[0].level is not Level.WEIGH:
            raise KeyError(client)
        return one

    def _fired(self, client: str) -> Client:
        one = self.workspace.tally.client(client)
        if one.verdict is not Level.FIRE:
            raise KeyError(client)
        return one.client

    def _review(self, client: str, **changes: Any) -> None:  # noqa: ANN401 - any field of Review
        known = self._weighed(client).client
        if not _answer(known):
            raise KeyError(client)
        self._change(client, review=replace(known.review or Review(), **changes))

    def _set_exception(self, client: str, reason: _Exception) -> None:
        chip = self.workspace.words.texts("cards.chips")[reason.chip] if reason.chip else ""
        text = ": ".join(part for part in (chip, reason.note) if part)
        self._change(client, exception=text or None)
        self._say_verdict("cards.keep_noted" if text else "cards.keep_cleared", client)

    def _change(self, client: str, **changes: Any) -> None:  # noqa: ANN401 - any field of Client
        self.workspace.apply(lambda portfolio: edits.change_client(portfolio, client, **changes))

    def _say_verdict(self, key: str, client: str) -> None:
        words, one = self.workspace.words, self.workspace.tally.client(client)
        self.say(words.text(key, alias=one.client.alias, level=words.level(one.verdict)))

    def _text(self, client: str, field: str, typed: object) -> str | None:
        """Take free text; None where it is too long, which is then said beside the field."""
        text = unicodedata.normalize("NFC", str(typed or "")).strip()
        self._refused.pop((client, field), None)
        if len(text) <= _LONGEST_TEXT:
            return text
        error = RefusedError(self.workspace.words, "cards.too_long", count=_LONGEST_TEXT)
        self._refused[client, field] = (text, error)
        self.say(str(error))
        return None

    def _day(self, typed: str | None) -> date | None:
        today = self.workspace.tally.as_of
        return day(typed, self.workspace.words, today + timedelta(days=1), today + _LONGEST_WAIT)


@cache
def _tally_of_sample(content: Content, language: str) -> Tally:
    return tally(sample(content, language), content.scenarios)


def _choices(words: Words) -> dict[str, list[list[str]]]:
    return {
        "worth": [[key, words.text(f"cards.answers.{key}")] for key in _WORTH],
        "chips": [[key, text] for key, text in words.texts("cards.chips").items()],
    }


def _reasons(one: ClientTally, deciding: list[Finding], words: Words) -> list[dict[str, str]]:
    if not deciding:
        return [{"text": unknown_sentence(one, words)}]
    if deciding[0].level is Level.CLEAR:
        text = words.text("tally.clear_so_far", answered=one.answered, asked=len(one.findings))
        return [{"text": text}]
    return [_said(finding, words) for finding in deciding]


def _kept(
    one: ClientTally, deciding: Iterable[Finding], order: Mapping[str, Scenario], words: Words
) -> str:
    if not one.kept:
        return ""
    return words.text("cards.not_left" if _is_unsafe(deciding, order) else "cards.kept")


def _said(finding: Finding, words: Words) -> dict[str, str]:
    return {
        "scenario": words.scenario(finding.scenario).short,
        "text": words.reason(finding.reason),
        "level": finding.level.word,
    }


def _next(one: ClientTally, deciding: list[Finding], words: Words) -> str:
    if not deciding:
        return words.text("cards.next.unknown")
    first = deciding[0]
    if first.level is Level.CLEAR:
        is_whole = one.answered == len(one.findings)
        return words.text("cards.next.clear" if is_whole else "cards.next.clear_so_far")
    if first.level is Level.WEIGH and one.verdict is not Level.WEIGH:
        return words.text("cards.next.part" if one.verdict is Level.FIRE else "cards.next.keep")
    return words.scenario(first.scenario).next.get(first.level.word, "")


def _when(deciding: Iterable[Finding], order: Mapping[str, Scenario]) -> str:
    """Say how soon a fire is: *what* and *when* are apart."""
    fires = [finding.scenario for finding in deciding if finding.level is Level.FIRE]
    unsafe = any(order[scenario].safety for scenario in fires)
    if any(order[scenario].advice_first for scenario in fires):
        return "safety_and_legal" if unsafe else "legal"
    if unsafe:
        return "safety"
    return "week" if fires else "term"


def _is_unsafe(deciding: Iterable[Finding], order: Mapping[str, Scenario]) -> bool:
    return any(
        finding.level is Level.FIRE and order[finding.scenario].safety for finding in deciding
    )


def _is_revenue_asked(
    one: ClientTally, deciding: Iterable[Finding], order: Mapping[str, Scenario]
) -> bool:
    """Ask for revenue late: where a weigh or a fire needs it, and nobody is in danger."""
    is_heavy = any(finding.level >= Level.WEIGH for finding in deciding)
    return is_heavy and one.client.revenue is None and not _is_unsafe(deciding, order)


def _further(one: ClientTally, highest: Level) -> list[Finding]:
    below = [finding for finding in one.findings if Level.WARN <= finding.level < highest]
    return sorted(below, key=lambda finding: -finding.level)


def _money(one: ClientTally, currency: str | None, words: Words) -> dict[str, Any]:
    """Give what is known of the money, and what was left out of it."""
    revenue, worth = one.client.revenue_or_middle, one.worth
    if revenue is None:
        return {}
    about = "about" if one.client.revenue is None else "revenue"
    surplus = "surplus" if (worth.surplus or 0) >= 0 else "shortfall"
    over = None if worth.surplus is None else abs(worth.surplus)
    sums = {about: revenue, "effective_rate": worth.effective_rate, surplus: over}
    parts = words.texts("cards.left_out")
    missing = [parts[name] for name in worth.left_out] if worth.effective_rate is not None else []
    return {
        "sums": [
            [words.text(f"cards.money.{name}"), words.money(amount, currency)]
            for name, amount in sums.items()
            if amount is not None
        ],
        "left_out": words.text("cards.left_out_hint", parts=words.joined(missing))
        if missing
        else "",
    }


def _answer(client: Client) -> str:
    """Give the answer to "is it worth it?": empty where the question was never answered."""
    if client.worth_keeping is None:
        return "not_yet" if client.review else ""
    return "yes" if client.worth_keeping else "no"


def _reopened(one: ClientTally, words: Words) -> dict[str, Any]:
    """Say what came up since an earlier answer."""
    review = one.client.review or Review()
    covered = review.scenarios or ()
    answer = words.text(f"cards.answers.{_answer(one.client)}")
    return {
        "earlier": words.text("cards.earlier_on", answer=answer, day=words.date(review.on))
        if review.on
        else words.text("cards.earlier", answer=answer),
        "since": [_said(new, words) for new in one.deciding if new.scenario not in covered],
    }


def _overdue(review: Review, today: date, words: Words) -> str:
    if review.look_again is None or review.look_again > today:
        return ""
    return words.text("cards.overdue", day=words.date(review.look_again))
