"""A file dropped anywhere on the page: opened as by the button, and said where it was dropped."""

import pytest

from client_triage.domain import Client
from client_triage.store import Portfolio, dumps
from client_triage.views.app import App
from client_triage.views.drop import DropView
from client_triage.views.shell import PORTFOLIO, START
from client_triage.views.workspace import Workspace

HERON = dumps(Portfolio(clients=(Client("c1", "Heron"),)))


@pytest.fixture
def view(workspace):
    return DropView(workspace)


def aliases(view):
    return [client.alias for client in view.workspace.portfolio.clients]


def test_a_dropped_file_replaces_what_was_there_and_this_is_said(view, act):
    act(view, "open", file="mine.json", text=HERON)
    assert aliases(view) == ["Heron"]
    assert view.state["notice"] == "Opened: 1 client. You can undo this."


def test_undo_brings_back_what_a_dropped_file_replaced(view, act):
    act(view, "open", file="mine.json", text=HERON)
    view.workspace.undo()
    assert aliases(view) == ["Bluebird", "Otter", "Fox"]


def test_a_bad_file_says_why_and_keeps_what_was_there(view, act):
    act(view, "open", file="mine.json", text="{")
    assert view.state["fault"].startswith("mine.json was not opened. What you had is still here.")
    assert aliases(view) == ["Bluebird", "Otter", "Fox"]


@pytest.mark.parametrize("text", [HERON, "{"])
def test_what_was_said_can_be_closed(view, act, text):
    act(view, "open", file="mine.json", text=text)
    act(view, "dismiss")
    assert (view.state["notice"], view.state["fault"]) == ("", "")


def test_a_change_elsewhere_sends_nothing(view, states):
    sent = states(view)
    view.workspace.add_clients(["Heron"])
    assert sent == []


def test_the_page_takes_a_file_on_every_step_in_the_language_of_the_page():
    app = App(Workspace(language="en"))
    (view,) = [one for one in app.children if isinstance(one, DropView)]
    for step in (PORTFOLIO, "slow-pay", START):
        app.go(step)
        assert view in app.children
    app.workspace.speak("ko")
    assert view.state["language"] == "ko"
