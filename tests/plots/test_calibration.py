"""The bars of confidence: how much of what somebody was sure of was right."""

from io import StringIO

import pytest
from matplotlib.backends.backend_svg import RendererSVG
from matplotlib.figure import Figure

from client_triage import plots
from client_triage.domain.quiz import Calibrated, calibration
from client_triage.words import words_in


def of(sure=(0, 0), fairly=(0, 0), guessed=(0, 0)):
    """Make a calibration; each is how many were right, and of how many."""
    return {
        level: Calibrated(n=n, right=right)
        for level, (right, n) in ((1, guessed), (2, fairly), (3, sure))
    }


USUAL = of(sure=(8, 10), fairly=(3, 6), guessed=(1, 2))
EN, KO = words_in("en"), words_in("ko")


def title(found, words=EN):
    return plots.describe_calibration(found, words).title


def widths(figure, part):
    return {
        patch.get_label().split()[1]: patch.get_width()
        for patch in figure.axes[0].patches
        if patch.get_label().startswith(part)
    }


@pytest.mark.parametrize("words", [EN, KO])
def test_it_is_a_figure_that_can_stand_in_a_page(words):
    figure = plots.calibration(USUAL, words)
    assert isinstance(figure, Figure)
    assert plots.svg(figure).startswith("<svg")


def test_it_takes_what_the_domain_counts():
    found = calibration([(3, True), (3, False), (2, None), (1, False)])
    rows = plots.describe_calibration(found, EN).rows
    assert [row[1:3] for row in rows] == [("2", "1"), ("0", "0"), ("1", "0")]


def test_the_title_says_how_much_of_what_was_sure_was_right():
    assert title(USUAL) == "Sure and right: 8 of 10"
    assert title(USUAL, KO) == "확신한 답 10개 중 8개가 맞았어요"


def test_the_title_speaks_of_the_surest_answers_of_which_there_are_enough():
    assert title(of(sure=(4, 4), fairly=(3, 6))) == "Fairly sure and right: 3 of 6"
    assert title(of(sure=(4, 4), guessed=(1, 5))) == "Guessed and right: 1 of 5"


def test_too_few_answers_are_called_too_few():
    assert title(of(sure=(4, 4), fairly=(4, 4), guessed=(4, 4))) == "Too few answers to say"


def test_without_an_answer_the_title_says_so():
    assert title(of()) == "There is no answer yet that says how sure you were."


def test_every_level_says_how_many_answers_it_has():
    rows = plots.describe_calibration(USUAL, EN).rows
    assert [row[:3] for row in rows] == [
        ("Sure", "10", "8"),
        ("Fairly sure", "6", "3"),
        ("I am guessing", "2", "1"),
    ]


def test_from_five_answers_on_there_is_a_share():
    shares = [row[3] for row in plots.describe_calibration(of((4, 5), (3, 4)), EN).rows]
    assert shares == ["80%", "too few to say", "too few to say"]


def test_the_note_says_from_how_many_answers_on_there_is_a_share():
    assert plots.describe_calibration(USUAL, EN).note == "A share is given from 5 answers on."
    assert plots.describe_calibration(of((5, 5)), EN).note == ""


def test_a_bar_is_as_long_as_its_share_of_the_whole():
    figure = plots.calibration(USUAL, EN)
    whole, right = widths(figure, "whole"), widths(figure, "right")
    assert {level: right[level] / whole[level] for level in whole} == pytest.approx(
        {"3": 0.8, "2": 0.5}
    )


def test_no_bar_stands_for_too_few_answers(texts):
    figure = plots.calibration(of(sure=(2, 4)), EN)
    assert widths(figure, "whole") == widths(figure, "right") == {}
    assert {"2 of 4 right", "too few to say", "no answers"} <= set(texts(figure))


@pytest.mark.parametrize(
    ("words", "written"),
    [(EN, {"8 of 10 right", "80%", "1 of 2 right"}), (KO, {"10개 중 8개", "80%", "2개 중 1개"})],
)
def test_counts_and_shares_stand_beside_the_bars(texts, words, written):
    assert written <= set(texts(plots.calibration(USUAL, words)))


def test_the_alt_text_says_the_finding_and_every_count():
    described = plots.describe_calibration(USUAL, EN)
    assert described.title in described.alt
    assert "Sure: 8 of 10 right, Fairly sure: 3 of 6 right" in described.alt
    assert plots.calibration(USUAL, EN).get_label() == described.alt


@pytest.mark.parametrize("words", [EN, KO])
def test_all_of_it_is_on_the_sheet(words):
    figure = plots.calibration(of((1000, 1000), (999, 1000), (0, 1000)), words)
    renderer = RendererSVG(figure.bbox.width, figure.bbox.height, StringIO())
    ends = [text.get_window_extent(renderer).x1 for text in figure.axes[0].texts]
    assert max(ends) <= figure.bbox.width
    assert all(long > 0 for long in widths(figure, "whole").values())
