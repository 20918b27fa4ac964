"""Answers to quiz items, and what comes next."""

from datetime import date

import pytest

from client_triage.domain import Portfolio, edits
from client_triage.domain.practice import (
    Attempt,
    Sitting,
    Standing,
    other_form,
    queue,
)

TODAY = date(2026, 11, 23)


def attempt(item="f1", answer="weigh", **facts):
    return Attempt(TODAY, item, answer, **facts)


def right(ref, times=1, **facts):
    return Standing(ref, times=times, right=True, confidence=2, **facts)


def wrong(ref, confidence=2, times=1, **facts):
    return Standing(ref, times=times, right=False, confidence=confidence, **facts)


def pair(first=None, second=None):
    """Give twins A and B; each is the facts of its standing."""
    return [Standing("A", "B", **(first or {})), Standing("B", "A", **(second or {}))]


WRONG, SURE, RIGHT = (
    {"times": 1, "right": False, "confidence": 2},
    {"times": 1, "right": False, "confidence": 3},
    {"times": 1, "right": True, "confidence": 2},
)


def test_items_come_in_their_order():
    assert queue([Standing("x"), Standing("y")]) == ("x", "y")


def test_what_was_right_is_done():
    assert queue([right("x"), Standing("y")]) == ("y",)


def test_what_has_no_right_answer_is_done_once_answered():
    assert queue([Standing("x", times=1, right=None)]) == ()


def test_sure_and_wrong_comes_first():
    assert queue([Standing("new"), wrong("x"), wrong("y", 3)]) == ("y", "new", "x")


def test_the_item_answered_last_is_not_asked_twice_in_a_row():
    assert queue([wrong("x", 3), Standing("new")], last="x") == ("new", "x")


def test_the_item_answered_last_comes_again_where_it_is_the_only_one():
    assert queue([wrong("x", 3), right("y")], last="x") == ("x",)


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ({}, {}, ("A",)),
        (RIGHT, {}, ("B",)),
        (WRONG, {}, ("B",)),
        (RIGHT, RIGHT, ()),
        (WRONG, RIGHT, ()),
        (RIGHT, WRONG, ("A",)),
        (WRONG, WRONG, ("A",)),
        ({**WRONG, "times": 2}, WRONG, ("B",)),
        ({**RIGHT, "times": 2}, WRONG, ()),
        ({**WRONG, "times": 2}, {**RIGHT, "times": 2}, ()),
    ],
)
def test_twins_are_asked_in_turn_until_the_latest_is_right(first, second, expected):
    assert queue(pair(first, second)) == expected


def test_a_twin_is_asked_at_once_after_an_answer_that_was_sure_and_wrong():
    assert queue([*pair(SURE), Standing("new")], last="A") == ("B", "new")


def test_an_answer_to_an_earlier_wording_goes_when_the_item_is_answered_again():
    before = edits.practise(Portfolio(), "s/x", attempt("old"))
    after = edits.practise(before, "s/x", attempt("new"))
    assert after.practice == {"s/x": (attempt("new"),)}


def test_answers_to_one_wording_are_all_kept():
    once = edits.practise(Portfolio(), "s/x", attempt())
    twice = edits.practise(once, "s/x", attempt(answer="keep"))
    assert [one.answer for one in twice.practice["s/x"]] == ["weigh", "keep"]


def test_a_sitting_ends_with_its_last_answer():
    sitting = Sitting("A", ("s/x", "s/y")).with_answer("s/x", attempt())
    assert (sitting.next, sitting.is_finished) == ("s/y", False)
    sitting = sitting.with_answer("s/y", attempt())
    assert (sitting.next, sitting.is_finished) == (None, True)


def test_the_other_form_is_the_other_one():
    assert (other_form("A"), other_form("B")) == ("B", "A")


def test_a_sitting_is_kept_beside_the_other_one():
    before = edits.sit(Portfolio(), "before", Sitting("A", ("s/x",)))
    after = edits.sit(before, "after", Sitting("B", ("s/y",)))
    assert {when: one.form for when, one in after.tests.items()} == {"before": "A", "after": "B"}


def test_to_reset_takes_practice_and_tests_back_and_no_client():
    portfolio = edits.add_clients(Portfolio(), ["Heron"])
    done = edits.sit(edits.practise(portfolio, "s/x", attempt()), "before", Sitting("A", ()))
    assert edits.reset_practice(done) == portfolio
