"""How sure somebody was, against how much of it was right: a bar a confidence."""

from collections.abc import Iterable, Mapping

from matplotlib.figure import Figure

from client_triage.domain.practice import Confidence
from client_triage.domain.quiz import Calibrated
from client_triage.palette import INK, MARK, PALE_INK, TRACK
from client_triage.plots._sheet import MARGIN, SMALL_SIZE, TEXT_SIZE, WIDTH, Sheet
from client_triage.plots._type import width
from client_triage.plots.descriptions import (
    FEWEST_ANSWERS,
    SUREST_FIRST,
    calibrated_in_words,
    describe_calibration,
    share_right_in_words,
)
from client_triage.words import Words, words_in

_ROW = 40.0
_BAR = 20.0
_GAP = 8.0


def calibration(calibration: Mapping[Confidence, Calibrated], words: Words | None = None) -> Figure:
    """Draw the share of right answers for each confidence, a bar over its whole.

    Parameters
    ----------
    calibration
        As `client_triage.domain.quiz.calibration` gives it.
    words
        The language; English by default.

    Returns
    -------
    Figure
        With the alt text as its label. Where there are too few answers for a share there is no
        bar; how many there are is said everywhere.
    """
    words = words or words_in()
    sheet = Sheet(describe_calibration(calibration, words))
    names = {sure: words.text(f"practice.sure_{sure}") for sure in SUREST_FIRST}
    left = MARGIN + _widest(names.values())
    parts = {sure: calibrated_in_words(calibration[sure], words) for sure in SUREST_FIRST}
    shares = {sure: share_right_in_words(calibration[sure], words) for sure in SUREST_FIRST}
    after = WIDTH - MARGIN - _widest([*parts.values(), *shares.values()]) + _GAP
    whole = after - _GAP - left
    for sure in SUREST_FIRST:
        middle, one = sheet.y + _ROW / 2, calibration[sure]
        sheet.write(MARGIN, middle, names[sure])
        top = middle - _BAR / 2
        if one.n >= FEWEST_ANSWERS:
            sheet.bar(left, top, (whole, _BAR), TRACK, f"whole {sure}")
            sheet.bar(left, top, (whole * one.right / one.n, _BAR), MARK, f"right {sure}")
        sheet.write(after, middle - 7, parts[sure], colour=INK if one.n else PALE_INK)
        sheet.write(after, middle + 8, shares[sure], SMALL_SIZE, PALE_INK)
        sheet.y += _ROW
    return sheet.figure()


def _widest(texts: Iterable[str]) -> float:
    return max(width(text, TEXT_SIZE) for text in texts) + _GAP
