"""Bad input: one clear line a fault, with its place; nothing is half loaded."""

import json
import re

import pytest

from client_triage.faults import FaultyFileError
from client_triage.store import SCHEMA, Portfolio, PortfolioWarning, dumps, loads

FILE = "portfolio.json"


def one(**facts):
    return {"clients": [{"id": "c1", "alias": "Bluebird", **facts}]}


def record(scenario_id, **answers):
    return one(records={scenario_id: answers})


def bar(scenario_id, **items):
    return {"bar": {scenario_id: items}}


def faults(text):
    with pytest.raises(FaultyFileError) as caught:
        loads(text)
    return caught.value.faults


def fault_of(text):
    """Return the one fault of a text: one line that names the file and says what is wrong."""
    (fault,) = faults(text)
    line = str(fault)
    assert re.match(rf"{FILE}(:\d+)?: \S", line)
    assert "\n" not in line
    assert len(line) < 300
    for jargon in ("Traceback", "Error", "NoneType", "<class", "dict", "tuple", "float'"):
        assert jargon not in line
    return fault


def places(text):
    return {re.sub(r"\['([^']+)'\]", r".\1", fault.place) for fault in faults(text)}


# not a portfolio at all


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "empty"),
        (" \n\t ", "empty"),
        ("hello", "JSON"),
        ("{", "JSON"),
        ("{'schema': 1}", "JSON"),
        ('{"schema": "x",}', "JSON"),
        ("// note\n{}", "JSON"),
        ("[]", "object"),
        ('"text"', "object"),
        ("null", "object"),
        ("3", "object"),
        ("true", "object"),
    ],
    ids=lambda text: repr(text)[:20],
)
def test_a_text_that_is_no_portfolio_is_refused(text, says):
    assert says in fault_of(text).problem


def test_a_fault_of_syntax_names_the_line():
    assert str(fault_of('{\n "schema": 1\n "clients": []}')).startswith(f"{FILE}:3: ")


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity"])
def test_what_is_no_number_in_json_is_refused(value):
    text = f'{{"schema": "{SCHEMA}", "clients": [{{"id": "c", "alias": "A", "hours": {value}}}]}}'
    assert value in fault_of(text).problem


def test_a_number_beyond_all_limits_never_gets_into_a_file():
    try:
        portfolio = loads(f'{{"schema": "{SCHEMA}", "odd": 1e999}}')
    except FaultyFileError:
        return
    assert loads(dumps(portfolio)) == portfolio


def test_half_a_character_never_gets_into_a_file(tmp_path):
    path = tmp_path / FILE
    try:
        portfolio = loads(json.dumps({"schema": SCHEMA, **one(exception="\ud83d")}))
    except FaultyFileError:
        return
    portfolio.save(path)
    assert Portfolio.load(path) == portfolio


@pytest.mark.parametrize("opening", ["[", '{"a":'])
def test_deep_nesting_is_refused(opening):
    assert "nested" in fault_of(opening * 100_000).problem


def test_deep_nesting_below_an_unknown_key_is_refused():
    text = f'{{"schema": "{SCHEMA}", "odd": {"[" * 50_000}{"]" * 50_000}}}'
    assert "nested" in fault_of(text).problem


def test_a_number_of_too_many_digits_is_refused():
    assert "digits" in fault_of(f'{{"schema": "{SCHEMA}", "odd": {"9" * 5000}}}').problem


def test_a_doubled_key_is_refused():
    problem = fault_of(f'{{"schema": "{SCHEMA}", "clients": [], "clients": []}}').problem
    assert "'clients'" in problem


def test_a_doubled_key_is_refused_wherever_it_stands():
    record_text = '{"incidents": 1, "incidents": 0}'
    client = f'{{"id": "c1", "alias": "A", "records": {{"physical-abuse": {record_text}}}}}'
    assert "'incidents'" in fault_of(f'{{"schema": "{SCHEMA}", "clients": [{client}]}}').problem


# the schema


@pytest.mark.parametrize(
    "schema",
    [
        None,
        1,
        [],
        "",
        "portfolio",
        "client-triage/portfolio",
        "client-triage/tally@1",
        SCHEMA + "x",
    ],
    ids=repr,
)
def test_another_schema_is_refused(schema):
    assert fault_of(json.dumps({"schema": schema})).place == "$.schema"


def test_a_missing_schema_is_refused():
    assert fault_of("{}").place == "$.schema"


@pytest.mark.parametrize("version", ["2", "10", "9" * 5000], ids=len)
def test_a_newer_schema_is_refused_with_what_to_do(version):
    fault = fault_of(json.dumps({"schema": f"client-triage/portfolio@{version}"}))
    assert "update" in fault.problem
    assert fault.place == "$.schema"


# wrong values, each with its place

