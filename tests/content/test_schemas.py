"""The published schemas: valid, true of all that is shipped, and of one mind with the code."""

import json
import re
import shutil
import tomllib
from copy import deepcopy

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from client_triage.content import check, content_folder, load_content
from client_triage.domain import tally
from client_triage.faults import FaultyFileError
from client_triage.store import SCHEMA, loads
from client_triage.store.exports import as_json
from client_triage.words import words_in

CONTENT = load_content()
ROOT = content_folder()
SCHEMAS = {
    path.name.removesuffix(".schema.json"): json.loads(path.read_text("utf-8"))
    for path in sorted((ROOT / "schema").glob("*.schema.json"))
}
SCENARIO = "scenarios/05-slow-pay/scenario.toml"
WORDS = "scenarios/05-slow-pay/en.toml"
CONTACTS = "contacts.toml"
CATALOGUE = "ui/ko.toml"
QUIZ = "scenarios/07-changes-mind/quiz.toml"


def problems(name, value):
    validator = Draft202012Validator(SCHEMAS[name], format_checker=FormatChecker())
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(value)]


def toml(path):
    return tomllib.loads(path.read_text("utf-8"))


def strictly(name):
    """Forbid every key that a schema does not name."""
    schema = deepcopy(SCHEMAS[name])
    built_on = schema["$defs"].get("record")  # each scenario adds its own keys to these
    for part in list(subschemas(schema)):
        if "properties" in part and "additionalProperties" not in part and part is not built_on:
            part["unevaluatedProperties"] = False
    return Draft202012Validator(schema)


def subschemas(schema):
    if isinstance(schema, list):
        for part in schema:
            yield from subschemas(part)
    elif isinstance(schema, dict):
        yield schema
        for part in schema.values():
            yield from subschemas(part)


# the schemas themselves

every_schema = pytest.mark.parametrize("name", SCHEMAS)


def test_there_is_a_schema_for_every_kind_of_file():
    assert set(SCHEMAS) == {
        "catalogue",
        "contacts",
        "portfolio",
        "quiz",
        "scenario",
        "tally",
        "words",
    }


@every_schema
def test_a_schema_is_valid(name):
    Draft202012Validator.check_schema(SCHEMAS[name])


@every_schema
def test_a_schema_names_no_place_on_the_web_but_its_dialect(name):
    body = {key: value for key, value in SCHEMAS[name].items() if key != "$schema"}
    assert "://" not in json.dumps(body)
    assert body["$id"] == f"urn:client-triage:schema:{name}"


@every_schema
def test_every_key_is_described(name):
    undescribed = [
        key
        for part in subschemas(SCHEMAS[name])
        for key, value in part.get("properties", {}).items()
        if isinstance(value, dict) and not value.get("description")
    ]
    assert undescribed == []


@pytest.mark.parametrize("name", ["scenario", "words", "contacts", "catalogue", "quiz"])
def test_content_has_no_room_for_unknown_keys(name):
    open_ones = [
        part
        for part in subschemas(SCHEMAS[name])
        if part.get("type") == "object" and "additionalProperties" not in part
    ]
    assert open_ones == []


# what is shipped

FILES = [
    *(("scenario", path) for path in sorted(ROOT.glob("scenarios/*/scenario.toml"))),
    *(("words", path) for path in sorted(ROOT.glob("scenarios/*/??.toml"))),
    *(("quiz", path) for path in sorted(ROOT.glob("scenarios/*/quiz.toml"))),
    *(("quiz", path) for path in sorted(ROOT.glob("lessons/*/quiz.toml"))),
    *(("catalogue", path) for path in sorted(ROOT.glob("ui/*.toml"))),
    ("contacts", ROOT / CONTACTS),
]


@pytest.mark.parametrize(
    ("name", "path"), FILES, ids=[str(path.relative_to(ROOT)) for _, path in FILES]
)
def test_a_shipped_file_conforms(name, path):
    assert problems(name, toml(path)) == []


@pytest.mark.parametrize(
    ("kind", "path"),
    [(kind, path) for kind, path in FILES if path.parent.parent.name in {"scenarios", "lessons"}],
    ids=str,
)
def test_a_scenario_file_names_its_schema_for_editors(kind, path):
    first = path.read_text("utf-8").partition("\n")[0]
    assert first == f"#:schema ../../schema/{kind}.schema.json"
    assert (path.parent / first.removeprefix("#:schema ")).is_file()


