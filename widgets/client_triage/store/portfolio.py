"""The portfolio file, ``client-triage/portfolio@1``: one JSON file is the user's whole state."""

import json
import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from client_triage.content import load_content
from client_triage.domain import portfolio as domain
from client_triage.domain.findings import events_within
from client_triage.domain.scenario import Scenario
from client_triage.faults import Fault, FaultyFileError, faults_in
from client_triage.store.disk import read_text, write_text
from client_triage.store.parsing import SCHEMA, doubled_ids, parse
from client_triage.store.structuring import portfolio_converter
from client_triage.store.texts import Texts

_MOST_INDENTED = 200  # clients; indenting takes several times as long, and nobody reads so many


class PortfolioWarning(UserWarning):
    """A key was kept that this version can't read; it may be a typo that hides an answer."""


@dataclass(frozen=True)
class Portfolio(domain.Portfolio):
    """A portfolio that can be read from and written to a file.

    Examples
    --------
    >>> portfolio = Portfolio.load("portfolio.json")  # doctest: +SKIP
    >>> portfolio.save("portfolio.json")  # doctest: +SKIP
    """

    @classmethod
    def load(cls, path: Path | str) -> "Portfolio":
        """Read a portfolio file against the shipped scenarios.

        Raises
        ------
        FaultyFileError
            With every fault in the file; nothing is half loaded.

        Warns
        -----
        PortfolioWarning
            An unknown scenario, signal or bar item: kept, but not counted.
        """
        return loads(read_text(Path(path)), str(path))

    def save(self, path: Path | str) -> None:
        """Write the file as a whole or not at all; the version before stays beside it.

        Raises
        ------
        OSError
            The file can't be written; what was there is untouched.
        """
        write_text(Path(path), dumps(self))


def loads(
    text: str, file: str = "portfolio.json", scenarios: Sequence[Scenario] | None = None
) -> Portfolio:
    """Read a portfolio from the text of a file.

    Parameters
    ----------
    file
        What faults call the file.
    scenarios
        The scenarios to read it against; the shipped ones by default.

    Raises
    ------
    FaultyFileError
        With every fault in the text.

    Warns
    -----
    PortfolioWarning
        An unknown scenario, signal or bar item: kept, but not counted.
    """
    raw = parse(text, file)
    known = tuple(load_content().scenarios if scenarios is None else scenarios)
    converter = portfolio_converter(known, Portfolio)
    body = {key: value for key, value in raw.items() if key != "schema"}
    faults = doubled_ids(raw, file)
    try:
        portfolio = converter.structure(body, Portfolio)
    except Exception as error:  # noqa: BLE001 - cattrs raises groups of whatever the hooks raise
        raise FaultyFileError([*faults_in(file, error), *faults]) from None
    if faults:
        raise FaultyFileError(faults)
    for fault in [*_unread(portfolio, known, file), *_uncounted(portfolio, known, file)]:
        warnings.warn(str(fault), PortfolioWarning, stacklevel=3)
    return portfolio


def dumps(portfolio: domain.Portfolio) -> str:
    """Write a portfolio as the text of a file; where it is large, with a line a client."""
    converter = portfolio_converter((), Portfolio)
    is_large = len(portfolio.clients) > _MOST_INDENTED
    shown = replace(portfolio, clients=portfolio.clients[:1]) if is_large else portfolio
    whole = {"schema": SCHEMA, **converter.unstructure(shown, Portfolio)}
    if not is_large:
        return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"
    written = {key: json.dumps(value, ensure_ascii=False) for key, value in whole.items()}
    clients = ",\n  ".join(map(_client_text, portfolio.clients))
    written["clients"] = f"[\n  {clients}\n ]"
    lines = ",\n ".join(f"{json.dumps(key, ensure_ascii=False)}: {written[key]}" for key in written)
    return f"{{\n {lines}\n}}\n"


@Texts
def _client_text(client: domain.Client) -> str:
    raw = portfolio_converter((), Portfolio).unstructure(client)
    return json.dumps(raw, ensure_ascii=False)


def _unread(portfolio: domain.Portfolio, scenarios: Iterable[Scenario], file: str) -> list[Fault]:
    by_id = {scenario.id: scenario for scenario in scenarios}
    kept = "kept, but not counted"
    faults = []
    for scenario_id, items in portfolio.bar.items():
        scenario = by_id.get(scenario_id)
        place = f"$.bar.{scenario_id}"
        if scenario is None:
            faults.append(Fault(file, f"unknown scenario, {kept}", place))
        else:
            faults += [
                Fault(file, f"unknown bar item, {kept}", f"{place}.{item}")
                for item in items
                if item not in scenario.bar
            ]
    for number, client in enumerate(portfolio.clients):
        for scenario_id, record in client.records.items():
            place = f"$.clients[{number}].records.{scenario_id}"
            if scenario_id not in by_id:
                faults.append(Fault(file, f"unknown scenario, {kept}", place))
            elif record.extra:
                faults += [
                    Fault(file, f"unknown signal, {kept}", f"{place}.{key}")
                    for key in record.extra
                    if key != "ledger"
                ]
    return faults


def _uncounted(
    portfolio: domain.Portfolio, scenarios: Iterable[Scenario], file: str
) -> list[Fault]:
    """Find counts below their dated events; the events count then."""
    until = portfolio.as_of or date.today()  # noqa: DTZ011 - the user's own calendar day
    since = portfolio.since(until)
    counted = {one.id: (one, one.counted) for one in scenarios if one.counted}
    faults = []
    for number, client in enumerate(portfolio.clients):
        for scenario_id, record in client.records.items():
            if not record.events or scenario_id not in counted:
                continue
            scenario, signal = counted[scenario_id]
            count = record.answers.get(signal)
            if not isinstance(count, int):
                continue
            dated = events_within(scenario, record, since, until)
            if count < dated:
                problem = f"{signal} is {count}, but {dated} events have a date: these count"
                place = f"$.clients[{number}].records.{scenario_id}.{signal}"
                faults.append(Fault(file, problem, place))
    return faults
