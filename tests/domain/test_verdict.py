"""A client's verdict: nothing offsets anything."""

from datetime import date
from decimal import Decimal

import pytest

from client_triage.domain import Level, Review

WEIGHED = {"slow_pay": {"late": 4, "invoices": 5}}
ALSO_WEIGHED = {"ignores_advice": {"episodes": 2}}
WARNED = {"legal_risk": {"exposed": "suspected"}}
FIRED = {"physical_abuse": {"incidents": 1}}


def verdict(count, one):
    return count(one).clients[0].verdict


def test_the_verdict_is_the_highest_finding(count, client):
    assert verdict(count, client(**WARNED, **WEIGHED, lies={"suspected": True})) is Level.WEIGH


def test_a_client_of_whom_nothing_is_known_is_unknown(count, client):
    assert verdict(count, client()) is Level.UNKNOWN


def test_unknown_findings_are_left_out_of_the_verdict(count, client):
    assert verdict(count, client(legal_risk={"exposed": "no"})) is Level.CLEAR


def test_a_clear_client_has_the_number_of_answered_scenarios_beside_it(count, client):
    one = count(client(legal_risk={"exposed": "no"}, slow_pay={"late": 0})).clients[0]
    assert one.answered == 2
    assert len(one.findings) == 10


def test_no_revenue_offsets_a_fire(count, client):
    rich = client(**FIRED, revenue=Decimal(10**9), hours=Decimal(1), worth_keeping=True)
    assert verdict(count, rich) is Level.FIRE


def test_not_worth_keeping_turns_weigh_into_fire(count, client):
    assert verdict(count, client(**WEIGHED, worth_keeping=False)) is Level.FIRE


def test_a_weigh_without_an_answer_stays_weigh(count, client):
    assert verdict(count, client(**WEIGHED, worth_keeping=None)) is Level.WEIGH


def test_worth_keeping_leaves_the_highest_finding_below_weigh(count, client):
    assert verdict(count, client(**WEIGHED, **WARNED, worth_keeping=True)) is Level.WARN


def test_worth_keeping_leaves_at_least_watch(count, client):
    kept = client(**WEIGHED, worth_keeping=True, legal_risk={"exposed": "no"})
    assert verdict(count, kept) is Level.WATCH


@pytest.mark.parametrize("answer", [True, False])
def test_worth_keeping_is_not_read_on_a_fire(count, client, answer):
    assert verdict(count, client(**FIRED, **WEIGHED, worth_keeping=answer)) is Level.FIRE


@pytest.mark.parametrize("answer", [True, False])
def test_worth_keeping_is_not_read_below_weigh(count, client, answer):
    assert verdict(count, client(**WARNED, worth_keeping=answer)) is Level.WARN


@pytest.mark.parametrize("answer", [True, False])
def test_worth_keeping_is_not_read_where_nothing_is_known(count, client, answer):
    assert verdict(count, client(worth_keeping=answer)) is Level.UNKNOWN


@pytest.mark.parametrize(("answer", "level"), [(True, Level.WATCH), (False, Level.FIRE)])
def test_a_review_without_scenarios_covers_all(count, client, answer, level):
    review = Review(on=date(2026, 11, 1))
    one = client(**WEIGHED, **ALSO_WEIGHED, worth_keeping=answer, review=review)
    assert verdict(count, one) is level


@pytest.mark.parametrize("answer", [True, False])
def test_a_weigh_outside_the_review_reopens_the_question(count, client, answer):
    review = Review(scenarios=("slow-pay",))
    one = count(client(**WEIGHED, **ALSO_WEIGHED, worth_keeping=answer, review=review)).clients[0]
    assert one.verdict is Level.WEIGH
    assert one.reopened


@pytest.mark.parametrize(("answer", "level"), [(True, Level.WATCH), (False, Level.FIRE)])
def test_a_review_of_every_weigh_stands(count, client, answer, level):
    review = Review(scenarios=("ignores-advice", "slow-pay"))
    one = count(client(**WEIGHED, **ALSO_WEIGHED, worth_keeping=answer, review=review)).clients[0]
    assert one.verdict is level
    assert not one.reopened


def test_a_reviewed_scenario_that_weighs_no_more_changes_nothing(count, client):
    review = Review(scenarios=("ignores-advice", "slow-pay"))
    assert verdict(count, client(**WEIGHED, worth_keeping=True, review=review)) is Level.WATCH


def test_a_warn_outside_the_review_does_not_reopen_it(count, client):
    review = Review(scenarios=("slow-pay",))
    one = client(**WEIGHED, **WARNED, worth_keeping=True, review=review)
    assert verdict(count, one) is Level.WARN


def test_an_exception_is_still_a_fire_in_every_count(count, client):
    tally = count(client(**FIRED, exception="half my income"))
    assert tally.clients[0].verdict is Level.FIRE
    assert tally.verdicts[Level.FIRE] == 1
    assert tally.by_scenario["physical-abuse"][Level.FIRE] == 1


def test_an_exception_marks_the_client_as_kept(count, client):
    assert count(client(**FIRED, exception="half my income")).clients[0].kept


@pytest.mark.parametrize("blank", ["", "  \n", None])
def test_a_blank_exception_is_none(count, client, blank):
    assert not count(client(**FIRED, exception=blank)).clients[0].kept


def test_an_exception_is_read_only_on_a_fire(count, client):
    assert not count(client(**WEIGHED, exception="half my income")).clients[0].kept


def test_an_exception_to_a_reviewed_weigh_counts(count, client):
    assert count(client(**WEIGHED, worth_keeping=False, exception="term")).clients[0].kept


def test_the_deciding_findings_are_those_of_the_highest_level(count, client):
    one = count(client(**WEIGHED, **ALSO_WEIGHED, **WARNED)).clients[0]
    assert [finding.scenario for finding in one.deciding] == ["slow-pay", "ignores-advice"]