WRONG = [
    # money and hours
    (one(revenue=-1), "clients[0].revenue"),
    (one(revenue="-1"), "clients[0].revenue"),
    (one(revenue=12.5), "clients[0].revenue"),
    (one(revenue=12.0), "clients[0].revenue"),
    (one(revenue=True), "clients[0].revenue"),
    (one(revenue=""), "clients[0].revenue"),
    (one(revenue="12,000"), "clients[0].revenue"),
    (one(revenue="$12"), "clients[0].revenue"),
    (one(revenue="1e5"), "clients[0].revenue"),
    (one(revenue="NaN"), "clients[0].revenue"),
    (one(revenue="Infinity"), "clients[0].revenue"),
    (one(revenue=" 1"), "clients[0].revenue"),
    (one(revenue=[1]), "clients[0].revenue"),
    (one(revenue={"amount": 1}), "clients[0].revenue"),
    (one(revenue=10**30), "clients[0].revenue"),
    (one(revenue="9" * 4000), "clients[0].revenue"),
    (one(hours="-3"), "clients[0].hours"),
    (one(hours=1.5), "clients[0].hours"),
    (one(direct_costs=-1), "clients[0].direct_costs"),
    (one(write_offs=False), "clients[0].write_offs"),
    (one(chasing_hours="x"), "clients[0].chasing_hours"),
    (one(revenue_band={"low": "-1"}), "clients[0].revenue_band.low"),
    (one(revenue_band={}), "clients[0].revenue_band.low"),
    (one(revenue_band="5"), "clients[0].revenue_band"),
    (one(late_payments=[{"amount": "1", "days": -5}]), "clients[0].late_payments[0].days"),
    (one(late_payments=[{"amount": "1", "days": 10**40}]), "clients[0].late_payments[0].days"),
    (one(late_payments=[{"amount": "1", "days": 1.5}]), "clients[0].late_payments[0].days"),
    (one(late_payments=[{"amount": "1", "days": True}]), "clients[0].late_payments[0].days"),
    (one(late_payments=[{"days": 1}]), "clients[0].late_payments[0].amount"),
    (one(late_payments={}), "clients[0].late_payments"),
    (one(late_payments=""), "clients[0].late_payments"),
    ({"me": {"opportunity_rate": -80}}, "me.opportunity_rate"),
    ({"me": {"cost_of_capital": 0.08}}, "me.cost_of_capital"),
    ({"me": []}, "me"),
    ({"me": None}, "me"),
    # clients
    ({"clients": None}, "clients"),
    ({"clients": {}}, "clients"),
    ({"clients": ""}, "clients"),
    ({"clients": 3}, "clients"),
    ({"clients": [None]}, "clients[0]"),
    ({"clients": [[]]}, "clients[0]"),
    ({"clients": ["Bluebird"]}, "clients[0]"),
    ({"clients": [{"alias": "A"}]}, "clients[0].id"),
    ({"clients": [{"id": "c1"}]}, "clients[0].alias"),
    ({"clients": [{"id": 1, "alias": "A"}]}, "clients[0].id"),
    ({"clients": [{"id": " ", "alias": "A"}]}, "clients[0].id"),
    (one(alias=None), "clients[0].alias"),
    (one(alias=["A"]), "clients[0].alias"),
    (one(billing="daily"), "clients[0].billing"),
    (one(billing=""), "clients[0].billing"),
    (one(billing=0), "clients[0].billing"),
    (one(billing=False), "clients[0].billing"),
    (one(billing=[]), "clients[0].billing"),
    (one(billing=["hourly"]), "clients[0].billing"),
    (one(worth_keeping="yes"), "clients[0].worth_keeping"),
    (one(worth_keeping=0), "clients[0].worth_keeping"),
    (one(exception=True), "clients[0].exception"),
    (one(review="later"), "clients[0].review"),
    (one(review={"on": "soon"}), "clients[0].review.on"),
    (one(review={"scenarios": "slow-pay"}), "clients[0].review.scenarios"),
    (one(review={"scenarios": {}}), "clients[0].review.scenarios"),
    (one(review={"scenarios": [1]}), "clients[0].review.scenarios[0]"),
    # records
    (one(records=[]), "clients[0].records"),
    (one(records=None), "clients[0].records"),
    (one(records={"slow-pay": 4}), "clients[0].records.slow-pay"),
    (one(records={"slow-pay": None}), "clients[0].records.slow-pay"),
    (one(records={"bad-breath": 4}), "clients[0].records.bad-breath"),
    (record("slow-pay", late=True), "clients[0].records.slow-pay.late"),
    (record("slow-pay", late=-1), "clients[0].records.slow-pay.late"),
    (record("slow-pay", late=1.0), "clients[0].records.slow-pay.late"),
    (record("slow-pay", late="1"), "clients[0].records.slow-pay.late"),
    (record("slow-pay", late=[1]), "clients[0].records.slow-pay.late"),
    (record("slow-pay", late=10**30), "clients[0].records.slow-pay.late"),
    (record("slow-pay", late=6, invoices=5), "clients[0].records.slow-pay.late"),
    (
        record("invoice-disputes", disputed=2, invoices=1),
        "clients[0].records.invoice-disputes.disputed",
    ),
    (record("verbal-abuse", told=1), "clients[0].records.verbal-abuse.told"),
    (record("verbal-abuse", told="yes"), "clients[0].records.verbal-abuse.told"),
    (record("legal-risk", exposed="maybe"), "clients[0].records.legal-risk.exposed"),
    (record("legal-risk", exposed=True), "clients[0].records.legal-risk.exposed"),
    (record("changes-mind", frustration=0), "clients[0].records.changes-mind.frustration"),
    (record("changes-mind", frustration=6), "clients[0].records.changes-mind.frustration"),
    (record("lies", how="guess"), "clients[0].records.lies.how"),
    (record("lies", how=3), "clients[0].records.lies.how"),
    (record("lies", events={}), "clients[0].records.lies.events"),
    (record("lies", events=""), "clients[0].records.lies.events"),
    (record("lies", events=3), "clients[0].records.lies.events"),
    (record("lies", events=["2026-01-01"]), "clients[0].records.lies.events[0]"),
    (record("lies", events=[{"note": "x"}]), "clients[0].records.lies.events[0].on"),
    (record("lies", events=[{"on": "2026-02-30"}]), "clients[0].records.lies.events[0].on"),
    (
        record("lies", events=[{"on": "2026-02-03", "note": 5}]),
        "clients[0].records.lies.events[0].note",
    ),
    # the bar
    ({"bar": []}, "bar"),
    ({"bar": {"slow-pay": 3}}, "bar.slow-pay"),
    (bar("slow-pay", share=2), "bar.slow-pay.share"),
    (bar("slow-pay", share=-0.1), "bar.slow-pay.share"),
    (bar("slow-pay", share="half"), "bar.slow-pay.share"),
    (bar("slow-pay", share=True), "bar.slow-pay.share"),
    (bar("slow-pay", confidence=1), "bar.slow-pay.confidence"),
    (bar("slow-pay", confidence=0), "bar.slow-pay.confidence"),
    (bar("slow-pay", minimum=2.5), "bar.slow-pay.minimum"),
    (bar("slow-pay", minimum=True), "bar.slow-pay.minimum"),
    (bar("slow-pay", grace_days=-1), "bar.slow-pay.grace_days"),
    (bar("changes-mind", rate=-1), "bar.changes-mind.rate"),
    (bar("changes-mind", frustration=9), "bar.changes-mind.frustration"),
    (bar("unreasonable-demands", lines="No calls"), "bar.unreasonable-demands.lines"),
    (bar("unreasonable-demands", lines=[1]), "bar.unreasonable-demands.lines"),
    (bar("unreasonable-demands", crossings=-1), "bar.unreasonable-demands.crossings"),
    # the rest
    ({"as_of": "yesterday"}, "as_of"),
    ({"as_of": 20261123}, "as_of"),
    ({"as_of": "2026-13-01"}, "as_of"),
    ({"as_of": "0001-01-01"}, "as_of"),
    ({"period_months": 0}, "period_months"),
    ({"period_months": -12}, "period_months"),
    ({"period_months": True}, "period_months"),
    ({"period_months": 12.0}, "period_months"),
    ({"period_months": 10**30}, "period_months"),
    ({"currency": "dollars"}, "currency"),
    ({"currency": 1}, "currency"),
    ({"language": 1}, "language"),
]