@pytest.mark.parametrize(
    ("name", "schema"),
    [
        *((f"ui/{language}.toml", "../schema/catalogue") for language in CONTENT.languages),
        (CONTACTS, "schema/contacts"),
    ],
)
def test_a_file_beside_the_scenarios_names_its_schema_for_editors(name, schema):
    first = (ROOT / name).read_text("utf-8").partition("\n")[0]
    assert first == f"#:schema {schema}.schema.json"
    assert ((ROOT / name).parent / first.removeprefix("#:schema ")).is_file()


@pytest.mark.parametrize("language", CONTENT.languages)
def test_a_sample_conforms_and_has_no_key_that_the_schema_does_not_name(language):
    sample = json.loads(CONTENT.sample(language))
    assert problems("portfolio", sample) == []
    assert [error.message for error in strictly("portfolio").iter_errors(sample)] == []


@pytest.mark.parametrize("language", CONTENT.languages)
def test_a_tally_conforms_and_has_no_key_that_the_schema_does_not_name(language):
    counted = tally(loads(CONTENT.sample(language)), CONTENT.scenarios)
    printed = json.loads(json.dumps(as_json(counted, words_in(language))))
    assert problems("tally", printed) == []
    assert [error.message for error in strictly("tally").iter_errors(printed)] == []


def test_the_tally_of_nobody_conforms():
    counted = tally(loads(json.dumps({"schema": SCHEMA})), CONTENT.scenarios)
    assert problems("tally", json.loads(json.dumps(as_json(counted, words_in("en"))))) == []


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("schema", "client-triage/tally@2"),
        ("verdicts", {"clear": 1}),
        ("completeness", 1.5),
        ("firing_order", [1]),
        ("revenue_by_verdict", {"weigh": 12000}),
        ("revenue_by_verdict", {"bad": "1"}),
        ("hhi", {"before": 1}),
    ],
)
def test_what_is_no_tally_is_refused(key, value):
    counted = tally(loads(CONTENT.sample("en")), CONTENT.scenarios)
    printed = json.loads(json.dumps(as_json(counted, words_in("en"))))
    assert problems("tally", printed | {key: value})


# the portfolio's schema knows the scenarios

RECORDS = SCHEMAS["portfolio"]["$defs"]["client"]["properties"]["records"]["properties"]
BARS = SCHEMAS["portfolio"]["properties"]["bar"]["properties"]
described = pytest.mark.parametrize(
    "one", [one for one in CONTENT.scenarios if one.id in RECORDS], ids=lambda one: one.id
)


def test_the_portfolio_schema_describes_the_ten_scenarios():
    assert len(RECORDS) == 10
    assert set(RECORDS) <= {one.id for one in CONTENT.scenarios}


@described
def test_the_portfolio_schema_has_the_signals_of_a_scenario_with_their_limits(one):
    signals = {name: facts for name, facts in one.signals.items() if facts.of == "record"}
    fields = RECORDS[one.id]["properties"]
    assert set(fields) == set(signals)
    for name, facts in signals.items():
        if facts.type == "choice":
            assert set(fields[name]["enum"]) == {*facts.options, None}
        elif facts.type == "flag":
            assert fields[name]["type"] == ["boolean", "null"]
        else:
            assert fields[name]["type"] == ["integer", "null"]
            assert fields[name]["minimum"] == facts.minimum
            assert fields[name]["maximum"] == facts.maximum


@described
def test_the_portfolio_schema_has_the_bar_items_of_a_scenario_with_their_limits(one):
    items = BARS.get(one.id, {}).get("properties", {})
    assert set(items) == set(one.bar)
    for name, facts in one.bar.items():
        if facts.type in {"count", "scale"}:
            limits = items[name]["minimum"], items[name]["maximum"]
            assert limits == (facts.minimum, facts.maximum)


# schema and code agree: portfolio


def one(**facts):
    return {"clients": [{"id": "c1", "alias": "Bluebird", **facts}]}


def record(scenario_id, **answers):
    return one(records={scenario_id: answers})


def bar(scenario_id, **items):
    return {"bar": {scenario_id: items}}


