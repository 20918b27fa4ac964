"""Numbers as fields hold them, and shares that are neither all nor nothing."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client_triage.views import entry
from client_triage.words import words_in

EN, KO = words_in("en"), words_in("ko")


@pytest.mark.parametrize(
    ("typed", "currency", "shown"),
    [
        ("12,400.50", "USD", "12,400.50"),
        ("12400.5", "USD", "12,400.50"),
        ("12,400.50", None, "12,400.50"),
        ("12,400", "USD", "12,400"),
        ("₩1,200,000", "KRW", "1,200,000"),
        ("7.5", None, "7.5"),
        ("0", "USD", "0"),
        ("0.125", "USD", "0.125"),
    ],
)
def test_what_is_typed_comes_back_in_its_own_form(typed, currency, shown):
    for words in (EN, KO):
        assert words.entered(entry.money(typed, words), currency) == shown


@given(st.decimals(0, 10**12, places=3, allow_nan=False, allow_infinity=False))
def test_what_a_field_holds_can_be_typed_again(amount):
    for words in (EN, KO):
        assert entry.money(words.entered(amount, "USD"), words) == amount


def test_nothing_is_nothing():
    assert EN.entered(None) == ""


def test_a_large_round_sum_is_written_out():
    assert EN.entered(Decimal("1E+6"), "KRW") == "1,000,000"


@pytest.mark.parametrize(
    ("share", "shown"),
    [(0.997, "99%"), (0.9999, "99%"), (1, "100%"), (1.0, "100%"), (0.003, "1%"), (0, "0%")],
)
def test_only_all_is_a_hundred_per_cent_and_only_nothing_none(share, shown):
    assert EN.percent(share) == KO.percent(share) == shown


@given(st.floats(0, 1, exclude_min=True, exclude_max=True))
def test_a_part_is_never_shown_as_all_or_nothing(share):
    assert EN.percent(share) not in {"0%", "100%"}


@pytest.mark.parametrize(("typed", "taken"), [("1,200", 1200), ("12", 12), ("\uff11\uff12", 12)])
def test_a_whole_number_is_taken_as_it_is_written(typed, taken):
    assert entry.whole(typed, 0, 10_000, EN) == taken
