"""What the content says, as typed values."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from typing import Literal, NewType

from client_triage.domain import quiz

Phrase = str | Mapping[str, str]
"""A text, or one text for each plural category of the language."""

Texts = NewType("Texts", Mapping[str, str])
"""The same text in each language, by language."""

FIGURE_FORMS = ("share", "confidence", "은는", "이가", "을를", "과와", "으로")
"""How a text can ask for a figure, as in ``{bar_share:share}``: in words, or with a particle."""


@dataclass(frozen=True, slots=True)
class SignalWords:
    """How a signal is asked: a label, one or two words for tables, a hint.

    ``options`` name the answers of a choice; ``offers`` the counts that a sweep offers.
    """

    label: str
    short: str
    hint: str = ""
    options: Mapping[str, str] = field(default_factory=dict)
    offers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BarWords:
    """How a personal limit is asked."""

    label: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class PresetWords:
    """A trade's own wording of its lines."""

    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ScenarioWords:
    """What the interface says of one scenario in one language."""

    title: str
    short: str
    line: str
    question: Phrase
    none: str
    signals: Mapping[str, SignalWords]
    reasons: Mapping[str, Mapping[str, Phrase]]
    next: Mapping[str, str]
    hint: str = ""
    bar: Mapping[str, BarWords] = field(default_factory=dict)
    presets: Mapping[str, PresetWords] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Prose:
    """A scenario's text: the title, and Markdown by section id in the fixed order."""

    title: str
    sections: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Contact:
    """Where to get help; ``source`` and ``checked`` say where the number was read, and when."""

    kind: Literal["emergency", "support"]
    name: Mapping[str, str]
    phone: str
    what_for: Mapping[str, str]
    source: str
    checked: str


@dataclass(frozen=True, slots=True)
class Country:
    """The contacts of one country; ``code`` is ISO 3166-1 alpha-2."""

    code: str
    name: Mapping[str, str]
    contacts: tuple[Contact, ...]


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What holds in a country that is not listed."""

    phone: str
    hint: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Contacts:
    """Emergency and support contacts, by country and elsewhere."""

    elsewhere: Elsewhere
    countries: tuple[Country, ...]


@dataclass(frozen=True, kw_only=True)
class Option(quiz.Option):
    """An option with its words; ``feedback`` says why it is, or is not, right here.

    ``text`` is None where the interface names the option: in vignettes and after a number.
    """

    feedback: Texts
    text: Texts | None = None


@dataclass(frozen=True, kw_only=True)
class Item(quiz.Item):
    """A quiz item with its words, in every language.

    Parameters
    ----------
    objective
        What one can do who gets it right.
    stem
        The question: plain text, paragraphs apart by an empty line.
    hints
        Steps, from a nudge to nearly the answer.
    why
        Asks for a line of one's own; it is never marked.
    unit
        Of a number.
    """

    options: tuple[Option, ...]
    objective: Texts
    stem: Texts
    hints: tuple[Texts, ...]
    why: Texts | None = None
    unit: Texts | None = None

    @property
    def fingerprint(self) -> str:
        """A hash over all that bears on the answer: 16 hexadecimal digits.

        Answers to an item are kept while it stays the same. Hints, feedback, the objective and
        "why" can change without it, and so can the order of the options. Of the texts the first
        language counts: a new translation must drop nobody's answers.
        """
        key = self.answer
        said = {
            "type": self.type,
            "answer": sorted(key) if self.type == "choose-many" and key else key,  # type: ignore[arg-type] # a list of ids
            "tolerance": self.tolerance,
            "unit": _first(self.unit),
            "facts": self.facts,
            "cases": asdict(self.cases) if self.cases else None,
            "bar": self.bar,
            "vary": self.vary,
            "reaches": self.reaches,
            "stem": _first(self.stem),
            "options": {option.id: _first(option.text) for option in self.options},
        }
        return sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:16]


def _first(texts: Texts | None) -> str | None:
    return next(iter(texts.values()), None) if texts else None


@dataclass(frozen=True, slots=True)
class Quiz:
    """The items of a scenario or a lesson, in their order."""

    items: tuple[Item, ...]

    def item(self, item_id: str) -> Item:
        """Find an item by id.

        Raises
        ------
        LookupError
            There is no such item; the message names those that there are.
        """
        for item in self.items:
            if item.id == item_id:
                return item
        names = ", ".join(item.id for item in self.items)
        message = f"there is no item {item_id!r}; there are {names}"
        raise LookupError(message)
