"""What people type into fields, turned into values or refused with a reason."""

import re
import unicodedata
from decimal import Decimal

from babel.numbers import NumberFormatError, get_group_symbol, parse_decimal

from client_triage.domain.rules import Answer
from client_triage.domain.scenario import Signal
from client_triage.views.view import RefusedError
from client_triage.words import Words

LONGEST_ALIAS = 80
_MOST_LINES, _LONGEST_LINE = 40, 300
_MOST_MONEY = Decimal(10) ** 15
_CURRENCY_SIGNS = re.compile(r"[\s₩$€£¥원]|KRW|USD|EUR|GBP|JPY")
_DIGITS = re.compile(r"[0-9.,\u00a0\u202f’']+")
_WHOLE = re.compile(r"[0-9]{1,9}")
_BULLET = re.compile(r"^\s*(?:[-*•·]|\d+[.)])\s+")


def alias(text: object, words: Words) -> str:
    """Take an alias: one line, not blank, not too long.

    Raises
    ------
    RefusedError
        It is blank or too long.
    """
    name = " ".join(unicodedata.normalize("NFC", str(text)).split())
    if not name:
        raise RefusedError(words, "clients.alias_blank")
    if len(name) > LONGEST_ALIAS:
        raise RefusedError(words, "clients.alias_long", count=LONGEST_ALIAS)
    return name


def aliases(text: object, words: Words) -> list[str]:
    """Take a pasted list: one alias a line, or a line separated by commas; bullets are dropped.

    Raises
    ------
    RefusedError
        There is none, or one is too long.
    """
    lines = str(text).splitlines()
    if len(lines) == 1:
        lines = lines[0].split(",")
    names = [alias(_BULLET.sub("", line), words) for line in lines if line.strip()]
    if not names:
        raise RefusedError(words, "clients.alias_blank")
    return names


def lines(text: object, words: Words) -> tuple[str, ...]:
    """Take personal lines: one a line, bullets and doubles dropped.

    Raises
    ------
    RefusedError
        There are too many, or one is too long.
    """
    typed = unicodedata.normalize("NFC", str(text or "")).splitlines()
    bare = (" ".join(_BULLET.sub("", line).split()) for line in typed)
    taken = tuple(dict.fromkeys(line for line in bare if line))
    if len(taken) > _MOST_LINES or any(len(line) > _LONGEST_LINE for line in taken):
        raise RefusedError(words, "fault.lines", lines=_MOST_LINES, letters=_LONGEST_LINE)
    return taken


def money(text: object, words: Words) -> Decimal | None:
    """Take a sum or a number of hours as people write it: ``1,200.50``, ``₩1,200,000``.

    Raises
    ------
    RefusedError
        It is no number of 0 or more.
    """
    typed = _CURRENCY_SIGNS.sub("", unicodedata.normalize("NFKC", str(text or "")))
    if not typed:
        return None
    if not _DIGITS.fullmatch(typed):
        raise RefusedError(words, "fault.number")
    try:
        amount = parse_decimal(typed, locale=words.language.replace("-", "_"), strict=True)
    except NumberFormatError:
        raise RefusedError(words, "fault.number") from None
    if not amount.is_finite() or not 0 <= amount < _MOST_MONEY:
        raise RefusedError(words, "fault.number")
    return amount


def whole(text: object, low: int, high: int, words: Words) -> int:
    """Take a whole number as people write it: ``1,200``.

    Raises
    ------
    RefusedError
        It is no whole number from ``low`` to ``high``.
    """
    group = get_group_symbol(words.language.replace("-", "_"))
    digits = unicodedata.normalize("NFKC", str(text)).replace(group, "").strip()
    if not _WHOLE.fullmatch(digits) or not low <= int(digits) <= high:
        raise RefusedError(words, "fault.count", low=low, high=high)
    return int(digits)


def answer(value: object, signal: Signal, words: Words) -> Answer | None:
    """Take an answer to a signal, as a field sends it; None is "don't know".

    Raises
    ------
    RefusedError
        It is no answer to this signal.
    """
    if value is None:
        return None
    if signal.type in {"count", "scale"}:
        return whole(value, signal.minimum, signal.maximum, words)
    if not signal.accepts(value):
        raise RefusedError(words, "fault.choice")
    return value  # type: ignore[return-value]