def named(body):
    return json.dumps(body).replace('"id": "c1", "alias": "Bluebird", ', "")[:70]


@pytest.mark.parametrize(("body", "place"), WRONG, ids=[named(body) for body, _ in WRONG])
def test_a_wrong_value_is_refused_with_its_place(body, place):
    fault = fault_of(json.dumps({"schema": SCHEMA, **body}))
    found = re.sub(r"\['([^']+)'\]", r".\1", fault.place)
    assert found.removeprefix("$.").startswith(place.rpartition(".")[0])
    assert found == f"$.{place}" or place.endswith(".invoices")


def test_a_fault_says_what_was_expected_and_what_stood_there():
    text = json.dumps({"schema": SCHEMA, **record("slow-pay", late=True)})
    problem = fault_of(text).problem
    assert "whole number" in problem
    assert "true" in problem


def test_a_count_below_its_dated_events_is_warned_of():
    body = {"schema": SCHEMA, **record("lies", confirmed=0, events=[{"on": "2026-01-01"}])}
    with pytest.warns(PortfolioWarning, match=r"records\.lies\.confirmed"):
        loads(json.dumps(body))


def test_more_late_than_invoices_names_both():
    text = json.dumps({"schema": SCHEMA, **record("slow-pay", late=6, invoices=5)})
    problem = fault_of(text).problem
    assert "late" in problem
    assert "invoices" in problem


