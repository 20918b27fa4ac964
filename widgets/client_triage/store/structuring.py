"""From plain values to a portfolio and back: every fault with its place, nothing guessed."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any, TypeVar, get_args

from cattrs import Converter
from cattrs.errors import AttributeValidationNote, ClassValidationError
from cattrs.gen import make_dict_unstructure_fn, override

from client_triage.domain.portfolio import (
    Band,
    Billing,
    Client,
    Event,
    How,
    LatePayment,
    Me,
    Portfolio,
    Record,
    Review,
)
from client_triage.domain.practice import Attempt, Confidence, Key, Sitting, When
from client_triage.domain.rules import BarValue
from client_triage.domain.scenario import BarItem, Scenario, Signal
from client_triage.faults import ExpectedError, for_type, keep_extra, strict_converter

T = TypeVar("T")

_CURRENCY = re.compile(r"[A-Z]{3}")
_DECIMAL = re.compile(r"-?[0-9]+(\.[0-9]{1,15})?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_FIRST_YEAR = 1900
_A_DAY = f"a date such as '2026-11-23', from {_FIRST_YEAR} on"
_MOST_DAYS = 36_500
_MOST_MONEY = Decimal(10) ** 15
_MOST_MONTHS = 120
_MOST_HINTS = 99

Bars = Mapping[str, Mapping[str, BarValue]]
Records = Mapping[str, Record]
Practice = Mapping[str, tuple[Attempt, ...]]
Answers = Mapping[str, Attempt]
Tests = Mapping[When, Sitting]


@cache
def portfolio_converter(scenarios: tuple[Scenario, ...], kind: type[Portfolio]) -> Converter:
    """Make the converter of portfolios.

    Parameters
    ----------
    scenarios
        What records and bars are read against.
    kind
        The class to build.
    """
    converter = strict_converter()
    by_id = {scenario.id: scenario for scenario in scenarios}
    converter.register_structure_hook(Decimal, lambda value, _: _money(value))
    converter.register_unstructure_hook(Decimal, lambda amount: format(amount, "f"))
    converter.register_structure_hook(date, lambda value, _: _day(value))
    converter.register_unstructure_hook(date, date.isoformat)
    for_type(converter, Billing, lambda value: _one_of(value, get_args(Billing)))
    for_type(
        converter,
        Billing | None,
        lambda value: None if value is None else _one_of(value, get_args(Billing)),
    )
    for_type(converter, Records, lambda value: _records(converter, value, by_id))
    for_type(converter, Bars, lambda value: _bars(value, by_id))
    for_type(converter, Key, _key)
    for_type(converter, Practice, lambda value: _by_ref(converter, value, tuple[Attempt, ...]))
    for_type(converter, Answers, lambda value: _by_ref(converter, value, Attempt))
    for_type(converter, Tests, lambda value: _tests(converter, value))
    _both_ways(converter, Attempt, hints=_hints, confidence=_confidence)
    for part in (Event, Review, Band, Me, Sitting):
        _both_ways(converter, part)
    _both_ways(converter, LatePayment, days=_days)
    converter.register_unstructure_hook(
        Record, lambda record: _unstructure_record(converter, record)
    )
    _both_ways(converter, Client, id=_client_id)
    _checked(converter, Client, _check_client)
    _both_ways(converter, kind, period_months=_months, currency=_currency)
    return converter


def _both_ways(
    converter: Converter, kind: type[Any], **hooks: Callable[[object, object], object]
) -> None:
    keep_extra(converter, kind, **hooks)
    write = make_dict_unstructure_fn(
        kind, converter, _cattrs_omit_if_default=True, extra=override(omit=True)
    )
    converter.register_unstructure_hook(kind, lambda value: {**write(value), **value.extra})


def _checked(converter: Converter, kind: type[T], check: Callable[[T], None]) -> None:
    structure = converter.get_structure_hook(kind)

    def structure_and_check(value: Any, wanted: type[T]) -> T:  # noqa: ANN401 - plain JSON
        built: T = structure(value, wanted)
        check(built)
        return built

    converter.register_structure_hook(kind, structure_and_check)


def _money(value: object) -> Decimal:
    expected = "a sum of 0 or more as a decimal string or a whole number"
    if type(value) is int:
        amount = Decimal(value)
    elif isinstance(value, str) and _DECIMAL.fullmatch(value):
        try:
            amount = Decimal(value)
        except InvalidOperation:
            raise ExpectedError(expected, value) from None
    else:
        raise ExpectedError(expected, value)
    if amount < 0 or amount >= _MOST_MONEY:
        raise ExpectedError(expected, value)
    return amount


def _day(value: object) -> date:
    if not isinstance(value, str) or not _DATE.fullmatch(value):
        raise ExpectedError(_A_DAY, value)
    try:
        day = date.fromisoformat(value)
    except ValueError:
        raise ExpectedError(_A_DAY, value) from None
    if day.year < _FIRST_YEAR:
        raise ExpectedError(_A_DAY, value)
    return day


def _one_of(value: object, allowed: tuple[object, ...]) -> object:
    if isinstance(value, bool) or value not in allowed:
        raise ExpectedError(f"one of {', '.join(map(str, allowed))}", value)
    return value


def _collect(
    kind: type,
    raw: Mapping[str, Any],
    read: Callable[[str, Any], None],
    check: Callable[[], None] = lambda: None,
) -> None:
    """Read every key, then check the whole; raise what failed as one group, each with its key."""
    errors: list[Exception] = []
    for key, value in raw.items():
        try:
            read(key, value)
        except Exception as error:  # noqa: BLE001 - regrouped below, none is lost
            errors.append(_with_key(error, kind, key))
    try:
        check()
    except ClassValidationError as error:
        errors += error.exceptions
    if errors:
        raise ClassValidationError(f"faults in {kind.__name__}", errors, kind)


def _with_key(error: Exception, kind: type, key: str) -> Exception:
    note = AttributeValidationNote(f"at {key}", key, kind)
    error.__notes__ = [*getattr(error, "__notes__", []), note]
    return error


def _records(converter: Converter, value: object, by_id: Mapping[str, Scenario]) -> Records:
    if not isinstance(value, dict):
        raise ExpectedError("an object with a record for each scenario", value)
    records: dict[str, Record] = {}

    def read(scenario_id: str, raw: object) -> None:
        scenario = by_id.get(scenario_id)
        if not isinstance(raw, dict):
            raise ExpectedError("an object", raw)
        records[scenario_id] = _record(converter, raw, scenario) if scenario else Record(extra=raw)

    _collect(Record, value, read)
    return records


def _record(converter: Converter, raw: dict[str, Any], scenario: Scenario) -> Record:
    answers: dict[str, Any] = {}
    extra: dict[str, object] = {}
    events: list[Event] = []
    how: dict[str, How] = {}

    def read(key: str, value: Any) -> None:  # noqa: ANN401 - plain JSON
        signal = scenario.signals.get(key)
        if key == "events":
            events.extend(converter.structure(value, tuple[Event, ...]))
        elif key == "how":
            how.update(_how(value, raw, scenario))
        elif signal is None or signal.of == "client":
            extra[key] = value
        elif value is None or signal.accepts(value):
            answers[key] = value
        else:
            raise ExpectedError(_answer_expected(signal), value)

    def check() -> None:
        if constraint := scenario.excess(answers):
            whole = answers[constraint.whole]
            problem = f"{constraint.part} is more than {constraint.whole} ({whole})"
            raise _at(Record, constraint.part, ValueError(problem))

    _collect(Record, raw, read, check)
    return Record(answers, how, tuple(events), extra)


def _at(kind: type, key: str, error: Exception) -> ClassValidationError:
    return ClassValidationError(f"faults in {kind.__name__}", [_with_key(error, kind, key)], kind)


def _how(value: object, raw: Mapping[str, Any], scenario: Scenario) -> Mapping[str, How]:
    ways = get_args(How)
    if isinstance(value, dict):
        for way in value.values():
            _one_of(way, ways)
        return value
    _one_of(value, ways)
    return {key: value for key in raw if key in scenario.signals}  # type: ignore[misc]


def _answer_expected(signal: Signal) -> str:
    if signal.type == "flag":
        return "true, false or null"
    if signal.type == "choice":
        return f"one of {', '.join(signal.options)}, or null"
    return f"a whole number from {signal.minimum} to {signal.maximum}, or null"


def _bars(value: object, by_id: Mapping[str, Scenario]) -> Bars:
    if not isinstance(value, dict):
        raise ExpectedError("an object with limits for each scenario", value)
    bars: dict[str, Mapping[str, BarValue]] = {}

    def read(scenario_id: str, raw: object) -> None:
        if not isinstance(raw, dict):
            raise ExpectedError("an object", raw)
        scenario = by_id.get(scenario_id)
        own: dict[str, Any] = {}

        def read_item(key: str, item: Any) -> None:  # noqa: ANN401 - plain JSON
            facts = scenario.bar.get(key) if scenario else None
            if facts and not facts.accepts(item):
                raise ExpectedError(_bar_expected(facts), item)
            own[key] = tuple(item) if facts and facts.type == "lines" else item

        _collect(Portfolio, raw, read_item)
        bars[scenario_id] = own

    _collect(Portfolio, value, read)
    return bars


def _by_ref(converter: Converter, value: object, kind: Any) -> Mapping[str, Any]:  # noqa: ANN401 - a type form
    if not isinstance(value, dict):
        raise ExpectedError("an object by quiz item", value)
    found: dict[str, Any] = {}

    def read(ref: str, raw: object) -> None:
        found[ref] = converter.structure(raw, kind)

    _collect(Portfolio, value, read)
    return found


def _tests(converter: Converter, value: object) -> Tests:
    if not isinstance(value, dict):
        raise ExpectedError("an object with 'before' and 'after'", value)
    found: dict[Any, Sitting] = {}

    def read(when: str, raw: object) -> None:
        found[_one_of(when, get_args(When))] = converter.structure(raw, Sitting)

    _collect(Portfolio, value, read)
    return found


def _key(value: object) -> Key:
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return tuple(value)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ExpectedError("an option's id, a list of them, or a number", value)
    return value


def _hints(value: object, _: object) -> int:
    if type(value) is not int or not 0 <= value <= _MOST_HINTS:
        raise ExpectedError(f"a whole number from 0 to {_MOST_HINTS}", value)
    return value


def _confidence(value: object, _: object) -> object:
    return None if value is None else _one_of(value, get_args(Confidence))


def _bar_expected(item: BarItem) -> str:
    return {
        "lines": "a list of texts",
        "share": "a share from 0 to 1",
        "confidence": "a probability between 0 and 1",
        "rate": f"a number from 0 to {item.maximum}",
    }.get(item.type, f"a whole number from {item.minimum} to {item.maximum}")


def _check_client(client: Client) -> None:
    hours, chasing = client.hours, client.chasing_hours
    if hours is not None and chasing is not None and chasing > hours:
        raise _at(
            Client, "chasing_hours", ExpectedError(f"no more than hours ({hours})", str(chasing))
        )
    band = client.revenue_band
    if band and band.high is not None and band.high < band.low:
        problem = ExpectedError(f"a 'high' of at least 'low' ({band.low})", str(band.high))
        raise _at(Client, "revenue_band", problem)


def _client_id(value: object, _: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ExpectedError("an id that is not blank", value)
    return value


def _days(value: object, _: object) -> int:
    if type(value) is not int or not 0 <= value <= _MOST_DAYS:
        raise ExpectedError(f"a whole number of days from 0 to {_MOST_DAYS}", value)
    return value


def _months(value: object, _: object) -> int:
    if type(value) is not int or not 1 <= value <= _MOST_MONTHS:
        raise ExpectedError(f"a whole number of months from 1 to {_MOST_MONTHS}", value)
    return value


def _currency(value: object, _: object) -> str | None:
    if value is not None and not (isinstance(value, str) and _CURRENCY.fullmatch(value)):
        raise ExpectedError("a currency code such as 'USD'", value)
    return value


def _unstructure_record(converter: Converter, record: Record) -> dict[str, Any]:
    raw: dict[str, Any] = dict(record.answers)
    ways = set(record.how.values())
    if len(ways) == 1 and record.how.keys() == record.answers.keys():
        raw["how"] = ways.pop()
    elif record.how:
        raw["how"] = dict(record.how)
    if record.events:
        raw["events"] = [converter.unstructure(event) for event in record.events]
    return {**raw, **record.extra}
