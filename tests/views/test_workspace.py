"""The workspace: one portfolio, its history, its file, and others who write the same file."""

import json
import os
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from unittest.mock import Mock

import pytest

from client_triage.domain import Me, edits
from client_triage.faults import FaultyFileError
from client_triage.store import Portfolio, dumps
from client_triage.store.file import PortfolioFile
from client_triage.store.history import dumps_history
from client_triage.views.clients import ClientsView
from client_triage.views.workspace import Workspace

STEPS = 100


@pytest.fixture
def path(tmp_path):
    return tmp_path / "portfolio.json"


def refuse(*_):
    raise OSError(30, "Read-only file system")


@pytest.fixture
def read_only(monkeypatch):
    """Let every save fail, as in a folder that nobody may write to."""
    monkeypatch.setattr(Portfolio, "save", refuse)
    return monkeypatch


def aliases(workspace):
    return [client.alias for client in workspace.portfolio.clients]


def in_file(path):
    return [client.alias for client in Portfolio.load(path).clients]


def earn(workspace, currency):
    workspace.apply(lambda portfolio: replace(portfolio, currency=currency))


# the start


def test_a_workspace_begins_empty():
    assert Workspace().portfolio == Portfolio()


def test_the_language_is_english_unless_said():
    assert Workspace().language == "en"


def test_the_language_is_the_one_of_the_file(path):
    Portfolio(language="ko").save(path)
    assert Workspace(path).language == "ko"


def test_the_language_that_is_asked_for_wins(path):
    Portfolio(language="ko").save(path)
    assert Workspace(path, "en").language == "en"


def test_a_faulty_file_is_refused_at_the_start(path):
    path.write_text("{", "utf-8")
    with pytest.raises(FaultyFileError, match="not valid JSON"):
        Workspace(path)


# history


def test_a_change_can_be_taken_back_and_made_again(workspace):
    earn(workspace, "USD")
    workspace.undo()
    assert workspace.portfolio.currency is None
    workspace.redo()
    assert workspace.portfolio.currency == "USD"


def test_a_hundred_changes_can_be_taken_back_and_made_again():
    workspace = Workspace()
    for number in range(STEPS):
        workspace.add_clients([f"Client {number}"])
    for _ in range(STEPS):
        workspace.undo()
    assert aliases(workspace) == []
    assert not workspace.can_undo
    for _ in range(STEPS):
        workspace.redo()
    assert len(aliases(workspace)) == STEPS
    assert not workspace.can_redo


def test_no_more_than_a_hundred_changes_are_kept():
    workspace = Workspace()
    for number in range(STEPS + 5):
        workspace.add_clients([f"Client {number}"])
    while workspace.can_undo:
        workspace.undo()
    assert len(aliases(workspace)) == 5


def test_a_new_change_ends_what_could_be_made_again(workspace):
    workspace.undo()
    workspace.add_clients(["Heron"])
    assert not workspace.can_redo


def test_a_change_that_changes_nothing_is_no_step():
    workspace = Workspace()
    workspace.apply(replace)
    assert not workspace.can_undo


@pytest.mark.parametrize("step", ["undo", "redo"])
def test_without_history_nothing_happens(step):
    workspace = Workspace()
    getattr(workspace, step)()
    assert workspace.portfolio == Portfolio()


def test_an_edit_that_fails_changes_nothing(workspace):
    before = workspace.portfolio
    with pytest.raises(KeyError):
        workspace.apply(lambda portfolio: edits.change_client(portfolio, "c9", alias="Nobody"))
    assert workspace.portfolio is before


def test_the_tally_follows_each_change(workspace):
    before = workspace.tally
    workspace.undo()
    assert workspace.tally is not before
    assert workspace.tally.clients == ()


def test_the_tally_is_counted_once_a_change(workspace):
    assert workspace.tally is workspace.tally


def test_a_broken_file_that_can_not_be_moved_stays_where_it_is(path, monkeypatch):
    workspace = Workspace(path)
    workspace.add_clients(["Otter"])
    path.write_text("{", "utf-8")
    monkeypatch.setattr(Path, "replace", Mock(side_effect=PermissionError(13, "not permitted")))
    workspace.catch_up()
    assert aliases(workspace) == ["Otter"]
    assert path.read_text("utf-8") == "{"


