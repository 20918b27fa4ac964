"""The tally for scripts: the shape that the public contract names."""

import json

from client_triage import words as words_room
from client_triage.content import load_content
from client_triage.domain import tally
from client_triage.store import SCHEMA, loads
from client_triage.store.exports import as_json, as_text

LEVELS = ["clear", "watch", "warn", "weigh", "fire", "unknown"]


def exported(*clients, language="en", **facts):
    body = {"schema": SCHEMA, "as_of": "2026-11-23", "clients": clients, **facts}
    counted = tally(loads(json.dumps(body)), load_content().scenarios)
    return json.loads(json.dumps(as_json(counted, words_room.words_in(language))))


BLUEBIRD = {
    "id": "c1",
    "alias": "Bluebird",
    "revenue": "12000",
    "hours": "140",
    "direct_costs": "300",
    "records": {"slow-pay": {"invoices": 5, "late": 4}},
}
ME = {"opportunity_rate": "80", "cost_of_capital": "0.08"}


def test_the_example_of_the_design_is_exported_as_it_says():
    found = exported(BLUEBIRD, me=ME, currency="USD")
    assert found["schema"] == "client-triage/tally@1"
    assert found["as_of"] == "2026-11-23"
    assert found["verdicts"] == dict.fromkeys(LEVELS, 0) | {"weigh": 1}
    assert found["revenue_by_verdict"] == {"weigh": "12000"}
    assert found["hours_by_verdict"] == {"weigh": "140"}
    assert found["hhi"] == {"before": 1.0, "after": 1.0, "unknown_revenue": 0}
    assert found["effective_clients"] == 1.0
    assert found["firing_order"] == []
    assert set(found["tiers"]) == {"red-flag", "pattern"}


def test_a_client_has_the_keys_of_the_design():
    (one,) = exported(BLUEBIRD, me=ME, currency="USD")["clients"]
    assert (one["id"], one["alias"], one["verdict"]) == ("c1", "Bluebird", "weigh")
    assert one["exception"] is False
    assert one["answered"] == 1
    assert (one["revenue"], one["hours"]) == ("12000", "140")
    assert (one["effective_rate"], one["surplus"]) == ("83.57", "500")


def test_a_finding_has_the_keys_of_the_design():
    findings = exported(BLUEBIRD)["clients"][0]["findings"]
    assert len(findings) == 10
    found = {one["scenario"]: one for one in findings}["slow-pay"]
    assert found["level"] == "weigh"
    assert found["rule"] == "established-share"
    assert found["reason_key"]
    assert found["figures"].items() >= {"late": 4, "invoices": 5}.items()
    assert found["reason"].startswith("4 of 5 invoices late: a pattern.")


def test_a_scenario_has_the_keys_of_the_design():
    scenarios = {one["id"]: one for one in exported(BLUEBIRD)["scenarios"]}
    expected = {"id": "slow-pay", "tier": "pattern", **dict.fromkeys(LEVELS, 0), "weigh": 1}
    assert scenarios["slow-pay"] == expected


def test_what_is_not_known_is_null():
    found = exported({"id": "c1", "alias": "A"})
    one = found["clients"][0]
    assert [one[key] for key in ("revenue", "hours", "effective_rate", "surplus")] == [None] * 4
    assert found["hhi"] == {"before": None, "after": None, "unknown_revenue": 1}


def test_an_exception_is_true_where_a_fire_is_kept():
    kept = {"id": "c1", "alias": "A", "exception": "term", "records": {"lies": {"confirmed": 1}}}
    assert exported(kept)["clients"][0]["exception"] is True


def test_reasons_are_in_the_language_asked_for():
    findings = exported(BLUEBIRD, language="ko")["clients"][0]["findings"]
    assert findings[4]["reason"].startswith("청구 5건 중 4건이 늦었어요")


def test_a_client_whose_answers_decide_nothing_is_not_called_unanswered():
    body = {"schema": SCHEMA, "clients": [{**BLUEBIRD, "records": {"lies": {"confirmed": None}}}]}
    counted = tally(loads(json.dumps(body)), load_content().scenarios)
    first = as_text(counted, words_room.words_in("en")).splitlines()[0]
    assert first.endswith("Nothing that you answered so far decides anything.")
