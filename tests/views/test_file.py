"""The portfolio file in the browser: handed out, opened, and never lost to a bad one."""

import asyncio
import json

import pytest

from client_triage.domain import Client
from client_triage.store import Portfolio, dumps, loads
from client_triage.views.file import FileView
from client_triage.views.workspace import Workspace

HERON = dumps(Portfolio(clients=(Client("c1", "Heron"),)))


@pytest.fixture
def view(workspace):
    return FileView(workspace)


@pytest.fixture
def sent(monkeypatch):
    """Give the messages that go to the browser."""
    messages = []
    monkeypatch.setattr(FileView, "send", lambda _, message, *__: messages.append(message))
    return messages


def aliases(view):
    return [client.alias for client in view.workspace.portfolio.clients]


# handing out


def test_the_download_is_a_file_that_loads_again(view, act, sent, answer):
    answer(view.workspace, "c1", "slow-pay", late=1, invoices=5)
    act(view, "download")
    (message,) = sent
    assert message["file"] == "portfolio.json"
    assert loads(message["text"]).clients == view.workspace.portfolio.clients


def test_a_download_is_said(view, act, sent):
    act(view, "download")
    assert sent
    assert view.state["notice"] == "portfolio.json was handed to your browser."


def test_the_download_can_be_opened_elsewhere(view, act, sent):
    act(view, "download")
    other = FileView(Workspace(language="ko"))
    act(other, "open", file="portfolio.json", text=sent[0]["text"])
    assert aliases(other) == ["Bluebird", "Otter", "Fox"]


def test_the_portfolio_stays_out_of_the_state(view):
    assert "Bluebird" not in json.dumps(view.state)


# opening


def test_an_opened_file_replaces_what_was_there(view, act):
    act(view, "open", file="mine.json", text=HERON)
    assert aliases(view) == ["Heron"]
    assert view.state["notice"] == "Opened: 1 client. You can undo this."


def test_an_opened_file_takes_the_place_of_the_sample(act):
    view = FileView(Workspace(language="en"))
    act(view, "sample")
    act(view, "open", file="mine.json", text=HERON)
    assert aliases(view) == ["Heron"]
    assert not view.state["is_sample"]


def test_an_opened_file_keeps_the_language_of_the_page(act):
    view = FileView(Workspace(language="ko"))
    act(view, "open", file="mine.json", text=dumps(Portfolio(language="en")))
    assert view.state["language"] == "ko"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "mine.json: the file is empty"),
        ("{", "mine.json:1: not valid JSON"),
        ("[]", "mine.json: expected an object"),
        ('{"schema": "client-triage/portfolio@9"}', "update client-triage"),
        (HERON.replace('"Heron"', "7"), "mine.json: expected text, got 7 @ $.clients[0].alias"),
    ],
)
def test_a_bad_file_says_why_and_keeps_what_was_there(view, act, text, fault):
    act(view, "open", file="mine.json", text=text)
    first, second = view.state["fault"].split("\n", 1)
    assert first == "mine.json was not opened. What you had is still here."
    assert fault in second
    assert aliases(view) == ["Bluebird", "Otter", "Fox"]


def test_every_fault_of_a_bad_file_is_shown(view, act):
    clients = [{"id": "c1", "alias": "Heron", "hours": -1}, {"id": "c1", "alias": "Otter"}]
    body = {"schema": "client-triage/portfolio@1", "clients": clients}
    act(view, "open", file="mine.json", text=json.dumps(body))
    assert "$.clients[0].hours" in view.state["fault"]
    assert "$.clients[1].id" in view.state["fault"]


def test_the_browser_knows_which_file_is_too_large_to_send(view, act):
    assert view.state["most_bytes"] == 5_000_000
    act(view, "refuse", problem="too_large")
    assert view.state["fault"] == "That file is too large to be a portfolio."


def test_a_file_that_is_too_large_is_not_read(view, act):
    act(view, "open", file="mine.json", text=HERON + " " * 5_000_000)
    assert view.state["fault"] == "That file is too large to be a portfolio."
    assert aliases(view) == ["Bluebird", "Otter", "Fox"]


@pytest.mark.parametrize(
    ("problem", "sentence"),
    [
        ("no_text", "otter.png is not a text file in UTF-8, so it is no portfolio file."),
        ("not_readable", "otter.png could not be read."),
        ("several", "Drop one file at a time."),
        ("is_folder", "That is a folder: drop the file itself."),
        ("is_no_file", "Only a file can be dropped here."),
    ],
)
def test_what_the_browser_refuses_is_said_and_keeps_what_was_there(view, act, problem, sentence):
    act(view, "refuse", problem=problem, file="otter.png")
    assert view.state["fault"].startswith(sentence)
    assert view.state["fault"].endswith("hat you had is still here.")
    assert aliases(view) == ["Bluebird", "Otter", "Fox"]


def test_only_a_known_refusal_is_said(view, act, caplog):
    act(view, "refuse", problem="title")
    assert view.state["fault"].startswith("That did not work")
    assert caplog.records


@pytest.mark.parametrize("text", [None, 7, ["{}"]])
def test_what_is_no_text_is_refused(view, act, text, caplog):
    act(view, "open", file="mine.json", text=text)
    assert view.state["fault"].startswith("That did not work")
    assert caplog.records


def test_an_unknown_signal_is_warned_of_and_kept(view, act, sent):
    client = {"id": "c1", "alias": "Heron", "records": {"lies": {"confirmd": 1}}}
    body = {"schema": "client-triage/portfolio@1", "clients": [client]}
    act(view, "open", file="mine.json", text=json.dumps(body))
    act(view, "download")
    expected = "mine.json: unknown signal, kept, but not counted @ $.clients[0].records.lies"
    assert view.workspace.trouble.startswith(expected)
    assert '"confirmd": 1' in sent[0]["text"]


