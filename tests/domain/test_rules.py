"""The rules table of the design, one fact a test."""

from datetime import date

import pytest

from client_triage.content import load_content
from client_triage.domain import Client, Level, find
from client_triage.domain.rules import RULE_KINDS

CLEAR, WATCH, WARN, WEIGH, FIRE = Level.CLEAR, Level.WATCH, Level.WARN, Level.WEIGH, Level.FIRE
UNKNOWN = Level.UNKNOWN
LINES = {"lines": ("No calls after 22:00",)}

SCENARIOS = [
    "physical-abuse",
    "verbal-abuse",
    "lies",
    "unreasonable-demands",
    "slow-pay",
    "invoice-disputes",
    "changes-mind",
    "ignores-advice",
    "plays-competitors",
    "legal-risk",
]


def test_the_ten_scenarios_are_the_shipped_ones_in_their_order():
    scenarios = load_content().scenarios
    assert [scenario.id for scenario in scenarios] == SCENARIOS
    assert [scenario.number for scenario in scenarios] == list(range(1, 11))


def test_the_first_four_are_red_flags_and_the_rest_are_patterns():
    tiers = [scenario.tier for scenario in load_content().scenarios]
    assert tiers == ["red-flag"] * 4 + ["pattern"] * 6


def test_the_rule_kinds_are_a_closed_set():
    assert set(RULE_KINDS) == {
        "thresholds",
        "choice",
        "over-bar",
        "established-share",
        "established-rate",
    }


def test_levels_stand_in_their_order():
    assert CLEAR < WATCH < WARN < WEIGH < FIRE


@pytest.mark.parametrize("scenario_id", SCENARIOS)
def test_no_answer_is_not_a_no(judge, scenario_id):
    assert judge(scenario_id, bar=None).level is UNKNOWN


@pytest.mark.parametrize("scenario_id", SCENARIOS)
def test_a_client_without_a_record_is_unknown(scenario, scenario_id):
    one = scenario(scenario_id)
    finding = find(one, Client("c1", "A"), one.bar_with(None), date(2025, 11, 23))
    assert finding.level is UNKNOWN
    assert finding.scenario == scenario_id


# 1 physical-abuse


def test_one_incident_of_physical_abuse_is_fire(judge):
    assert judge("physical-abuse", incidents=1).level is FIRE


def test_no_incident_of_physical_abuse_is_clear(judge):
    assert judge("physical-abuse", incidents=0).level is CLEAR


def test_an_apology_does_not_change_the_verdict(judge):
    assert judge("physical-abuse", incidents=1, apologised=True).level is FIRE


def test_the_reason_says_that_an_apology_does_not_change_it(judge):
    apology = judge("physical-abuse", incidents=1, apologised=True).reason
    assert apology.key != judge("physical-abuse", incidents=1, apologised=False).reason.key


def test_an_apology_without_a_count_is_unknown(judge):
    assert judge("physical-abuse", apologised=True).level is UNKNOWN


def test_an_apology_is_kept_but_not_asked_for(scenario):
    assert not scenario("physical-abuse").signals["apologised"].asked


# 2 verbal-abuse


def test_no_incident_of_verbal_abuse_is_clear(judge):
    assert judge("verbal-abuse", incidents=0).level is CLEAR


def test_one_incident_of_verbal_abuse_untold_is_warn(judge):
    assert judge("verbal-abuse", incidents=1, told=False).level is WARN


def test_one_incident_of_verbal_abuse_with_telling_unanswered_is_warn(judge):
    assert judge("verbal-abuse", incidents=1).level is WARN


def test_one_incident_of_verbal_abuse_with_telling_not_known_is_warn(judge):
    assert judge("verbal-abuse", incidents=1, told=None).level is WARN


def test_one_incident_of_verbal_abuse_told_is_watch(judge):
    assert judge("verbal-abuse", incidents=1, told=True).level is WATCH


@pytest.mark.parametrize("told", [True, False, None])
def test_two_incidents_of_verbal_abuse_are_fire_told_or_not(judge, told):
    assert judge("verbal-abuse", incidents=2, told=told).level is FIRE


def test_telling_alone_leaves_verbal_abuse_unknown(judge):
    assert judge("verbal-abuse", told=True).level is UNKNOWN


# 3 lies


def test_one_confirmed_lie_is_fire(judge):
    assert judge("lies", confirmed=1, suspected=False).level is FIRE


def test_a_confirmed_lie_is_fire_whatever_is_suspected(judge):
    assert judge("lies", confirmed=1).level is FIRE


