"""The tally: counts, whom to look at first, concentration and completeness."""

from datetime import date
from decimal import Decimal

import pytest

from client_triage.domain import Band, Level, Portfolio, tally

FIRES = {
    "physical-abuse": {"physical_abuse": {"incidents": 1}},
    "legal-risk": {"legal_risk": {"exposed": "yes"}},
    "verbal-abuse": {"verbal_abuse": {"incidents": 2}},
    "lies": {"lies": {"confirmed": 1}},
    "unreasonable-demands": {"unreasonable_demands": {"crossings": 1, "told": True}},
    "reviewed": {"slow_pay": {"late": 3, "invoices": 3}, "worth_keeping": False},
}
BAR = {"unreasonable-demands": {"lines": ("No calls after 22:00",)}}
RATE = {"opportunity_rate": Decimal(50)}


@pytest.fixture
def earning(client):
    """Build a client whose surplus is the sum given, at no opportunity rate of their hours."""

    def build(name, surplus, **facts):
        hours = {"hours": Decimal(1)} if surplus is not None else {}
        return client(id=name, revenue=Decimal(surplus or 0), **hours, **facts)

    return build


@pytest.fixture
def order(count):
    """Give the firing order; an hour elsewhere earns nothing, so the surplus is the margin."""
    from client_triage.domain import Me

    def build(*clients):
        return list(count(*clients, me=Me(opportunity_rate=Decimal(0)), bar=BAR).firing_order)

    return build


# whom to look at first


def test_the_firing_order_goes_by_worst_scenario(order, client):
    clients = [client(id=name, **records) for name, records in FIRES.items()]
    assert order(*reversed(clients)) == list(FIRES)


def test_the_worst_scenario_of_a_client_decides_its_place(order, client):
    both = client(id="z", **FIRES["lies"], **FIRES["legal-risk"])
    assert order(client(id="a", **FIRES["verbal-abuse"]), both) == ["z", "a"]


def test_a_mere_warn_in_a_worse_scenario_does_not_decide_the_place(order, client):
    warned = client(id="a", **FIRES["lies"], legal_risk={"exposed": "suspected"})
    assert order(warned, client(id="b", **FIRES["verbal-abuse"])) == ["b", "a"]


def test_within_a_scenario_the_lower_surplus_comes_first(order, earning):
    clients = [earning(name, sum_, **FIRES["lies"]) for name, sum_ in [("a", 9), ("b", -3)]]
    assert order(*clients) == ["b", "a"]


def test_an_unknown_surplus_comes_last(order, earning):
    clients = [earning(name, sum_, **FIRES["lies"]) for name, sum_ in [("a", None), ("b", 10**9)]]
    assert order(*clients) == ["b", "a"]


def test_the_same_surplus_goes_by_alias(order, client):
    named = [client(id=name, alias=alias, **FIRES["lies"]) for name, alias in ["xB", "yA", "zC"]]
    assert order(*named) == ["y", "x", "z"]


def test_the_same_surplus_and_alias_go_by_id(order, earning):
    assert order(*(earning(name, 5, **FIRES["lies"]) for name in "cab")) == ["a", "b", "c"]


def test_the_same_unknown_surplus_and_alias_go_by_id(order, earning):
    assert order(*(earning(name, None, **FIRES["lies"]) for name in "cab")) == ["a", "b", "c"]


def test_reviewed_weighs_go_by_surplus_whatever_their_scenario(order, earning):
    worse = earning("a", 7, ignores_advice={"episodes": 2}, worth_keeping=False)
    assert order(worse, earning("b", 6, **FIRES["reviewed"])) == ["b", "a"]


def test_an_exception_leaves_the_firing_order(order, client):
    assert order(client(**FIRES["lies"], exception="my only income")) == []


@pytest.mark.parametrize("level", ["weigh", "clear", "unknown"])
def test_only_fires_are_in_the_firing_order(order, client, level):
    records = {
        "weigh": {"slow_pay": {"late": 3, "invoices": 3}},
        "clear": {"slow_pay": {"late": 0}},
        "unknown": {},
    }
    assert order(client(**records[level])) == []


def test_cards_start_in_the_firing_order(count, client):
    clients = [client(id=name, **records) for name, records in FIRES.items()]
    counted = count(client(id="clear", slow_pay={"late": 0}), *reversed(clients), bar=BAR)
    cards = [one.client.id for one in counted.most_urgent_first]
    assert cards == [*counted.firing_order, "clear"]


def test_unknown_clients_have_the_last_cards(count, client):
    clients = [client(id="a"), client(id="b", slow_pay={"late": 0})]
    assert [one.client.id for one in count(*clients).most_urgent_first] == ["b", "a"]


# concentration


def hhi(count, *clients):
    return count(*clients).concentration


def rich(client, name, revenue, **facts):
    return client(id=name, revenue=None if revenue is None else Decimal(revenue), **facts)


def test_one_client_is_all_of_the_income(count, client):
    assert hhi(count, rich(client, "a", 12000)).before == 1


def test_two_equal_clients_make_a_half(count, client):
    assert hhi(count, rich(client, "a", 5), rich(client, "b", 5)).before == pytest.approx(0.5)


def test_shares_of_a_half_and_two_quarters_make_three_eighths(count, client):
    clients = [rich(client, "a", 50), rich(client, "b", 25), rich(client, "c", 25)]
    assert hhi(count, *clients).before == pytest.approx(0.375)


def test_unknown_revenue_is_counted_and_left_out(count, client):
    found = hhi(count, rich(client, "a", 5), rich(client, "b", None))
    assert (found.before, found.unknown_revenue) == (1, 1)


