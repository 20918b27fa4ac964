"""Clients by scenarios: each cell a level."""

from math import sqrt

from matplotlib.figure import Figure

from client_triage.domain import Tally
from client_triage.palette import LEVEL_LOOKS
from client_triage.plots._sheet import MARGIN, SMALL_SIZE, TEXT_SIZE, WIDTH, Sheet
from client_triage.plots._type import drawable, shortened, width, wrapped
from client_triage.plots.descriptions import MOST_CLIENTS, describe_heatmap
from client_triage.words import Words, words_in

_ROW = 22.0
_WIDEST_CELL = 40.0
_WIDEST_ALIAS = 100.0
_GAP = 6.0
_LINE = 1.2 * SMALL_SIZE


def heatmap(tally: Tally, words: Words | None = None, most: int = MOST_CLIENTS) -> Figure:
    """Draw clients by scenarios, each cell the level of one finding.

    Parameters
    ----------
    words
        The language; English by default.
    most
        How many clients to show, the most urgent first; the figure says so where there are more.

    Returns
    -------
    Figure
        With the alt text as its label.
    """
    words = words or words_in()
    sheet = Sheet(describe_heatmap(tally, words, most))
    clients = tally.most_urgent_first[:most]
    if not clients:
        return sheet.figure()
    aliases = [shortened(drawable(one.client.alias), TEXT_SIZE, _WIDEST_ALIAS) for one in clients]
    headings = [words.scenario(scenario.id).short for scenario in tally.scenarios]
    left = MARGIN + max(width(alias, TEXT_SIZE) for alias in aliases) + _GAP
    verdicts = max(width(words.level(one.verdict), SMALL_SIZE) for one in clients) + _GAP
    overhang = width(headings[-1], SMALL_SIZE) / sqrt(2) if headings else 0
    room = WIDTH - MARGIN - left - max(verdicts, overhang)
    cell = min(_WIDEST_CELL, room / max(len(headings), 1))

    sheet.legend(LEVEL_LOOKS, words)
    _write_headings(sheet, headings, left, cell)
    for one, alias in zip(clients, aliases, strict=True):
        middle = sheet.y + _ROW / 2
        sheet.write(left - _GAP, middle, alias, ha="right")
        for column, finding in enumerate(one.findings):
            x = left + column * cell
            sheet.box(x, sheet.y, (cell, _ROW), finding.level, "cell")
            sheet.sign(x + cell / 2, middle, finding.level)
        after = left + len(headings) * cell + _GAP
        sheet.write(after, middle, words.level(one.verdict), SMALL_SIZE)
        sheet.y += _ROW
    return sheet.figure()


def _write_headings(sheet: Sheet, headings: list[str], left: float, cell: float) -> None:
    """Write headings upright in short lines where every word fits a column, else slanting."""
    lines = [wrapped(heading, SMALL_SIZE, cell) for heading in headings]
    fits = all(width(line, SMALL_SIZE) < cell - 1 for heading in lines for line in heading)
    if fits:
        sheet.y += _LINE * max(map(len, lines), default=0) + _GAP
    else:
        sheet.y += max(width(heading, SMALL_SIZE) for heading in headings) / sqrt(2) + 2 * _GAP
    for column, heading in enumerate(headings):
        x = left + (column + 0.5) * cell
        if not fits:
            y = sheet.y - _GAP / 2
            sheet.write(
                x, y, heading, SMALL_SIZE, rotation=45, rotation_mode="anchor", va="baseline"
            )
            continue
        for above, line in enumerate(reversed(lines[column])):
            y = sheet.y - _GAP / 2 - _LINE * (above + 0.5)
            sheet.write(x, y, line, SMALL_SIZE, ha="center")
