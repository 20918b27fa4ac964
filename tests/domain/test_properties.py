"""What holds for every record, and the rules table written a second time."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.special import betaincc, gammaincc

from client_triage.content import load_content
from client_triage.domain import Client, Event, Level, Me, Portfolio, Record, find, tally

SCENARIOS = load_content().scenarios
SINCE = date(2025, 11, 23)
BILLING = st.sampled_from([None, "hourly", "fixed", "retainer"])
MONEY = st.none() | st.integers(0, 10**9).map(Decimal)
SHARE, CONFIDENCE = st.sampled_from([0.1, 1 / 3, 0.5, 0.9]), st.sampled_from([0.6, 0.8, 0.9, 0.95])

BARS = {
    "unreasonable-demands": {
        "lines": st.just(("Nothing at night",)),
        "crossings": st.integers(0, 5),
    },
    "slow-pay": {"share": SHARE, "confidence": CONFIDENCE, "minimum": st.integers(1, 5)},
    "invoice-disputes": {
        "share": SHARE,
        "confidence": CONFIDENCE,
        "minimum": st.integers(1, 5),
        "cheapened": st.integers(1, 4),
    },
    "changes-mind": {
        "rate": st.sampled_from([0.5, 1, 2, 4]),
        "confidence": CONFIDENCE,
        "frustration": st.integers(1, 5),
    },
}

# The design's bold signals. "lines" is part of the bar, tested in test_rules.
DECIDING = {
    "physical-abuse": ["incidents"],
    "verbal-abuse": ["incidents"],
    "lies": ["confirmed", "suspected"],
    "unreasonable-demands": ["crossings"],
    "slow-pay": ["late"],
    "invoice-disputes": ["disputed", "agreed_then_cheapened"],
    "changes-mind": ["reversals"],
    "ignores-advice": ["episodes"],
    "plays-competitors": ["reopened"],
    "legal-risk": ["exposed"],
}

# What counts incidents, beside the wholes that they are counted in.
COUNTING = [
    ("physical-abuse", "incidents"),
    ("verbal-abuse", "incidents"),
    ("lies", "confirmed"),
    ("unreasonable-demands", "crossings"),
    ("slow-pay", "late"),
    ("invoice-disputes", "disputed"),
    ("invoice-disputes", "agreed_then_cheapened"),
    ("changes-mind", "reversals"),
    ("ignores-advice", "episodes"),
    ("plays-competitors", "reopened"),
]

every_scenario = pytest.mark.parametrize("one", SCENARIOS, ids=lambda scenario: scenario.id)


def any_bar(scenario):
    return st.fixed_dictionaries({}, optional=BARS.get(scenario.id, {}))


def level(scenario, answers, billing, bar):
    client = Client("c1", "A", billing=billing, records={scenario.id: Record(answers)})
    return find(scenario, client, scenario.bar_with(bar), SINCE).level


# the table, written again from the design alone


def table(scenario_id, a, billing, bar):
    asked = dict.fromkeys(load_content().scenario(scenario_id).signals)
    return ROWS[scenario_id](asked | {"billing": billing} | a, bar)


ROWS = {
    "physical-abuse": lambda a, _: counted(
        a["incidents"], lambda k: Level.FIRE if k >= 1 else Level.CLEAR
    ),
    "verbal-abuse": lambda a, _: counted(a["incidents"], lambda k: abuse(k, a["told"])),
    "lies": lambda a, _: lies(a["confirmed"], a["suspected"]),
    "unreasonable-demands": lambda a, bar: (
        counted(a["crossings"], lambda k: demands(k, bar.get("crossings", 0), a["told"]))
        if bar.get("lines")
        else Level.UNKNOWN
    ),
    "slow-pay": lambda a, bar: habit(a["late"], a["invoices"], bar, 1 / 2),
    "invoice-disputes": lambda a, bar: either(
        habit(a["disputed"], a["invoices"], bar, 1 / 3),
        counted(a["agreed_then_cheapened"], lambda k: cheapened(k, bar.get("cheapened", 1))),
    ),
    "changes-mind": lambda a, bar: counted(a["reversals"], lambda k: reversals(k, a, bar)),
    "ignores-advice": lambda a, _: counted(
        a["episodes"], lambda k: [Level.CLEAR, Level.WARN, Level.WEIGH][min(k, 2)]
    ),
    "plays-competitors": lambda a, _: counted(
        a["reopened"], lambda k: Level.WEIGH if k >= 1 else Level.CLEAR
    ),
    "legal-risk": lambda a, _: {
        "yes": Level.FIRE,
        "suspected": Level.WARN,
        "no": Level.CLEAR,
        None: Level.UNKNOWN,
    }[a["exposed"]],
}


def either(one, other):
    return max(one, other) if max(one, other) > Level.CLEAR else min(one, other)


def counted(k, judge):
    return Level.UNKNOWN if k is None else judge(k)


def abuse(k, told):
    if k == 0:
        return Level.CLEAR
    if k == 1:
        return Level.WATCH if told else Level.WARN
    return Level.FIRE


def lies(confirmed, suspected):
    if confirmed:
        return Level.FIRE
    if suspected:
        return Level.WATCH
    return Level.UNKNOWN if confirmed is None or suspected is None else Level.CLEAR


def demands(k, bar, told):
    if k > bar:
        return Level.FIRE if told else Level.WARN
    return Level.WATCH if k > 0 else Level.CLEAR


def cheapened(k, bar):
    if k >= bar:
        return Level.WEIGH
    return Level.WATCH if k > 0 else Level.CLEAR


def habit(k, n, bar, share):
    if n == 0 or k is None:
        return Level.UNKNOWN
    if k == 0:
        return Level.CLEAR
    if n is None:
        return Level.WATCH
    sure = betaincc(0.5 + k, 0.5 + n - k, bar.get("share", share))
    enough = sure >= bar.get("confidence", 0.9) and k >= bar.get("minimum", 3)
    return Level.WEIGH if enough else Level.WATCH


def reversals(k, a, bar):
    projects, frustration = a["projects"], a["frustration"]
    within = frustration is not None and frustration <= bar.get("frustration", 3)
    if k == 0 or (a["billing"] == "hourly" and within):
        return Level.CLEAR
    if not projects:
        return Level.WATCH
    sure = gammaincc(0.5 + k, projects * bar.get("rate", 2))
    return Level.WEIGH if sure >= bar.get("confidence", 0.9) else Level.WATCH


@every_scenario
@settings(max_examples=150)
@given(data=st.data(), billing=BILLING)
def test_the_rules_agree_with_the_table_written_again(any_answers, one, data, billing):
    answers, bar = data.draw(any_answers(one)), data.draw(any_bar(one))
    assert level(one, answers, billing, bar) is table(one.id, answers, billing, bar)


@pytest.mark.parametrize(("scenario_id", "signal"), COUNTING)
@given(data=st.data())
def test_more_incidents_never_lower_a_level(any_answers, scenario_id, signal, data):
    one = load_content().scenario(scenario_id)
    answers, bar = data.draw(any_answers(one)), data.draw(any_bar(one))
    billing = data.draw(BILLING)
    fewer, more = sorted(data.draw(st.tuples(st.integers(0, 15), st.integers(0, 15))))
    assume(one.excess({**answers, signal: more}) is None)
    before = level(one, {**answers, signal: fewer}, billing, bar)
    after = level(one, {**answers, signal: more}, billing, bar)
    assert after >= before


@every_scenario
@given(data=st.data(), billing=BILLING, kept_as_not_known=st.booleans())
def test_unknown_never_becomes_clear(any_answers, one, data, billing, kept_as_not_known):
    answers, bar = data.draw(any_answers(one)), data.draw(any_bar(one))
    gone = data.draw(st.sampled_from(DECIDING[one.id]))
    left = {name: value for name, value in answers.items() if name != gone}
    if kept_as_not_known:
        left[gone] = None
    assert level(one, left, billing, bar) is not Level.CLEAR


@every_scenario
@given(data=st.data(), billing=BILLING)
def test_one_more_answer_left_out_is_never_what_makes_it_clear(any_answers, one, data, billing):
    answers, bar = data.draw(any_answers(one)), data.draw(any_bar(one))
    assume(answers)
    gone = data.draw(st.sampled_from(sorted(answers)))
    left = {name: value for name, value in answers.items() if name != gone}
    if level(one, answers, billing, bar) is not Level.CLEAR and gone != "invoices":
        assert level(one, left, billing, bar) is not Level.CLEAR


@st.composite
def clients(draw, any_answers, name):
    records = {one.id: Record(draw(any_answers(one))) for one in SCENARIOS if draw(st.booleans())}
    return Client(
        name,
        name,
        billing=draw(BILLING),
        revenue=draw(MONEY),
        hours=draw(MONEY),
        worth_keeping=draw(st.sampled_from([None, True, False])),
        exception=draw(st.sampled_from([None, " ", "term"])),
        records=records,
    )


def counts(portfolio):
    return tally(portfolio, SCENARIOS, date(2026, 11, 23))


@given(data=st.data())
def test_money_never_changes_a_finding_or_a_verdict(any_answers, data):
    one = data.draw(clients(any_answers, "c1"))
    revenue, hours, costs, rate = data.draw(st.tuples(MONEY, MONEY, MONEY, MONEY))
    other = replace(one, revenue=revenue, hours=hours, direct_costs=costs, write_offs=costs)
    before = counts(Portfolio(clients=(one,))).clients[0]
    after = counts(Portfolio(clients=(other,), me=Me(opportunity_rate=rate))).clients[0]
    assert before.findings == after.findings
    assert before.verdict is after.verdict


@given(data=st.data())
def test_the_order_of_clients_never_matters(any_answers, data):
    some = [data.draw(clients(any_answers, f"c{number}")) for number in range(4)]
    shuffled = data.draw(st.permutations(some))
    me = Me(opportunity_rate=Decimal(10))
    one, other = (counts(Portfolio(clients=tuple(order), me=me)) for order in (some, shuffled))
    assert one.firing_order == other.firing_order
    assert one.by_scenario == other.by_scenario
    assert one.by_tier == other.by_tier
    assert one.verdicts == other.verdicts
    assert one.revenue == other.revenue
    assert one.hours == other.hours
    assert one.completeness == other.completeness
    assert one.concentration == other.concentration
    assert {c.client.id: c for c in one.clients} == {c.client.id: c for c in other.clients}
    assert one.most_urgent_first == other.most_urgent_first


@given(data=st.data())
def test_the_counts_of_a_tally_add_up(any_answers, data):
    some = [data.draw(clients(any_answers, f"c{number}")) for number in range(3)]
    counted = counts(Portfolio(clients=tuple(some)))
    assert sum(counted.verdicts.values()) == 3
    assert all(sum(levels.values()) == 3 for levels in counted.by_scenario.values())
    assert sum(sum(levels.values()) for levels in counted.by_tier.values()) == 30
    assert counted.completeness == pytest.approx(sum(c.answered for c in counted.clients) / 30)
    fires = {c.client.id for c in counted.clients if c.verdict is Level.FIRE and not c.kept}
    assert set(counted.firing_order) == fires


@settings(max_examples=25)
@given(data=st.data())
def test_a_client_is_judged_the_same_beside_others_as_alone(any_answers, data):
    some = [data.draw(clients(any_answers, f"c{number}")) for number in range(3)]
    days = st.lists(st.dates(date(2025, 10, 1), date(2026, 11, 1)), max_size=2)
    some += [
        Client(
            f"d{number}",
            "A",
            billing=data.draw(BILLING),
            records={
                "ignores-advice": Record(events=tuple(Event(day) for day in data.draw(days))),
                "changes-mind": Record({"reversals": 9, "projects": 1, "frustration": 1}),
            },
        )
        for number in range(3)
    ]
    beside = counts(Portfolio(clients=tuple(some)))
    alone = tuple(counts(Portfolio(clients=(one,))).clients[0] for one in some)
    assert beside.clients == alone
