"""What people type: taken as they mean it, or refused with a reason."""

from decimal import Decimal

import pytest

from client_triage.content import load_content
from client_triage.domain import Client
from client_triage.store import Portfolio, dumps, loads
from client_triage.views import entry
from client_triage.views.view import RefusedError
from client_triage.words import words_in

EN = words_in("en")
NUMBER = "Enter a number of 0 or more, such as 1,200."


def signal(scenario, name):
    return load_content().scenario(scenario).signals[name]


# sums


@pytest.mark.parametrize(
    ("typed", "taken"),
    [
        ("1200", "1200"),
        ("₩1,200,000", "1200000"),
        ("1,200.50", "1200.50"),
        ("$1,200", "1200"),
        ("1 200", "1200"),
        ("1,200,000원", "1200000"),
        ("KRW 500", "500"),
        ("€ 12.5", "12.5"),
        ("\uff11\uff0c\uff12\uff10\uff10", "1200"),
        ("\uffe6\uff15\uff10\uff10", "500"),
        ("  7\t", "7"),
        ("0", "0"),
        (".5", "0.5"),
        ("0.0000001", "0.0000001"),
    ],
)
def test_a_sum_is_taken_as_people_write_it(typed, taken):
    assert entry.money(typed, EN) == Decimal(taken)


@pytest.mark.parametrize("typed", ["", "   ", "₩", None])
def test_nothing_typed_is_not_known(typed):
    assert entry.money(typed, EN) is None


@pytest.mark.parametrize(
    "typed",
    [
        "abc",
        "-5",
        "−5",
        "1,2,3",
        "12,00",
        "1.200,50",
        "1.2.3",
        "(5)",
        "NaN",
        "Infinity",
        "-Infinity",
    ],
)
def test_what_is_no_sum_of_0_or_more_is_refused(typed):
    with pytest.raises(RefusedError, match=NUMBER):
        entry.money(typed, EN)


@pytest.mark.parametrize("typed", ["1" + "0" * 15, "9" * 400, "1e15"])
def test_a_sum_beyond_all_money_is_refused(typed):
    with pytest.raises(RefusedError, match=NUMBER):
        entry.money(typed, EN)


@pytest.mark.parametrize("typed", ["1e5", "1_000", "1,2,0e1"])
def test_what_only_a_program_would_write_is_no_sum(typed):
    with pytest.raises(RefusedError, match=NUMBER):
        entry.money(typed, EN)


@pytest.mark.parametrize("typed", ["0.0000001", "1,200.50"])
def test_a_sum_that_was_taken_can_be_saved_and_read_again(typed):
    known = Portfolio(clients=(Client("c1", "Heron", revenue=entry.money(typed, EN)),))
    assert loads(dumps(known)) == known


def test_a_refusal_is_in_the_persons_language():
    korean = words_in("ko")
    with pytest.raises(RefusedError, match=korean.text("fault.number")):
        entry.money("abc", korean)


# an alias


@pytest.mark.parametrize(
    ("typed", "taken"),
    [
        ("Heron", "Heron"),
        ("  The  blue\theron ", "The blue heron"),
        ("Heron\nOtter", "Heron Otter"),
        ("파랑새", "파랑새"),
        ("파", "파"),
        (7, "7"),
    ],
)
def test_an_alias_is_one_line_without_spare_space(typed, taken):
    assert entry.alias(typed, EN) == taken


@pytest.mark.parametrize("typed", ["", "   ", "\n", "\u3000"])
def test_a_blank_alias_is_refused(typed):
    with pytest.raises(RefusedError, match="Enter an alias"):
        entry.alias(typed, EN)


def test_an_alias_may_have_80_characters_and_no_more():
    assert entry.alias("x" * 80, EN) == "x" * 80
    with pytest.raises(RefusedError, match="at most 80 characters"):
        entry.alias("x" * 81, EN)


# a pasted list


@pytest.mark.parametrize(
    ("pasted", "taken"),
    [
        ("Heron\nOtter", ["Heron", "Otter"]),
        ("Heron, Otter,Fox", ["Heron", "Otter", "Fox"]),
        ("- Heron\n* Otter\n• Fox\n· Owl", ["Heron", "Otter", "Fox", "Owl"]),
        ("1. Heron\n2) Otter\n 10. Fox", ["Heron", "Otter", "Fox"]),
        ("\nHeron\n\n  \nOtter\n", ["Heron", "Otter"]),
        ("Heron\r\nOtter", ["Heron", "Otter"]),
        ("Heron, Inc.\nOtter", ["Heron, Inc.", "Otter"]),
        ("Heron,,Otter,", ["Heron", "Otter"]),
        ("3M", ["3M"]),
        ("7.5 Studio", ["7.5 Studio"]),
        ("-", ["-"]),
    ],
)
def test_a_pasted_list_gives_its_names_alone(pasted, taken):
    assert entry.aliases(pasted, EN) == taken


@pytest.mark.parametrize("pasted", ["", " \n ", ",,", "\n"])
def test_a_list_without_names_is_refused(pasted):
    with pytest.raises(RefusedError, match="Enter an alias"):
        entry.aliases(pasted, EN)


def test_a_list_with_one_name_too_long_is_refused_as_a_whole():
    with pytest.raises(RefusedError, match="at most 80"):
        entry.aliases(f"Heron\n{'x' * 81}", EN)


# answers


@pytest.mark.parametrize(
    ("typed", "taken"), [(3, 3), ("3", 3), (" 3 ", 3), ("1,200", 1200), ("\uff13", 3), ("0", 0)]
)
def test_a_count_is_taken_as_people_write_it(typed, taken):
    assert entry.answer(typed, signal("slow-pay", "invoices"), EN) == taken


def test_no_answer_is_not_known():
    assert entry.answer(None, signal("slow-pay", "late"), EN) is None


@pytest.mark.parametrize("typed", ["-1", -1, "1.5", 1.5, "abc", "", True, [], {}, "9" * 30])
def test_what_is_no_count_is_refused_with_its_limits(typed):
    with pytest.raises(RefusedError, match="Enter a whole number from 0 to"):
        entry.answer(typed, signal("slow-pay", "late"), EN)


@pytest.mark.parametrize("typed", ["0", "6", 0, 6])
def test_a_scale_has_its_ends(typed):
    with pytest.raises(RefusedError, match="Enter a whole number from 1 to 5"):
        entry.answer(typed, signal("changes-mind", "frustration"), EN)


@pytest.mark.parametrize("typed", ["maybe", 1, True, ["yes"]])
def test_a_choice_is_one_of_its_options(typed):
    with pytest.raises(RefusedError, match="Choose one of the answers"):
        entry.answer(typed, signal("legal-risk", "exposed"), EN)


@pytest.mark.parametrize("typed", ["true", 1, 0, "yes"])
def test_a_flag_is_yes_or_no(typed):
    with pytest.raises(RefusedError, match="Choose one of the answers"):
        entry.answer(typed, signal("lies", "suspected"), EN)
