"""Everything that is said to a person: catalogues, figures, Korean particles."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from copy import copy
from datetime import date
from decimal import Decimal
from functools import cache, cached_property
from string import Formatter
from typing import Any

from babel import Locale
from babel.dates import format_date
from babel.numbers import (
    format_currency,
    format_decimal,
    format_percent,
    get_currency_precision,
)

from client_triage.content import Content, Phrase, ScenarioWords, load_content
from client_triage.domain.findings import Reason
from client_triage.domain.levels import Level

DEFAULT_LANGUAGE = "en"

_FRACTIONS = {1 / 2: "half", 1 / 3: "third", 1 / 4: "quarter", 2 / 3: "two-thirds"}
_LENIENT, _STRICT = 0.85, 0.925
_LEAST_PERCENTAGE = 0.01
_GROUPED = 1000  # from here on numbers have separators, and take Babel

_PARTICLES = {
    "은는": ("은", "는"),
    "이가": ("이", "가"),
    "을를": ("을", "를"),
    "과와": ("과", "와"),
    "으로": ("으로", "로"),
}
_HANGUL_FIRST, _HANGUL_LAST, _FINALS, _RIEUL = 0xAC00, 0xD7A3, 28, 8
_LATIN_WORD = re.compile(r"[A-Za-z\u00C0-\u024F]+$")
_IN_BRACKETS = re.compile(r"[(\[<〈《「【][^()]*[)\]>〉》」】]\W*$")
_SPELLED = re.compile(r"[A-Z]{2,3}")  # LG, IBM: letter by letter
_READ_SIGNS = " %+$€℃"  # 퍼센트, 플러스, 달러, 유로, 도: each ends in a vowel
_NO_DIGIT = re.compile(r"[\u00bc-\u00be\u2150-\u2189]\W*$")  # ½ and Ⅲ are not read as they end
# How digits and single letters end when they are read one by one: 영, 일, 이 …, 에이, 비, 씨 …
_ENDINGS_OF_NAMES = {"ㄹ": "178LR", "ㄱ": "036MN", "": "2459ABCDEFGHIJKOPQSTUVWXYZ"}
# Of English words, as they are usually taken over; the rest can go either way.
_ENDINGS_OF_WORDS = {"ㄹ": "L", "ㄱ": "MN", "": "AIOUY"}


class Words(Formatter):
    """One language's words.

    Examples
    --------
    >>> words_in("en").money(Decimal(1200), "USD")
    '$1,200.00'
    """

    def __init__(self, content: Content, language: str) -> None:
        self.content = content
        self.language = language
        self._locale = Locale.parse(language, sep="-")

    @cached_property
    def _catalogue(self) -> Mapping[str, Any]:
        return self.content.catalogue(self.language)

    def scenario(self, scenario_id: str) -> ScenarioWords:
        """Give the words of one scenario."""
        return self.content.words(self.language)[scenario_id]

    def text(self, key: str, count: float | None = None, **figures: object) -> str:
        """Render an interface string.

        Parameters
        ----------
        key
            Dotted, as in ``"sweep.next"``.
        count
            Chooses the plural form; the string sees it as ``{count}``.

        Raises
        ------
        KeyError
            The catalogue has no such text.
        """
        phrase: Any = self._catalogue
        for part in key.split("."):
            phrase = phrase[part]
        if count is not None:
            figures["count"] = count
        return self.phrase(phrase, figures, count)

    def texts(self, table: str) -> Mapping[str, str]:
        """Give the texts of one table of the catalogue that need no figures, by key."""
        phrases: Any = self._catalogue
        for part in table.split("."):
            phrases = phrases[part]
        return {key: text for key, text in phrases.items() if isinstance(text, str)}

    def phrase(self, phrase: Phrase, figures: Mapping[str, object], count: object = None) -> str:
        """Fill a phrase with figures, in the plural form that the count asks for."""
        if not isinstance(phrase, str):
            number = count if isinstance(count, int | float) else 0
            phrase = phrase.get(self._locale.plural_form(number), phrase["other"])
        return self.vformat(phrase, (), figures)

    def level(self, level: Level) -> str:
        """Name a level."""
        return self.text(f"levels.{level.word}")

    def reason(self, reason: Reason) -> str:
        """Say why a finding has its level."""
        scenario, signal, name = reason.key.split(".")
        phrase = self.scenario(scenario).reasons[signal][name]
        return self.phrase(phrase, reason.figures, reason.figures.get(signal))

    def money(self, amount: Decimal, currency: str | None) -> str:
        """Write a sum: ``$1,200.00``, ``₩1,200,000``; a bare number without a currency."""
        if currency is None:
            return format_decimal(amount, format="#,##0.##", locale=self._locale)
        return format_currency(amount, currency, locale=self._locale)

    def sum(self, amount: Decimal, currency: str | None) -> str:
        """Write a round sum without decimals: ``$1,000``."""
        if currency is None:
            return self.number(amount)
        return format_currency(
            amount, currency, format="¤#,##0", locale=self._locale, currency_digits=False
        )

    def number(self, value: float | Decimal) -> str:
        """Write a number with the language's separators."""
        return format_decimal(value, locale=self._locale)

    def entered(self, amount: Decimal | float | None, currency: str | None = None) -> str:
        """Write a number as a field holds it: nothing rounded off, and no decimal place lost.

        Parameters
        ----------
        currency
            Of a sum; one with decimals gets as many as its currency has: ``12,400.50``.
        """
        if amount is None:
            return ""
        exact = Decimal(repr(amount)) if isinstance(amount, float) else Decimal(amount)
        if exact == exact.to_integral_value():
            exact = exact.quantize(Decimal(1))
        places = max(0, -int(exact.as_tuple().exponent))
        if places and currency:
            places = max(places, get_currency_precision(currency))
        pattern = copy(self._locale.decimal_formats[None])
        pattern.frac_prec = (places, places)
        return str(pattern.apply(exact, self._locale))

    def percent(self, share: float) -> str:
        """Write a share (0–1) in whole per cent; only all is 100 %, and only nothing is 0 %."""
        if 0 < share < 1:
            share = min(max(share, _LEAST_PERCENTAGE), 1 - _LEAST_PERCENTAGE)
        return format_percent(share, locale=self._locale)

    def date(self, day: date) -> str:
        """Write a day in full."""
        return format_date(day, format="long", locale=self._locale)

    def share(self, share: float) -> str:
        """Write a share in words where there is a word for it: "half", "a third"."""
        for fraction, name in _FRACTIONS.items():
            if abs(share - fraction) < 1e-3:  # noqa: PLR2004 - .333 is meant as a third
                return self.text(f"fractions.{name}")
        return self.percent(share)

    def confidence(self, confidence: float) -> str:
        """Name a confidence: people choose among lenient, normal and strict."""
        if confidence < _LENIENT:
            return self.text("confidence.lenient")
        return self.text("confidence.strict" if confidence > _STRICT else "confidence.normal")

    def joined(self, items: Iterable[str], how: str = "list") -> str:
        """Put items beside each other: "a, b, c"; ``how`` is a text of ``[joining]``."""
        return self.text(f"joining.{how}").join(items)

    def named(self, name: str, value: str) -> str:
        """Put a value after its name: "Clear: 3"."""
        return self.text("joining.named", name=name, value=value)

    def format_field(self, value: Any, format_spec: str) -> str:  # noqa: ANN401 - str.format's own signature
        """Render one figure; the specs are ``share``, ``confidence`` and Korean particles."""
        if format_spec in _PARTICLES:
            text = self._shown(value)
            return text + particle(text, format_spec)
        if format_spec == "share":
            return self.share(value)
        if format_spec == "confidence":
            return self.confidence(value)
        if format_spec:
            return format(value, format_spec)
        return self._shown(value)

    def _shown(self, value: object) -> str:
        if isinstance(value, int) and abs(value) < _GROUPED:
            return str(value)
        if isinstance(value, int | float | Decimal):
            return self.number(value)
        return str(value)