def test_a_warning_ends_with_the_next_good_file(view, act):
    body = {"schema": "client-triage/portfolio@1", "bar": {"slow-pya": {}}}
    act(view, "open", file="mine.json", text=json.dumps(body))
    assert view.workspace.trouble
    act(view, "open", file="mine.json", text=HERON)
    assert view.workspace.trouble == ""


def test_an_opened_file_sends_one_state(view, act, states):
    sent = states(view)
    act(view, "open", file="mine.json", text=HERON)
    assert len(sent) == 1


# where it is kept


def test_without_a_file_nothing_is_stored_and_this_is_said(view):
    assert view.state["kept"].startswith("What you type is not stored.")


def test_a_file_is_named_without_its_folder(tmp_path):
    view = FileView(Workspace(tmp_path / "portfolio.json", "en"))
    assert view.state["kept"].startswith("Saved in portfolio.json, in this folder.")
    assert str(tmp_path) not in json.dumps(view.state)


def test_earlier_versions_are_erased_when_asked(tmp_path, act):
    view = FileView(Workspace(tmp_path / "portfolio.json", "en"))
    view.workspace.add_clients(["Heron"])
    view.workspace.add_clients(["Otter"])
    act(view, "forget")
    assert [one.name for one in tmp_path.iterdir()] == ["portfolio.json"]
    assert view.state["notice"] == "Erased. Your answers are as they were."


def test_what_can_not_be_erased_is_named(tmp_path, act):
    view = FileView(Workspace(tmp_path / "portfolio.json", "en"))
    (tmp_path / "portfolio.json.broken").mkdir()
    act(view, "forget")
    first, second = view.state["fault"].split("\n")
    assert first == "Not everything could be erased:"
    assert "portfolio.json.broken: can't be erased" in second


def test_there_is_nothing_to_download_without_clients(view):
    assert FileView(Workspace()).state["is_empty"]
    assert not view.state["is_empty"]


# a large file


def large(alias):
    """Write a portfolio with one client that is as long as one with thousands."""
    return dumps(Portfolio(clients=(Client("c1", alias),))) + " " * 300_000


@pytest.fixture
def opening(view, act):
    """Return a function that opens a file, does more at once, and waits until all is read."""

    def run(text, *meanwhile):
        async def go():
            act(view, "open", file="mine.json", text=text)
            first = view.state
            for action, details in meanwhile:
                act(view, action, **details)
            others = asyncio.all_tasks() - {asyncio.current_task()}
            await asyncio.gather(*others, return_exceptions=True)
            await asyncio.sleep(0)  # what follows upon the reading is called in the next turn
            return first

        return asyncio.run(go())

    return run


def test_while_a_large_file_is_read_that_is_said(opening):
    first = opening(large("Heron"))
    assert first["opening"].startswith("Opening mine.json…")
    assert first["notice"] == ""


def test_a_large_file_that_was_read_takes_the_place_of_what_was_there(view, opening):
    opening(large("Heron"))
    assert aliases(view)[0] == "Heron"
    assert view.state["notice"] == "Opened: 1 client. You can undo this."
    assert view.state["opening"] == ""


def test_a_large_file_can_be_cancelled_and_everything_stays(view, opening):
    opening(large("Heron"), ("cancel", {}))
    assert aliases(view) == ["Bluebird", "Otter", "Fox"]
    assert view.state["notice"] == "mine.json was not opened. Everything is as it was."
    assert not view.workspace.is_sample


def test_cancelling_a_faulty_file_says_nothing_of_its_faults(view, opening, caplog):
    opening(large("Heron") + "}", ("cancel", {}))
    assert (view.state["fault"], caplog.records) == ("", [])


def test_what_is_cancelled_too_late_can_be_undone(view, act, opening):
    opening(large("Heron"))
    act(view, "cancel")
    assert view.state["notice"] == "mine.json was open already. Undo brings back what you had."
    view.workspace.undo()
    assert aliases(view) == ["Bluebird", "Otter", "Fox"]


def test_of_two_large_files_the_later_one_is_opened(view, opening):
    opening(large("Heron"), ("open", {"file": "other.json", "text": large("Wren")}))
    assert aliases(view)[0] == "Wren"


def test_a_small_file_chosen_meanwhile_is_the_one_that_is_opened(view, opening):
    opening(large("Wren"), ("open", {"file": "other.json", "text": HERON}))
    assert aliases(view) == ["Heron"]


def test_a_large_file_that_is_bad_says_why_and_keeps_what_was_there(view, opening):
    opening(large("Heron").replace('"Heron"', "7"))
    assert "$.clients[0].alias" in view.state["fault"]
    assert aliases(view) == ["Bluebird", "Otter", "Fox"]


def test_what_a_large_file_has_that_can_not_be_read_is_told(view, opening):
    opening(large("Heron").replace('"Heron"', '"Heron", "records": {"slow-pya": {}}'))
    assert "slow-pya" in view.workspace.trouble


def test_a_view_that_is_closed_opens_nothing_any_more(view, opening, monkeypatch):
    monkeypatch.setattr(FileView, "actions", {**view.actions, "shut": view.close})
    opening(large("Heron"), ("shut", {}))
    assert aliases(view) == ["Bluebird", "Otter", "Fox"]


# the sample


def test_the_sample_is_said_to_be_made_up(view, act):
    act(view, "sample")
    assert view.state["kept"] == "This is a made-up example. It is not saved."


def test_leaving_the_sample_brings_ones_own_clients_back(view, act):
    act(view, "sample")
    act(view, "leave_sample")
    assert aliases(view) == ["Bluebird", "Otter", "Fox"]
    assert not view.state["is_sample"]
