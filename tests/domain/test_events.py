"""Dated events and the review period."""

from datetime import date

import pytest

from client_triage.domain import Event, Level, Portfolio, Record

FIRST, BEFORE, WITHIN = date(2025, 11, 23), date(2025, 11, 22), date(2026, 5, 1)


def events(*days):
    return [Event(day) for day in days]


def level_in(tally, scenario_id):
    findings = {finding.scenario: finding.level for finding in tally.clients[0].findings}
    return findings[scenario_id]


def test_events_count_where_there_is_no_count(judge):
    assert judge("ignores-advice", events=events(WITHIN)).level is Level.WARN
    assert judge("ignores-advice", events=events(WITHIN, WITHIN)).level is Level.WEIGH


def test_a_count_is_authoritative_over_events(judge):
    assert judge("ignores-advice", episodes=2, events=events(WITHIN)).level is Level.WEIGH


def test_an_event_on_the_first_day_counts(judge):
    assert judge("ignores-advice", events=events(FIRST)).level is Level.WARN


def test_an_event_before_the_period_does_not_count(judge):
    assert judge("ignores-advice", events=events(BEFORE, WITHIN)).level is Level.WARN


def test_nothing_but_old_events_is_unknown_and_not_clear(judge):
    assert judge("ignores-advice", events=events(BEFORE)).level is Level.UNKNOWN


@pytest.mark.parametrize(
    ("scenario_id", "level"),
    [
        ("physical-abuse", Level.FIRE),
        ("verbal-abuse", Level.WARN),
        ("lies", Level.FIRE),
    ],
)
def test_a_red_flag_never_expires(judge, scenario_id, level):
    assert judge(scenario_id, events=events(date(1999, 1, 1))).level is level


@pytest.mark.parametrize(
    ("scenario_id", "expires"),
    [
        ("physical-abuse", False),
        ("verbal-abuse", False),
        ("lies", False),
        ("unreasonable-demands", False),
        ("slow-pay", True),
        ("invoice-disputes", True),
        ("changes-mind", True),
        ("ignores-advice", True),
        ("plays-competitors", True),
        ("legal-risk", False),
    ],
)
def test_red_flags_and_legal_risk_alone_never_expire(scenario, scenario_id, expires):
    assert scenario(scenario_id).expires is expires


def test_a_longer_period_lets_older_events_count(count, client):
    record = Record(events=(Event(date(2025, 1, 1)),))
    short, long = (count(client(ignores_advice=record), period_months=n) for n in (12, 24))
    assert level_in(short, "ignores-advice") is Level.UNKNOWN
    assert level_in(long, "ignores-advice") is Level.WARN


def test_a_count_is_never_below_its_dated_events(judge):
    assert judge("lies", confirmed=0, events=events(WITHIN)).level is Level.FIRE


def test_an_event_after_the_last_day_is_outside_the_period(count, client):
    record = Record(events=(Event(date(2026, 6, 1)),))
    counted = count(client(ignores_advice=record), as_of=date(2025, 12, 31))
    assert level_in(counted, "ignores-advice") is Level.UNKNOWN


def test_more_dated_late_invoices_than_invoices_do_not_establish_a_share(judge):
    finding = judge("slow-pay", invoices=2, events=events(*[WITHIN] * 5))
    assert finding.level < Level.WEIGH


@pytest.mark.parametrize(
    ("as_of", "months", "since"),
    [
        (date(2026, 11, 23), 12, date(2025, 11, 23)),
        (date(2026, 3, 31), 1, date(2026, 2, 28)),
        (date(2024, 3, 31), 1, date(2024, 2, 29)),
        (date(2024, 2, 29), 12, date(2023, 2, 28)),
        (date(2024, 2, 29), 48, date(2020, 2, 29)),
        (date(2026, 1, 15), 1, date(2025, 12, 15)),
        (date(2026, 12, 31), 6, date(2026, 6, 30)),
        (date(2026, 12, 1), 12, date(2025, 12, 1)),
        (date(2026, 12, 1), 120, date(2016, 12, 1)),
    ],
)
def test_the_period_starts_on_the_same_day_or_the_last_of_a_shorter_month(as_of, months, since):
    assert Portfolio(period_months=months).since(as_of) == since


def test_the_period_is_twelve_months_by_default():
    assert Portfolio().period_months == 12
