"""A day, as a date field sends it."""

from datetime import date

from client_triage.views.view import RefusedError
from client_triage.words import Words


def day(typed: object, words: Words, first: date, last: date) -> date | None:
    """Take a day between two others, both included; nothing typed is no day.

    Raises
    ------
    RefusedError
        It is no day, or not between them.
    """
    if not typed:
        return None
    try:
        taken = date.fromisoformat(str(typed))
    except ValueError:
        taken = date.min
    if not first <= taken <= last:
        raise RefusedError(
            words,
            "days.refused",
            first=lambda words: words.date(first),
            last=lambda words: words.date(last),
        )
    return taken
