"""A quiz item as ``question.js`` draws it, and what a person's answer to it is worth."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from client_triage.content import Content, Item
from client_triage.domain import quiz
from client_triage.domain.practice import Attempt, Confidence
from client_triage.domain.quiz import ACTIONS, WrongFormError, mark
from client_triage.domain.rules import Answer
from client_triage.domain.scenario import Scenario, Signal
from client_triage.views import entry
from client_triage.views.view import RefusedError
from client_triage.words import Words

_CONFIDENCES: Mapping[object, Confidence] = {1: 1, 2: 2, 3: 3}
_LONGEST_WHY = 300
_MOST_HINTS = 99


def items_of(content: Content, topic: str) -> Mapping[str, Item]:
    """Give the items of a scenario or a lesson by reference, in their order."""
    return {f"{topic}/{item.id}": item for item in content.topic_quiz(topic).items}


def topic_of(ref: str) -> str:
    """Give the scenario or lesson of a reference."""
    return ref.partition("/")[0]


def every_item(content: Content) -> Mapping[str, Item]:
    """Give every item by reference."""
    return {ref: item for topic in content.topics for ref, item in items_of(content, topic).items()}


def question(ref: str, item: Item, words: Words) -> dict[str, Any]:
    """Give an item in the chosen language; with its key, so that the browser can answer at once."""
    language = words.language
    return {
        "ref": ref,
        "type": item.type,
        "language": language,
        "stem": item.stem[language].split("\n\n"),
        "prompt": words.text(f"practice.prompts.{_prompt(item)}"),
        "options": [
            {
                "id": option.id,
                "text": _option_text(option.id, option.text, words),
                "feedback": option.feedback[language],
            }
            for option in item.options
        ],
        "key": item.answer,
        "tolerance": item.tolerance or 0,
        "unit": item.unit[language] if item.unit else "",
        "hints": [hint[language] for hint in item.hints],
        "why": item.why[language] if item.why else "",
        "objective": item.objective[language],
    }


def given(item: Item, attempt: Attempt) -> dict[str, Any]:
    """Give an answer as the browser shows it: which options it names, and whether it was right."""
    chosen = attempt.answer
    return {
        "answer": chosen,
        "side": quiz.side_of(item, chosen) if item.type == "number" else "",
        "confidence": attempt.confidence,
        "right": mark(item, chosen),
        "why": attempt.why,
    }


def attempt_at(
    item: Item, answer: object, words: Words, *, confidence: object, hints: object = 0
) -> Attempt:
    """Take an answer as the browser sends it.

    Raises
    ------
    RefusedError
        It is incomplete, or none that this item can have.
    """
    if item.type == "number":
        amount = entry.money(answer if isinstance(answer, str) else str(answer), words)
        answer = None if amount is None else float(amount)
    taken: Any = tuple(answer) if isinstance(answer, list) else answer
    if taken is None or taken in ("", ()):
        raise RefusedError(words, "practice.answer_first")
    try:
        mark(item, taken)
    except WrongFormError:
        raise RefusedError(words, "practice.answer_first") from None
    sure = _CONFIDENCES.get(confidence) if type(confidence) is int else None
    if sure is None and item.type != "rating":
        raise RefusedError(words, "practice.sure_first")
    count = hints if isinstance(hints, int) and 0 <= hints <= _MOST_HINTS else 0
    today = date.today()  # noqa: DTZ011 - the user's own calendar day
    return Attempt(today, item.fingerprint, taken, sure, count)


def own_words(text: object) -> str:
    """Take what a person wrote as why."""
    return " ".join(str(text).split())[:_LONGEST_WHY]


def facts_of(scenario: Scenario, facts: Mapping[str, Answer], words: Words) -> list[dict[str, Any]]:
    """Give a story's facts as the record that a person would make of it."""
    texts = words.scenario(scenario.id).signals
    counted = scenario.rules[0].signal
    return [
        {
            "id": name,
            "label": texts[name].label,
            "type": scenario.signals[name].type,
            "options": _options(scenario.signals[name], texts[name].options, words),
            "value": value,
            "said": _said(scenario.signals[name], value, texts[name].options, words),
            "is_open": name == counted,
        }
        for name, value in facts.items()
    ]


def _prompt(item: Item) -> str:
    return "action" if item.use == "vignette" else item.type


def _option_text(option_id: str, text: Mapping[str, str] | None, words: Words) -> str:
    if text is not None:
        return text[words.language]
    if option_id in ACTIONS:
        return words.text(f"practice.actions.{option_id}")
    return words.text(f"practice.sides.{option_id}")


def _options(signal: Signal, named: Mapping[str, str], words: Words) -> list[list[Any]]:
    if signal.type == "flag":
        return [[True, words.text("signals.yes")], [False, words.text("signals.no")]]
    return [[option, named[option]] for option in signal.options]


def _said(signal: Signal, value: Answer, named: Mapping[str, str], words: Words) -> str:
    if signal.type == "flag":
        return words.text("signals.yes" if value else "signals.no")
    return named[str(value)] if signal.options else words.number(int(value))