BAD = [
    {"schema": "client-triage/portfolio@2"},
    {"schema": None},
    {"currency": "dollars"},
    {"language": 1},
    {"as_of": "yesterday"},
    {"as_of": "2026-13-01"},
    {"as_of": "2026-02-30"},
    {"as_of": "0001-01-01"},
    {"period_months": 0},
    {"period_months": 121},
    {"period_months": True},
    {"period_months": None},
    {"me": []},
    {"me": {"opportunity_rate": -80}},
    {"me": {"cost_of_capital": 0.08}},
    {"clients": {}},
    {"clients": ["Bluebird"]},
    {"clients": [{"alias": "A"}]},
    {"clients": [{"id": " ", "alias": "A"}]},
    {"clients": [{"id": "c1"}]},
    one(alias=None),
    one(billing="daily"),
    one(revenue=-1),
    one(revenue="-1"),
    one(revenue=12.5),
    one(revenue=True),
    one(revenue="12,000"),
    one(revenue="1e5"),
    one(revenue=10**15),
    one(revenue="9" * 20),
    one(hours="x"),
    one(write_offs=False),
    one(revenue_band={"high": "5"}),
    one(revenue_band="5"),
    one(late_payments={}),
    one(late_payments=[{"days": 1}]),
    one(late_payments=[{"amount": "1", "days": -5}]),
    one(late_payments=[{"amount": "1", "days": True}]),
    one(worth_keeping="yes"),
    one(worth_keeping=0),
    one(exception=True),
    one(review="later"),
    one(review={"on": "soon"}),
    one(review={"scenarios": "slow-pay"}),
    one(review={"conditions": None}),
    one(records=[]),
    one(records={"slow-pay": 4}),
    one(records={"bad-breath": 4}),
    record("slow-pay", late=True),
    record("slow-pay", late=-1),
    record("slow-pay", late="1"),
    record("slow-pay", late=100_001),
    record("verbal-abuse", told=1),
    record("legal-risk", exposed="maybe"),
    record("legal-risk", exposed=True),
    record("changes-mind", frustration=0),
    record("changes-mind", frustration=6),
    record("lies", how="guess"),
    record("lies", how={"confirmed": "guess"}),
    record("lies", events={}),
    record("lies", events=[{"note": "x"}]),
    record("lies", events=[{"on": "2026-02-03", "note": 5}]),
    {"bar": []},
    {"bar": {"slow-pay": 3}},
    bar("slow-pay", share=2),
    bar("slow-pay", share=True),
    bar("slow-pay", confidence=1),
    bar("slow-pay", minimum=2.5),
    bar("slow-pay", minimum=0),
    bar("slow-pay", grace_days=-1),
    bar("changes-mind", rate=-1),
    bar("changes-mind", frustration=9),
    bar("unreasonable-demands", lines="No calls"),
    bar("unreasonable-demands", lines=[1]),
]

GOOD = [
    {},
    {"language": None, "currency": None, "as_of": None},
    {"language": "ko", "currency": "KRW", "as_of": "2026-11-23", "period_months": 120},
    {"me": {}},
    {"me": {"opportunity_rate": 80, "cost_of_capital": "0.08", "mine": [1]}},
    {"clients": []},
    {"quiz": {"slow-pay": [1, 2]}},
    one(billing=None, revenue=None, worth_keeping=None, exception=None, review=None),
    one(revenue="0012000.50", hours=0, direct_costs="300", write_offs="0", chasing_hours=0),
    one(revenue=10**15 - 1),
    one(revenue_band={"low": "1000", "high": "5000"}),
    one(revenue_band={"low": 1000}),
    one(revenue_band={"low": 1000, "high": None}),
    one(late_payments=[{"amount": "1200", "days": 30}]),
    one(late_payments=None),
    one(review={"on": "2026-11-01", "scenarios": ["slow-pay"], "look_again": None}),
    one(review={"scenarios": None, "conditions": "deposit"}),
    one(exception=" "),
    one(colour="blue"),
    one(records={"slow-pay": {}}),
    record("slow-pay", late=None, invoices=5),
    record("slow-pay", late=4, invoices=5, how="ledger", ledger={"late": ["A-1"]}),
    record("slow-pay", late=4, how={"late": "self"}),
    record("lies", events=[{"on": "2026-02-03"}, {"on": "2026-02-04", "note": "x", "by": "me"}]),
    record("legal-risk", exposed=None),
    bar("slow-pay", share=0.5, confidence=0.9, minimum=3, grace_days=0),
    bar("slow-pay", share=1),
    bar("changes-mind", rate=0.5),
    bar("unreasonable-demands", lines=[], crossings=0),
]


def named(body):
    return json.dumps(body).replace('"id": "c1", "alias": "Bluebird", ', "")[:70]


@pytest.mark.parametrize("body", BAD, ids=named)
def test_schema_and_code_refuse_the_same_portfolio(body):
    whole = {"schema": SCHEMA, **body}
    assert problems("portfolio", whole)
    with pytest.raises(FaultyFileError):
        loads(json.dumps(whole))


@pytest.mark.parametrize("body", GOOD, ids=named)
def test_schema_and_code_accept_the_same_portfolio(body):
    whole = {"schema": SCHEMA, **body}
    assert problems("portfolio", whole) == []
    loads(json.dumps(whole))


