"""One scenario across the clients: the most urgent first, and what to do next."""

import pytest

from client_triage.domain import edits
from client_triage.views.across import AcrossView
from client_triage.views.scenario import ScenarioView
from client_triage.views.workspace import Workspace


@pytest.fixture
def workspace():
    workspace = Workspace(language="en")
    workspace.add_clients(["Bluebird", "Otter", "Fox"])
    return workspace


def answer(workspace, client, scenario, **answers):
    facts = workspace.content.scenario(scenario)
    workspace.apply(lambda portfolio: edits.answer(portfolio, client, facts, answers))


def rows(view):
    return [(row["alias"], row["level"]) for row in view.state["rows"]]


def test_with_no_answer_there_is_no_row(workspace):
    state = AcrossView(workspace, "slow-pay").state
    assert state["rows"] == []
    assert state["words"]["nothing"] == "No client has a result here yet."


def test_the_most_urgent_comes_first(workspace):
    view = AcrossView(workspace, "slow-pay")
    answer(workspace, "c1", "slow-pay", late=0, invoices=5)
    answer(workspace, "c2", "slow-pay", late=1, invoices=5)
    answer(workspace, "c3", "slow-pay", late=4, invoices=5)
    assert rows(view) == [("Fox", "weigh"), ("Otter", "watch"), ("Bluebird", "clear")]


def test_a_row_says_why(workspace):
    answer(workspace, "c1", "slow-pay", late=4, invoices=5)
    row = AcrossView(workspace, "slow-pay").state["rows"][0]
    assert row["reason"].startswith("4 of 5 invoices late: a pattern.")


def test_where_safety_comes_first_nobody_is_ranked(workspace):
    answer(workspace, "c1", "physical-abuse", incidents=0)
    answer(workspace, "c2", "physical-abuse", incidents=1)
    view = AcrossView(workspace, "physical-abuse")
    assert rows(view) == [("Bluebird", "clear"), ("Otter", "fire")]


def test_clients_without_a_result_are_counted(workspace):
    answer(workspace, "c1", "slow-pay", late=0)
    assert AcrossView(workspace, "slow-pay").state["unknown"] == "Not known yet: 2 clients."


def test_where_safety_comes_first_nobody_is_counted(workspace):
    assert AcrossView(workspace, "physical-abuse").state["unknown"] == ""


def test_each_level_that_came_up_has_its_next_step_the_most_urgent_first(workspace):
    answer(workspace, "c1", "slow-pay", late=1, invoices=5)
    answer(workspace, "c2", "slow-pay", late=4, invoices=5)
    steps = AcrossView(workspace, "slow-pay").state["next"]
    assert [level for level, _ in steps] == ["weigh", "watch"]
    assert steps[0][1].startswith("Collect what is owed")


def test_twenty_show_and_the_rest_is_counted():
    workspace = Workspace(language="en")
    workspace.add_clients([f"Client {number}" for number in range(30)])
    slow_pay = workspace.content.scenario("slow-pay")
    workspace.apply(lambda portfolio: edits.sweep_none(portfolio, slow_pay))
    state = AcrossView(workspace, "slow-pay").state
    assert len(state["rows"]) == 20
    assert state["more"] == "… and 10 more clients."


def test_a_red_flag_shows_however_many_clients_there_are():
    workspace = Workspace(language="en")
    workspace.add_clients([f"Client {number}" for number in range(30)])
    abuse = workspace.content.scenario("physical-abuse")
    workspace.apply(lambda portfolio: edits.sweep_yes(portfolio, "c30", abuse))
    workspace.apply(lambda portfolio: edits.sweep_none(portfolio, abuse))
    assert ("Client 29", "fire") in rows(AcrossView(workspace, "physical-abuse"))


# the scenario's page


def test_a_scenario_shows_its_text_its_sweep_and_its_clients(workspace):
    names = [type(view).__name__ for view in ScenarioView(workspace, "slow-pay").children]
    assert names == ["PracticeView", "ProseView", "SweepView", "AcrossView"]


def test_a_scenario_can_leave_its_text_to_the_notebook(workspace):
    view = ScenarioView(workspace, "slow-pay", prose=False)
    names = [type(one).__name__ for one in view.children]
    assert names == ["KeepingView", "SweepView", "AcrossView"]


def test_a_scenario_that_is_not_on_screen_is_not_drawn(workspace):
    view = ScenarioView(workspace, "slow-pay", shown=False)
    assert all(one.state == {} for one in view.children)


def test_a_scenario_is_drawn_when_it_comes_on_screen(workspace):
    view = ScenarioView(workspace, "slow-pay", shown=False)
    view.shown = True
    assert all(one.state for one in view.children)
