"""Tallies to draw, and ways to look at what was drawn."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from matplotlib.figure import Figure

from client_triage import store
from client_triage.content import load_content
from client_triage.domain import Portfolio, Tally, tally

_DAY = date(2026, 11, 23)


def _count(portfolio: Portfolio) -> Tally:
    return tally(portfolio, load_content().scenarios, _DAY)


@pytest.fixture
def count() -> Callable[[Portfolio], Tally]:
    """Tally a portfolio against the shipped scenarios."""
    return _count


@pytest.fixture
def sample() -> Callable[..., Tally]:
    """Tally the example portfolio: ``sample("ko", clients=45, alias="…")``."""

    def build(language: str = "en", clients: int | None = None, alias: str = "") -> Tally:
        portfolio = store.loads(load_content().sample(language))
        known = portfolio.clients
        wanted = len(known) if clients is None else clients
        several = tuple(
            replace(one, id=f"x{number}", alias=alias or one.alias)
            for number in range(wanted)
            for one in [known[number % len(known)]]
        )
        return _count(replace(portfolio, clients=several))

    return build


@pytest.fixture
def texts() -> Callable[[Figure], list[str]]:
    """List what is written in a figure, from top to bottom as it was written."""
    return lambda figure: [text.get_text() for text in figure.axes[0].texts]


@pytest.fixture
def boxes() -> Callable[[Figure, str], dict[str, int]]:
    """Count a figure's boxes of a kind by level: ``boxes(figure, "cell")["fire"]``."""

    def counted(figure: Figure, part: str) -> dict[str, int]:
        found = {}
        for patch in figure.axes[0].patches:
            kind, level = patch.get_label().split()
            if kind == part:
                path = patch.get_path()
                found[level] = int((path.codes == path.MOVETO).sum())
        return found

    return counted