def test_a_long_value_is_shortened():
    fault_of(json.dumps({"schema": SCHEMA, **one(revenue="x" * 10_000)}))


def test_a_doubled_id_names_the_first_with_it():
    clients = [{"id": "c1", "alias": "A"}, {"id": "c2", "alias": "B"}, {"id": "c1", "alias": "C"}]
    fault = fault_of(json.dumps({"schema": SCHEMA, "clients": clients}))
    assert fault.place == "$.clients[2].id"
    assert "$.clients[0]" in fault.problem


# all at once


def test_faults_of_every_level_are_reported_at_once():
    body = {
        "schema": SCHEMA,
        "language": 3,
        "me": {"opportunity_rate": "x"},
        "bar": {"slow-pay": {"share": 9, "minimum": -1}},
        "clients": [
            {"id": "c1", "alias": "A", "revenue": -1, "records": {"lies": {"confirmed": True}}},
            {"id": "c1", "alias": 5},
        ],
    }
    assert places(json.dumps(body)) == {
        "$.language",
        "$.me.opportunity_rate",
        "$.bar.slow-pay.share",
        "$.bar.slow-pay.minimum",
        "$.clients[0].revenue",
        "$.clients[0].records.lies.confirmed",
        "$.clients[1].id",
        "$.clients[1].alias",
    }


def test_a_wrong_period_is_reported_beside_a_fault_of_a_client():
    body = {"schema": SCHEMA, "period_months": 0, "currency": "usd", **one(revenue="x")}
    assert places(json.dumps(body)) == {"$.period_months", "$.currency", "$.clients[0].revenue"}


def test_a_blank_id_is_reported_beside_other_faults_of_the_client():
    body = {"schema": SCHEMA, "clients": [{"id": " ", "alias": "A", "revenue": "x"}]}
    assert places(json.dumps(body)) == {"$.clients[0].id", "$.clients[0].revenue"}


def test_more_late_than_invoices_is_reported_beside_other_faults_of_the_record():
    body = {"schema": SCHEMA, **record("slow-pay", late=6, invoices=5, how="guess")}
    assert places(json.dumps(body)) == {
        "$.clients[0].records.slow-pay.late",
        "$.clients[0].records.slow-pay.how",
    }


def test_every_doubled_key_is_reported():
    text = f'{{"schema": "{SCHEMA}", "bar": {{"x": 1, "x": 2}}, "me": {{"y": 1, "y": 1}}}}'
    assert {re.search(r"'(.)'", fault.problem)[1] for fault in faults(text)} == {"x", "y"}


def test_the_error_reads_as_one_line_a_fault():
    body = {"schema": SCHEMA, "language": 1, "currency": 2}
    with pytest.raises(FaultyFileError) as caught:
        loads(json.dumps(body), "mine.json")
    lines = str(caught.value).splitlines()
    assert len(lines) == 2
    assert all(re.fullmatch(r"mine\.json: .+ @ \$\..+", line) for line in lines)


# files


def load_fault(path):
    with pytest.raises(FaultyFileError) as caught:
        Portfolio.load(path)
    (fault,) = caught.value.faults
    assert str(fault).startswith(f"{path}: ")
    assert "\n" not in str(fault)
    return fault


@pytest.mark.parametrize(
    "content",
    [b"\x89PNG\r\n\x1a\n\x00\xff", b"\xff\xfe{\x00}\x00", '{"schema": "é"}'.encode("latin-1")],
    ids=["picture", "utf-16", "latin-1"],
)
def test_a_file_that_is_no_utf_8_is_refused(tmp_path, content):
    path = tmp_path / FILE
    path.write_bytes(content)
    load_fault(path)


def test_an_empty_file_is_refused(tmp_path):
    path = tmp_path / FILE
    path.touch()
    assert "empty" in load_fault(path).problem


def test_a_file_of_nothing_but_a_byte_order_mark_is_empty(tmp_path):
    path = tmp_path / FILE
    path.write_bytes(b"\xef\xbb\xbf")
    assert "empty" in load_fault(path).problem


def test_a_missing_file_is_refused(tmp_path):
    assert "no such file" in load_fault(tmp_path / FILE).problem


def test_a_folder_is_refused(tmp_path):
    load_fault(tmp_path)


def test_a_path_through_a_file_is_refused(tmp_path):
    (tmp_path / "a").touch()
    load_fault(tmp_path / "a" / FILE)


def test_a_file_may_be_named_by_text(tmp_path):
    path = tmp_path / FILE
    path.write_text(json.dumps({"schema": SCHEMA}), encoding="utf-8")
    assert Portfolio.load(str(path)) == Portfolio()
