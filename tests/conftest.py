"""What the tests of several rooms share: small builders, and how hard Hypothesis looks."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st

from client_triage.content import load_content
from client_triage.domain import Client, Portfolio, Record, Scenario

# The same examples in every run; `pytest --hypothesis-profile=search` looks elsewhere, and longer.
settings.register_profile("default", deadline=None, max_examples=60, derandomize=True)
settings.register_profile("search", deadline=None, max_examples=2000)
settings.load_profile("default")

_TESTS = Path(__file__).parent
_BROWSER = _TESTS / "browser"
_CLIENT_FIELDS = {field.name for field in fields(Client)}


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out of a run of all tests the files that it would deselect: reading them takes long."""
    if [Path(argument).resolve() for argument in config.args] != [_TESTS]:
        return None
    left_out = {
        "not browser": collection_path == _BROWSER,
        "browser": collection_path.parent == _TESTS and collection_path != _BROWSER,
    }
    return left_out.get(config.getoption("markexpr")) or None


@pytest.fixture(scope="session")
def scenario() -> Callable[[str], Scenario]:
    """Give a shipped scenario by id."""
    return load_content().scenario


@pytest.fixture(scope="session")
def client() -> Callable[..., Client]:
    """Build a client: ``client(slow_pay={"late": 1}, revenue=Decimal(100))``."""

    def build(**given: Any) -> Client:
        facts = {name: given.pop(name) for name in list(given) if name in _CLIENT_FIELDS}
        records = {
            name.replace("_", "-"): record if isinstance(record, Record) else Record(record)
            for name, record in given.items()
        }
        return Client(**{"id": "c1", "alias": "Bluebird", "records": records, **facts})

    return build


@pytest.fixture(scope="session")
def portfolio() -> Callable[..., Portfolio]:
    """Build a portfolio of clients: ``portfolio(client(), currency="KRW")``."""

    def build(*clients: Client, **facts: Any) -> Portfolio:
        return Portfolio(clients=clients, **facts)

    return build


@pytest.fixture(scope="session")
def any_answers() -> Callable[[Scenario], st.SearchStrategy[dict[str, Any]]]:
    """Give random answers to a scenario: not asked, "don't know", or within its constraints."""

    @cache
    def strategy(scenario: Scenario) -> st.SearchStrategy[dict[str, Any]]:
        answers = st.fixed_dictionaries(
            {}, optional={name: st.none() | _value(facts) for name, facts in _asked(scenario)}
        )
        return answers.map(lambda drawn: _within_constraints(scenario, drawn))

    return strategy


def _asked(scenario: Scenario) -> list[tuple[str, Any]]:
    return [(name, facts) for name, facts in scenario.signals.items() if facts.of == "record"]


def _value(signal: Any) -> st.SearchStrategy[Any]:
    if signal.type == "flag":
        return st.booleans()
    if signal.type == "choice":
        return st.sampled_from(signal.options)
    return st.integers(signal.minimum, min(signal.maximum, 12))


def _within_constraints(scenario: Scenario, answers: Mapping[str, Any]) -> dict[str, Any]:
    kept = dict(answers)
    for rule in scenario.constraints:
        part, whole = kept.get(rule.part), kept.get(rule.whole)
        if part is not None and whole is not None and part > whole:
            kept[rule.part], kept[rule.whole] = whole, part
    return kept
