"""Revenue, a bar a verdict."""

from matplotlib.figure import Figure

from client_triage.domain import Level, Tally
from client_triage.palette import INK, LEVEL_LOOKS, PALE_INK
from client_triage.plots._sheet import MARGIN, SMALL_SIZE, TEXT_SIZE, WIDTH, Sheet
from client_triage.plots._type import width
from client_triage.plots.descriptions import (
    describe_revenue_by_verdict,
    share_in_words,
    sum_in_words,
)
from client_triage.words import Words, words_in

_ROW = 40.0
_BAR = 22.0
_GAP = 8.0
_SWATCH = 22.0
_SHORTEST = 2.0


def revenue_by_verdict(tally: Tally, words: Words | None = None) -> Figure:
    """Draw the known revenue behind each verdict that a client has.

    Parameters
    ----------
    words
        The language; English by default.

    Returns
    -------
    Figure
        With the alt text as its label. Verdicts without known revenue say so in place of a bar.
    """
    words = words or words_in()
    sheet = Sheet(describe_revenue_by_verdict(tally, words))
    levels = [level for level in LEVEL_LOOKS if tally.verdicts[level]]
    names = {level: words.level(level) for level in levels}
    counts = {
        level: words.text("plots.client-count", count=tally.verdicts[level]) for level in levels
    }
    sums = {level: _label(tally, level, words) for level in levels}
    left = MARGIN + _SWATCH + _GAP + _widest([*names.values(), *counts.values()])
    longest = WIDTH - MARGIN - left - _widest(list(sums.values()))
    most = max(tally.revenue.values(), default=0)
    for level in levels:
        middle = sheet.y + _ROW / 2
        after = sheet.swatch(MARGIN, middle, level)
        sheet.write(after, middle - 7, names[level])
        sheet.write(after, middle + 8, counts[level], SMALL_SIZE, PALE_INK)
        x = left
        if level in tally.revenue and most:
            long = max(_SHORTEST, float(tally.revenue[level] / most) * longest)
            sheet.box(x, middle - _BAR / 2, (long, _BAR), level, "bar")
            x += long + _GAP
        known = level in tally.revenue
        sheet.write(x, middle, sums[level], colour=INK if known else PALE_INK)
        sheet.y += _ROW
    return sheet.figure()


def _label(tally: Tally, level: Level, words: Words) -> str:
    share = share_in_words(tally, level, words)
    money = sum_in_words(tally, level, words)
    return words.joined([money, share], "apart") if share else money


def _widest(texts: list[str]) -> float:
    return max((width(text, TEXT_SIZE) for text in texts), default=0) + _GAP