def test_a_suspected_lie_alone_is_watch(judge):
    assert judge("lies", confirmed=0, suspected=True).level is WATCH


def test_a_suspected_lie_is_watch_with_confirmed_unanswered(judge):
    assert judge("lies", suspected=True).level is WATCH


def test_no_lie_confirmed_and_none_suspected_is_clear(judge):
    assert judge("lies", confirmed=0, suspected=False).level is CLEAR


def test_no_lie_confirmed_with_suspicion_unanswered_is_unknown(judge):
    assert judge("lies", confirmed=0).level is UNKNOWN


def test_no_lie_suspected_with_confirmed_unanswered_is_unknown(judge):
    assert judge("lies", suspected=False).level is UNKNOWN


# 4 unreasonable-demands


def test_without_a_bar_demands_are_unknown(judge):
    assert judge("unreasonable-demands", crossings=9, told=True).level is UNKNOWN


def test_without_a_bar_the_reason_asks_to_set_it(judge):
    assert judge("unreasonable-demands", crossings=0).reason.key.endswith(".no-bar")


def test_without_a_bar_no_crossing_is_not_clear(judge):
    assert judge("unreasonable-demands", crossings=0).level is UNKNOWN


def test_a_number_of_crossings_is_no_bar_without_lines(judge):
    assert judge("unreasonable-demands", bar={"crossings": 2}, crossings=1).level is UNKNOWN


def test_empty_lines_are_no_bar(judge):
    assert judge("unreasonable-demands", bar={"lines": ()}, crossings=1).level is UNKNOWN


def test_lines_alone_set_the_bar_at_no_crossing(judge):
    assert judge("unreasonable-demands", bar=LINES, crossings=1, told=True).level is FIRE


def test_over_the_bar_and_told_is_fire(judge):
    bar = {**LINES, "crossings": 2}
    assert judge("unreasonable-demands", bar=bar, crossings=3, told=True).level is FIRE


@pytest.mark.parametrize("told", [False, None])
def test_over_the_bar_and_not_told_is_warn(judge, told):
    bar = {**LINES, "crossings": 2}
    assert judge("unreasonable-demands", bar=bar, crossings=3, told=told).level is WARN


def test_crossings_up_to_the_bar_are_watch(judge):
    bar = {**LINES, "crossings": 2}
    assert judge("unreasonable-demands", bar=bar, crossings=2, told=True).level is WATCH


def test_no_crossing_is_clear(judge):
    assert judge("unreasonable-demands", bar=LINES, crossings=0).level is CLEAR


def test_crossings_unanswered_are_unknown_with_a_bar(judge):
    assert judge("unreasonable-demands", bar=LINES, told=True).level is UNKNOWN


# 5 slow-pay


@pytest.mark.parametrize(
    ("late", "invoices", "level"),
    [
        (3, 3, WEIGH),  # .967
        (4, 5, WEIGH),  # .912
        (3, 4, WATCH),  # .840
        (7, 10, WATCH),  # .898
        (8, 10, WEIGH),  # .974
    ],
)
def test_late_invoices_weigh_once_a_share_over_half_is_established(judge, late, invoices, level):
    assert judge("slow-pay", late=late, invoices=invoices).level is level


def test_two_late_of_two_are_below_the_minimum(judge):
    bar = {"confidence": 0.5}
    assert judge("slow-pay", bar=bar, late=2, invoices=2).level is WATCH
    assert judge("slow-pay", bar={**bar, "minimum": 2}, late=2, invoices=2).level is WEIGH


def test_one_late_invoice_is_watch(judge):
    assert judge("slow-pay", late=1, invoices=40).level is WATCH


def test_no_late_invoice_is_clear(judge):
    assert judge("slow-pay", late=0, invoices=5).level is CLEAR


def test_no_invoice_decided_is_unknown(judge):
    assert judge("slow-pay", late=0, invoices=0).level is UNKNOWN


def test_no_late_invoice_is_clear_without_the_number_of_invoices(judge):
    assert judge("slow-pay", late=0).level is CLEAR


def test_late_invoices_out_of_an_unknown_number_are_watch(judge):
    assert judge("slow-pay", late=9).level is WATCH


@pytest.mark.parametrize("invoices", [0, 5])
def test_invoices_without_the_late_ones_are_unknown(judge, invoices):
    assert judge("slow-pay", invoices=invoices).level is UNKNOWN


def test_a_stricter_confidence_asks_for_more(judge):
    assert judge("slow-pay", bar={"confidence": 0.95}, late=4, invoices=5).level is WATCH


