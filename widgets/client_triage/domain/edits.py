"""Changes to a portfolio: each takes the portfolio as it is and gives it as it will be."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import count
from typing import Any, TypeVar

from client_triage.domain.portfolio import Client, How, Portfolio, Record
from client_triage.domain.practice import Attempt, Sitting, When, with_attempt
from client_triage.domain.rules import Answer, BarValue
from client_triage.domain.scenario import Scenario

P = TypeVar("P", bound=Portfolio)


def add_clients(portfolio: P, aliases: Iterable[str], ids: Iterable[str] | None = None) -> P:
    """Add a client for each alias.

    Parameters
    ----------
    ids
        Ids for new clients, as many as there are aliases or more; those that are taken are left
        out. By default c1, c2 and so on.
    """
    taken = {client.id for client in portfolio.clients}
    fresh = (name for name in ids if name not in taken) if ids else free_ids(taken)
    added = tuple(Client(client_id, alias) for alias, client_id in zip(aliases, fresh))  # noqa: B905 - ids go on
    return replace(portfolio, clients=portfolio.clients + added)


def free_ids(taken: Collection[str]) -> Iterator[str]:
    """Give ids without end: c1, c2 and so on, but none that is taken."""
    return (name for number in count(1) if (name := f"c{number}") not in taken)


def remove_client(portfolio: P, client_id: str) -> P:
    """Leave one client out."""
    left = tuple(client for client in portfolio.clients if client.id != client_id)
    return replace(portfolio, clients=left)


def change_client(portfolio: P, client_id: str, **changes: Any) -> P:  # noqa: ANN401 - any field of Client
    """Replace fields of one client.

    Raises
    ------
    NoClientError
        There is no such client.
    """
    return _with_client(portfolio, client_id, lambda client: replace(client, **changes))


def answer(
    portfolio: P,
    client_id: str,
    scenario: Scenario,
    answers: Mapping[str, Answer | None],
    how: How = "self",
) -> P:
    """Record answers to one scenario's signals; None means "don't know".

    Answers to signals of the client itself, such as billing, change the client.

    Raises
    ------
    NoClientError
        There is no such client.
    KeyError
        The scenario has no such signal.
    """
    own = {name: value for name, value in answers.items() if scenario.signals[name].of == "record"}
    facts: dict[str, Any] = {name: value for name, value in answers.items() if name not in own}

    def change(client: Client) -> Client:
        record = client.records.get(scenario.id, Record())
        record = replace(
            record,
            answers={**record.answers, **own},
            how={**record.how, **dict.fromkeys(own, how)},
        )
        records = {**client.records, scenario.id: record} if own else client.records
        return replace(client, records=records, **facts)

    return _with_client(portfolio, client_id, change)


def clear(portfolio: P, client_id: str, scenario: Scenario, signals: Iterable[str]) -> P:
    """Take answers back to "not asked"; dated events go with the count that they stand behind.

    Raises
    ------
    NoClientError
        There is no such client.
    KeyError
        The scenario has no such signal.
    """
    gone = set(signals)
    facts: dict[str, Any] = {name: None for name in gone if scenario.signals[name].of == "client"}

    def change(client: Client) -> Client:
        record = client.records.get(scenario.id)
        if record is None:
            return replace(client, **facts)
        record = replace(
            record,
            answers={name: value for name, value in record.answers.items() if name not in gone},
            how={name: how for name, how in record.how.items() if name not in gone},
            events=() if scenario.counted in gone else record.events,
        )
        return replace(client, records={**client.records, scenario.id: record}, **facts)

    return _with_client(portfolio, client_id, change)


def sweep_yes(portfolio: P, client_id: str, scenario: Scenario) -> P:
    """Record the least that a yes says, over nothing but earlier answers of a sweep."""
    return _sweep(portfolio, client_id, scenario, scenario.sweep.yes)


def sweep_unsure(portfolio: P, client_id: str, scenario: Scenario) -> P:
    """Record "don't know", over nothing but earlier answers of a sweep."""
    return _sweep(portfolio, client_id, scenario, dict.fromkeys(scenario.sweep.none))


def sweep_no(portfolio: P, client_id: str, scenario: Scenario) -> P:
    """Record a no for one client, over nothing but earlier answers of a sweep."""
    return _sweep(portfolio, client_id, scenario, scenario.sweep.none)


def sweep_none(portfolio: P, scenario: Scenario) -> P:
    """Record "none of the others did" for every client that has no answer yet."""
    for client in portfolio.clients:
        if not is_answered(client, scenario):
            portfolio = sweep_no(portfolio, client.id, scenario)
    return portfolio


def is_answered(client: Client, scenario: Scenario) -> bool:
    """Tell whether the sweep's question has an answer, "don't know" included.

    A "no" to one part of the question alone, as a ledger can give it, leaves it open.
    """
    record = client.records.get(scenario.id)
    if record is None:
        return False
    if record.events:
        return True
    nothing = scenario.sweep.none
    given = {name: record.answers[name] for name in _asked(scenario) if name in record.answers}
    return (
        any(record.how.get(name) == "sweep" for name in given)
        or any(value is None or value != nothing.get(name) for name, value in given.items())
        or nothing.keys() <= given.keys()
    )


def is_exact(client: Client, scenario: Scenario) -> bool:
    """Tell whether there is an answer that a sweep must not overwrite."""
    record = client.records.get(scenario.id, Record())
    return bool(record.events or _exact(record, scenario))


def set_bar(portfolio: P, scenario_id: str, items: Mapping[str, BarValue | None]) -> P:
    """Set limits of one scenario; None takes an item back to its default."""
    own = {**portfolio.bar.get(scenario_id, {}), **items}
    kept = {item: value for item, value in own.items() if value is not None}
    bar = {**portfolio.bar, scenario_id: kept}
    return replace(portfolio, bar={name: limits for name, limits in bar.items() if limits})


def practise(portfolio: P, ref: str, attempt: Attempt) -> P:
    """Record an answer to a quiz item."""
    return replace(portfolio, practice=with_attempt(portfolio.practice, ref, attempt))


def explain(portfolio: P, ref: str, why: str) -> P:
    """Put the person's own words to the latest answer to an item.

    Raises
    ------
    KeyError
        There is no answer to it.
    """
    *earlier, last = portfolio.practice[ref]
    given = (*earlier, replace(last, why=why))
    return replace(portfolio, practice={**portfolio.practice, ref: given})


def sit(portfolio: P, when: When, sitting: Sitting) -> P:
    """Begin a test, or go on with it."""
    return replace(portfolio, tests={**portfolio.tests, when: sitting})


def forget_test(portfolio: P, when: When) -> P:
    """Take a test back."""
    left = {key: sitting for key, sitting in portfolio.tests.items() if key != when}
    return replace(portfolio, tests=left)


def forget_practice(portfolio: P, refs: Iterable[str]) -> P:
    """Take back what was answered to some items."""
    gone = set(refs)
    left = {ref: given for ref, given in portfolio.practice.items() if ref not in gone}
    return replace(portfolio, practice=left)


def reset_practice(portfolio: P) -> P:
    """Take back everything that was answered in practice and in the tests."""
    return replace(portfolio, practice={}, tests={})


def _sweep(
    portfolio: P, client_id: str, scenario: Scenario, answers: Mapping[str, Answer | None]
) -> P:
    record = portfolio.client(client_id).records.get(scenario.id, Record())
    if record.events:
        return portfolio
    exact = _exact(record, scenario)
    blank = clear(portfolio, client_id, scenario, _asked(scenario) - exact)
    own = {name: value for name, value in answers.items() if name not in exact}
    return answer(blank, client_id, scenario, own, how="sweep")


def _asked(scenario: Scenario) -> set[str]:
    """Name the signals that the sweep's own question answers."""
    return {*scenario.sweep.none, *scenario.sweep.yes}


def _exact(record: Record, scenario: Scenario) -> set[str]:
    """Name the asked signals with an answer from elsewhere; how is not said of old ones."""
    return {
        name
        for name in _asked(scenario)
        if record.answers.get(name) is not None and record.how.get(name) != "sweep"
    }


def _with_client(portfolio: P, client_id: str, change: Callable[[Client], Client]) -> P:
    portfolio.client(client_id)
    clients = tuple(
        change(client) if client.id == client_id else client for client in portfolio.clients
    )
    return replace(portfolio, clients=clients)
