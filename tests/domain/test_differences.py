"""Differences: made, turned round, kept apart, brought together."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from tests.strategies import portfolios

from client_triage.domain import Portfolio, edits
from client_triage.domain.differences import ConflictError, difference, is_fact, merge


def three(*aliases):
    return edits.add_clients(Portfolio(), aliases or ("Heron", "Otter", "Fox"))


def rename(portfolio, client, alias):
    return edits.change_client(portfolio, client, alias=alias)


def aliases(portfolio):
    return [client.alias for client in portfolio.clients]


@given(portfolios, portfolios)
def test_a_difference_makes_the_one_of_the_other(before, after):
    assert difference(before, after).apply(before) == after


@given(portfolios, portfolios)
def test_turned_round_it_leads_back(before, after):
    assert difference(before, after).inverse().apply(after) == before


@given(portfolios)
def test_equal_portfolios_differ_in_nothing(one):
    assert difference(one, replace(one)).parts == ()


def test_a_difference_holds_what_changed_alone():
    before = three()
    step = difference(before, rename(before, "c2", "Wren"))
    assert aliases(step.before) == ["Otter"]
    assert aliases(step.after) == ["Wren"]
    assert step.parts == (("clients", "c2"),)


def test_the_language_is_no_difference():
    assert difference(Portfolio(language="en"), Portfolio(language="ko")).parts == ()


def test_a_deleted_client_comes_back_to_its_place():
    before = three()
    step = difference(before, edits.remove_client(before, "c2"))
    later = rename(step.apply(before), "c3", "Wren")
    assert aliases(step.inverse().apply(later)) == ["Heron", "Otter", "Wren"]


def test_what_a_step_does_not_touch_may_have_changed():
    before = three()
    step = difference(before, rename(before, "c2", "Wren"))
    here = edits.set_bar(rename(step.apply(before), "c1", "Owl"), "slow-pay", {"share": 0.3})
    assert aliases(step.inverse().apply(here)) == ["Owl", "Otter", "Fox"]


@pytest.mark.parametrize(
    ("meanwhile", "part"),
    [
        (lambda one: rename(one, "c2", "Owl"), ("clients", "c2")),
        (lambda one: edits.remove_client(one, "c2"), ("clients", "c2")),
        (lambda one: edits.set_bar(one, "slow-pay", {"share": 0.3}), ("bar", "slow-pay")),
        (lambda one: replace(one, currency="KRW"), ("currency",)),
    ],
)
def test_a_step_whose_parts_were_changed_since_is_refused(meanwhile, part):
    before = three()
    after = edits.set_bar(rename(before, "c2", "Wren"), "slow-pay", {"share": 0.6})
    step = difference(before, replace(after, currency="USD"))
    with pytest.raises(ConflictError) as refused:
        step.inverse().apply(meanwhile(step.apply(before)))
    assert refused.value.parts == (part,)


@given(portfolios, portfolios)
def test_where_one_side_changed_nothing_the_other_is_taken(base, changed):
    assert merge(base, base, changed).ours == changed
    assert merge(base, changed, base).ours == changed


@given(portfolios, portfolios, portfolios)
def test_without_clashes_both_choices_are_the_same(base, ours, theirs):
    merged = merge(base, ours, theirs)
    assert bool(merged.clashes) or merged.ours == merged.theirs


@given(portfolios, portfolios, portfolios)
def test_every_part_comes_from_a_side_that_changed_it(base, ours, theirs):
    merged = merge(base, ours, theirs)
    for name in ("currency", "me"):
        was = getattr(base, name)
        changed = [getattr(one, name) for one in (ours, theirs) if getattr(one, name) != was]
        assert getattr(merged.ours, name) in (changed or [was])


def test_changes_to_two_clients_are_both_taken():
    base = three()
    merged = merge(base, rename(base, "c1", "Owl"), rename(base, "c3", "Wren"))
    assert merged.clashes == ()
    assert aliases(merged.ours) == ["Owl", "Otter", "Wren"]


def test_one_client_changed_on_both_sides_is_a_clash_with_two_ways_out():
    base = three()
    ours = rename(rename(base, "c1", "Owl"), "c2", "Kite")
    merged = merge(base, ours, rename(base, "c1", "Wren"))
    assert merged.clashes == (("clients", "c1"),)
    assert aliases(merged.ours) == ["Owl", "Kite", "Fox"]
    assert aliases(merged.theirs) == ["Wren", "Kite", "Fox"]


def test_the_same_change_on_both_sides_is_no_clash():
    base = three()
    assert merge(base, rename(base, "c1", "Owl"), rename(base, "c1", "Owl")).clashes == ()


def test_a_client_deleted_there_and_changed_here_is_a_clash():
    base = three()
    merged = merge(base, rename(base, "c1", "Owl"), edits.remove_client(base, "c1"))
    assert merged.clashes == (("clients", "c1"),)
    assert "Owl" in aliases(merged.ours)
    assert aliases(merged.theirs) == ["Otter", "Fox"]


def test_two_clients_added_under_one_id_stay_two():
    merged = merge(Portfolio(), three("Heron"), three("Otter", "Fox"))
    assert merged.clashes == ()
    assert sorted(aliases(merged.ours)) == ["Fox", "Heron", "Otter"]
    assert len({client.id for client in merged.ours.clients}) == 3


def test_one_alias_added_on_both_sides_is_one_client():
    ours = edits.change_client(three("Heron"), "c1", revenue=Decimal(5))
    merged = merge(Portfolio(), ours, three("Heron"))
    assert merged.clashes == (("clients", "c1"),)
    assert aliases(merged.ours) == ["Heron"]


@pytest.mark.parametrize("part", [("currency",), ("bar", "slow-pay"), ("extra", "x")])
def test_a_fact_is_named_by_its_path(part):
    assert is_fact(part)


@pytest.mark.parametrize(
    "part", [(), ("bar",), ("currency", "x"), ("clients",), ("language",), ("bar", 3), ("nope",)]
)
def test_no_fact_is_named_by_another(part):
    assert not is_fact(part)
