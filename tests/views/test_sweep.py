"""The sweep: little work, and nothing that was not said."""

from datetime import date

import pytest

from client_triage.domain import Event, Record, edits
from client_triage.views.sweep import SweepView
from client_triage.views.workspace import Workspace


@pytest.fixture
def workspace():
    workspace = Workspace(language="en")
    workspace.add_clients(["Bluebird", "Otter", "Fox"])
    return workspace


@pytest.fixture
def sweep(workspace):
    return SweepView(workspace, "slow-pay")


def send(view, action, **details):
    view._on_message(None, {"action": action, **details}, [])  # noqa: SLF001 - as a browser would


def row(view, client="c1"):
    return next(row for row in view.state["rows"] if row["id"] == client)


def kinds(view):
    return [row["kind"] for row in view.state["rows"]]


def fields(view, client="c1"):
    return {field["id"]: field for field in row(view, client)["fields"] or []}


def record(view, client="c1"):
    records = view.workspace.portfolio.client(client).records
    return records.get(view.scenario.id, Record())


def answers(view, client="c1"):
    return dict(record(view, client).answers)


def know(view, client="c1", how="self", **known):
    view.workspace.apply(
        lambda portfolio: edits.answer(portfolio, client, view.scenario, known, how)
    )


# the question


def test_the_question_names_the_months_of_the_period(sweep):
    expected = "In the last 12 months, did any client pay an invoice late?"
    assert sweep.state["question"] == expected


def test_the_hint_names_the_persons_own_bar(workspace, sweep):
    workspace.apply(lambda portfolio: edits.set_bar(portfolio, "slow-pay", {"grace_days": 9}))
    assert "Days of grace in your bar: 9." in sweep.state["hint"]


def test_the_question_is_asked_in_korean(workspace, sweep):
    workspace.speak("ko")
    assert sweep.state["question"] == "최근 12개월 동안 대금을 늦게 준 고객이 있었나요?"


@pytest.mark.parametrize("language", ["en", "ko"])
def test_every_scenario_can_be_swept(language):
    workspace = Workspace(language=language)
    workspace.show_sample()
    for scenario in workspace.scenarios:
        view = SweepView(workspace, scenario.id)
        assert "{" not in view.state["question"] + view.state["hint"]
        assert len(view.state["rows"]) == len(workspace.portfolio.clients)


# a row


def test_nothing_is_preselected(sweep):
    assert kinds(sweep) == ["open", "open", "open"]


def test_drawing_records_nothing(sweep):
    assert all(client.records == {} for client in sweep.workspace.portfolio.clients)


def test_a_yes_records_the_least_it_says(sweep):
    send(sweep, "answer", client="c1", answer="yes")
    assert answers(sweep) == {"late": 1}


def test_a_yes_came_about_by_a_sweep(sweep):
    send(sweep, "answer", client="c1", answer="yes")
    assert record(sweep).how == {"late": "sweep"}


def test_a_yes_leaves_the_other_clients_alone(sweep):
    send(sweep, "answer", client="c1", answer="yes")
    assert kinds(sweep) == ["yes", "open", "open"]


def test_a_yes_shows_its_level_and_reason_at_once(sweep):
    send(sweep, "answer", client="c1", answer="yes")
    assert row(sweep)["level"] == "watch"
    assert row(sweep)["reason"].startswith("1 invoice late.")


def test_only_a_yes_asks_for_details(sweep):
    send(sweep, "answer", client="c1", answer="yes")
    send(sweep, "answer", client="c2", answer="unsure")
    assert list(fields(sweep)) == ["late", "invoices"]
    assert "fields" not in row(sweep, "c2")
    assert "fields" not in row(sweep, "c3")


def test_physical_abuse_asks_for_no_details(workspace):
    view = SweepView(workspace, "physical-abuse")
    send(view, "answer", client="c1", answer="yes")
    assert fields(view) == {}


def test_frustration_is_asked_only_of_those_who_pay_by_the_hour(workspace):
    view = SweepView(workspace, "changes-mind")
    send(view, "answer", client="c1", answer="yes")
    assert "frustration" not in fields(view)
    send(view, "signal", client="c1", signal="billing", value="hourly")
    assert "frustration" in fields(view)


