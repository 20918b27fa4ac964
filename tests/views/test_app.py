"""The whole walk: steps are made when opened, and wait while away."""

import pytest

from client_triage.views.app import App, portfolio_views, start_views
from client_triage.views.clients import ClientsView
from client_triage.views.matrix import MatrixView
from client_triage.views.page import PageView
from client_triage.views.scenario import ScenarioView
from client_triage.views.shell import PORTFOLIO, START, ShellView
from client_triage.views.sweep import SweepView
from client_triage.views.view import View
from client_triage.views.workspace import Workspace


@pytest.fixture
def app(workspace):
    return App(workspace)


def views(widget, kind=View):
    """Give every view of a kind below a widget."""
    below = (view for child in getattr(widget, "children", ()) for view in views(child, kind))
    return [*([widget] if isinstance(widget, kind) else []), *below]


def only(widget, kind):
    (view,) = views(widget, kind)
    return view


def test_the_walk_begins_at_the_start(app):
    assert app.step == START
    assert only(app, ClientsView).state["clients"]


def test_head_and_foot_stand_around_every_step(app):
    for step in (START, "slow-pay", PORTFOLIO):
        app.go(step)
        head, _, _, foot, _, _ = app.children
        assert [(one.step, one.state["foot"]) for one in (head, foot)] == [
            (step, False),
            (step, True),
        ]


def test_the_first_clients_are_asked_for_before_one_reads_the_small_print(app):
    pages = views(app, PageView)
    start = views(app.children[2])
    first, others, _ = (one for one in pages)
    assert (bool(first.state["first"]), first.state["others"]) == (True, [])
    assert (others.state["first"], len(others.state["others"])) == (None, 2)
    assert start.index(first) < start.index(only(app, ClientsView)) < start.index(others)


def test_what_is_downloaded_redraws_what_says_what_is_at_risk_alone(app, states):
    sent = states(only(app, ClientsView))
    head = app.children[0]
    app.workspace.kept = app.workspace.own
    assert (head.state["is_at_risk"], sent) == (False, [])


def test_one_step_is_on_screen_at_a_time(app):
    app.go("slow-pay")
    assert views(app, ClientsView) == []
    assert only(app, SweepView).scenario.id == "slow-pay"


def test_a_step_is_made_when_it_is_first_opened(workspace, monkeypatch):
    made = []
    real = ScenarioView.__init__
    monkeypatch.setattr(
        ScenarioView, "__init__", lambda view, *args: (made.append(args[1]), real(view, *args))[0]
    )
    app = App(workspace)
    assert made == []
    app.go("slow-pay")
    app.go("lies")
    app.go("slow-pay")
    assert made == ["slow-pay", "lies"]


def test_a_step_that_is_opened_again_is_the_same(app):
    app.go("slow-pay")
    first = only(app, SweepView)
    app.go(START)
    app.go("slow-pay")
    assert only(app, SweepView) is first


def test_the_shell_leads_through_the_walk(app, act):
    for shell in views(app, ShellView):
        act(shell, "go", step="lies")
        assert app.step == "lies"
        app.go(START)


def test_every_step_can_be_opened(app):
    head = app.children[0]
    for step in [one["id"] for one in head.state["steps"]]:
        app.go(step)
        assert all(view.state for view in views(app))


def test_a_step_that_is_away_is_not_redrawn(app, states):
    away = only(app, ClientsView)
    app.go("slow-pay")
    sent = states(away)
    app.workspace.add_clients(["Heron"])
    assert sent == []


def test_a_step_that_comes_back_is_up_to_date(app):
    clients = only(app, ClientsView)
    app.go("slow-pay")
    app.workspace.add_clients(["Heron"])
    app.go(START)
    assert len(clients.state["clients"]) == 4


def test_the_views_of_a_scenario_that_is_away_are_not_redrawn(app, states):
    app.go("slow-pay")
    sent = [states(view) for view in views(only(app, ScenarioView))]
    app.go(START)
    app.workspace.add_clients(["Heron"])
    assert sent == [[]] * 4


def test_opening_the_step_that_is_open_changes_nothing(app, states):
    sent = states(only(app, ClientsView))
    app.go(START)
    assert sent == []
    assert app.step == START


def test_a_change_of_language_reaches_every_step(app, act):
    app.go(PORTFOLIO)
    act(app.children[0], "speak", language="ko")
    app.go(START)
    assert {view.state["language"] for view in views(app)} == {"ko"}


def test_an_answer_in_one_step_is_in_the_portfolio(app, act):
    app.go("slow-pay")
    act(only(app, SweepView), "answer", client="c1", answer="yes")
    app.go(PORTFOLIO)
    matrix = only(app, MatrixView).state
    column = [heading[0] for heading in matrix["scenarios"]].index("slow-pay")
    assert matrix["order"][matrix["rows"][0][4][column]] == "watch"


def test_every_view_of_a_step_waits_with_it(workspace):
    for parts, box in (start_views(workspace), portfolio_views(workspace)):
        assert set(parts) == set(views(box))


def test_two_apps_share_nothing(app):
    other = App(Workspace(language="en"))
    app.workspace.add_clients(["Heron"])
    assert other.workspace.portfolio.clients == ()
    assert only(other, ClientsView).state["clients"] == []