# the sample


def test_the_sample_has_clients_that_are_marked_as_made_up():
    workspace = Workspace(language="en")
    workspace.show_sample()
    assert workspace.is_sample
    assert aliases(workspace)[0] == "Bluebird"


def test_the_first_real_client_takes_the_place_of_the_sample():
    workspace = Workspace(language="en")
    workspace.show_sample()
    workspace.add_clients(["Heron"])
    assert aliases(workspace) == ["Heron"]
    assert not workspace.is_sample


def test_the_sample_does_not_come_back_by_undo():
    workspace = Workspace(language="en")
    workspace.show_sample()
    workspace.add_clients(["Heron"])
    workspace.undo()
    assert aliases(workspace) == []


def test_the_sample_is_never_saved(path):
    workspace = Workspace(path, "en")
    workspace.show_sample()
    earn(workspace, "KRW")
    workspace.undo()
    workspace.redo()
    workspace.speak("ko")
    workspace.leave_sample()
    assert not path.exists()


def test_the_sample_speaks_the_new_language():
    workspace = Workspace(language="en")
    workspace.show_sample()
    workspace.speak("ko")
    assert workspace.is_sample
    assert aliases(workspace)[0] == "파랑새 카페"


def test_what_was_tried_out_in_the_sample_stays_in_the_new_language():
    workspace = Workspace(language="en")
    workspace.show_sample()
    workspace.apply(lambda portfolio: edits.change_client(portfolio, "c1", alias="Heron"))
    workspace.speak("ko")
    assert aliases(workspace)[0] == "Heron"
    assert workspace.can_undo


@pytest.mark.parametrize("kept", [True, False])
def test_leaving_the_sample_brings_ones_own_clients_back(kept, path):
    workspace = Workspace(path if kept else None, "en")
    workspace.add_clients(["Heron"])
    workspace.show_sample()
    workspace.show_sample()
    workspace.leave_sample()
    assert aliases(workspace) == ["Heron"]


@pytest.mark.parametrize("kept", [True, False])
def test_a_client_added_over_the_sample_joins_ones_own(kept, path):
    workspace = Workspace(path if kept else None, "en")
    workspace.add_clients(["Heron"])
    workspace.show_sample()
    workspace.speak("ko")
    workspace.add_clients(["Otter"])
    assert aliases(workspace) == ["Heron", "Otter"]


def test_undo_after_a_file_was_opened_over_the_sample_does_not_save_the_sample(path):
    workspace = Workspace(path, "en")
    workspace.add_clients(["Heron"])
    workspace.show_sample()
    workspace.open_text(dumps(Portfolio()), "other.json")
    workspace.undo()
    assert aliases(workspace) == in_file(path) == ["Heron"]


def test_to_leave_the_sample_where_there_is_none_is_nothing(workspace):
    workspace.leave_sample()
    assert aliases(workspace) == ["Bluebird", "Otter", "Fox"]


def test_what_can_not_be_done_to_ones_own_leaves_the_sample_where_it_is(workspace):
    workspace.show_sample()
    with pytest.raises(KeyError):
        workspace.apply_own(lambda one: edits.explain(one, "slow-pay/none", "why"))
    assert workspace.is_sample


# the language


def test_a_change_of_language_keeps_every_answer(workspace, answer):
    answer(workspace, "c1", "slow-pay", late=1, invoices=5)
    before = workspace.portfolio.clients
    workspace.speak("ko")
    assert workspace.words.language == "ko"
    assert workspace.portfolio.clients == before


def test_a_change_of_language_is_no_step_back(workspace):
    workspace.speak("ko")
    workspace.undo()
    assert workspace.language == "ko"
    assert aliases(workspace) == []


def test_the_file_remembers_the_language(path):
    workspace = Workspace(path, "en")
    workspace.add_clients(["Heron"])
    workspace.speak("ko")
    assert Portfolio.load(path).language == "ko"


