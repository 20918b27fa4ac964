"""What the content says, as typed values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Phrase = str | Mapping[str, str]
"""A text, or one text for each plural category of the language."""

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
    question: str
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
