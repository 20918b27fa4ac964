"""What is read is written again: nothing is lost, nothing is invented."""

import json
import warnings
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client_triage.content import load_content
from client_triage.domain import Band, Event, LatePayment, Review
from client_triage.store import SCHEMA, Portfolio, PortfolioWarning, dumps, loads

EXAMPLE = {
    "schema": SCHEMA,
    "language": "en",
    "currency": "USD",
    "as_of": "2026-11-23",
    "me": {"opportunity_rate": "80", "cost_of_capital": "0.08"},
    "bar": {
        "slow-pay": {"share": 0.5, "confidence": 0.9, "minimum": 3, "grace_days": 0},
        "unreasonable-demands": {"lines": ["No calls after 22:00"], "crossings": 0},
    },
    "clients": [
        {
            "id": "c1",
            "alias": "Bluebird",
            "billing": "hourly",
            "revenue": "12000",
            "hours": "140",
            "direct_costs": "300",
            "worth_keeping": None,
            "exception": None,
            "records": {
                "physical-abuse": {"incidents": 0, "apologised": False},
                "verbal-abuse": {"incidents": 1, "told": False},
                "lies": {"confirmed": 0, "suspected": False},
                "unreasonable-demands": {"crossings": 0, "told": True},
                "slow-pay": {"invoices": 5, "late": 4},
                "invoice-disputes": {
                    "invoices": 5,
                    "disputed": 0,
                    "agreed_then_cheapened": 0,
                },
                "changes-mind": {"reversals": 1, "projects": 2, "frustration": 2},
                "ignores-advice": {"episodes": 0},
                "plays-competitors": {"reopened": 0, "quotes": 2},
                "legal-risk": {"exposed": "no"},
            },
        }
    ],
}


def load(**body):
    return loads(json.dumps({"schema": SCHEMA, **body}))


def load_client(**facts):
    return load(clients=[{"id": "c1", "alias": "Bluebird", **facts}])


def written(portfolio):
    return json.loads(dumps(portfolio))


def again(portfolio):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PortfolioWarning)
        return loads(dumps(portfolio))


def test_the_example_of_the_design_is_read():
    portfolio = loads(json.dumps(EXAMPLE))
    one = portfolio.client("c1")
    assert portfolio.as_of == date(2026, 11, 23)
    assert portfolio.me.cost_of_capital == Decimal("0.08")
    assert portfolio.bar["unreasonable-demands"]["lines"] == ("No calls after 22:00",)
    assert one.revenue == 12000
    assert one.records["slow-pay"].answers == {"invoices": 5, "late": 4}


def test_the_example_of_the_design_survives():
    portfolio = loads(json.dumps(EXAMPLE))
    assert again(portfolio) == portfolio


def test_the_example_of_the_design_is_written_as_it_was():
    expected = json.loads(json.dumps(EXAMPLE))
    for key in ("worth_keeping", "exception"):  # null is what leaving it out says
        del expected["clients"][0][key]
    assert written(loads(json.dumps(EXAMPLE))) == expected


def test_the_smallest_file_has_a_schema_and_nothing_else():
    assert loads(json.dumps({"schema": SCHEMA})) == Portfolio()


def test_what_is_left_out_is_unknown():
    one = load_client().client("c1")
    assert (one.billing, one.revenue, one.hours, one.direct_costs) == (None, None, None, None)
    assert one.records == {}


def test_not_known_is_kept_apart_from_not_asked():
    portfolio = load_client(records={"slow-pay": {"late": None}})
    assert portfolio.client("c1").records["slow-pay"].answers == {"late": None}
    assert written(portfolio)["clients"][0]["records"] == {"slow-pay": {"late": None}}


def test_korean_is_written_as_it_reads():
    assert "파랑새" in dumps(load_client(exception="파랑새"))


@pytest.mark.parametrize("amount", ["0", "0.10", "12000.00", "999999999999999.99", "0.000001"])
def test_money_is_written_with_the_same_digits(amount):
    assert written(load_client(revenue=amount))["clients"][0]["revenue"] == amount


def test_money_may_be_a_whole_number():
    assert load_client(revenue=12000).client("c1").revenue == 12000


def test_money_is_written_as_text():
    assert written(load_client(revenue=12000))["clients"][0]["revenue"] == "12000"


def test_money_never_goes_through_a_float():
    sum_ = load_client(revenue="0.1").client("c1").revenue + Decimal("0.2")
    assert sum_ == Decimal("0.3")


def test_every_field_survives():
    portfolio = load_client(
        billing="retainer",
        revenue_band={"low": "1000", "high": "5000"},
        hours="10.5",
        direct_costs=0,
        write_offs="7.25",
        chasing_hours="2",
        late_payments=[{"amount": "900", "days": 30}],
        worth_keeping=False,
        exception="term",
        review={
            "on": "2026-11-01",
            "scenarios": ["slow-pay"],
            "conditions": "deposit",
            "look_again": "2027-02-01",
        },
        records={"slow-pay": {"late": 1, "events": [{"on": "2026-10-01", "note": "five weeks"}]}},
    )
    one = portfolio.client("c1")
    assert one.revenue_band == Band(Decimal(1000), Decimal(5000))
    assert one.late_payments == (LatePayment(Decimal(900), 30),)
    assert one.review == Review(date(2026, 11, 1), ("slow-pay",), "deposit", date(2027, 2, 1))
    assert one.records["slow-pay"].events == (Event(date(2026, 10, 1), "five weeks"),)
    assert again(portfolio) == portfolio


@pytest.mark.parametrize("how", ["sweep", "self", "ledger"])
def test_how_an_answer_came_about_survives(how):
    portfolio = load_client(records={"slow-pay": {"late": 1, "how": how}})
    assert portfolio.client("c1").records["slow-pay"].how == {"late": how}
    assert again(portfolio) == portfolio


