"""What is told of how the portfolio is kept."""

import pytest

from client_triage.domain import edits
from client_triage.store import Portfolio
from client_triage.views.keeping import KeepingView
from client_triage.views.scenario import ScenarioView
from client_triage.views.workspace import Workspace


@pytest.fixture
def clashing(workspace):
    """Give a view of a portfolio that was changed here and elsewhere."""
    base = workspace.portfolio
    workspace.apply(lambda one: edits.change_client(one, "c1", alias="Kite"))
    workspace.apply(lambda one: edits.set_bar(one, "slow-pay", {"share": 0.3}))
    theirs = edits.remove_client(edits.set_bar(base, "slow-pay", {"share": 0.6}), "c1")
    workspace.meet(theirs, base)
    return KeepingView(workspace)


def test_while_all_is_well_nothing_is_told(workspace):
    state = KeepingView(workspace).state
    assert (state["trouble"], state["news"], state["clashes"]) == ("", "", [])


def test_trouble_is_told_at_once(workspace):
    view = KeepingView(workspace)
    workspace.trouble = "The disk is full."
    assert view.state["trouble"] == "The disk is full."


def test_what_came_from_another_tab_is_told(workspace):
    view = KeepingView(workspace)
    base = workspace.portfolio
    workspace.meet(edits.add_clients(base, ["Wren"]), base)
    assert view.state["news"] == (
        "Another tab or window changed your answers. They are shown as they are now."
    )


def test_clashes_are_named_by_alias(clashing):
    assert clashing.state["clashes"] == ["Kite", "Your own figures and limits"]


def test_a_client_that_is_only_there_on_the_other_side_has_a_name():
    workspace = Workspace(language="en")
    workspace.add_clients(["Heron"])
    base = workspace.portfolio
    workspace.apply(lambda one: edits.remove_client(one, "c1"))
    workspace.meet(edits.change_client(base, "c1", alias="Wren"), base)
    assert KeepingView(workspace).state["clashes"] == ["Wren"]


@pytest.mark.parametrize("ours", [True, False])
def test_the_choice_is_carried_out_and_said(clashing, act, ours):
    act(clashing, "settle", ours=ours)
    aliases = [client.alias for client in clashing.workspace.portfolio.clients]
    assert ("Kite" in aliases) is ours
    assert clashing.state["clashes"] == []
    assert clashing.state["notice"] == "Done. Undo brings the other version back."


@pytest.fixture
def unsaved(tmp_path, monkeypatch):
    """Give a view of a portfolio whose last save failed."""

    def refuse(*_):
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(Portfolio, "save", refuse)
    view = KeepingView(Workspace(tmp_path / "portfolio.json", "en"))
    view.workspace.add_clients(["Heron"])
    return view


def test_a_failed_save_is_told_with_the_file_to_download(unsaved, act, monkeypatch):
    assert unsaved.state["trouble"].startswith("portfolio.json could not be saved")
    assert unsaved.state["is_unsaved"]
    sent = []
    monkeypatch.setattr(unsaved, "send", sent.append)
    act(unsaved, "download")
    assert "Heron" in sent[0]["text"]


def test_a_save_that_works_again_ends_the_trouble(unsaved, monkeypatch):
    monkeypatch.undo()
    unsaved.workspace.add_clients(["Otter"])
    assert (unsaved.state["trouble"], unsaved.state["is_unsaved"]) == ("", False)


def test_a_notebook_of_one_scenario_tells_of_it_as_well(tmp_path):
    view = ScenarioView(Workspace(tmp_path / "portfolio.json", "en"), "slow-pay", prose=False)
    assert isinstance(view.children[0], KeepingView)


def test_behind_the_sample_ones_own_answers_are_downloaded(unsaved, act, monkeypatch):
    sent = []
    monkeypatch.setattr(unsaved, "send", sent.append)
    unsaved.workspace.show_sample()
    act(unsaved, "download")
    assert "Heron" in sent[0]["text"]


def test_a_client_that_is_gone_on_both_sides_is_asked_about_no_longer(clashing):
    clashing.workspace.apply(lambda one: edits.set_bar(one, "slow-pay", {"share": 0.6}))
    clashing.workspace.apply(lambda one: edits.remove_client(one, "c1"))
    assert clashing.state["clashes"] == []
    assert KeepingView(clashing.workspace).state["clashes"] == []
