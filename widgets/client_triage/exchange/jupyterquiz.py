"""Quizzes of the package jupyterquiz: our items as its JSON, and its JSON as typed questions.

jupyterquiz puts every text into the page as HTML and takes ``$`` for LaTeX. What is written here
is therefore escaped; what is read is taken back to plain text, and tags stay text.
"""

import json
import re
import sys
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from html import escape, unescape
from os import PathLike
from pathlib import Path
from random import Random
from typing import Any, Literal, TypeVar, cast, get_args

from cattrs import Converter
from cattrs.gen import make_dict_structure_fn

from client_triage.content import Item
from client_triage.domain.quiz import ItemType
from client_triage.exchange import items as ours
from client_triage.exchange.address import fetch
from client_triage.faults import (
    ExpectedError,
    Fault,
    FaultyFileError,
    faults_in,
    for_type,
    strict_converter,
)
from client_triage.words import Words

T = TypeVar("T")
ChoiceType = Literal["multiple_choice", "many_choice"]
QuestionType = Literal["multiple_choice", "many_choice", "numeric", "string"]

ALL = 1_000_000
_TYPES: tuple[ItemType, ...] = ("choose-one", "choose-many", "number")
_BEYOND = 10**12  # no number in a question is as large as this
_MOST_DIGITS = 100  # what toPrecision takes in a browser
_LIST = "questions"  # names a list in faults, as a path does a file
_NUMERAL = re.compile(r"\s*[-+]?[0-9]+(\.[0-9]*)?(e[-+]?[0-9]+)?\s*", re.IGNORECASE | re.ASCII)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
# A sign in an element of its own: neither jupyterquiz nor MathJax finds a pair of them.
_GUARDED = {"$": "<span>&#36;</span>", "\\": "<span>&#92;</span>", "[": "&#91;", "\n": "<br>"}


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One thing to choose. It has a text, code, or both."""

    correct: bool
    answer: str = ""
    code: str = ""
    feedback: str = ""

    def __post_init__(self) -> None:
        """Refuse a choice of nothing."""
        if not self.answer and not self.code:
            raise ValueError("expected 'answer' or 'code'")


@dataclass(frozen=True, kw_only=True)
class Value:
    """One number; with a precision it is compared to that many significant digits."""

    value: float
    correct: bool
    feedback: str = ""


@dataclass(frozen=True, kw_only=True)
class Range:
    """All numbers from the first one on and below the second one."""

    range: tuple[float, float]
    correct: bool
    feedback: str = ""


@dataclass(frozen=True, kw_only=True)
class Default:
    """What is said to an answer that nothing else fits; it is never right."""

    feedback: str = ""


@dataclass(frozen=True, kw_only=True)
class Text:
    """One text.

    Parameters
    ----------
    fuzzy_threshold
        Takes a text for this one that is as near: 1 − edits / length, from 0 to 1.
    """

    answer: str
    correct: bool
    feedback: str = ""
    match_case: bool = False
    fuzzy_threshold: float | None = None

    def __post_init__(self) -> None:
        """Refuse a nearness that there is not."""
        if self.fuzzy_threshold is not None and not 0 <= self.fuzzy_threshold <= 1:
            raise ExpectedError("a fuzzy_threshold from 0 to 1", self.fuzzy_threshold)


@dataclass(frozen=True, kw_only=True)
class Question:
    """A question of jupyterquiz, in plain text: Markdown, LaTeX and tags stay as written."""

    question: str
    code: str = ""


@dataclass(frozen=True, kw_only=True)
class ChoiceQuestion(Question):
    """Choose one, or several where more than one is right."""

    type: ChoiceType
    answers: tuple[Choice, ...]

    @property
    def many(self) -> bool:
        """Whether more than one is right: jupyterquiz goes by that, not by the type."""
        return sum(choice.correct for choice in self.answers) > 1


@dataclass(frozen=True, kw_only=True)
class NumericQuestion(Question):
    """Enter a number, as a decimal or a fraction. The first answer that fits counts.

    Parameters
    ----------
    precision
        Significant digits that an entry is rounded to first; 0 is as it was entered.
    """

    type: Literal["numeric"]
    answers: tuple[Value | Range | Default, ...]
    precision: int = 0

    def __post_init__(self) -> None:
        """Refuse a precision that no number can have."""
        if not 0 <= self.precision <= _MOST_DIGITS:
            raise ExpectedError(f"a precision from 0 to {_MOST_DIGITS}", self.precision)


@dataclass(frozen=True, kw_only=True)
class StringQuestion(Question):
    """Enter a text. The first answer that fits counts."""

    type: Literal["string"]
    answers: tuple[Text | Default, ...]


_KINDS: Mapping[str, type[Question]] = {
    "multiple_choice": ChoiceQuestion,
    "many_choice": ChoiceQuestion,
    "numeric": NumericQuestion,
    "string": StringQuestion,
}


def dump(items: ours.Items, words: Words) -> list[dict[str, Any]]:
    """Give items as jupyterquiz's own JSON: the list that its ``display_quiz`` takes.

    Orders and ratings have no counterpart there: each is named in a `LeftOutWarning`. Hints,
    objectives and the question "why" are left out as well.

    Examples
    --------
    >>> from client_triage.content import load_content
    >>> from client_triage.words import words_in
    >>> quiz = dump(ours.gather(load_content(), ["slow-pay"]), words_in("en"))
    >>> quiz[0]["type"], [answer["correct"] for answer in quiz[0]["answers"]]
    ('multiple_choice', [False, False, True, False])
    """
    taken = list(ours.kept(items, _TYPES, "jupyterquiz"))
    return [_entry(item, words) for _, item in taken]


def load(source: object) -> tuple[Question, ...]:
    """Read a quiz of jupyterquiz.

    Keys that jupyterquiz does not know are passed over, as it does, and so are those that only
    concern its layout (``answer_cols``, ``input_width``).

    Parameters
    ----------
    source
        What ``display_quiz`` takes: a list of questions, the path of a JSON file, or an address
        (http, https). The JSON may be base64-encoded. An address is asked by this machine:
        take none from a stranger.

    Raises
    ------
    FaultyFileError
        It can't be read, or has faults: all of them, as in
        ``quiz.json: missing key 'correct' @ $[3].answers[0]``.
    """
    name, raw = _read(source)
    try:
        questions: tuple[Question, ...] = _converter().structure(raw, tuple[Question, ...])
    except Exception as error:  # noqa: BLE001 - cattrs raises groups of whatever the hooks raise
        raise FaultyFileError(faults_in(name, error)) from None
    if not questions:
        raise FaultyFileError([Fault(name, "there is no question in it")])
    return questions


def arrange(
    questions: tuple[Question, ...],
    rng: Random,
    *,
    num: int = ALL,
    shuffle_questions: bool = False,
    shuffle_answers: bool = True,
) -> tuple[Question, ...]:
    """Choose and shuffle questions, as the options of ``display_quiz`` say.

    Parameters
    ----------
    num
        How many to draw at random. They keep their order unless ``shuffle_questions``.
    shuffle_answers
        Whether to shuffle what there is to choose; of numbers and texts the order counts, and
        stays.

    Raises
    ------
    ValueError
        ``num`` is below 1.
    """
    if num < 1:
        message = f"num is how many questions to show, 1 or more, not {num}"
        raise ValueError(message)
    places = list(range(len(questions)))
    if num < len(places):
        places = sorted(rng.sample(places, num))
    if shuffle_questions:
        rng.shuffle(places)
    drawn = (questions[place] for place in places)
    return tuple(_shuffled(one, rng) if shuffle_answers else one for one in drawn)


def _shuffled(question: Question, rng: Random) -> Question:
    if not isinstance(question, ChoiceQuestion):
        return question
    return replace(question, answers=tuple(rng.sample(question.answers, len(question.answers))))


def _entry(item: Item, words: Words) -> dict[str, Any]:
    said = ours.feedback(item, words)
    entry: dict[str, Any] = {"question": _html(ours.question(item, words))}
    if item.type == "number":
        return entry | {"type": "numeric", "answers": _numbers(item, said)}
    right = ours.right(item)
    return entry | {
        "type": "multiple_choice" if item.type == "choose-one" else "many_choice",
        "answers": [
            {"answer": _html(text), "correct": option in right, "feedback": _html(said[option])}
            for option, text in ours.options(item, words).items()
        ],
    }


def _numbers(item: Item, said: Mapping[str, str]) -> list[dict[str, Any]]:
    """Give the key first: the first answer that fits counts. A range ends before its end."""
    key, tolerance = ours.number(item)
    low, high = key - tolerance, key + tolerance

    def value(at: Decimal) -> dict[str, Any]:
        return {"type": "value", "value": _plain_number(at), **_said(said["right"], correct=True)}

    def reach(start: Decimal, end: Decimal, side: str) -> dict[str, Any]:
        ends = [_plain_number(start), _plain_number(end)]
        return {"type": "range", "range": ends, **_said(said[side], correct=side == "right")}

    right = [reach(low, high, "right"), value(high)] if tolerance else [value(key)]
    beyond = Decimal(_BEYOND)
    return [*right, reach(-beyond, low, "below"), reach(high, beyond, "above")]


def _said(feedback: str, *, correct: bool) -> dict[str, Any]:
    return {"correct": correct, "feedback": _html(feedback)}


def _plain_number(value: Decimal) -> float:
    return int(value) if value == value.to_integral_value() else float(value)


def _html(text: str) -> str:
    guarded = escape(text, quote=False)
    return "".join(_GUARDED.get(char, char) for char in guarded)


def _text(markup: str) -> str:
    for sign in "$\\":
        markup = markup.replace(_GUARDED[sign], sign)
    return unescape(_BREAK.sub("\n", markup))


def _read(source: object) -> tuple[str, object]:
    """Give the name of a source, for faults, and what is in it."""
    if isinstance(source, list | tuple):
        return _LIST, list(source)
    if not isinstance(source, str | PathLike):
        problem = str(ExpectedError("a list of questions, a path or an address", source))
        raise FaultyFileError([Fault(_LIST, problem)])
    name = str(source)
    if name.startswith("#"):
        problem = "an element of a page can't be read from here: give a list, a path or an address"
        raise FaultyFileError([Fault(name, problem)])
    if _SCHEME.match(name):
        return name, _parse(fetch(name), name)
    return name, _parse(_bytes(Path(name)), name)


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        problem = "there is no such file"
    except (OSError, ValueError) as error:
        problem = f"can't be read: {getattr(error, 'strerror', None) or error}"
    raise FaultyFileError([Fault(str(path), problem)])


def _parse(content: bytes, name: str) -> object:
    try:
        text = content.decode("utf-8-sig")
        hidden = _unhidden(text)
        return json.loads(hidden or text, parse_constant=_refuse)
    except UnicodeDecodeError:
        fault = Fault(name, "not a text in UTF-8")
    except json.JSONDecodeError as error:
        fault = Fault(name, f"not valid JSON: {error.msg}", line=error.lineno)
    except RecursionError:
        fault = Fault(name, "nested too deeply for a quiz")
    except _NoNumberError as error:
        fault = Fault(name, f"{error} is no number that can be counted with")
    except ValueError:
        fault = Fault(name, "a number has too many digits")
    raise FaultyFileError([fault])


def _unhidden(text: str) -> str:
    """Decode base64, which no JSON of a list or an object can be; empty if it is none."""
    try:
        return b64decode("".join(text.split()), validate=True).decode("utf-8")
    except ValueError:  # of both: no base64, no UTF-8
        return ""


class _NoNumberError(Exception):
    """NaN or infinity stands where JSON has numbers."""


def _refuse(digits: str) -> float:
    raise _NoNumberError(digits)


@dataclass(frozen=True)
class _Typed:
    type: QuestionType


@cache
def _converter() -> Converter:
    converter = strict_converter()
    converter.register_structure_hook(str, lambda value, _: _written(value))
    converter.register_structure_hook(float, lambda value, _: _number(value))
    for_type(converter, tuple[float, float], _ends)
    for known in (Choice, Value, Range, Default, Text, _Typed, *_KINDS.values()):
        for_type(converter, known, _lenient(converter, known))
    for_type(converter, Question, lambda value: _question(value, converter))
    for_type(converter, Value | Range | Default, lambda value: _numeric(value, converter))
    for_type(converter, Text | Default, lambda value: _texts(value, converter))
    return converter


def _lenient(converter: Converter, kind: type[T]) -> Any:  # noqa: ANN401 - a hook of cattrs
    build: Any = make_dict_structure_fn(kind, converter, _cattrs_forbid_extra_keys=False)

    def structure(value: object) -> T:
        return cast("T", build(_object(value), kind))

    return structure


def _question(value: object, converter: Converter) -> Question:
    typed = converter.structure(_object(value), _Typed)
    question = converter.structure(value, _KINDS[typed.type])
    if not getattr(question, "answers", ()):
        raise ValueError("there is no answer")
    return question


def _numeric(value: object, converter: Converter) -> Value | Range | Default:
    keys = _object(value)
    if "value" in keys:
        return converter.structure(value, Value)
    if "range" in keys:
        return converter.structure(value, Range)
    if keys.get("type") == "default":
        return converter.structure(value, Default)
    raise ValueError("expected 'value', 'range', or 'type' \"default\"")


def _texts(value: object, converter: Converter) -> Text | Default:
    if _object(value).get("type") == "default":
        return converter.structure(value, Default)
    return converter.structure(value, Text)


def _object(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ExpectedError("an object", value)
    return value


def _written(value: object) -> str:
    if not isinstance(value, str):
        raise ExpectedError("text", value)
    return _text(value)


def _number(value: object) -> float:
    if isinstance(value, str) and _NUMERAL.fullmatch(value):  # in a browser "0.5" == 0.5
        value = float(value)
    # NaN is not below anything, and neither infinity nor a huge integer below the largest float.
    countable = isinstance(value, int | float) and abs(value) <= sys.float_info.max
    if isinstance(value, bool) or not countable:
        raise ExpectedError("a number", value)
    return cast("float", value)


def _ends(value: object) -> tuple[float, float]:
    if not isinstance(value, list | tuple) or len(value) != len(get_args(tuple[float, float])):
        raise ExpectedError("a list of two numbers", value)
    return _number(value[0]), _number(value[1])
