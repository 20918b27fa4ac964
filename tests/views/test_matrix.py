"""The matrix, as its browser side sees it."""

import json
import time

import pytest

from client_triage.domain import edits
from client_triage.domain.levels import Level
from client_triage.domain.portfolio import Event, Record
from client_triage.views.matrix import MatrixView
from client_triage.views.workspace import Workspace

CELL = {"client": "c1", "scenario": "slow-pay"}
MANY = 200


@pytest.fixture
def workspace():
    """Give a workspace in English with three clients and no answers."""
    workspace = Workspace(language="en")
    workspace.add_clients(["Bluebird", "Heron", "Finch"])
    return workspace


@pytest.fixture
def matrix(workspace):
    return MatrixView(workspace)


def receive(view, message):
    view._on_message(None, message, [])  # noqa: SLF001 - what anywidget calls


def send(view, action, **details):
    receive(view, {"action": action, **details})


def opened(view, client="c1", scenario="slow-pay"):
    send(view, "open", client=client, scenario=scenario)
    return view.state["open"]


def answer(view, client="c1", scenario="slow-pay", **answers):
    for signal, value in answers.items():
        send(view, "answer", client=client, scenario=scenario, signal=signal, value=value)


def level(view, row, scenario="slow-pay"):
    column = [heading[0] for heading in view.state["scenarios"]].index(scenario)
    return view.state["order"][view.state["rows"][row][4][column]]


def field(view, signal):
    return next(one for one in view.state["open"]["fields"] if one["id"] == signal)


def aliases(view):
    return [view.state["rows"][row][1] for row in view.state["urgent"]]


def test_every_client_has_a_level_for_every_scenario(matrix):
    assert [len(row[4]) for row in matrix.state["rows"]] == [10, 10, 10]


def test_what_was_not_asked_is_unknown(matrix):
    assert level(matrix, 0) == "unknown"


def test_every_level_has_a_word_and_a_sign(matrix):
    assert set(matrix.state["order"]) == set(matrix.state["levels"]) == set(matrix.state["signs"])


def test_headings_are_short_with_the_full_title_beside_them(matrix):
    name, short, title, named = matrix.state["scenarios"][4]
    assert (name, short, title) == ("slow-pay", "Slow pay", "They are always late to pay")
    assert named == "Slow pay: They are always late to pay"


def test_no_cell_is_open_at_first(matrix):
    assert matrix.state["open"] is None


def test_an_open_cell_shows_title_reason_and_fields(matrix):
    panel = opened(matrix)
    assert panel["title"] == "Bluebird: They are always late to pay"
    assert panel["reason"] == "Not answered yet."
    assert [one["id"] for one in panel["fields"]] == ["late", "invoices"]


def test_an_answer_changes_the_cell_the_verdict_and_the_portfolio(matrix, workspace):
    opened(matrix)
    answer(matrix, invoices="5", late="4")
    assert level(matrix, 0) == "weigh"
    assert matrix.state["order"][matrix.state["rows"][0][2]] == "weigh"
    assert workspace.portfolio.client("c1").records["slow-pay"].answers == {
        "invoices": 5,
        "late": 4,
    }


def test_an_answer_changes_no_other_cell(matrix):
    answer(matrix, invoices="5", late="4")
    levels = [place for row in matrix.state["rows"] for place in row[4]]
    unknown = matrix.state["order"].index("unknown")
    assert levels.count(unknown) == len(levels) - 1


def test_the_panel_stays_open_while_answers_change(matrix):
    opened(matrix)
    answer(matrix, invoices="5", late="4")
    assert matrix.state["open"]["level"] == "weigh"
    assert matrix.state["open"]["verdict"] == "Verdict for this client: Weigh"


def test_one_answer_sends_the_state_once(matrix):
    opened(matrix)
    sent = []
    matrix.observe(sent.append, "state")
    answer(matrix, late="1")
    assert len(sent) == 1


def test_dont_know_is_kept_apart_from_not_asked(matrix):
    opened(matrix)
    answer(matrix, late=None)
    assert field(matrix, "late")["known"]
    assert not field(matrix, "invoices")["known"]


def test_what_breaks_a_limit_is_refused_beside_its_field(matrix, workspace):
    opened(matrix)
    answer(matrix, invoices="3", late="4")
    assert "can't be more than" in field(matrix, "late")["error"]
    assert workspace.portfolio.client("c1").records["slow-pay"].answers == {"invoices": 3}


def test_one_answer_can_be_cleared(matrix):
    opened(matrix)
    answer(matrix, invoices="5", late="4")
    send(matrix, "clear", **CELL, signal="late")
    assert not field(matrix, "late")["known"]
    assert field(matrix, "invoices")["known"]


def test_all_answers_can_be_cleared_back_to_unknown(matrix):
    opened(matrix)
    answer(matrix, invoices="5", late="4")
    send(matrix, "clear", **CELL)
    assert level(matrix, 0) == "unknown"
    assert not any(one["known"] for one in matrix.state["open"]["fields"])


