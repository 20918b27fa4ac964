"""The typeface: every Korean syllable, and no missing glyph."""

import unicodedata
import warnings

import pytest

from client_triage import plots
from client_triage.palette import LEVEL_LOOKS
from client_triage.plots import _type
from client_triage.words import words_in

HANGUL = "".join(map(chr, range(0xAC00, 0xD7A4)))
SPOKEN_OF = "…–—·×−‘’“”₩€£¥%()"


def test_the_font_has_all_hangul_syllables():
    assert len(HANGUL) == 11172
    assert _type.drawable(HANGUL) == HANGUL


def test_the_font_has_latin_letters_of_european_names():
    letters = "".join(map(chr, [*range(0x21, 0x7F), *range(0xC0, 0x100), 0x141, 0x142, 0x160]))

    assert _type.drawable(letters) == letters


def test_the_font_has_the_signs_of_the_levels_and_the_placeholder():
    signs = "".join(look.sign for look in LEVEL_LOOKS.values()) + _type.PLACEHOLDER + SPOKEN_OF

    assert _type.drawable(signs) == signs


@pytest.mark.parametrize("plot", [plots.heatmap, plots.tally_by_scenario, plots.revenue_by_verdict])
def test_a_korean_plot_draws_without_a_warning(sample, plot):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert plots.svg(plot(sample("ko"), words_in("ko")))


@pytest.mark.parametrize(
    "alias",
    [
        "🎉",
        "김철수 🎉",
        "株式会社",
        "👩‍💻",
        "שלום",
        "مرحبا",
        "नमस्ते",
        "\u0301",
        "\u202e",
        "\ud800",
        "\x00",
        "\n",
    ],
)
def test_no_alias_makes_a_plot_raise_or_warn(sample, alias):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert plots.svg(plots.heatmap(sample(clients=1, alias=alias)))


def test_what_the_font_lacks_becomes_a_visible_placeholder():
    assert _type.drawable("카페 🎉") == "카페 □"


def test_joiners_and_controls_leave_nothing_behind():
    assert _type.drawable("a\u200d\ufe0f\u202eb\u0000c") == "abc"


def test_an_alias_stays_on_one_line():
    assert _type.drawable("one\ntwo\tthree") == "one two three"


def test_syllables_in_pieces_are_put_together():
    assert _type.drawable(unicodedata.normalize("NFD", "너럭바위")) == "너럭바위"


def test_a_text_that_fits_is_not_shortened():
    assert _type.shortened("파랑새 카페", 11, 100) == "파랑새 카페"


def test_a_shortened_text_fits():
    short = _type.shortened("너럭바위 종합 건설 주식회사 강남 지점", 11, 100)

    assert short.endswith("…")
    assert _type.width(short, 11) <= 100


def test_wrapped_lines_fit_and_lose_no_word():
    text = "바로 끝낼 고객은 없지만, 6명 중 2명은 따져봐야 해요: 늦은 입금"

    lines = _type.wrapped(text, 11, 120)

    assert " ".join(lines) == text
    assert all(_type.width(line, 11) <= 120 for line in lines)


def test_the_font_comes_with_its_licence():
    licence = _type.FONT_FILE.with_name("Pretendard-LICENSE.txt").read_text("utf-8")

    assert "SIL OPEN FONT LICENSE Version 1.1" in licence
    assert "Reserved Font Name Pretendard" in licence