def test_the_text_to_download_remembers_the_language(workspace):
    workspace.speak("ko")
    assert json.loads(workspace.text())["language"] == "ko"


def test_an_unknown_language_leaves_what_was_spoken(workspace):
    workspace.speak("xx")
    assert workspace.language == "en"


# the file


def test_without_a_path_no_file_is_written(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Workspace().add_clients(["Heron"])
    assert list(tmp_path.iterdir()) == []


def test_looking_writes_no_file(path):
    workspace = Workspace(path, "en")
    assert workspace.tally.clients == ()
    assert not path.exists()


def test_each_change_is_saved_at_once(path):
    workspace = Workspace(path, "en")
    for expected in (["Heron"], ["Heron", "Otter"]):
        workspace.add_clients(expected[-1:])
        assert in_file(path) == expected


@pytest.mark.parametrize(("steps", "expected"), [(["undo"], []), (["undo", "redo"], ["Heron"])])
def test_what_is_taken_back_or_made_again_is_saved(path, steps, expected):
    workspace = Workspace(path, "en")
    workspace.add_clients(["Heron"])
    for step in steps:
        getattr(workspace, step)()
    assert in_file(path) == expected


def test_the_version_before_is_kept(path):
    workspace = Workspace(path, "en")
    workspace.add_clients(["Heron"])
    workspace.add_clients(["Otter"])
    assert in_file(path.with_name("portfolio.json.previous")) == ["Heron"]


def test_what_was_saved_is_there_the_next_time(path):
    Workspace(path, "en").add_clients(["Heron"])
    assert aliases(Workspace(path)) == ["Heron"]


# two notebooks, one file


def test_two_notebooks_lose_no_change_of_each_other(path):
    one, other = Workspace(path, "en"), Workspace(path, "ko")
    one.add_clients(["Heron"])
    other.add_clients(["Otter"])
    one.apply(lambda portfolio: edits.change_client(portfolio, "c2", revenue=Decimal(5)))
    other.apply(lambda portfolio: edits.change_client(portfolio, "c1", revenue=Decimal(7)))
    saved = Portfolio.load(path).clients
    assert [(one.alias, one.revenue) for one in saved] == [("Heron", 7), ("Otter", 5)]


def test_answers_to_one_client_from_two_notebooks_are_both_kept(path, answer):
    one, other = Workspace(path, "en"), Workspace(path, "en")
    one.add_clients(["Heron"])
    answer(other, "c1", "slow-pay", late=1)
    answer(one, "c1", "lies", confirmed=0)
    assert set(Portfolio.load(path).clients[0].records) == {"slow-pay", "lies"}


def test_an_edit_is_made_on_what_the_file_has_now(path):
    one, other = Workspace(path, "en"), Workspace(path, "en")
    one.add_clients(["Heron"])
    other.add_clients(["Otter"])
    assert [client.id for client in other.portfolio.clients] == ["c1", "c2"]


def test_catching_up_shows_what_another_notebook_did(path):
    one, other = Workspace(path, "en"), Workspace(path, "en")
    other.add_clients(["Otter"])
    one.catch_up()
    assert aliases(one) == ["Otter"]


@pytest.mark.parametrize("step", ["undo", "redo"])
def test_taking_back_never_takes_another_notebooks_change_back(path, step):
    one, other = Workspace(path, "en"), Workspace(path, "en")
    one.add_clients(["Heron"])
    if step == "redo":
        one.undo()
    other.add_clients(["Otter"])
    getattr(one, step)()
    assert "Otter" in in_file(path)


def test_taking_all_steps_back_never_takes_another_notebooks_change_back(path):
    one, other = Workspace(path, "en"), Workspace(path, "en")
    one.add_clients(["Heron"])
    other.add_clients(["Otter"])
    one.add_clients(["Fox"])
    while one.can_undo:
        one.undo()
    assert in_file(path) == ["Otter"]


def test_an_edit_that_no_longer_fits_changes_nothing(path):
    one, other = Workspace(path, "en"), Workspace(path, "en")
    one.add_clients(["Heron", "Otter"])
    other.apply(lambda portfolio: edits.remove_client(portfolio, "c1"))
    with pytest.raises(KeyError):
        one.apply(lambda portfolio: edits.change_client(portfolio, "c1", alias="Fox"))
    assert in_file(path) == ["Otter"]


def test_a_file_that_somebody_removed_is_written_again(path):
    workspace = Workspace(path, "en")
    workspace.add_clients(["Heron"])
    path.unlink()
    workspace.add_clients(["Otter"])
    assert in_file(path) == ["Heron", "Otter"]


# a file that can't be written or read


@pytest.mark.usefixtures("read_only")
def test_a_failed_save_says_so_and_work_goes_on_in_memory(path):
    workspace = Workspace(path, "en")
    workspace.add_clients(["Heron"])
    workspace.add_clients(["Otter"])
    assert aliases(workspace) == ["Heron", "Otter"]
    assert workspace.trouble == (
        "portfolio.json could not be saved (Read-only file system). "
        "Your answers are still here: download the file to keep them."
    )


def test_a_failed_save_leaves_the_file_as_it_was(path, monkeypatch):
    workspace = Workspace(path, "en")
    workspace.add_clients(["Heron"])
    monkeypatch.setattr(Portfolio, "save", refuse)
    workspace.add_clients(["Otter"])
    assert in_file(path) == ["Heron"]


def test_the_trouble_ends_with_a_save_that_works(path, read_only):
    workspace = Workspace(path, "en")
    workspace.add_clients(["Heron"])
    read_only.undo()
    workspace.add_clients(["Otter"])
    assert workspace.trouble == ""
    assert in_file(path) == ["Heron", "Otter"]


@pytest.mark.usefixtures("read_only")
def test_a_failed_save_of_an_opened_file_says_so(path):
    workspace = Workspace(path, "en")
    workspace.open_text(dumps(Portfolio(me=Me(opportunity_rate=Decimal(80)))), "other.json")
    assert "Read-only file system" in workspace.trouble


def test_a_file_broken_meanwhile_is_kept_beside_and_work_goes_on(path):
    workspace = Workspace(path, "en")
    workspace.add_clients(["Heron"])
    path.write_text("{broken", "utf-8")
    workspace.add_clients(["Otter"])
    assert aliases(workspace) == ["Heron", "Otter"]
    assert Path(f"{path}.broken").read_text("utf-8") == "{broken"


def test_after_a_file_was_broken_meanwhile_the_trouble_stays_on_show(path):
    workspace = Workspace(path, "en")
    workspace.add_clients(["Heron"])
    path.write_text("{broken", "utf-8")
    workspace.add_clients(["Otter"])
    assert "portfolio.json.broken" in workspace.trouble


def test_what_could_not_be_saved_is_not_lost_when_another_notebook_saves(path, monkeypatch):
    here, there = Workspace(path, "en"), Workspace(path, "en")
    with monkeypatch.context() as broken:
        broken.setattr(Portfolio, "save", refuse)
        here.add_clients(["Heron"])
    there.add_clients(["Otter"])
    here.add_clients(["Fox"])
    assert aliases(here) == in_file(path) == ["Heron", "Otter", "Fox"]


def test_a_file_broken_meanwhile_is_told_of(path):
    workspace = Workspace(path, "en")
    workspace.add_clients(["Heron"])
    path.write_text("{broken", "utf-8")
    workspace.catch_up()
    assert "not valid JSON" in workspace.trouble


# opening a file


def test_an_opened_file_replaces_the_portfolio_and_undo_brings_it_back(workspace):
    workspace.open_text(dumps(Portfolio(currency="KRW")), "other.json")
    assert (aliases(workspace), workspace.portfolio.currency) == ([], "KRW")
    workspace.undo()
    assert aliases(workspace) == ["Bluebird", "Otter", "Fox"]


def test_a_faulty_text_changes_nothing(workspace):
    before = workspace.portfolio
    with pytest.raises(FaultyFileError, match=r"other\.json"):
        workspace.open_text("[]", "other.json")
    assert workspace.portfolio is before


def test_a_faulty_text_leaves_the_sample_where_it_is():
    workspace = Workspace(language="en")
    workspace.show_sample()
    with pytest.raises(FaultyFileError):
        workspace.open_text("", "other.json")
    assert workspace.is_sample


# what others changed meanwhile


@pytest.fixture
def clashing(path, monkeypatch):
    """Give a workspace whose save failed, while another notebook changed the same client."""
    here = Workspace(path, "en")
    here.add_clients(["Heron", "Otter"])
    there = Workspace(path, "en")
    with monkeypatch.context() as broken:
        broken.setattr(Portfolio, "save", refuse)
        rename(here, "c1", "Kite")
    rename(there, "c1", "Wren")
    here.catch_up()
    return here


def rename(workspace, client, alias):
    workspace.apply(lambda portfolio: edits.change_client(portfolio, client, alias=alias))


def test_a_file_changed_by_hand_is_told_of_and_the_version_before_is_kept(path):
    workspace = Workspace(path, "en")
    workspace.add_clients(["Heron"])
    path.write_text(path.read_text("utf-8").replace("Heron", "Wren"), "utf-8")
    workspace.catch_up()
    assert aliases(workspace) == ["Wren"]
    assert in_file(path.with_name("portfolio.json.previous")) == ["Heron"]
    assert workspace.news == (
        "portfolio.json was changed elsewhere, and is shown as it is now. "
        "What was here before is in portfolio.json.previous."
    )


def test_the_news_ends_with_the_next_change(path):
    workspace = Workspace(path, "en")
    Portfolio().save(path)
    workspace.catch_up()
    workspace.add_clients(["Heron"])
    assert workspace.news == ""


def test_a_file_that_was_only_written_again_is_no_news(path):
    workspace = Workspace(path, "en")
    workspace.add_clients(["Heron"])
    path.write_text(path.read_text("utf-8"), "utf-8")
    workspace.catch_up()
    assert workspace.news == ""


def test_what_both_sides_changed_is_named_and_the_file_is_left_alone(clashing, path):
    assert clashing.clashes == (("clients", "c1"),)
    rename(clashing, "c2", "Owl")
    assert aliases(clashing) == ["Kite", "Owl"]
    assert in_file(path) == ["Wren", "Otter"]


@pytest.mark.parametrize(
    ("ours", "chosen", "other"), [(True, "Kite", "Wren"), (False, "Wren", "Kite")]
)
def test_the_person_chooses_and_undo_brings_the_other_version(clashing, path, ours, chosen, other):
    rename(clashing, "c2", "Owl")
    clashing.settle(ours=ours)
    assert aliases(clashing) == in_file(path) == [chosen, "Owl"]
    clashing.undo()
    assert aliases(clashing) == in_file(path) == [other, "Owl"]


def test_what_was_changed_elsewhere_while_one_chose_is_kept_as_well(clashing, path):
    rename(Workspace(path), "c2", "Fox")
    clashing.settle(ours=True)
    assert aliases(clashing) == ["Kite", "Fox"]


def test_to_settle_without_a_clash_is_nothing(workspace):
    before = workspace.portfolio
    workspace.settle(ours=False)
    assert workspace.portfolio is before


def test_a_step_that_somebody_else_changed_over_is_not_taken_back(path):
    one, other = Workspace(path, "en"), Workspace(path, "en")
    one.add_clients(["Heron"])
    rename(other, "c1", "Wren")
    assert not one.undo()
    assert in_file(path) == ["Wren"]


def test_undo_leaves_what_another_notebook_changed(path):
    one, other = Workspace(path, "en"), Workspace(path, "en")
    one.add_clients(["Heron", "Otter"])
    rename(one, "c1", "Kite")
    rename(other, "c2", "Wren")
    assert one.undo()
    assert in_file(path) == ["Heron", "Wren"]


def test_a_change_of_language_saves_over_no_change_of_another_notebook(path):
    one, other = Workspace(path, "en"), Workspace(path, "en")
    one.add_clients(["Heron"])
    other.add_clients(["Otter"])
    one.speak("ko")
    assert in_file(path) == ["Heron", "Otter"]


def test_to_choose_while_the_sample_is_shown_is_about_ones_own(clashing, path):
    rename(Workspace(path), "c2", "Owl")
    clashing.show_sample()
    clashing.settle(ours=False)
    assert clashing.is_sample
    clashing.leave_sample()
    assert aliases(clashing) == in_file(path) == ["Wren", "Owl"]


def test_an_edit_that_makes_both_sides_alike_ends_the_clash(clashing, path):
    rename(clashing, "c1", "Wren")
    assert clashing.clashes == ()
    rename(clashing, "c2", "Owl")
    assert in_file(path) == ["Wren", "Owl"]


def test_a_client_that_both_sides_deleted_is_no_clash(clashing, path):
    Workspace(path).apply(lambda one: edits.remove_client(one, "c1"))
    clashing.apply(lambda one: edits.remove_client(one, "c1"))
    assert (clashing.clashes, in_file(path)) == ((), ["Otter"])


def test_what_the_file_has_already_is_not_called_unsaved(path, monkeypatch):
    here = Workspace(path, "en")
    with monkeypatch.context() as broken:
        broken.setattr(Portfolio, "save", refuse)
        here.add_clients(["Heron"])
    here.portfolio.save(path)
    here.catch_up()
    assert (here.is_unsaved, here.trouble) == (False, "")


def test_a_typo_made_by_hand_is_told_of_at_once(path):
    workspace = Workspace(path, "en")
    workspace.apply(lambda one: edits.set_bar(one, "slow-pay", {"share": 0.3}))
    path.write_text(path.read_text("utf-8").replace("slow-pay", "slow-pya"), "utf-8")
    workspace.catch_up()
    assert "slow-pya" in workspace.trouble


def test_a_step_that_no_longer_fits_takes_none_of_the_others_along(path):
    one, other = Workspace(path, "en"), Workspace(path, "en")
    one.add_clients(["Heron", "Otter"])
    one.apply(lambda portfolio: edits.remove_client(portfolio, "c2"))
    rename(one, "c1", "Kite")
    rename(other, "c1", "Wren")
    assert not one.undo()
    assert one.undo()
    assert in_file(path) == ["Wren", "Otter"]


@pytest.fixture
def random_ids(monkeypatch):
    """Take new ids as they are, not counted."""
    monkeypatch.undo()


def ids(workspace):
    return [client.id for client in workspace.portfolio.clients]


@pytest.mark.usefixtures("random_ids")
def test_no_two_new_clients_have_one_id_whoever_adds_them():
    workspaces = [Workspace(language="en") for _ in range(20)]
    for workspace in workspaces:
        workspace.add_clients(str(number) for number in range(50))
    assert len({client_id for workspace in workspaces for client_id in ids(workspace)}) == 1000


def test_a_new_client_never_has_an_id_that_is_taken(workspace):
    workspace.open_text(workspace.text().replace('"c3"', '"c5"'), "portfolio.json")
    workspace.add_clients(["Heron", "Wren"])
    assert ids(workspace) == ["c1", "c2", "c5", "c4", "c6"]


@pytest.mark.usefixtures("random_ids")
def test_an_edit_never_lands_on_a_client_that_another_notebook_added_meanwhile(path, monkeypatch):
    here, there = Workspace(path, "en"), Workspace(path, "en")
    with monkeypatch.context() as broken:
        broken.setattr(Portfolio, "save", refuse)
        here.add_clients(["Heron"])
    mine = here.portfolio.clients[0].id
    there.add_clients(["Otter"])
    rename(here, mine, "Kite")
    assert sorted(in_file(path)) == ["Kite", "Otter"]


@pytest.mark.usefixtures("random_ids")
def test_what_another_notebook_adds_after_a_deletion_does_not_hinder_its_undo(path):
    here, there = Workspace(path, "en"), Workspace(path, "en")
    here.add_clients(["Heron"])
    here.apply(lambda one: edits.remove_client(one, here.portfolio.clients[0].id))
    there.add_clients(["Otter"])
    assert here.undo()
    assert sorted(in_file(path)) == ["Heron", "Otter"]


# a file that is being written


def test_a_file_that_somebody_is_still_writing_is_left_alone(path):
    workspace = Workspace(path, "en")
    workspace.add_clients(["Heron"])
    whole = path.read_text("utf-8")
    path.write_text(whole[:20], "utf-8")
    workspace.catch_up(is_patient=True)
    assert path.read_text("utf-8") == whole[:20]
    path.write_text(whole.replace("Heron", "Wren"), "utf-8")
    workspace.catch_up(is_patient=True)
    assert aliases(workspace) == ["Wren"]


def test_a_file_that_stays_broken_is_set_aside_in_the_end(path):
    workspace = Workspace(path, "en")
    workspace.add_clients(["Heron"])
    path.write_text("{", "utf-8")
    os.utime(path, (0, 0))
    workspace.catch_up(is_patient=True)
    assert path.with_name("portfolio.json.broken").exists()


def test_once_a_broken_file_is_set_aside_the_answers_are_in_the_file_again(path):
    workspace = Workspace(path, "en")
    workspace.add_clients(["Heron"])
    path.write_text("{broken", "utf-8")
    workspace.catch_up()
    assert in_file(path) == ["Heron"]


def test_each_broken_file_is_kept_until_it_is_forgotten(path):
    workspace = Workspace(path, "en")
    workspace.add_clients(["Heron"])
    for text in ("{first", "{second"):
        path.write_text(text, "utf-8")
        workspace.catch_up()
    broken = sorted(path.parent.glob("*.broken*"))
    assert [one.read_text("utf-8") for one in broken] == ["{first", "{second"]
    workspace.forget_earlier()
    assert [one.name for one in path.parent.iterdir()] == ["portfolio.json"]


# a new kernel


def test_the_history_is_there_after_a_restart(path):
    before = Workspace(path, "en")
    before.add_clients(["Heron"])
    rename(before, "c1", "Kite")
    before.undo()
    after = Workspace(path)
    after.redo()
    assert in_file(path) == ["Kite"]
    after.undo()
    after.undo()
    assert in_file(path) == []


def test_a_broken_history_is_told_of_and_the_answers_are_there(path):
    Workspace(path, "en").add_clients(["Heron"])
    path.with_name("portfolio.json.history").write_text("{", "utf-8")
    workspace = Workspace(path)
    assert aliases(workspace) == ["Heron"]
    assert "portfolio.json.history" in workspace.trouble
    assert not workspace.can_undo


def test_a_history_that_can_not_be_written_costs_no_answer(path, monkeypatch):
    monkeypatch.setattr(PortfolioFile, "write_history", refuse)
    workspace = Workspace(path, "en")
    workspace.add_clients(["Heron"])
    assert workspace.trouble == ""
    assert in_file(path) == ["Heron"]


def test_a_history_that_is_older_than_the_file_takes_nothing_back(path):
    workspace = Workspace(path, "en")
    workspace.add_clients(["Heron"])
    Portfolio().save(path)
    assert not Workspace(path).undo()
    assert in_file(path) == []


def test_the_samples_own_steps_do_not_end_ones_own_history(workspace):
    workspace.show_sample()
    rename(workspace, "c1", "Kite")
    workspace.leave_sample()
    workspace.undo()
    assert aliases(workspace) == []


def test_what_is_restored_gets_its_history(workspace):
    later = Workspace(language="en")
    later.restore(workspace.text(), "portfolio.json")
    later.restore_history(dumps_history(workspace.own_history), "portfolio.json")
    later.undo()
    assert aliases(later) == []


def test_what_is_restored_over_clients_is_a_step_of_its_own(workspace):
    later = Workspace(language="en")
    later.add_clients(["Heron"])
    later.restore(workspace.text(), "portfolio.json")
    later.restore_history(dumps_history(workspace.own_history), "portfolio.json")
    later.undo()
    assert aliases(later) == ["Heron"]


def test_what_was_changed_since_it_was_restored_keeps_the_history_of_that_change(workspace):
    later = Workspace(language="en")
    later.restore(workspace.text(), "portfolio.json")
    later.add_clients(["Heron"])
    later.restore_history(dumps_history(workspace.own_history), "portfolio.json")
    later.undo()
    assert aliases(later) == aliases(workspace)
    assert not later.can_undo


def test_a_view_with_undo_is_drawn_anew_when_the_history_is_back(workspace):
    later = Workspace(language="en")
    view = ClientsView(later)
    later.restore(workspace.text(), "portfolio.json")
    later.restore_history(dumps_history(workspace.own_history), "portfolio.json")
    assert view.state["can_undo"]


def test_a_history_that_can_not_be_restored_is_told_of(workspace):
    later = Workspace(language="en")
    later.restore(workspace.text(), "portfolio.json")
    later.restore_history("{", "portfolio.json")
    assert aliases(later) == ["Bluebird", "Otter", "Fox"]
    assert "not valid JSON" in later.trouble


def test_to_forget_leaves_the_answers_and_no_earlier_version(path):
    workspace = Workspace(path, "en")
    workspace.add_clients(["Heron"])
    workspace.add_clients(["Otter"])
    workspace.forget_earlier()
    assert not workspace.can_undo
    assert [one.name for one in path.parent.iterdir()] == ["portfolio.json"]
    assert in_file(path) == ["Heron", "Otter"]


def beside(path):
    return "".join(one.read_text("utf-8") for one in path.parent.iterdir())


def test_what_was_erased_elsewhere_does_not_come_back_with_the_history(path):
    one, other = Workspace(path, "en"), Workspace(path, "en")
    one.add_clients(["Secret", "Otter"])
    one.apply(lambda portfolio: edits.remove_client(portfolio, "c1"))
    other.forget_earlier()
    one.catch_up()
    one.add_clients(["Fox"])
    assert "Secret" not in beside(path)


def test_what_was_erased_elsewhere_does_not_come_back_as_the_version_before(path):
    one, other = Workspace(path, "en"), Workspace(path, "en")
    one.add_clients(["Secret", "Otter"])
    other.catch_up()
    one.apply(lambda portfolio: edits.remove_client(portfolio, "c1"))
    one.forget_earlier()
    other.catch_up()
    assert aliases(other) == ["Otter"]
    assert "Secret" not in beside(path)


def test_where_the_file_is_a_link_what_is_beside_its_target_is_forgotten(path, tmp_path):
    target = tmp_path / "real" / "mine.json"
    target.parent.mkdir()
    path.symlink_to(target)
    workspace = Workspace(path, "en")
    workspace.add_clients(["Heron"])
    workspace.apply(lambda portfolio: edits.remove_client(portfolio, "c1"))
    workspace.forget_earlier()
    assert [one.name for one in target.parent.iterdir()] == ["mine.json"]
    assert {one.name for one in tmp_path.iterdir()} == {path.name, "real"}


def test_a_link_that_leads_to_itself_is_replaced_by_the_file(path):
    path.symlink_to(path)
    Workspace(path, "en").add_clients(["Heron"])
    assert in_file(path) == ["Heron"]


# what only memory holds


def test_what_only_memory_holds_is_at_risk_behind_the_sample_as_well(workspace):
    workspace.show_sample()
    assert workspace.is_at_risk


def test_nothing_is_at_risk_without_clients():
    assert not Workspace().is_at_risk


def test_what_only_memory_holds_is_at_risk(workspace):
    assert workspace.is_at_risk


def test_what_is_saved_in_a_file_is_not_at_risk(path):
    workspace = Workspace(path, "en")
    workspace.add_clients(["Heron"])
    assert not workspace.is_at_risk


def test_the_sample_is_not_at_risk():
    workspace = Workspace()
    workspace.show_sample()
    assert not workspace.is_at_risk


def test_what_is_kept_in_a_file_of_ones_own_is_not_at_risk_in_any_language(workspace):
    workspace.kept = workspace.portfolio
    workspace.speak("ko")
    assert not workspace.is_at_risk


def test_a_change_after_the_file_was_kept_is_at_risk(workspace):
    workspace.kept = workspace.portfolio
    workspace.add_clients(["Owl"])
    assert workspace.is_at_risk


def test_an_opened_file_is_not_at_risk(workspace):
    workspace.open_text(dumps(workspace.portfolio), "mine.json")
    assert not workspace.is_at_risk
