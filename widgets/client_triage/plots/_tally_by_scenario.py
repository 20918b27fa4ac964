"""Scenarios, each a bar of all clients by level."""

from matplotlib.figure import Figure

from client_triage.domain import Tally
from client_triage.palette import LEVEL_LOOKS
from client_triage.plots._sheet import MARGIN, SMALL_SIZE, TEXT_SIZE, WIDTH, Sheet
from client_triage.plots._type import width
from client_triage.plots.descriptions import describe_tally_by_scenario
from client_triage.words import Words, words_in

_ROW = 26.0
_BAR = 20.0
_GAP = 8.0


def tally_by_scenario(tally: Tally, words: Words | None = None) -> Figure:
    """Draw how many clients are at which level, a stacked bar a scenario.

    Parameters
    ----------
    words
        The language; English by default.

    Returns
    -------
    Figure
        With the alt text as its label.
    """
    words = words or words_in()
    sheet = Sheet(describe_tally_by_scenario(tally, words))
    if not tally.clients:
        return sheet.figure()
    sheet.legend(LEVEL_LOOKS, words)
    names = {scenario.id: words.scenario(scenario.id).short for scenario in tally.scenarios}
    left = MARGIN + max((width(name, TEXT_SIZE) for name in names.values()), default=0) + _GAP
    one_client = (WIDTH - MARGIN - left) / len(tally.clients)
    for scenario, name in names.items():
        middle = sheet.y + _ROW / 2
        sheet.write(left - _GAP, middle, name, ha="right")
        x = left
        for level, look in LEVEL_LOOKS.items():
            count = tally.by_scenario[scenario][level]
            if not count:
                continue
            long = count * one_client
            sheet.box(x, middle - _BAR / 2, (long, _BAR), level, "bar")
            number = words.number(count)
            # The sign goes first where there is no room: the number can't be guessed.
            fitting = [
                text
                for text in (f"{look.sign} {number}", number)
                if width(text, SMALL_SIZE) < long - 2
            ]
            if fitting:
                sheet.write(x + long / 2, middle, fitting[0], SMALL_SIZE, look.ink, ha="center")
            x += long
        sheet.y += _ROW
    return sheet.figure()