def words_in(language: str | None = None, content: Content | None = None) -> Words:
    """Give the words of a language; English where there is no catalogue for it."""
    content = content or load_content()
    return _words(content, spoken(language or "", content.languages) or DEFAULT_LANGUAGE)


def spoken(tag: str, languages: Iterable[str]) -> str | None:
    """Choose the language that fits a tag such as ``"ko-KR"`` or ``"ko_KR"``: it, or its kind."""
    wanted = tag.strip().lower().replace("_", "-")
    by_tag = {language.lower(): language for language in languages}
    return by_tag.get(wanted) or by_tag.get(wanted.partition("-")[0])


@cache
def _words(content: Content, language: str) -> Words:
    return Words(content, language)


def particle(text: str, pair: str) -> str:
    """Choose the Korean particle after a text, as it is read aloud.

    Parameters
    ----------
    pair
        ``은는``, ``이가``, ``을를``, ``과와`` or ``으로``.

    Returns
    -------
    str
        One of the pair; both, as in ``은(는)``, where the reading can't be known.
    """
    after_consonant, after_vowel = _PARTICLES[pair]
    ending = _ending(text)
    if ending is None:
        return "(으)로" if pair == "으로" else f"{after_consonant}({after_vowel})"
    if ending == "" or (pair == "으로" and ending == "ㄹ"):
        return after_vowel
    return after_consonant


def _ending(text: str) -> str | None:
    """Tell what a text ends in when it is read in Korean.

    Returns
    -------
    str or None
        Empty after a vowel, ``"ㄹ"``, ``"ㄱ"`` for any other consonant; None where the reading
        can't be known, as of most English words.
    """
    # What stands in brackets is not read: the particle follows the word before them.
    whole = unicodedata.normalize("NFKC", text)
    bare = _IN_BRACKETS.sub("", whole)
    whole = bare if any(map(str.isalnum, bare)) else whole
    read = "".join(char for char in whole if char.isalnum() or char in _READ_SIGNS).strip()
    if not read or _NO_DIGIT.search(text):
        return None
    last = read[-1]
    if last in _READ_SIGNS:
        return ""
    if _HANGUL_FIRST <= ord(last) <= _HANGUL_LAST:
        final = (ord(last) - _HANGUL_FIRST) % _FINALS
        return {0: "", _RIEUL: "ㄹ"}.get(final, "ㄱ")
    word = _LATIN_WORD.search(read)
    is_spelled = word is None or len(word[0]) == 1 or _SPELLED.fullmatch(word[0])
    endings = _ENDINGS_OF_NAMES if is_spelled else _ENDINGS_OF_WORDS
    return next((end for end, signs in endings.items() if last.upper() in signs), None)
