"""Edits: each gives a new portfolio, and a sweep never overwrites what is better known."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from client_triage.domain import Client, Event, Level, Portfolio, Record, edits, find


@pytest.fixture
def three(portfolio):
    return edits.add_clients(portfolio(), ["Bluebird", "Otter", "Fox"])


@pytest.fixture
def slow_pay(scenario):
    return scenario("slow-pay")


def record(portfolio, scenario, client_id="c1"):
    return portfolio.client(client_id).records.get(scenario.id, Record())


def answered(portfolio, scenario, client_id="c1"):
    return dict(record(portfolio, scenario, client_id).answers)


def level(portfolio, scenario, client_id="c1"):
    one = portfolio.client(client_id)
    return find(scenario, one, scenario.bar_with(None), date(2025, 1, 1)).level


# clients


def test_added_clients_have_ids_of_their_own(three):
    assert [(one.id, one.alias) for one in three.clients] == [
        ("c1", "Bluebird"),
        ("c2", "Otter"),
        ("c3", "Fox"),
    ]


def test_adding_never_takes_an_id_that_is_taken(portfolio):
    more = edits.add_clients(portfolio(Client("c2", "Otter")), ["Bluebird", "Fox"])
    assert [one.id for one in more.clients] == ["c2", "c1", "c3"]


def test_of_an_added_client_nothing_is_known(three):
    assert three.client("c1") == Client("c1", "Bluebird")


def test_a_removed_client_is_gone_and_the_others_stay(three):
    assert [one.id for one in edits.remove_client(three, "c2").clients] == ["c1", "c3"]


def test_a_renamed_client_keeps_everything_else(three, slow_pay):
    before = edits.answer(three, "c2", slow_pay, {"late": 1})
    after = edits.change_client(before, "c2", alias="River")
    assert after.client("c2") == replace(before.client("c2"), alias="River")
    assert after.client("c1") == before.client("c1")


def test_changing_nobody_is_an_error(three):
    with pytest.raises(KeyError):
        edits.change_client(three, "c9", alias="River")


def test_an_edit_leaves_the_portfolio_before_as_it_was(three, slow_pay):
    copy = Portfolio(clients=tuple(three.clients))
    edits.answer(three, "c1", slow_pay, {"late": 1})
    edits.sweep_none(three, slow_pay)
    assert three == copy


def test_an_edit_keeps_what_this_version_does_not_know(client, portfolio, slow_pay):
    odd = Record({"late": 1}, {"late": "self"}, extra={"mood": "grim"})
    before = portfolio(client(slow_pay=odd, extra={"colour": "red"}), extra={"quiz": [1]})
    after = edits.answer(before, "c1", slow_pay, {"late": 2})
    assert after.extra == {"quiz": [1]}
    assert after.client("c1").extra == {"colour": "red"}
    assert record(after, slow_pay).extra == {"mood": "grim"}


# answers


def test_an_answer_is_recorded_with_how_it_came_about(three, slow_pay):
    after = edits.answer(three, "c1", slow_pay, {"late": 1}, how="ledger")
    assert answered(after, slow_pay) == {"late": 1}
    assert record(after, slow_pay).how == {"late": "ledger"}


def test_an_answer_leaves_the_other_answers_alone(three, slow_pay):
    before = edits.answer(three, "c1", slow_pay, {"late": 1, "invoices": 5}, how="ledger")
    after = edits.answer(before, "c1", slow_pay, {"late": 2})
    assert answered(after, slow_pay) == {"late": 2, "invoices": 5}
    assert record(after, slow_pay).how == {"late": "self", "invoices": "ledger"}


def test_an_answer_about_one_client_leaves_the_others_alone(three, slow_pay):
    after = edits.answer(three, "c1", slow_pay, {"late": 1})
    assert after.client("c2") == three.client("c2")


def test_not_known_is_kept_apart_from_not_asked(three, slow_pay):
    after = edits.answer(three, "c1", slow_pay, {"late": None})
    assert answered(after, slow_pay) == {"late": None}
    assert answered(after, slow_pay, "c2") == {}
    assert after != three


def test_not_known_and_not_asked_are_both_unknown(three, slow_pay):
    after = edits.answer(three, "c1", slow_pay, {"late": None})
    assert level(after, slow_pay) is level(after, slow_pay, "c2") is Level.UNKNOWN


def test_billing_is_answered_for_the_client_and_not_the_record(three, scenario):
    after = edits.answer(three, "c1", scenario("changes-mind"), {"billing": "hourly"})
    assert after.client("c1").billing == "hourly"
    assert "changes-mind" not in after.client("c1").records


def test_a_signal_that_the_scenario_does_not_have_is_an_error(three, slow_pay):
    with pytest.raises(KeyError):
        edits.answer(three, "c1", slow_pay, {"lateness": 1})


def test_a_cleared_answer_is_not_asked_again_rather_than_not_known(three, slow_pay):
    before = edits.answer(three, "c1", slow_pay, {"late": 4, "invoices": 5})
    after = edits.clear(before, "c1", slow_pay, ["late"])
    assert answered(after, slow_pay) == {"invoices": 5}
    assert record(after, slow_pay).how == {"invoices": "self"}


@pytest.mark.parametrize("how", ["self", "sweep", "ledger"])
def test_every_answer_can_be_cleared_back_to_unknown(three, slow_pay, how):
    before = edits.answer(three, "c1", slow_pay, {"late": 4, "invoices": 5}, how=how)
    assert level(before, slow_pay) is Level.WEIGH
    assert level(edits.clear(before, "c1", slow_pay, slow_pay.signals), slow_pay) is Level.UNKNOWN


def test_to_clear_what_was_never_asked_changes_nothing(three, slow_pay):
    assert edits.clear(three, "c1", slow_pay, ["late"]) == three


def test_billing_can_be_cleared(three, scenario):
    one = scenario("changes-mind")
    before = edits.answer(three, "c1", one, {"billing": "hourly"})
    assert edits.clear(before, "c1", one, ["billing"]).client("c1").billing is None


# the sweep


@pytest.mark.parametrize(
    ("scenario_id", "level_of_yes"),
    [
        ("physical-abuse", Level.FIRE),
        ("verbal-abuse", Level.WARN),
        ("lies", Level.WATCH),
        ("slow-pay", Level.WATCH),
        ("invoice-disputes", Level.WATCH),
        ("changes-mind", Level.WATCH),
        ("ignores-advice", Level.WARN),
        ("plays-competitors", Level.WEIGH),
        ("legal-risk", Level.WARN),
    ],
)
def test_a_yes_says_the_least_that_it_can_mean(three, scenario, scenario_id, level_of_yes):
    one = scenario(scenario_id)
    assert level(edits.sweep_yes(three, "c1", one), one) is level_of_yes


@pytest.mark.parametrize(
    "scenario_id",
    [
        "physical-abuse",
        "verbal-abuse",
        "lies",
        "slow-pay",
        "invoice-disputes",
        "changes-mind",
        "ignores-advice",
        "plays-competitors",
        "legal-risk",
    ],
)
def test_none_of_the_others_did_is_clear(three, scenario, scenario_id):
    one = scenario(scenario_id)
    swept = edits.sweep_none(three, one)
    assert {level(swept, one, client.id) for client in swept.clients} == {Level.CLEAR}


def test_a_sweep_says_that_it_was_a_sweep(three, slow_pay):
    assert record(edits.sweep_yes(three, "c1", slow_pay), slow_pay).how == {"late": "sweep"}


def test_none_fills_only_those_without_an_answer(three, slow_pay):
    yes = edits.sweep_yes(three, "c1", slow_pay)
    swept = edits.sweep_none(edits.sweep_unsure(yes, "c2", slow_pay), slow_pay)
    assert [answered(swept, slow_pay, name) for name in ("c1", "c2", "c3")] == [
        {"late": 1},
        {"late": None},
        {"late": 0},
    ]


def test_unsure_is_unknown(three, slow_pay):
    assert level(edits.sweep_unsure(three, "c1", slow_pay), slow_pay) is Level.UNKNOWN


def test_unsure_counts_as_answered(three, slow_pay):
    swept = edits.sweep_unsure(three, "c1", slow_pay)
    assert edits.is_answered(swept.client("c1"), slow_pay)
    assert not edits.is_answered(swept.client("c2"), slow_pay)


def test_a_sweep_can_be_changed_by_a_sweep(three, slow_pay):
    swept = edits.sweep_unsure(edits.sweep_yes(three, "c1", slow_pay), "c1", slow_pay)
    assert answered(swept, slow_pay) == {"late": None}
    assert answered(edits.sweep_yes(swept, "c1", slow_pay), slow_pay) == {"late": 1}


@pytest.mark.parametrize("how", ["self", "ledger"])
@pytest.mark.parametrize("sweep", ["yes", "unsure", "none"])
def test_a_sweep_never_overwrites_an_exact_or_a_ledger_answer(three, slow_pay, how, sweep):
    before = edits.answer(three, "c1", slow_pay, {"late": 4, "invoices": 5}, how=how)
    after = {
        "yes": lambda: edits.sweep_yes(before, "c1", slow_pay),
        "unsure": lambda: edits.sweep_unsure(before, "c1", slow_pay),
        "none": lambda: edits.sweep_none(before, slow_pay),
    }[sweep]()
    assert after.client("c1") == before.client("c1")


def test_a_sweep_never_overwrites_an_answer_of_unknown_origin(client, portfolio, slow_pay):
    before = portfolio(client(slow_pay={"late": 4, "invoices": 5}))
    assert edits.sweep_unsure(before, "c1", slow_pay) == before


@pytest.mark.parametrize("sweep", ["unsure", "none"])
def test_a_sweep_never_hides_dated_events(client, portfolio, slow_pay, sweep):
    before = portfolio(client(slow_pay=Record(events=(Event(date(2026, 5, 1)),))))
    after = {
        "unsure": lambda: edits.sweep_unsure(before, "c1", slow_pay),
        "none": lambda: edits.sweep_none(before, slow_pay),
    }[sweep]()
    assert level(after, slow_pay) is Level.WATCH


def test_a_yes_is_recorded_beside_a_more_exact_answer_to_another_signal(three, scenario):
    one = scenario("plays-competitors")
    before = edits.answer(three, "c1", one, {"quotes": 2})
    after = edits.sweep_yes(before, "c1", one)
    assert answered(after, one) == {"quotes": 2, "reopened": 1}


def test_none_is_recorded_beside_a_more_exact_answer_to_another_signal(three, scenario):
    one = scenario("plays-competitors")
    before = edits.answer(three, "c1", one, {"quotes": 2})
    after = edits.sweep_none(before, one)
    assert answered(after, one) == {"quotes": 2, "reopened": 0}


def test_none_fills_what_a_ledger_left_open(three, scenario):
    one = scenario("invoice-disputes")
    ledger = {"disputed": 0, "invoices": 5}
    before = edits.answer(three, "c1", one, ledger, how="ledger")
    after = edits.sweep_none(before, one)
    assert answered(after, one) == {**ledger, "agreed_then_cheapened": 0}
    assert record(after, one).how["disputed"] == "ledger"


def test_a_yes_is_recorded_over_not_known(three, slow_pay):
    before = edits.answer(three, "c1", slow_pay, {"late": None})
    assert answered(edits.sweep_yes(before, "c1", slow_pay), slow_pay) == {"late": 1}


def test_a_sweep_is_undone_by_going_back_to_the_portfolio_before(three, slow_pay):
    swept = edits.sweep_none(edits.sweep_yes(three, "c1", slow_pay), slow_pay)
    undone = swept
    for one in swept.clients:
        undone = edits.clear(undone, one.id, slow_pay, ["late"])
    assert all(not answered(undone, slow_pay, one.id) for one in three.clients)
    assert not any(edits.is_answered(one, slow_pay) for one in undone.clients)


# the bar


def test_a_bar_item_is_set_beside_the_others(portfolio):
    before = portfolio(bar={"slow-pay": {"share": 0.25}})
    after = edits.set_bar(before, "slow-pay", {"minimum": 4})
    assert after.bar == {"slow-pay": {"share": 0.25, "minimum": 4}}


def test_a_bar_item_goes_back_to_its_default(portfolio):
    before = portfolio(bar={"slow-pay": {"share": 0.25, "minimum": 4}})
    assert edits.set_bar(before, "slow-pay", {"share": None}).bar == {"slow-pay": {"minimum": 4}}


def test_setting_one_bar_leaves_the_others_alone(portfolio):
    before = portfolio(bar={"changes-mind": {"rate": 1}})
    assert edits.set_bar(before, "slow-pay", {"share": 0.5}).bar["changes-mind"] == {"rate": 1}


def test_a_scenario_without_limits_of_its_own_leaves_the_bar(three):
    assert edits.set_bar(three, "slow-pay", {"share": None}) == three


def test_money_can_be_changed_and_cleared(three):
    rich = edits.change_client(three, "c1", revenue=Decimal(5))
    assert rich.client("c1").revenue == 5
    assert edits.change_client(rich, "c1", revenue=None) == three