def test_how_each_answer_came_about_survives():
    how = {"late": "sweep", "invoices": "ledger"}
    portfolio = load_client(records={"slow-pay": {"late": 1, "invoices": 5, "how": how}})
    assert portfolio.client("c1").records["slow-pay"].how == how
    assert again(portfolio) == portfolio


def test_how_an_unknown_signal_came_about_survives():
    how = {"late": "sweep", "lateness": "sweep"}
    record = {"late": 1, "how": how}
    assert written(load_client(records={"slow-pay": record}))["clients"][0]["records"] == {
        "slow-pay": record
    }


def test_a_byte_order_mark_is_accepted(tmp_path):
    path = tmp_path / "portfolio.json"
    path.write_text(json.dumps(EXAMPLE), encoding="utf-8-sig")
    assert Portfolio.load(path) == loads(json.dumps(EXAMPLE))


# unknown keys

ODD = {"x": [1, {"y": None}, "é", 1.5, True]}
PLACES = {
    "portfolio": {"odd": ODD},
    "me": {"me": {"odd": ODD}},
    "bar item": {"bar": {"slow-pay": {"odd": ODD}}},
    "bar of an unknown scenario": {"bar": {"bad-breath": {"odd": ODD}}},
    "client": {"clients": [{"id": "c1", "alias": "A", "odd": ODD}]},
    "record": {"clients": [{"id": "c1", "alias": "A", "records": {"slow-pay": {"odd": ODD}}}]},
    "unknown scenario": {
        "clients": [{"id": "c1", "alias": "A", "records": {"bad-breath": {"times": 3, **ODD}}}]
    },
    "event": {
        "clients": [
            {
                "id": "c1",
                "alias": "A",
                "records": {"lies": {"confirmed": 1, "events": [{"on": "2026-01-01", "odd": ODD}]}},
            }
        ]
    },
    "review": {"clients": [{"id": "c1", "alias": "A", "review": {"on": "2026-01-01", "odd": ODD}}]},
    "late payment": {
        "clients": [
            {"id": "c1", "alias": "A", "late_payments": [{"amount": "1", "days": 2, "odd": ODD}]}
        ]
    },
    "revenue band": {
        "clients": [{"id": "c1", "alias": "A", "revenue_band": {"low": "1", "odd": ODD}}]
    },
    "a key called extra": {"extra": ODD},
}


@pytest.mark.filterwarnings("ignore::client_triage.store.PortfolioWarning")
@pytest.mark.parametrize("body", PLACES.values(), ids=PLACES)
def test_unknown_keys_survive_at_every_level(body):
    portfolio = load(**body)
    assert written(portfolio) == {"schema": SCHEMA, **body}
    assert again(portfolio) == portfolio


def test_what_was_read_can_always_be_written_and_read_again():
    portfolio = load(odd=[1e308, -0.0, 12345678901234567890, "\u2028", "\x00"])
    assert again(portfolio) == portfolio


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({"bar": {"bad-breath": {"share": 1}}}, "bad-breath"),
        ({"bar": {"slow-pay": {"shares": 1}}}, "shares"),
        (PLACES["unknown scenario"], "clients[0].records.bad-breath"),
        (
            {"clients": [{"id": "c1", "alias": "A", "records": {"slow-pay": {"lates": 1}}}]},
            "lates",
        ),
    ],
    ids=["scenario in the bar", "bar item", "scenario", "signal"],
)
def test_an_unknown_name_is_warned_of(body, place):
    with pytest.warns(PortfolioWarning) as caught:
        load(**body)
    (warning,) = caught
    assert place in str(warning.message)
    assert str(warning.message).startswith("portfolio.json: ")
    assert "\n" not in str(warning.message)


def test_an_unknown_scenario_does_not_count():
    with pytest.warns(PortfolioWarning):
        portfolio = load_client(records={"physical_abuse": {"incidents": 1}})
    assert portfolio.client("c1").records["physical_abuse"].answers == {}


def test_a_known_file_is_read_without_a_warning():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        loads(json.dumps(EXAMPLE))


@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_shipped_sample_is_read_without_a_warning(language):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert loads(load_content().sample(language)).clients


@given(data=st.data())
def test_any_portfolio_survives(any_answers, data):
    ways = st.sampled_from(["sweep", "self", "ledger"])
    records = {}
    for one in load_content().scenarios:
        if data.draw(st.booleans()):
            answers = data.draw(any_answers(one))
            records[one.id] = {**answers, "how": {name: data.draw(ways) for name in answers}}
    money = st.none() | st.decimals(0, 10**9, places=2).map(str)
    portfolio = load_client(
        alias=data.draw(st.text(st.characters(codec="utf-8"))),
        billing=data.draw(st.sampled_from([None, "hourly", "fixed", "retainer"])),
        revenue=data.draw(money),
        hours=data.draw(money),
        records=records,
    )
    assert again(portfolio) == portfolio
    assert dumps(again(portfolio)) == dumps(portfolio)


@pytest.mark.parametrize("clients", [200, 201, 1000])
def test_a_portfolio_of_any_size_is_read_back_with_its_keys_in_their_order(clients):
    people = [{"id": f"c{number}", "alias": "두루미\n"} for number in range(clients)]
    body = {"schema": SCHEMA, "me": {"clients": []}, "clients": people, "odd": {"clients": [1]}}
    portfolio = loads(json.dumps(body))
    assert list(written(portfolio).items()) == list(body.items())
    assert again(portfolio) == portfolio


def test_a_large_portfolio_is_written_with_a_line_a_client():
    people = [{"id": f"c{number}", "alias": "A"} for number in range(500)]
    assert len(dumps(load(clients=people)).splitlines()) == 500 + 5
