"""The Bayesian tails: the design's check values, SciPy as the oracle, and the edges."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from scipy.special import betaincc, gammaincc

from client_triage.domain.established import rate_exceeds, share_exceeds

COUNTS = st.integers(0, 12) | st.integers(0, 100_000)
BARS = st.floats(1e-6, 1 - 1e-6)
RATES = st.floats(1e-6, 100) | st.floats(1e-6, 100_000)


@pytest.mark.parametrize(
    ("part", "whole", "bar", "probability"),
    [
        (3, 3, 1 / 2, 0.967),
        (4, 5, 1 / 2, 0.912),
        (3, 4, 1 / 2, 0.840),
        (7, 10, 1 / 2, 0.898),
        (8, 10, 1 / 2, 0.974),
        (3, 4, 1 / 3, 0.957),
        (3, 5, 1 / 3, 0.894),
    ],
)
def test_shares_have_the_check_values_of_the_design(part, whole, bar, probability):
    assert round(share_exceeds(part, whole, bar), 3) == probability


@given(COUNTS, COUNTS, BARS)
@example(50_000, 100_000, 0.5)
@example(100_000, 100_000, 0.999999)
@example(0, 100_000, 0.000001)
@example(33_333, 100_000, 1 / 3)
def test_the_beta_tail_is_within_1e_9_of_scipy(one, other, bar):
    part, whole = sorted((one, other))
    oracle = betaincc(0.5 + part, 0.5 + whole - part, bar)
    assert abs(share_exceeds(part, whole, bar) - oracle) <= 1e-9


@given(st.integers(100, 100_000), st.floats(0.01, 0.99), st.floats(-4, 4))
def test_the_beta_tail_is_within_1e_9_of_scipy_where_it_turns(whole, bar, deviations):
    spread = (whole * bar * (1 - bar)) ** 0.5
    part = min(whole, max(0, round(whole * bar + deviations * spread)))
    oracle = betaincc(0.5 + part, 0.5 + whole - part, bar)
    assert abs(share_exceeds(part, whole, bar) - oracle) <= 1e-9


@given(COUNTS, COUNTS.filter(bool), RATES)
@example(100_000, 50_000, 2.0)
@example(0, 1, 1e-6)
@example(100_000, 1, 100_000.0)
def test_the_gamma_tail_is_within_1e_9_of_scipy(events, exposure, bar):
    oracle = gammaincc(0.5 + events, exposure * bar)
    assert abs(rate_exceeds(events, exposure, bar) - oracle) <= 1e-9


@given(st.integers(100, 100_000), st.integers(1, 1000), st.floats(-4, 4))
def test_the_gamma_tail_is_within_1e_9_of_scipy_where_it_turns(events, exposure, deviations):
    bar = (events + deviations * events**0.5) / exposure
    oracle = gammaincc(0.5 + events, exposure * bar)
    assert abs(rate_exceeds(events, exposure, bar) - oracle) <= 1e-9


@given(st.integers(0, 5000), st.integers(1, 5000), BARS)
def test_one_more_of_the_same_number_never_makes_a_share_less_likely(part, more, bar):
    whole = part + more
    assert share_exceeds(part + 1, whole, bar) >= share_exceeds(part, whole, bar) - 1e-12


@given(st.integers(0, 5000), st.integers(1, 5000), st.floats(1e-3, 100))
def test_one_more_event_never_makes_a_rate_less_likely(events, exposure, bar):
    assert rate_exceeds(events + 1, exposure, bar) >= rate_exceeds(events, exposure, bar) - 1e-12


@given(st.integers(0, 200), st.integers(0, 200), BARS, BARS)
def test_a_higher_bar_is_never_more_likely_exceeded(part, rest, one, other):
    lower, higher = sorted((one, other))
    assert share_exceeds(part, part + rest, higher) <= share_exceeds(part, part + rest, lower) + (
        1e-12
    )


@given(COUNTS, COUNTS, st.floats(0, 1))
@example(3, 3, 5e-324)
@example(3, 3, 1e-17)
@example(0, 3, 1 - 2**-53)
def test_every_share_from_0_to_1_gives_a_probability(one, other, bar):
    part, whole = sorted((one, other))
    assert 0 <= share_exceeds(part, whole, bar) <= 1


@given(COUNTS, COUNTS.filter(bool), st.floats(0, 100_000))
@example(3, 1, 5e-324)
def test_every_rate_from_0_gives_a_probability(events, exposure, bar):
    assert 0 <= rate_exceeds(events, exposure, bar) <= 1


def test_every_share_is_over_a_bar_of_nothing():
    assert share_exceeds(1, 9, 0) == 1


def test_no_share_is_over_a_bar_of_everything():
    assert share_exceeds(9, 9, 1) == 0