@pytest.mark.filterwarnings("ignore:.*kept, but not counted")
@pytest.mark.parametrize(
    "body",
    [
        one(records={"bad-breath": {"whiffs": 3}}),
        record("slow-pay", laet=3),
        {"bar": {"bad-breath": {"share": "half"}}},
        bar("slow-pay", shaer="half"),
    ],
    ids=named,
)
def test_schema_and_code_keep_what_they_do_not_know(body):
    whole = {"schema": SCHEMA, **body}
    assert problems("portfolio", whole) == []
    loads(json.dumps(whole))


# schema and code agree: content


@pytest.fixture
def content(tmp_path):
    """Copy the shipped content to change it."""
    return shutil.copytree(ROOT, tmp_path / "content")


def both(content, file, old, new):
    """Change a file; give what the schema and what the code finds in it."""
    path = content / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    names = {CONTACTS: "contacts", CATALOGUE: "catalogue", WORDS: "words", QUIZ: "quiz"}
    name = names.get(file, "scenario")
    found = [str(fault) for fault in check(content) if str(fault).startswith(f"content/{file}")]
    return problems(name, toml(path)), found


def scenario(number):
    (found,) = ROOT.glob(f"scenarios/{number:02d}-*/scenario.toml")
    return str(found.relative_to(ROOT))


BAD_CONTENT = [
    (SCENARIO, "expires = true", "expires = true\nexpire = true"),
    (SCENARIO, "expires = true", "expires = 1"),
    (SCENARIO, 'tier = "pattern"\n', ""),
    (SCENARIO, 'tier = "pattern"', 'tier = "petty"'),
    (SCENARIO, 'id = "slow-pay"', 'id = "slow.pay"'),
    (SCENARIO, "[signals.late]", "[signals.events]"),
    (SCENARIO, "[bar.share]", "[bar.Share]"),
    (SCENARIO, "number = 5", "number = 5.5"),
    (SCENARIO, "number = 5", "number = true"),
    (SCENARIO, "number = 5", 'number = "5"'),
    (SCENARIO, 'type = "count"', 'type = "number"'),
    (SCENARIO, 'type = "count"', 'type = "count"\nminimum = true'),
    (SCENARIO, 'type = "count"', 'type = "count"\nof = "nobody"'),
    (SCENARIO, "default = 0.5", 'default = "half"'),
    (SCENARIO, "default = 0.5", "default = true"),
    (SCENARIO, "minimum = 1", "minimum = 1.5"),
    (SCENARIO, 'kind = "established-share"', 'kind = "guess"'),
    (SCENARIO, 'kind = "established-share"\n', ""),
    (SCENARIO, 'level = "weigh"', 'level = "sack"'),
    (SCENARIO, 'level = "weigh"', 'level = "unknown"'),
    (SCENARIO, 'level = "weigh"', 'level = "Weigh"'),
    (SCENARIO, 'level = "weigh"', "level = 3"),
    (SCENARIO, 'level = "weigh"', 'level = "weigh"\nodd = 1'),
    (SCENARIO, 'whole = "invoices"\nlevel', "level"),
    (SCENARIO, "grace_days = 5", 'grace_days = "5"'),
    (SCENARIO, "yes = { late = 1 }", "yes = { late = 1.5 }"),
    (SCENARIO, "yes = { late = 1 }\n", ""),
    (SCENARIO, '[[sweep.details]]\nsignal = "late"', "[[sweep.details]]\noffer = [1]"),
    (scenario(2), "at = 2", 'at = "2"'),
    (scenario(2), 'reason = "again"\n', ""),
    (scenario(2), 'reason = "again"', 'reason = "once.again"'),
    (scenario(2), "when = { told = true }", "when = { told = 0.5 }"),
    (scenario(4), 'bar = "crossings"\n', ""),
    (scenario(10), 'no = "clear"', 'no = "good"'),
    (scenario(10), 'options = ["yes", "suspected", "no"]', 'options = "yes"'),
    (WORDS, 'short = "Slow pay"\n', ""),
    (WORDS, 'short = "Slow pay"', 'short = "Slow pay"\nshrot = "x"'),
    (WORDS, 'short = "Slow pay"', "short = 5"),
    (WORDS, "[next]\n", '[next]\nsack = "Part."\n'),
    (WORDS, "[signals.late]\n", "[signals.late]\nodd = true\n"),
    (CONTACTS, 'kind = "emergency"', 'kind = "friend"'),
    (CONTACTS, 'source = "', 'origin = "'),
    (CONTACTS, 'checked = "2026-11-23"', 'checked = "last week"'),
    (CONTACTS, 'checked = "2026-11-23"', "checked = 2026-11-23"),
    (CONTACTS, 'phone = "112"', "phone = 112"),
    (CATALOGUE, 'half = "절반"\n', ""),
    (CATALOGUE, 'recap = "', 'recapitulation = "'),
    (QUIZ, 'form = "A"', 'form = "C"'),
    (QUIZ, 'form = "A"', 'form = "A"\nodd = 1'),
    (QUIZ, 'form = "A"\n', ""),
    (QUIZ, "pair = 1", "pair = 3"),
    (QUIZ, "pair = 1", 'pair = "1"'),
    (QUIZ, "pair = 1", "pair = 1\ntolerance = 0"),
    (QUIZ, "pair = 1", 'pair = 1\nvary = "reversals"'),
    (QUIZ, 'use = "vignette"', 'use = "story"'),
    (QUIZ, 'use = "vignette"', 'use = "extra"'),
    (QUIZ, 'use = "compare"', 'use = "line"'),
    (QUIZ, 'use = "line"', 'use = "extra"'),
    (QUIZ, 'type = "choose-one"', 'type = "choose-two"'),
    (QUIZ, 'type = "choose-one"', 'type = "choose-many"'),
    (QUIZ, 'type = "number"', 'type = "choose-one"'),
    (QUIZ, "tolerance = 0\n", ""),
    (QUIZ, "tolerance = 0", "tolerance = -1"),
    (QUIZ, "tolerance = 0", "tolerance = false"),
    (QUIZ, 'reaches = "weigh"', 'reaches = "sack"'),
    (QUIZ, 'reaches = "weigh"\n', ""),
    (QUIZ, 'vary = "reversals"', "vary = 1"),
    (QUIZ, 'id = "keep"', 'id = "stay"'),
    (QUIZ, 'id = "keep"', 'id = "keep"\ntext = { en = "Keep", ko = "계속" }'),
    (QUIZ, 'id = "neither"', 'id = "none"'),
    (QUIZ, "[items.cases.second]", "[items.cases.third]"),
    (QUIZ, "[[items.hints]]\n", "[[items.tips]]\n"),
    (QUIZ, 'objective = { en = "', 'objective = { english = "'),
    (QUIZ, 'stem = { en = "', 'stem = { en = " ", de = "'),
    (QUIZ, 'feedback = { en = "', 'feedback = { en = 5, de = "'),
]