def test_the_reason_names_the_figures_and_the_bar(judge):
    figures = judge("slow-pay", late=4, invoices=5).reason.figures
    assert figures["late"] == 4
    assert figures["invoices"] == 5
    assert figures["bar_share"] == 0.5


# 6 invoice-disputes


@pytest.mark.parametrize(
    ("disputed", "invoices", "level"), [(3, 4, WEIGH), (3, 5, WATCH)]
)  # .957, .894
def test_disputes_weigh_once_a_share_over_a_third_is_established(judge, disputed, invoices, level):
    finding = judge(
        "invoice-disputes", disputed=disputed, invoices=invoices, agreed_then_cheapened=0
    )
    assert finding.level is level


def test_cheapening_once_agreed_is_weigh(judge):
    finding = judge("invoice-disputes", disputed=0, invoices=5, agreed_then_cheapened=1)
    assert finding.level is WEIGH


def test_cheapening_is_weigh_with_disputes_unanswered(judge):
    assert judge("invoice-disputes", agreed_then_cheapened=1).level is WEIGH


def test_cheapening_below_the_bar_is_watch(judge):
    bar = {"cheapened": 2}
    finding = judge("invoice-disputes", bar=bar, disputed=0, invoices=5, agreed_then_cheapened=1)
    assert finding.level is WATCH


def test_one_dispute_is_watch(judge):
    finding = judge("invoice-disputes", disputed=1, invoices=9, agreed_then_cheapened=0)
    assert finding.level is WATCH


def test_one_dispute_is_watch_with_cheapening_unanswered(judge):
    assert judge("invoice-disputes", disputed=1, invoices=9).level is WATCH


def test_no_dispute_and_no_cheapening_is_clear(judge):
    finding = judge("invoice-disputes", disputed=0, agreed_then_cheapened=0)
    assert finding.level is CLEAR


def test_no_dispute_with_cheapening_unanswered_is_unknown(judge):
    assert judge("invoice-disputes", disputed=0, invoices=5).level is UNKNOWN


def test_no_cheapening_with_disputes_unanswered_is_unknown(judge):
    assert judge("invoice-disputes", invoices=5, agreed_then_cheapened=0).level is UNKNOWN


def test_no_invoice_to_dispute_is_unknown(judge):
    finding = judge("invoice-disputes", disputed=0, invoices=0, agreed_then_cheapened=0)
    assert finding.level is UNKNOWN


# 7 changes-mind


def test_reversals_weigh_once_more_than_two_a_project_are_established(judge):
    assert judge("changes-mind", reversals=9, projects=3, billing="fixed").level is WATCH  # .886
    assert judge("changes-mind", reversals=10, projects=3, billing="fixed").level is WEIGH  # .940


def test_reversals_have_no_minimum(judge):
    bar = {"rate": 0.01}
    assert judge("changes-mind", bar=bar, reversals=1, projects=1, billing="fixed").level is WEIGH


def test_one_reversal_is_watch(judge):
    assert judge("changes-mind", reversals=1, projects=4, billing="fixed").level is WATCH


def test_no_reversal_is_clear(judge):
    assert judge("changes-mind", reversals=0, projects=4).level is CLEAR


def test_no_reversal_is_clear_without_the_number_of_projects(judge):
    assert judge("changes-mind", reversals=0).level is CLEAR


@pytest.mark.parametrize("projects", [None, 0])
def test_reversals_without_projects_are_watch(judge, projects):
    assert judge("changes-mind", reversals=50, projects=projects).level is WATCH


@pytest.mark.parametrize("frustration", [1, 2, 3])
def test_an_hourly_client_who_does_not_frustrate_is_clear(judge, frustration):
    finding = judge(
        "changes-mind", billing="hourly", reversals=50, projects=1, frustration=frustration
    )
    assert finding.level is CLEAR


def test_the_hourly_pass_says_why(judge):
    finding = judge("changes-mind", billing="hourly", reversals=50, projects=1, frustration=3)
    assert finding.reason.key != judge("changes-mind", reversals=0).reason.key


def test_an_hourly_client_who_frustrates_is_judged_like_others(judge):
    finding = judge("changes-mind", billing="hourly", reversals=50, projects=1, frustration=4)
    assert finding.level is WEIGH


def test_a_higher_bar_of_frustration_widens_the_hourly_pass(judge):
    bar = {"frustration": 4}
    finding = judge(
        "changes-mind", bar=bar, billing="hourly", reversals=50, projects=1, frustration=4
    )
    assert finding.level is CLEAR