def test_dont_know_is_an_answer_and_no_no(sweep):
    send(sweep, "answer", client="c1", answer="unsure")
    assert answers(sweep) == {"late": None}
    assert kinds(sweep) == ["unsure", "open", "open"]


def test_a_yes_can_be_made_a_no(sweep):
    send(sweep, "answer", client="c1", answer="yes")
    send(sweep, "answer", client="c1", answer="no")
    assert answers(sweep) == {"late": 0}
    assert row(sweep)["kind"] == "no"


def test_a_no_can_be_made_a_yes(sweep):
    send(sweep, "none")
    send(sweep, "answer", client="c2", answer="yes")
    assert kinds(sweep) == ["no", "yes", "no"]


def test_what_is_no_answer_is_refused(sweep):
    send(sweep, "answer", client="c1", answer="perhaps")
    assert sweep.state["fault"]
    assert kinds(sweep) == ["open", "open", "open"]


def test_an_unknown_client_is_refused(sweep):
    send(sweep, "answer", client="c9", answer="yes")
    assert sweep.state["fault"]


# details


def test_a_detail_makes_the_answer_exact_and_the_other_details_stay_open(sweep):
    send(sweep, "answer", client="c1", answer="yes")
    send(sweep, "signal", client="c1", signal="late", value="4")
    assert row(sweep)["kind"] == "exact"
    assert list(fields(sweep)) == ["late", "invoices"]


def test_details_lead_to_a_judgement(sweep):
    send(sweep, "answer", client="c1", answer="yes")
    send(sweep, "signal", client="c1", signal="late", value="4")
    send(sweep, "signal", client="c1", signal="invoices", value="5")
    assert row(sweep)["level"] == "weigh"


def test_more_late_than_invoices_is_refused_beside_the_field(sweep):
    send(sweep, "answer", client="c1", answer="yes")
    send(sweep, "signal", client="c1", signal="late", value="4")
    send(sweep, "signal", client="c1", signal="invoices", value="3")
    assert "can't be more than" in fields(sweep)["invoices"]["error"]
    assert answers(sweep) == {"late": 4}


def test_a_refusal_is_said(sweep):
    send(sweep, "answer", client="c1", answer="yes")
    send(sweep, "signal", client="c1", signal="late", value="many")
    assert sweep.state["notice"] == fields(sweep)["late"]["error"]


def test_a_detail_can_be_cleared(sweep):
    send(sweep, "answer", client="c1", answer="yes")
    send(sweep, "signal", client="c1", signal="invoices", value="5")
    send(sweep, "clear_signal", client="c1", signal="invoices")
    assert answers(sweep) == {"late": 1}


# what is better known


def test_a_more_exact_answer_is_shown_in_words(sweep):
    know(sweep, late=4, invoices=5)
    assert row(sweep)["kind"] == "exact"
    assert row(sweep)["reason"].startswith("4 of 5 invoices late: a pattern.")


@pytest.mark.parametrize("how", ["self", "ledger"])
@pytest.mark.parametrize("answer", ["yes", "no", "unsure"])
def test_a_sweep_never_overwrites_what_is_better_known(sweep, how, answer):
    know(sweep, how=how, late=4, invoices=5)
    send(sweep, "answer", client="c1", answer=answer)
    assert answers(sweep) == {"late": 4, "invoices": 5}
    assert set(record(sweep).how.values()) == {how}


@pytest.fixture
def disputes(workspace):
    view = SweepView(workspace, "invoice-disputes")
    know(view, how="ledger", disputed=0, invoices=5)
    return view


def test_what_a_ledger_knows_in_part_is_shown_and_leaves_the_question_open(disputes):
    assert row(disputes)["kind"] == "open"
    assert row(disputes)["from_ledger"]


def test_none_of_the_others_fills_what_a_ledger_left_open(disputes):
    send(disputes, "none")
    assert answers(disputes) == {"disputed": 0, "invoices": 5, "agreed_then_cheapened": 0}