GOOD_CONTENT = [
    (SCENARIO, "expires = true", "expires = false"),
    (SCENARIO, "expires = true", "expires = true\nurgency = 9\nsafety = false"),
    (SCENARIO, 'type = "count"', 'type = "count"\nminimum = 0\nmaximum = 50\nasked = true'),
    (SCENARIO, "default = 0.5", "default = 1"),
    (SCENARIO, 'signal = "late"\nwhole', 'guards = []\nsignal = "late"\nwhole'),
    (scenario(2), "at = 2", "at = 3"),
    (WORDS, 'missing = "Not answered yet."', 'missing = { one = "A", other = "C" }'),
    (CONTACTS, 'kind = "emergency"', 'kind = "support"'),
    (CATALOGUE, 'half = "절반"', 'half = "반"'),
    (CATALOGUE, 'half = "절반"', 'half = "{{절반}}"'),
    (QUIZ, "tolerance = 0", "tolerance = 0.5"),
    (QUIZ, 'why = { en = "', 'why = { de = "Warum?", en = "'),
]


def changed(change):
    file, old, new = change
    return re.sub(r"\s+", " ", f"{file}: {old} → {new}")


@pytest.mark.parametrize("change", BAD_CONTENT, ids=changed)
def test_schema_and_check_refuse_the_same_content(content, change):
    by_schema, by_code = both(content, *change)
    assert by_schema
    assert by_code


@pytest.mark.parametrize("change", GOOD_CONTENT, ids=changed)
def test_schema_and_check_accept_the_same_content(content, change):
    by_schema, by_code = both(content, *change)
    assert by_schema == []
    assert by_code == []


@pytest.mark.parametrize("kind", ["thresholds", "choice", "over-bar", "established-rate"])
def test_a_rule_of_another_kind_keeps_its_own_keys(kind):
    facts = toml(ROOT / SCENARIO)
    changed_facts = deepcopy(facts)
    changed_facts["rules"][0]["kind"] = kind
    # A share and a rate have the same keys; every other kind has keys of its own.
    assert bool(problems("scenario", changed_facts)) == (kind != "established-rate")
