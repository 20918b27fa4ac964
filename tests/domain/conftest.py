"""Builders for the domain's tests."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from client_triage.content import load_content
from client_triage.domain import Client, Finding, Portfolio, Record, Tally, find, tally

TODAY = date(2026, 11, 23)
SINCE = date(2025, 11, 23)


@pytest.fixture(scope="session")
def judge() -> Callable[..., Finding]:
    """Find one scenario at one client: ``judge("slow-pay", late=4, invoices=5)``."""

    def build(
        scenario_id: str,
        *,
        bar: Any = None,
        billing: Any = None,
        events: Any = (),
        **answers: Any,
    ) -> Finding:
        scenario = load_content().scenario(scenario_id)
        record = Record(answers, events=tuple(events))
        client = Client("c1", "Bluebird", billing=billing, records={scenario_id: record})
        return find(scenario, client, scenario.bar_with(bar), SINCE)

    return build


@pytest.fixture(scope="session")
def count() -> Callable[..., Tally]:
    """Tally clients against the shipped scenarios: ``count(client(), currency="USD")``."""

    def build(*clients: Client, **facts: Any) -> Tally:
        return tally(Portfolio(clients=clients, **facts), load_content().scenarios, TODAY)

    return build