def test_a_yes_against_a_ledger_asks_for_the_details_and_records_nothing(disputes):
    send(disputes, "answer", client="c1", answer="yes")
    assert answers(disputes) == {"disputed": 0, "invoices": 5}
    assert row(disputes)["kind"] == "exact"
    assert "agreed_then_cheapened" in fields(disputes)


def test_none_of_the_others_never_overwrites_anything(sweep):
    know(sweep, how="ledger", late=4, invoices=5)
    send(sweep, "answer", client="c2", answer="unsure")
    send(sweep, "none")
    assert answers(sweep) == {"late": 4, "invoices": 5}
    assert answers(sweep, "c2") == {"late": None}


def test_ledger_facts_are_marked_as_such(sweep):
    know(sweep, how="ledger", late=4, invoices=5)
    know(sweep, "c2", late=0)
    assert (row(sweep)["from_ledger"], row(sweep, "c2")["from_ledger"]) == (True, False)


def test_a_record_of_dated_events_is_more_than_a_sweep_asks(sweep):
    events = {"slow-pay": Record(events=(Event(date(2026, 5, 4)),))}
    sweep.workspace.apply(lambda portfolio: edits.change_client(portfolio, "c1", records=events))
    assert row(sweep)["kind"] == "exact"


def test_a_more_exact_answer_unfolds_to_be_changed(sweep):
    know(sweep, late=4, invoices=5)
    assert fields(sweep) == {}
    send(sweep, "change", client="c1")
    assert {name: field["value"] for name, field in fields(sweep).items()} == {
        "late": "4",
        "invoices": "5",
    }
    send(sweep, "close", client="c1")
    assert fields(sweep) == {}


def test_an_exact_no_unfolds_with_every_answer_to_choose_from(workspace):
    view = SweepView(workspace, "legal-risk")
    know(view, exposed="no")
    send(view, "change", client="c1")
    assert fields(view)["exposed"]["value"] == "no"
    assert "no" in [option for option, _ in fields(view)["exposed"]["options"]]


# none of the others


def test_none_of_the_others_answers_for_those_without_an_answer(sweep):
    send(sweep, "answer", client="c1", answer="yes")
    send(sweep, "none")
    assert kinds(sweep) == ["yes", "no", "no"]


def test_none_of_the_others_says_for_how_many(sweep):
    assert sweep.state["none"] == "None of the others did (3 clients)"
    send(sweep, "answer", client="c1", answer="yes")
    assert sweep.state["none"] == "None of the others did (2 clients)"


def test_where_nobody_is_left_there_are_no_others(sweep):
    send(sweep, "none")
    assert sweep.state["none"] == ""


def test_where_safety_comes_first_nobody_is_counted(workspace):
    view = SweepView(workspace, "physical-abuse")
    assert view.state["none"] == "None of the others did"
    assert view.state["safety"]


def test_later_answers_nothing(sweep):
    send(sweep, "later")
    assert kinds(sweep) == ["open", "open", "open"]
    assert sweep.state["notice"].startswith("The others stay open.")


# taking back


def test_a_row_can_be_cleared_to_not_asked(sweep):
    send(sweep, "answer", client="c1", answer="yes")
    send(sweep, "signal", client="c1", signal="late", value="4")
    send(sweep, "clear", client="c1")
    assert answers(sweep) == {}
    assert row(sweep)["kind"] == "open"


def test_an_answer_can_be_undone(sweep):
    send(sweep, "answer", client="c1", answer="yes")
    send(sweep, "undo")
    assert kinds(sweep) == ["open", "open", "open"]
    assert sweep.state["notice"] == "Undone. Bluebird: no answer."


def test_none_of_the_others_is_undone_in_one_go(sweep):
    send(sweep, "none")
    send(sweep, "undo")
    assert kinds(sweep) == ["open", "open", "open"]
    assert sweep.state["notice"] == "Undone for 3 clients."


def test_undo_says_what_it_would_take_back(sweep):
    send(sweep, "answer", client="c1", answer="yes")
    assert sweep.state["undo"] == "Undo: Bluebird"


