"""The person's own bar: facts, limits, presets."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from client_triage.views.bar import BarView
from client_triage.views.workspace import Workspace


@pytest.fixture
def view():
    return BarView(Workspace(language="en"))


def act(view, action, **details):
    view._on_message(None, {"action": action, **details}, [])  # noqa: SLF001 - as a browser would


def fact(view, name):
    return next(one for one in view.state["facts"] if one["id"] == name)


def limit(view, scenario, item):
    found = next(one for one in view.state["scenarios"] if one["id"] == scenario)
    return next(one for one in found["items"] if one["id"] == item)


def bar(view, scenario):
    return view.workspace.portfolio.bar.get(scenario, {})


@pytest.mark.parametrize(
    ("steps", "notice"),
    [
        (["undo"], "The last change is undone."),
        (["undo", "redo"], "The change is made again."),
    ],
)
def test_a_step_back_or_forth_is_said(view, steps, notice):
    act(view, "set", field="currency", value="EUR")
    for step in steps:
        act(view, step)
    assert view.state["notice"] == notice


@pytest.mark.parametrize(
    ("action", "details"),
    [
        ("set", {"field": "opportunity_rate", "value": "much"}),
        ("limit", {"scenario": "slow-pay", "item": "minimum", "value": "few"}),
    ],
)
def test_what_is_wrong_with_an_entry_is_said_too(view, action, details):
    act(view, action, **details)
    shown = fact(view, "opportunity_rate"), limit(view, "slow-pay", "minimum")
    assert view.state["notice"] in {one["error"] for one in shown} - {""}


# --- facts --------------------------------------------------------------------------------------


def test_common_currencies_come_first(view):
    codes = [code for code, _ in view.state["currencies"]]
    assert codes[:6] == ["", "USD", "KRW", "EUR", "GBP", "JPY"]


def test_every_current_currency_is_there_once(view):
    codes = [code for code, _ in view.state["currencies"]]
    assert {"PLN", "ZAR", "VND"} <= set(codes)
    assert len(codes) == len(set(codes))


def test_currencies_are_named_in_the_language():
    state = BarView(Workspace(language="ko")).state
    assert ["KRW", "대한민국 원 (KRW)"] in state["currencies"]


def test_a_currency_that_is_no_more_still_shows(view):
    view.workspace.apply(lambda portfolio: replace(portfolio, currency="DEM"))
    assert ["DEM", "DEM"] in view.state["currencies"]


@pytest.mark.parametrize(
    ("field", "typed", "known"),
    [
        ("currency", "KRW", "KRW"),
        ("currency", None, None),
        ("period_months", "6", 6),
        ("period_months", None, 12),
        ("as_of", "2026-10-31", date(2026, 10, 31)),
        ("as_of", None, None),
    ],
)
def test_a_fact_is_taken(view, field, typed, known):
    act(view, "set", field=field, value=typed)
    assert getattr(view.workspace.portfolio, field) == known


@pytest.mark.parametrize(
    ("field", "typed", "known"),
    [
        ("opportunity_rate", "1,200.50", Decimal("1200.50")),
        ("opportunity_rate", None, None),
        ("cost_of_capital", "8 %", Decimal("0.08")),
        ("cost_of_capital", None, None),
    ],
)
def test_what_money_costs_is_taken(view, field, typed, known):
    act(view, "set", field=field, value=typed)
    assert getattr(view.workspace.portfolio.me, field) == known


def test_a_share_shows_as_per_cent(view):
    act(view, "set", field="cost_of_capital", value="7.5")
    assert fact(view, "cost_of_capital")["value"] == "7.5"


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("period_months", "0"),
        ("period_months", "121"),
        ("period_months", "1.5"),
        ("as_of", "0001-01-01"),
        ("opportunity_rate", "-1"),
        ("opportunity_rate", "NaN"),
        ("cost_of_capital", "101"),
    ],
)
def test_what_is_refused_stays_in_its_field(view, field, typed):
    before = view.workspace.portfolio
    act(view, "set", field=field, value=typed)
    assert fact(view, field)["value"] == typed
    assert fact(view, field)["error"]
    assert view.workspace.portfolio == before


def test_a_refusal_follows_the_language(view):
    act(view, "set", field="as_of", value="0001-01-01")
    act(view, "limit", scenario="slow-pay", item="minimum", value="many")
    view.workspace.speak("ko")
    assert "2000년 1월 1일" in fact(view, "as_of")["error"]
    (scenario,) = (one for one in view.state["scenarios"] if one["id"] == "slow-pay")
    (item,) = (one for one in scenario["items"] if one["id"] == "minimum")
    assert item["error"].endswith("적어 주세요.")


def test_a_refusal_goes_with_a_good_value(view):
    act(view, "set", field="period_months", value="x")
    act(view, "set", field="period_months", value="24")
    assert fact(view, "period_months")["error"] == ""


@pytest.mark.parametrize(("field", "value"), [("clients", "x"), ("currency", "XXY")])
def test_what_nobody_can_choose_changes_nothing(view, field, value):
    before = view.workspace.portfolio
    act(view, "set", field=field, value=value)
    assert view.state["fault"]
    assert view.workspace.portfolio == before


# --- limits -------------------------------------------------------------------------------------


def test_every_limit_is_asked(view):
    asked = {one["id"]: [item["id"] for item in one["items"]] for one in view.state["scenarios"]}
    assert asked == {
        "unreasonable-demands": ["lines", "crossings"],
        "slow-pay": ["share", "confidence", "minimum", "grace_days"],
        "invoice-disputes": ["share", "confidence", "minimum", "cheapened"],
        "changes-mind": ["rate", "confidence", "frustration"],
    }


def test_the_default_shows_until_something_is_set(view):
    item = limit(view, "slow-pay", "share")
    assert (item["value"], item["is_own"]) == ("half", False)
    assert "Default: half." in item["hint"]


def test_the_default_is_still_named_when_something_is_set(view):
    act(view, "limit", scenario="slow-pay", item="minimum", value="4")
    item = limit(view, "slow-pay", "minimum")
    assert (item["value"], item["is_own"]) == ("4", True)
    assert "the default is 3" in item["hint"]


@pytest.mark.parametrize(
    ("scenario", "item", "typed", "known"),
    [
        ("slow-pay", "share", "third", 1 / 3),
        ("slow-pay", "share", "three-quarters", 0.75),
        ("slow-pay", "confidence", "lenient", 0.8),
        ("slow-pay", "confidence", "strict", 0.95),
        ("slow-pay", "grace_days", "10", 10),
        ("changes-mind", "rate", "1.5", 1.5),
        ("changes-mind", "rate", "3", 3),
        ("changes-mind", "frustration", "5", 5),
        ("unreasonable-demands", "lines", "- No calls\n\nNo Sundays ", ("No calls", "No Sundays")),
    ],
)
def test_a_limit_is_taken(view, scenario, item, typed, known):
    act(view, "limit", scenario=scenario, item=item, value=typed)
    assert bar(view, scenario) == {item: known}


@pytest.mark.parametrize(
    ("scenario", "item", "typed"),
    [
        ("slow-pay", "minimum", "0"),
        ("slow-pay", "grace_days", "x"),
        ("changes-mind", "rate", "-2"),
        ("changes-mind", "frustration", "6"),
        ("unreasonable-demands", "lines", "x" * 301),
        ("unreasonable-demands", "lines", "\n".join(map(str, range(41)))),
    ],
)
def test_a_limit_that_is_refused_stays_in_its_field(view, scenario, item, typed):
    act(view, "limit", scenario=scenario, item=item, value=typed)
    shown = limit(view, scenario, item)
    assert (shown["value"], bool(shown["error"])) == (typed, True)
    assert bar(view, scenario) == {}


def test_confidence_is_never_a_probability(view):
    options = limit(view, "slow-pay", "confidence")["options"]
    assert options == [["lenient", "lenient"], ["normal", "normal"], ["strict", "strict"]]


def test_a_share_of_ones_own_is_among_the_options(view):
    view.workspace.apply(lambda known: replace(known, bar={"slow-pay": {"share": 0.6}}))
    item = limit(view, "slow-pay", "share")
    assert item["value"] == "0.6"
    assert ["0.6", "60%"] in item["options"]


def test_a_third_is_a_third_however_it_is_written(view):
    view.workspace.apply(lambda known: replace(known, bar={"slow-pay": {"share": 0.333}}))
    assert limit(view, "slow-pay", "share")["value"] == "third"


def test_there_is_a_way_back_to_the_default(view):
    act(view, "limit", scenario="slow-pay", item="minimum", value="4")
    act(view, "default", scenario="slow-pay", item="minimum")
    assert limit(view, "slow-pay", "minimum")["is_own"] is False
    assert bar(view, "slow-pay") == {}


@pytest.mark.parametrize(("item", "empty"), [("minimum", None), ("grace_days", "")])
def test_an_empty_field_is_the_default(view, item, empty):
    act(view, "limit", scenario="slow-pay", item=item, value="4")
    act(view, "limit", scenario="slow-pay", item=item, value=empty)
    assert bar(view, "slow-pay") == {}


def test_no_lines_are_no_bar(view):
    act(view, "limit", scenario="unreasonable-demands", item="lines", value="No calls")
    act(view, "limit", scenario="unreasonable-demands", item="lines", value=" \n")
    assert bar(view, "unreasonable-demands") == {}


@pytest.mark.parametrize(
    ("item", "value"), [("share", "0.5; drop"), ("confidence", "0.99"), ("nothing", "1")]
)
def test_an_invented_limit_changes_nothing(view, item, value):
    act(view, "limit", scenario="slow-pay", item=item, value=value)
    assert view.state["fault"]
    assert bar(view, "slow-pay") == {}


# --- presets ------------------------------------------------------------------------------------


def test_presets_are_named_trades(view):
    assert [preset["name"] for preset in view.state["presets"]][:2] == ["Consultant", "Agency"]


def test_a_preset_says_beforehand_what_it_sets(view):
    items = view.state["presets"][0]["items"]
    assert "Slow pay. Days of grace: 5" in items


def test_a_preset_is_copied_in_with_its_lines(view):
    act(view, "copy", preset="contractor")
    assert bar(view, "slow-pay") == {"grace_days": 15}
    assert bar(view, "unreasonable-demands")["crossings"] == 1
    assert len(bar(view, "unreasonable-demands")["lines"]) == 4


def test_lines_are_copied_in_the_chosen_language():
    view = BarView(Workspace(language="ko"))
    act(view, "copy", preset="consultant")
    assert bar(view, "unreasonable-demands")["lines"][0].startswith("밤 8시")


def test_copying_says_what_changed(view):
    act(view, "copy", preset="consultant")
    assert [line.split(":")[0] for line in view.state["changed"]] == ["Demands. What I will not do"]
    assert view.state["notice"] == "Copied in. 1 limit changed; you can undo this."


def test_copying_twice_changes_nothing_more(view):
    act(view, "copy", preset="contractor")
    act(view, "copy", preset="contractor")
    assert view.state["changed"] == []
    assert view.state["notice"].endswith("Nothing changed.")


def test_copying_leaves_what_the_trade_does_not_name(view):
    act(view, "limit", scenario="slow-pay", item="minimum", value="9")
    act(view, "copy", preset="contractor")
    assert bar(view, "slow-pay")["minimum"] == 9


def test_copying_is_taken_back_in_one_step(view):
    act(view, "copy", preset="contractor")
    act(view, "undo")
    assert view.workspace.portfolio.bar == {}


def test_an_unknown_preset_changes_nothing(view):
    act(view, "copy", preset="pirate")
    assert view.state["fault"]
    assert view.workspace.portfolio.bar == {}