@pytest.mark.parametrize("billing", ["fixed", "retainer", None])
def test_only_hourly_billing_earns_the_hourly_pass(judge, billing):
    finding = judge("changes-mind", billing=billing, reversals=50, projects=1, frustration=1)
    assert finding.level is WEIGH


def test_missing_frustration_never_earns_the_hourly_pass(judge):
    assert judge("changes-mind", billing="hourly", reversals=50, projects=1).level is WEIGH


def test_the_hourly_pass_needs_the_reversals_answered(judge):
    assert judge("changes-mind", billing="hourly", frustration=1, projects=2).level is UNKNOWN


# 8 ignores-advice


@pytest.mark.parametrize(("episodes", "level"), [(0, CLEAR), (1, WARN), (2, WEIGH), (7, WEIGH)])
def test_ignored_advice_warns_once_and_weighs_from_two(judge, episodes, level):
    assert judge("ignores-advice", episodes=episodes).level is level


# 9 plays-competitors


def test_reopening_agreed_work_once_is_weigh(judge):
    assert judge("plays-competitors", reopened=1, quotes=0).level is WEIGH


def test_quotes_before_agreeing_are_clear(judge):
    assert judge("plays-competitors", reopened=0, quotes=5).level is CLEAR


def test_the_reason_says_that_quotes_are_good_practice(judge):
    with_quotes = judge("plays-competitors", reopened=0, quotes=5).reason.key
    assert with_quotes != judge("plays-competitors", reopened=0, quotes=0).reason.key


def test_neither_reopened_nor_quotes_is_clear(judge):
    assert judge("plays-competitors", reopened=0).level is CLEAR


def test_quotes_with_reopening_unanswered_are_unknown(judge):
    assert judge("plays-competitors", quotes=5).level is UNKNOWN


# 10 legal-risk


@pytest.mark.parametrize(("exposed", "level"), [("yes", FIRE), ("suspected", WARN), ("no", CLEAR)])
def test_legal_risk_is_judged_by_the_choice(judge, exposed, level):
    assert judge("legal-risk", exposed=exposed).level is level


# bars


@pytest.mark.parametrize(
    ("scenario_id", "defaults"),
    [
        ("slow-pay", {"share": 1 / 2, "confidence": 0.9, "minimum": 3, "grace_days": 5}),
        ("invoice-disputes", {"share": 1 / 3, "confidence": 0.9, "minimum": 3, "cheapened": 1}),
        ("changes-mind", {"rate": 2, "confidence": 0.9, "frustration": 3}),
    ],
)
def test_the_default_bars_are_those_of_the_design(scenario, scenario_id, defaults):
    assert dict(scenario(scenario_id).bar_defaults) == pytest.approx(defaults)


def test_unreasonable_demands_have_no_bar_by_default(scenario):
    assert not scenario("unreasonable-demands").bar_defaults.get("lines")


def test_a_partial_bar_inherits_the_rest(scenario):
    bar = scenario("slow-pay").bar_with({"share": 0.25})
    assert bar == {"share": 0.25, "confidence": 0.9, "minimum": 3, "grace_days": 5}


def test_presets_change_nothing_until_they_are_chosen(scenario):
    one = scenario("slow-pay")
    assert one.presets["contractor"]["grace_days"] != one.bar_with(None)["grace_days"]


@pytest.mark.parametrize("preset", ["consultant", "agency", "on-call-trade", "law", "contractor"])
def test_every_trade_has_a_preset(scenario, preset):
    assert preset in scenario("unreasonable-demands").presets


# don't know


@pytest.mark.parametrize(
    ("scenario_id", "signal"),
    [
        ("physical-abuse", "incidents"),
        ("verbal-abuse", "incidents"),
        ("slow-pay", "late"),
        ("changes-mind", "reversals"),
        ("ignores-advice", "episodes"),
        ("plays-competitors", "reopened"),
        ("legal-risk", "exposed"),
    ],
)
def test_not_known_is_as_unknown_as_not_asked(judge, scenario_id, signal):
    assert judge(scenario_id, **{signal: None}).level is UNKNOWN


# what the reason of a share or a rate says


def test_a_share_that_is_no_larger_than_the_bar_is_within_it(judge):
    assert judge("slow-pay", late=3, invoices=1200).reason.key == "slow-pay.late.within"


def test_a_share_over_the_bar_that_proves_too_little_is_not_sure(judge):
    assert judge("slow-pay", late=3, invoices=4).reason.key == "slow-pay.late.not-sure"


def test_a_rate_that_is_no_larger_than_the_bar_is_within_it(judge):
    finding = judge("changes-mind", reversals=2, projects=4)
    assert finding.reason.key == "changes-mind.reversals.within"