def test_undo_does_not_guess_what_somebody_else_changed(workspace, sweep):
    send(sweep, "answer", client="c1", answer="yes")
    workspace.apply(lambda portfolio: edits.remove_client(portfolio, "c3"))
    assert sweep.state["undo"] == "Undo"


# what is said


def test_a_change_is_said_with_its_level_and_reason(sweep):
    know(sweep, late=4)
    send(sweep, "change", client="c1")
    send(sweep, "signal", client="c1", signal="invoices", value="5")
    assert sweep.state["notice"].startswith("Bluebird: Weigh. 4 of 5 invoices late")


def test_an_answer_without_a_level_is_said(sweep):
    send(sweep, "answer", client="c1", answer="unsure")
    assert sweep.state["notice"] == "Bluebird: Don't know."


# the bar


@pytest.fixture
def demands(workspace):
    return SweepView(workspace, "unreasonable-demands")


def test_without_lines_the_bar_comes_first_and_nothing_is_asked(demands):
    assert demands.state["bar"]["lines"] == []
    assert demands.state["rows"] == []
    assert demands.state["none"] == ""


def test_no_other_scenario_asks_for_lines(sweep):
    assert sweep.state["bar"] is None


def test_saved_lines_are_in_the_bar_and_the_clients_are_asked(demands):
    send(demands, "set_bar", lines="No calls\n\n  No weekends ", counts={"crossings": ""})
    assert demands.workspace.portfolio.bar["unreasonable-demands"] == {
        "lines": ("No calls", "No weekends")
    }
    assert kinds(demands) == ["open", "open", "open"]


def test_how_many_crossings_are_too_many_is_saved_with_the_lines(demands):
    send(demands, "set_bar", lines="No calls", counts={"crossings": "2"})
    assert demands.workspace.portfolio.bar["unreasonable-demands"]["crossings"] == 2


def test_a_trades_lines_and_figures_are_offered_and_not_set(demands):
    presets = {preset["id"]: preset for preset in demands.state["bar"]["presets"]}
    assert presets["law"]["name"] == "Law"
    assert presets["law"]["counts"] == {"crossings": "2"}
    assert len(presets["law"]["lines"]) == 4
    assert demands.workspace.portfolio.bar == {}


def test_no_line_at_all_is_refused(demands):
    send(demands, "set_bar", lines=" \n ", counts={})
    assert demands.state["fault"] == "Write down at least one line."


def test_lines_can_be_taken_away_again(demands):
    send(demands, "set_bar", lines="No calls", counts={})
    send(demands, "set_bar", lines="", counts={})
    assert demands.state["bar"]["lines"] == []


def test_far_too_many_lines_are_refused(demands):
    typed = "\n".join(f"Line {number}" for number in range(41))
    send(demands, "set_bar", lines=typed, counts={})
    assert demands.state["fault"].startswith("Use at most 40 lines")


@pytest.mark.parametrize("crossings", ["-1", "two", "1.5", True, [1]])
def test_what_is_no_count_of_crossings_is_refused(demands, crossings):
    send(demands, "set_bar", lines="No calls", counts={"crossings": crossings})
    assert demands.state["fault"]
    assert demands.workspace.portfolio.bar == {}


def test_a_scenario_without_lines_takes_none(sweep):
    send(sweep, "set_bar", lines="No calls", counts={})
    assert sweep.workspace.portfolio.bar == {}


# who is asked about


def test_without_clients_the_sweep_says_so():
    assert SweepView(Workspace(language="en"), "slow-pay").state["is_empty"]


def test_the_sample_is_shown_as_one(workspace, sweep):
    assert not sweep.state["is_sample"]
    workspace.show_sample()
    assert sweep.state["is_sample"]
    assert row(sweep)["alias"] == "Bluebird"


# many clients


def test_two_hundred_clients_make_a_state_of_modest_size():
    import json

    workspace = Workspace(language="en")
    workspace.add_clients([f"Client {number}" for number in range(200)])
    view = SweepView(workspace, "slow-pay")
    for number in range(1, 201):
        know(view, f"c{number}", late=number % 7, invoices=number % 7 + 5)
    assert len(json.dumps(view.state)) < 100_000
