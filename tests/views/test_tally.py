"""The tally in numbers: what it says at each portfolio."""

from dataclasses import replace
from decimal import Decimal

import pytest

from client_triage.domain import Client, Record
from client_triage.views.tally import TallyView
from client_triage.views.workspace import Workspace

LIAR = {"lies": Record({"confirmed": 1})}
CLEAR = {"lies": Record({"confirmed": 0, "suspected": False})}


@pytest.fixture
def tally():
    def build(*clients, language="en", **facts):
        workspace = Workspace(language=language)
        workspace.apply(lambda portfolio: replace(portfolio, clients=clients, **facts))
        return TallyView(workspace)

    return build


def client(number, records=None, revenue=None, **facts):
    sum_of = None if revenue is None else Decimal(revenue)
    return Client(f"c{number}", f"Client {number}", records=records or {}, revenue=sum_of, **facts)


def test_without_clients_there_are_no_rows_and_no_sentences(tally):
    state = tally().state
    assert state["is_empty"]
    assert (state["rows"], state["first"], state["concentration"]) == ([], [], [])


def test_a_row_for_each_verdict_that_came_up_the_worst_first(tally):
    state = tally(client(1), client(2, LIAR), client(3, CLEAR)).state
    assert [(row["level"], row["clients"]) for row in state["rows"]] == [
        ("unknown", "1"),
        ("fire", "1"),
        ("clear", "1"),
    ]


def test_a_row_says_what_is_behind_its_verdict(tally):
    liars = (client(1, LIAR, 1200, hours=Decimal(10)), client(2, LIAR, 300))
    (row,) = tally(*liars, currency="USD").state["rows"]
    assert (row["clients"], row["revenue"], row["hours"]) == ("2", "$1,500.00", "10")


def test_what_is_not_known_is_said_to_be(tally):
    (row,) = tally(client(1, LIAR)).state["rows"]
    assert (row["revenue"], row["hours"]) == ("not known", "not known")


def test_how_much_is_answered_is_a_share(tally):
    assert tally(client(1, LIAR), client(2)).state["answered"] == "Answered: 5%"


def test_the_first_to_look_at_come_with_their_worst_scenario(tally):
    assert tally(client(1), client(2, LIAR)).state["first"] == [
        {"alias": "Client 2", "scenario": "Honesty"}
    ]


def test_the_worst_scenario_is_the_first_of_the_firing_order(tally):
    records = {"lies": Record({"confirmed": 1}), "legal-risk": Record({"exposed": "yes"})}
    assert tally(client(1, records)).state["first"][0]["scenario"] == "Legal risk"


def test_a_client_kept_against_advice_is_not_first_but_in_the_count(tally):
    state = tally(client(1, LIAR, exception="I need the income")).state
    assert state["first"] == []
    assert state["rows"][0]["level"] == "fire"


def test_ten_are_first_and_the_rest_is_counted(tally):
    state = tally(*(client(number, LIAR) for number in range(12))).state
    assert len(state["first"]) == 10
    assert state["more_first"] == "… and 2 more clients."


def test_with_ten_nobody_is_left_to_count(tally):
    assert tally(*(client(number, LIAR) for number in range(10))).state["more_first"] == ""


# concentration


def test_the_largest_share_has_its_name(tally):
    sentences = tally(client(1, None, 750), client(2, None, 250)).state["concentration"]
    assert sentences[0] == "Your largest client, Client 1, brings 75% of your known revenue."


def test_the_spread_is_said_as_equal_clients(tally):
    sentences = tally(client(1, None, 500), client(2, None, 500)).state["concentration"]
    assert sentences[1:] == ["Your income is spread as if you had 2 equal clients."]


def test_one_client_is_one_equal_client(tally):
    sentences = tally(client(1, None, 500)).state["concentration"]
    assert sentences[1] == "Your income is spread as if you had 1 equal client."


def test_after_letting_go_is_said_where_somebody_should_go(tally):
    clients = (client(1, LIAR, 500), client(2, CLEAR, 500), client(3, CLEAR, 500))
    sentences = tally(*clients).state["concentration"]
    assert sentences[-1] == "Without the clients to let go, it would be as if you had 2."


def test_after_letting_go_is_not_said_where_nobody_should_go(tally):
    sentences = tally(client(1, CLEAR, 500)).state["concentration"]
    assert not any("Without the clients to let go" in sentence for sentence in sentences)


def test_where_no_income_would_be_left_safety_is_named(tally):
    sentences = tally(client(1, LIAR, 500)).state["concentration"]
    assert sentences[-1].startswith("Without the clients to let go, no known income is left.")


def test_unknown_revenue_is_left_out_and_counted(tally):
    sentences = tally(client(1, None, 500), client(2), client(3)).state["concentration"]
    assert sentences[-1] == "The revenue of 2 clients is not known and left out."


def test_without_any_revenue_only_what_is_missing_is_said(tally):
    sentences = tally(client(1, LIAR)).state["concentration"]
    assert sentences == ["1 client's revenue is not known and left out."]


# changes


def test_each_change_updates_the_tally(workspace, answer, states):
    view = TallyView(workspace)
    sent = states(view)
    answer(workspace, "c1", "lies", confirmed=1)
    assert [one["level"] for one in sent[-1]["rows"]] == ["unknown", "fire"]
    assert len(sent) == 1


def test_the_sample_is_marked(workspace):
    view = TallyView(workspace)
    workspace.show_sample()
    assert view.state["is_sample"]


def test_korean_numbers_and_sentences(tally):
    state = tally(client(1, LIAR, 1_200_000), language="ko", currency="KRW").state
    assert state["rows"][0]["revenue"] == "₩1,200,000"
    assert "Client 1" in state["concentration"][0]
    assert "known" not in state["concentration"][0]
