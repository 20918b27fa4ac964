"""The calendar entry, read back with icalendar."""

from datetime import UTC, date, datetime, timedelta

import pytest
from icalendar import Calendar

from client_triage.content import load_content
from client_triage.domain.levels import Level
from client_triage.exchange.calendar import recheck

DAY = date(2026, 12, 7)


@pytest.fixture
def event(words):
    (found,) = Calendar.from_ical(recheck(DAY, words)).walk("VEVENT")
    return found


def test_it_is_one_whole_day(event):
    assert event["dtstart"].dt == DAY
    assert event["dtend"].dt == DAY + timedelta(days=1)


def test_it_reminds_at_nine_in_the_morning(event):
    (alarm,) = event.walk("VALARM")
    assert (alarm["action"], alarm["trigger"].dt) == ("DISPLAY", timedelta(hours=9))


def test_the_reminder_comes_when_it_is_asked_for(english):
    (alarm,) = Calendar.from_ical(recheck(DAY, english, minutes=30)).walk("VALARM")
    assert alarm["trigger"].dt == timedelta(minutes=30)


def test_it_speaks_the_language(event, words):
    assert event["summary"] == words.text("quiz.recheck.summary")
    assert event["description"] == words.text("quiz.recheck.description")


def test_it_says_nothing_of_scenarios_or_levels(words):
    read = str(Calendar.from_ical(recheck(DAY, words))).lower()
    telling = [words.level(level) for level in Level]
    for scenario in load_content().scenarios:
        named = words.scenario(scenario.id)
        telling += [scenario.id, named.title, named.short]
    assert not [text for text in telling if text.lower() in read]


def test_it_holds_these_facts_and_no_other(event):
    assert set(event) == {
        "UID",
        "DTSTAMP",
        "DTSTART",
        "DTEND",
        "SUMMARY",
        "DESCRIPTION",
        "CLASS",
        "TRANSP",
    }


def test_it_is_private_and_keeps_the_day_free(event):
    assert (event["class"], event["transp"]) == ("PRIVATE", "TRANSPARENT")


def test_every_line_ends_in_cr_lf_and_has_75_bytes_at_most(words):
    text = recheck(DAY, words)
    lines = text.encode().split(b"\r\n")
    assert lines[-1] == b""
    assert not [line for line in lines if b"\r" in line or b"\n" in line or len(line) > 75]


def test_each_entry_has_an_id_of_its_own(english):
    ids = [
        str(Calendar.from_ical(recheck(DAY, english)).walk("VEVENT")[0]["uid"]) for _ in range(2)
    ]
    assert ids[0] != ids[1]


def test_it_is_stamped_in_utc(event):
    stamp = event["dtstamp"].dt
    assert stamp.utcoffset() == timedelta(0)
    assert abs(datetime.now(UTC) - stamp) < timedelta(minutes=5)
