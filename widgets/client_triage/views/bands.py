"""Revenue, roughly: the bands that people choose among."""

from collections.abc import Iterable
from decimal import Decimal
from itertools import pairwise

from client_triage.domain.portfolio import Band
from client_triage.domain.worth import plain
from client_triage.words import Words

_THOUSANDS = (0, 1, 5, 10, 25, 50, 100)
_UNITS_A_THOUSAND = {"KRW": 1_000_000, "JPY": 100_000}


def band_options(
    words: Words, currency: str | None, known: Iterable[Band | None] = ()
) -> list[list[str]]:
    """Give the options of a select: "not said", the bands, and known ones that are no more offered.

    Parameters
    ----------
    known
        What clients have; a change of currency changes the bands, and must hide no answer.
    """
    offered = _offered(currency)
    keys = {band_key(band) for band in offered}
    others = [band for band in known if band and band_key(band) not in keys]
    named = {band_key(band): _named(band, words, currency) for band in (*offered, *others)}
    return [["", words.text("clients.not_said")], *([key, name] for key, name in named.items())]


def band_key(band: Band | None) -> str:
    """Name a band in a select: ``"1000-5000"``, ``"100000-"``, ``""`` for none."""
    return f"{plain(band.low)}-{plain(band.high) or ''}" if band else ""


def band_of(key: str | None, currency: str | None) -> Band | None:
    """Find the band with this key.

    Raises
    ------
    KeyError
        It is not offered in this currency.
    """
    return {band_key(band): band for band in _offered(currency)}[key] if key else None


def _offered(currency: str | None) -> tuple[Band, ...]:
    unit = _UNITS_A_THOUSAND.get(currency or "", 1000)
    limits = [Decimal(step * unit) for step in _THOUSANDS]
    between = (Band(low, high) for low, high in pairwise(limits))
    return (*between, Band(limits[-1]))


def _named(band: Band, words: Words, currency: str | None) -> str:
    low = words.sum(band.low, currency)
    if band.high is None:
        return words.text("clients.band_more", low=low)
    return words.text("clients.band", low=low, high=words.sum(band.high, currency))