def test_clearing_can_be_undone(matrix):
    answer(matrix, invoices="5", late="4")
    send(matrix, "clear", **CELL)
    send(matrix, "undo")
    assert level(matrix, 0) == "weigh"


def test_closing_takes_the_form_out_of_the_state(matrix):
    opened(matrix)
    send(matrix, "close")
    assert matrix.state["open"] is None


def test_a_cell_closes_when_its_client_is_deleted(matrix, workspace):
    opened(matrix)
    workspace.apply(lambda portfolio: edits.remove_client(portfolio, "c1"))
    assert matrix.state["open"] is None


def test_without_a_bar_the_panel_says_where_to_set_it(matrix):
    assert opened(matrix, scenario="unreasonable-demands")["no_bar"]


def test_with_a_bar_the_panel_does_not_ask_for_one(matrix, workspace):
    lines = {"lines": ["No calls after 22:00"]}
    workspace.apply(lambda portfolio: edits.set_bar(portfolio, "unreasonable-demands", lines))
    assert not opened(matrix, scenario="unreasonable-demands")["no_bar"]


def test_dated_events_are_counted(matrix, workspace):
    day = workspace.tally.as_of
    records = {"lies": Record(events=(Event(day), Event(day)))}
    workspace.apply(lambda portfolio: edits.change_client(portfolio, "c1", records=records))
    assert opened(matrix, scenario="lies")["events"] == "2 dated events are on record."


def test_without_dated_events_nothing_is_said_of_them(matrix):
    assert opened(matrix)["events"] == ""


def test_the_most_urgent_client_comes_first(matrix):
    answer(matrix, client="c3", scenario="physical-abuse", incidents="1")
    assert aliases(matrix) == ["Finch", "Bluebird", "Heron"]


def test_rows_keep_their_places_while_a_cell_is_open(matrix):
    opened(matrix, client="c3", scenario="physical-abuse")
    answer(matrix, client="c3", scenario="physical-abuse", incidents="1")
    assert aliases(matrix) == ["Bluebird", "Finch", "Heron"]


def test_rows_move_to_their_new_places_once_the_cell_is_closed(matrix):
    opened(matrix, client="c3", scenario="physical-abuse")
    answer(matrix, client="c3", scenario="physical-abuse", incidents="1")
    send(matrix, "close")
    assert aliases(matrix) == ["Finch", "Bluebird", "Heron"]


def test_a_client_added_while_a_cell_is_open_comes_last(matrix, workspace):
    opened(matrix)
    workspace.add_clients(["Wren"])
    assert aliases(matrix)[-1] == "Wren"


def test_a_clear_verdict_says_how_far_it_goes(matrix):
    answer(matrix, scenario="physical-abuse", incidents="0")
    assert matrix.state["rows"][0][3] == "so far, 1 of 10"


def test_a_client_kept_against_advice_is_marked(matrix, workspace):
    answer(matrix, scenario="physical-abuse", incidents="1")
    workspace.apply(
        lambda portfolio: edits.change_client(portfolio, "c1", exception="contract term")
    )
    assert matrix.state["rows"][0][3] == "kept against advice"


def test_the_filter_names_the_level_in_the_language(workspace):
    workspace.speak("ko")
    matrix = MatrixView(workspace)
    assert workspace.words.level(Level.WARN) in matrix.state["words"]["grave"]


def test_an_open_cell_changes_language_with_the_page(matrix, workspace):
    opened(matrix)
    workspace.speak("ko")
    assert matrix.state["open"]["title"] == "Bluebird · 대금을 늘 늦게 줘요"


@pytest.mark.parametrize(
    "message",
    [
        {"action": "open", "client": "nobody", "scenario": "slow-pay"},
        {"action": "open", "client": "c1", "scenario": "nothing"},
        {"action": "open", "client": ["c1"], "scenario": {}},
        {"action": "open"},
        {"action": "answer", **CELL, "signal": "nothing", "value": 1},
        {"action": "clear", **CELL, "signal": "nothing"},
        {"action": "close", "more": 1},
        {"action": "explode"},
        "no message at all",
    ],
)
def test_a_message_that_makes_no_sense_changes_nothing(matrix, workspace, message):
    before = workspace.portfolio
    receive(matrix, message)
    assert workspace.portfolio == before
    assert matrix.state["fault"]
    assert matrix.state["open"] is None


def test_two_hundred_clients_stay_small_and_quick():
    workspace = Workspace(language="en")
    workspace.add_clients(f"Client {number}" for number in range(MANY))
    matrix = MatrixView(workspace)
    opened(matrix)
    started = time.perf_counter()
    matrix.draw()
    assert time.perf_counter() - started < 0.05
    assert len(json.dumps(matrix.state)) < 50_000
