"""Which language a visitor gets, and what the page says before its kernel can speak."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from urllib.parse import parse_qsl

from client_triage.content import load_content
from client_triage.words import DEFAULT_LANGUAGE, spoken, words_in

TEMPLATE = Path(__file__).with_name("templates") / "client-triage"
"""Folder of the page's Voilà template."""

_LOSSES = ("away", "gone", "held", "refused", "downloaded")


def languages() -> tuple[str, ...]:
    """Name the languages that the page is written in."""
    return load_content().languages


@cache
def page_words(language: str) -> Mapping[str, str]:
    """Give what the page says while nothing but the server runs."""
    words = words_in(language)
    named = {key: words.text(f"shell.{key}") for key in ("title", "description")}
    return {"lang": language, **named, **words.texts("page")}


@cache
def loss_words() -> Mapping[str, Mapping[str, str]]:
    """Give what the page says of a lost connection, by language: a visitor may have switched."""
    keys = [f"{loss}{part}" for loss in _LOSSES for part in ("", "_means", "_button")]
    return {
        language: {key: texts[key] for key in keys}
        for language, texts in ((one, page_words(one)) for one in languages())
    }


def choose_language(query: str, preset: str | None, accept: str) -> str:
    """Choose the language of a page.

    Parameters
    ----------
    query : str
        Query string of the address. Its ``lang`` decides; one that is not available gives English.
    preset : str or None
        Language the server was started with, for addresses without ``lang``.
    accept : str
        ``Accept-Language`` header (RFC 9110, 12.5.4), read when neither is given.

    Returns
    -------
    str
        One of `languages`.

    Examples
    --------
    >>> choose_language("lang=ko", None, "en-GB")
    'ko'
    >>> choose_language("", None, "fr;q=0.9, ko-KR;q=0.5")
    'ko'
    """
    asked = dict(parse_qsl(query)).get("lang")
    if asked is not None:
        return _available(asked) or DEFAULT_LANGUAGE
    if preset is not None:
        return preset
    return next(filter(None, map(_available, _preferred(accept))), DEFAULT_LANGUAGE)


def _available(tag: str) -> str | None:
    return spoken(tag, languages())


def _preferred(accept: str) -> list[str]:
    weighted = []
    for part in accept.split(","):
        tag, _, parameter = part.partition(";")
        weight = _weight(parameter)
        if weight > 0:
            weighted.append((weight, tag))
    return [tag for _, tag in sorted(weighted, key=lambda pair: -pair[0])]


def _weight(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    if name != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