def test_no_revenue_is_known_and_left_out(count, client):
    found = hhi(count, rich(client, "a", 5), rich(client, "b", 0))
    assert (found.before, found.unknown_revenue) == (1, 0)


def test_without_known_revenue_there_is_no_concentration(count, client):
    found = hhi(count, rich(client, "a", None), rich(client, "b", 0))
    assert (found.before, found.after) == (None, None)


def test_concentration_after_is_without_the_firing_order(count, client):
    clients = [
        rich(client, "a", 50, **FIRES["lies"]),
        rich(client, "b", 30),
        rich(client, "c", 10),
    ]
    found = hhi(count, *clients)
    assert found.before == pytest.approx((25 + 9 + 1) / 81)
    assert found.after == pytest.approx(0.75**2 + 0.25**2)


def test_concentration_after_is_null_when_nobody_is_left(count, client):
    assert hhi(count, rich(client, "a", 50, **FIRES["lies"])).after is None


def test_a_client_kept_against_advice_stays_in_the_concentration_after(count, client):
    kept = rich(client, "a", 50, **FIRES["lies"], exception="term")
    assert hhi(count, kept).after == 1


# counts


def test_the_smallest_example_of_the_design_is_counted_as_it_says(count, client):
    one = client(
        physical_abuse={"incidents": 0, "apologised": False},
        verbal_abuse={"incidents": 1, "told": False},
        lies={"confirmed": 0, "suspected": False},
        unreasonable_demands={"crossings": 0, "told": True},
        slow_pay={"invoices": 5, "late": 4},
        invoice_disputes={"invoices": 5, "disputed": 0, "agreed_then_cheapened": 0},
        changes_mind={"reversals": 1, "projects": 2, "frustration": 2},
        ignores_advice={"episodes": 0},
        plays_competitors={"reopened": 0, "quotes": 2},
        legal_risk={"exposed": "no"},
        billing="hourly",
        revenue=Decimal(12000),
        hours=Decimal(140),
    )
    counted = count(one, bar=BAR)
    levels = {finding.scenario: finding.level for finding in counted.clients[0].findings}
    assert levels.pop("verbal-abuse") is Level.WARN
    assert levels.pop("slow-pay") is Level.WEIGH
    assert set(levels.values()) == {Level.CLEAR}
    assert counted.clients[0].answered == 10
    assert counted.completeness == 1
    assert counted.verdicts[Level.WEIGH] == 1
    assert counted.revenue == {Level.WEIGH: 12000}
    assert counted.hours == {Level.WEIGH: 140}
    assert counted.concentration.before == counted.concentration.after == 1
    assert counted.firing_order == ()


def test_every_level_is_counted_for_every_scenario(count, client):
    counted = count(client(slow_pay={"late": 0}), client(id="c2"))
    assert len(counted.by_scenario) == 10
    assert counted.by_scenario["slow-pay"] == dict.fromkeys(Level, 0) | {
        Level.CLEAR: 1,
        Level.UNKNOWN: 1,
    }


def test_tiers_add_up_their_scenarios(count, client):
    counted = count(client(slow_pay={"late": 0}, **FIRES["lies"], **FIRES["legal-risk"]))
    assert counted.by_tier["red-flag"][Level.FIRE] == 1
    assert counted.by_tier["pattern"][Level.FIRE] == 1
    assert counted.by_tier["pattern"][Level.CLEAR] == 1
    assert sum(counted.by_tier["red-flag"].values()) == 4
    assert sum(counted.by_tier["pattern"].values()) == 6


def test_completeness_is_the_share_of_known_findings(count, client):
    assert count(client(slow_pay={"late": 0}), client(id="c2")).completeness == pytest.approx(
        1 / 20
    )


def test_revenue_stands_behind_the_verdict(count, client):
    counted = count(
        client(id="a", revenue=Decimal("10.50"), slow_pay={"late": 0}),
        client(id="b", revenue=Decimal("0.25"), slow_pay={"late": 0}),
        client(id="c", revenue=None, slow_pay={"late": 1}),
        client(id="d", revenue=Decimal(7), **FIRES["lies"], exception="term"),
    )
    assert counted.revenue == {Level.CLEAR: Decimal("10.75"), Level.FIRE: 7}


def test_a_band_stands_for_its_middle(count, client):
    banded = client(revenue_band=Band(Decimal(1000), Decimal(2000)), slow_pay={"late": 0})
    assert count(banded).revenue == {Level.CLEAR: 1500}


def test_exact_revenue_wins_over_a_band(count, client):
    banded = client(revenue=Decimal(7), revenue_band=Band(Decimal(1000)), slow_pay={"late": 0})
    assert count(banded).revenue == {Level.CLEAR: 7}


def test_an_empty_portfolio_can_be_tallied(count):
    counted = count()
    assert counted.clients == ()
    assert counted.firing_order == ()
    assert counted.concentration.before is None
    assert counted.completeness == 0


def test_scenarios_are_counted_in_their_order_however_they_come(client, scenario):
    backwards = [scenario(name) for name in ("legal-risk", "slow-pay", "lies")]
    counted = tally(Portfolio(clients=(client(),)), backwards)
    assert list(counted.by_scenario) == ["lies", "slow-pay", "legal-risk"]


def test_the_portfolios_own_last_day_wins(count):
    assert count(as_of=date(2025, 1, 31)).as_of == date(2025, 1, 31)


def test_the_last_day_is_today_where_the_portfolio_names_none(count):
    assert count().as_of == date(2026, 11, 23)


def test_a_client_is_found_by_id(count, client):
    assert count(client(id="x")).client("x").client.id == "x"
    with pytest.raises(KeyError):
        count().client("x")
