"""A calendar entry to look at one's clients again."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

from client_triage.words import Words

NINE_IN_THE_MORNING = 9 * 60


def recheck(on: date, words: Words, minutes: int = NINE_IN_THE_MORNING) -> str:
    """Write an iCalendar file (RFC 5545): one all-day event with a reminder.

    Calendars are copied to other people's servers. Nothing in it says anything of a client, a
    scenario or an answer, and it is marked as private.

    Parameters
    ----------
    on
        The day.
    minutes
        When to remind, in minutes after the day begins.

    Returns
    -------
    str
        The text of an ``.ics`` file. Its lines end in CR LF: write it without converting them.
    """
    from icalendar import Alarm, Calendar, Event

    summary = words.text("quiz.recheck.summary")
    event, alarm, calendar = Event(), Alarm(), Calendar()
    for name, value in {
        "uid": str(uuid4()),
        "dtstamp": datetime.now(UTC),
        "dtstart": on,
        "dtend": on + timedelta(days=1),
        "summary": summary,
        "description": words.text("quiz.recheck.description"),
        "class": "PRIVATE",
        "transp": "TRANSPARENT",
    }.items():
        event.add(name, value)
    for name, value in {
        "action": "DISPLAY",
        "description": summary,
        "trigger": timedelta(minutes=minutes),
    }.items():
        alarm.add(name, value)
    event.add_component(alarm)
    for name, value in {"prodid": "-//Client Triage//client-triage//EN", "version": "2.0"}.items():
        calendar.add(name, value)
    calendar.add_component(event)
    return bytes(calendar.to_ical()).decode()
