"""Quiz items: marks, keys, gain, calibration, and what is drawn for a test."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client_triage.domain import Level
from client_triage.domain.quiz import (
    Calibrated,
    Item,
    Option,
    WrongFormError,
    calibration,
    draw,
    gain,
    keyed_action,
    keyed_case,
    least_count,
    level_of,
    mark,
    side_of,
)


def item(kind, options, answer=None, **more):
    facts = {"id": "one", "use": "extra", **more}
    return Item(
        type=kind, options=tuple(Option(id=name) for name in options), answer=answer, **facts
    )


CHOOSE_ONE = item("choose-one", ["a", "b", "c"], "b")
CHOOSE_MANY = item("choose-many", ["a", "b", "c", "d"], ("a", "c"))
ORDER = item("order", ["a", "b", "c"], ("c", "a", "b"))
NUMBER = item("number", ["right", "below", "above"], 4, tolerance=1)
RATING = item("rating", ["1", "2", "3", "4", "5"])

# marks


@pytest.mark.parametrize(
    ("one", "answer", "right"),
    [
        (CHOOSE_ONE, "b", True),
        (CHOOSE_ONE, "a", False),
        (CHOOSE_MANY, ["a", "c"], True),
        (CHOOSE_MANY, ["c", "a"], True),
        (CHOOSE_MANY, {"a", "c"}, True),
        (CHOOSE_MANY, ["a"], False),
        (CHOOSE_MANY, ["a", "b", "c"], False),
        (CHOOSE_MANY, ["b", "d"], False),
        (CHOOSE_MANY, [], False),
        (ORDER, ["c", "a", "b"], True),
        (ORDER, ("c", "a", "b"), True),
        (ORDER, ["c", "b", "a"], False),
        (ORDER, ["a", "b", "c"], False),
        (NUMBER, 4, True),
        (NUMBER, 3, True),
        (NUMBER, 5.0, True),
        (NUMBER, 5.01, False),
        (NUMBER, 2.99, False),
        (NUMBER, -4, False),
        (RATING, "1", None),
        (RATING, "5", None),
    ],
)
def test_an_answer_is_marked(one, answer, right):
    assert mark(one, answer) is right


@pytest.mark.parametrize(
    ("one", "answer"),
    [
        (CHOOSE_ONE, "z"),
        (CHOOSE_ONE, ["b"]),
        (CHOOSE_ONE, None),
        (CHOOSE_ONE, 1),
        (CHOOSE_MANY, "a"),
        (CHOOSE_MANY, ["a", "z"]),
        (CHOOSE_MANY, ["a", "a", "c"]),
        (CHOOSE_MANY, ["a", 1]),
        (CHOOSE_MANY, ["a", ["c"]]),
        (CHOOSE_MANY, {"a": 1}),
        (CHOOSE_MANY, None),
        (ORDER, ["c", "a"]),
        (ORDER, ["c", "a", "b", "b"]),
        (ORDER, ["c", "a", "z"]),
        (ORDER, {"c", "a", "b"}),
        (ORDER, "cab"),
        (NUMBER, "4"),
        (NUMBER, True),
        (NUMBER, None),
        (NUMBER, float("nan")),
        (NUMBER, float("inf")),
        (RATING, "6"),
        (RATING, 5),
    ],
)
def test_an_answer_of_the_wrong_form_is_refused(one, answer):
    with pytest.raises(WrongFormError):
        mark(one, answer)


def test_a_refusal_is_a_value_error_and_says_what_to_choose_from():
    with pytest.raises(ValueError, match="a, b, c"):
        mark(CHOOSE_ONE, "z")


@pytest.mark.parametrize(
    ("answer", "side"), [(2.9, "below"), (3, "right"), (4.5, "right"), (5.1, "above")]
)
def test_a_number_lies_on_a_side_of_the_key(answer, side):
    assert side_of(NUMBER, answer) == side


@pytest.mark.parametrize("answer", [0.2, 0.4])
def test_a_decimal_on_the_edge_of_the_tolerance_is_right(answer):
    one = item("number", ["right", "below", "above"], 0.3, tolerance=0.1)
    assert mark(one, answer) is True


def test_a_number_without_leeway_is_right_only_where_it_is_the_key():
    one = item("number", ["right", "below", "above"], 4, tolerance=0)
    assert mark(one, 4.0) is True
    assert mark(one, 4.0001) is False


def test_a_huge_number_is_marked():
    assert side_of(NUMBER, 10**5000) == "above"


@given(st.permutations(["a", "b", "c", "d"]), st.integers(0, 4))
def test_the_order_of_what_is_chosen_never_matters(names, many):
    assert mark(CHOOSE_MANY, names[:many]) is (set(names[:many]) == {"a", "c"})


# keys


@pytest.mark.parametrize(
    ("level", "action"),
    [
        (Level.CLEAR, "keep"),
        (Level.WATCH, "keep"),
        (Level.WARN, "warn"),
        (Level.WEIGH, "weigh"),
        (Level.FIRE, "fire"),
        (Level.UNKNOWN, None),
    ],
)
def test_a_level_has_its_action(level, action):
    assert keyed_action(level) == action


@pytest.mark.parametrize(
    ("first", "second", "case"),
    [
        (Level.FIRE, Level.WARN, "first"),
        (Level.WEIGH, Level.CLEAR, "first"),
        (Level.WATCH, Level.WEIGH, "second"),
        (Level.FIRE, Level.WEIGH, "both"),
        (Level.WARN, Level.WARN, "neither"),
    ],
)
def test_a_comparison_is_keyed_by_whom_the_rules_would_weigh_or_fire(first, second, case):
    assert keyed_case(first, second) == case


# what the rules say


def test_the_rules_judge_a_story(scenario):
    assert level_of(scenario("slow-pay"), {"invoices": 5, "late": 4}) is Level.WEIGH
    assert level_of(scenario("slow-pay"), {"invoices": 4, "late": 3}) is Level.WATCH
    assert level_of(scenario("slow-pay"), {"invoices": 5}) is Level.UNKNOWN


def test_a_story_can_state_limits_of_its_own(scenario):
    facts = {"invoices": 4, "late": 3}
    assert level_of(scenario("slow-pay"), facts, {"share": 0.3}) is Level.WEIGH


def test_a_story_can_say_how_the_client_is_billed(scenario):
    facts = {"reversals": 9, "projects": 2, "frustration": 2}
    assert level_of(scenario("changes-mind"), {**facts, "billing": "hourly"}) is Level.CLEAR
    assert level_of(scenario("changes-mind"), {**facts, "billing": "fixed"}) is Level.WEIGH


def line(vary, reaches, **facts):
    sides = ["right", "below", "above"]
    return item("number", sides, use="line", vary=vary, reaches=reaches, facts=facts)


def test_the_line_is_the_smallest_count_that_reaches_the_level(scenario):
    assert least_count(scenario("slow-pay"), line("late", Level.WEIGH, invoices=5)) == 4
    assert least_count(scenario("slow-pay"), line("late", Level.WATCH, invoices=5)) == 1


def test_a_graver_level_is_over_the_line_as_well(scenario):
    assert least_count(scenario("verbal-abuse"), line("incidents", Level.WEIGH, told=True)) == 2


def test_counts_that_can_not_be_are_passed_over(scenario):
    assert least_count(scenario("slow-pay"), line("invoices", Level.WEIGH, late=3)) == 3


def test_there_may_be_no_line(scenario):
    assert least_count(scenario("slow-pay"), line("late", Level.WEIGH, invoices=2)) is None
    assert least_count(scenario("slow-pay"), line("late", Level.FIRE, invoices=50)) is None
    assert least_count(scenario("slow-pay"), CHOOSE_ONE) is None


# gain


@pytest.mark.parametrize(
    ("pre", "post", "of", "learnt"),
    [
        (5, 7.5, 10, 0.5),
        (50, 75, 100, 0.5),
        (0, 10, 10, 1),
        (4, 4, 10, 0),
        (5, 4, 10, -0.2),
        (10, 10, 10, None),
        (10, 8, 10, None),
        (0, 0, 0, None),
    ],
)
def test_the_gain_is_what_was_learnt_of_what_there_was_to_learn(pre, post, of, learnt):
    assert gain(pre, post, of) == learnt


# calibration


def test_calibration_counts_answers_and_right_ones_by_confidence():
    answers = [(1, True), (1, False), (3, True), (3, True), (3, False), (2, None)]
    assert calibration(answers) == {
        1: Calibrated(n=2, right=1),
        2: Calibrated(n=0, right=0),
        3: Calibrated(n=3, right=2),
    }


# drawing


def vignettes(name):
    return [
        item(
            "choose-one", ["keep"], "keep", id=f"{name}-{form}{pair}", use=use, form=form, pair=pair
        )
        for use, form, pair in [
            ("line", None, None),
            *(("vignette", form, pair) for pair in (2, 1) for form in "BA"),
        ]
    ]


def dice(seed):
    return Random(seed)  # noqa: S311 - no secret


TEN = {f"s{number}": vignettes(f"s{number}") for number in range(10)}


@pytest.mark.parametrize("form", ["A", "B"])
def test_a_test_has_the_vignette_of_pair_1_of_each_scenario_in_order(form):
    drawn = [(name, one.id) for name, one in draw(TEN, form, dice(1))]
    assert drawn == [(name, f"{name}-{form}1") for name in TEN]


def test_a_scenario_without_its_vignette_is_left_out():
    assert draw({"s0": [CHOOSE_ONE], "s1": TEN["s1"]}, "A", dice(1))[0][0] == "s1"


def test_a_short_test_has_that_many_scenarios_each_once_and_in_order():
    drawn = [name for name, _ in draw(TEN, "A", dice(1), 5)]
    assert len(drawn) == 5
    assert drawn == sorted(set(drawn))


def test_short_tests_differ():
    drawn = {tuple(name for name, _ in draw(TEN, "A", dice(n), 5)) for n in range(20)}
    assert len(drawn) > 10


@pytest.mark.parametrize("seed", range(5))
def test_the_other_form_of_a_short_test_has_the_same_scenarios(seed):
    before = [name for name, _ in draw(TEN, "A", dice(seed), 5)]
    assert [name for name, _ in draw(TEN, "B", dice(seed), 5)] == before


def test_more_than_there_are_is_all_of_them():
    assert len(draw(TEN, "A", dice(1), 50)) == 10
