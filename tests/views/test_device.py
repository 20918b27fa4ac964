"""Remember on this device: asked once, stored at each change, given back, forgotten."""

import base64
import json
import re
import tracemalloc
import zlib
from dataclasses import replace

import pytest

from client_triage.domain import Client, edits
from client_triage.store import Portfolio, dumps, loads
from client_triage.views.clients import ClientsView
from client_triage.views.device import DeviceView
from client_triage.views.file import FileView
from client_triage.views.modules import STATIC
from client_triage.views.shell import ShellView
from client_triage.views.workspace import Workspace

HERON = dumps(Portfolio(language="ko", clients=(Client("c1", "Heron"),)))
NEWER = HERON.replace("portfolio@1", "portfolio@9")


@pytest.fixture
def sent(monkeypatch):
    """Give the messages that go to the browser."""
    messages = []
    monkeypatch.setattr(DeviceView, "send", lambda _, message, *__: messages.append(message))
    return messages


@pytest.fixture
def view(workspace, sent):
    assert sent == []
    return DeviceView(workspace)


@pytest.fixture
def empty(sent):
    assert sent == []
    return DeviceView(Workspace(language="en"))


@pytest.fixture
def remembering(view, act, sent):
    act(view, "remember")
    act(view, "stored", number=sent[-1]["number"])
    sent.clear()
    return view


def aliases(view):
    return [client.alias for client in view.workspace.portfolio.clients]


def pack(text):
    """Pack a text as a browser does."""
    return base64.b64encode(zlib.compress(text.encode())).decode()


def history_in(message):
    """Put the history together that a message hands over, as a browser does."""
    history = message["history"]
    steps = ",".join(text for _, text in history["steps"])
    return f'{{"schema": "{history["schema"]}", "undo": [{steps}]}}'


def find(view, act, text, *, asked=True, **details):
    act(view, "found", text=text, asked=asked, **details)


# asking


def test_nothing_is_asked_before_the_first_client(empty):
    assert empty.state["standing"] == ""


def test_the_first_client_brings_the_question(empty):
    empty.workspace.add_clients(["Heron"])
    assert empty.state["standing"] == "unasked"


def test_the_sample_brings_no_question(empty):
    empty.workspace.show_sample()
    assert empty.state["standing"] == ""


def test_before_a_yes_nothing_is_handed_out(view, sent):
    view.workspace.add_clients(["Heron"])
    assert sent == []


def test_after_a_no_nothing_is_handed_out(view, act, sent):
    act(view, "decline")
    view.workspace.add_clients(["Heron"])
    assert (view.state["standing"], sent) == ("no", [])


def test_with_a_file_there_is_nothing_to_see_and_nothing_to_do(tmp_path, act, sent, caplog):
    view = DeviceView(Workspace(tmp_path / "portfolio.json", "en"))
    view.workspace.add_clients(["Heron"])
    assert not view.state["is_used"]
    act(view, "remember")
    find(view, act, HERON)
    assert (sent, aliases(view)) == ([], ["Heron"])
    assert len(caplog.records) == 2


# storing


def test_a_yes_hands_out_the_whole_portfolio(view, act, sent):
    act(view, "remember")
    assert loads(sent[0]["text"]).clients == view.workspace.portfolio.clients
    assert sent[0]["how"] == "first"


def test_nothing_is_called_remembered_before_the_browser_says_so(view, act):
    act(view, "remember")
    assert view.state["standing"] == "unasked"
    assert view.workspace.is_at_risk


def test_what_the_browser_stored_is_not_at_risk(view, act, sent):
    act(view, "remember")
    act(view, "stored", number=sent[0]["number"])
    assert view.state["standing"] == "yes"
    assert not view.workspace.is_at_risk


def test_the_page_asks_before_leaving_until_a_change_is_stored(remembering, act, sent):
    shell = ShellView(remembering.workspace, lambda _: None)
    remembering.workspace.add_clients(["Heron"])
    assert shell.state["is_at_risk"]
    act(remembering, "stored", number=sent[0]["number"])
    assert not shell.state["is_at_risk"]


def test_an_earlier_text_that_was_stored_leaves_the_later_change_at_risk(remembering, act, sent):
    remembering.workspace.add_clients(["Heron"])
    remembering.workspace.add_clients(["Owl"])
    act(remembering, "stored", number=sent[0]["number"])
    assert remembering.workspace.is_at_risk


def test_every_change_goes_over_what_this_page_stored(remembering, sent):
    remembering.workspace.add_clients(["Heron"])
    assert "Heron" in sent[0]["text"]
    assert sent[0]["how"] == "again"


def test_a_new_language_is_stored_as_well(remembering, sent):
    remembering.workspace.speak("ko")
    assert json.loads(sent[-1]["text"])["language"] == "ko"


def test_the_sample_is_never_stored(remembering, sent):
    remembering.workspace.show_sample()
    remembering.workspace.add_clients(["Heron"])
    assert [json.loads(message["text"])["clients"][-1]["alias"] for message in sent] == ["Heron"]


def test_the_portfolio_stays_out_of_the_state(remembering):
    assert "Bluebird" not in json.dumps(remembering.state)


def test_the_file_panel_says_that_there_is_a_copy(remembering):
    kept = FileView(remembering.workspace).state["kept"]
    assert kept.startswith("This browser keeps a copy")


# giving back


def test_what_was_stored_is_there_again(empty, act, sent):
    find(empty, act, HERON)
    assert aliases(empty) == ["Heron"]
    assert (empty.state["standing"], empty.state["back"]) == ("yes", "Your 1 client is back.")
    assert sent == []


def test_what_was_given_back_is_not_at_risk(empty, act):
    find(empty, act, HERON)
    assert not empty.workspace.is_at_risk


def test_the_history_starts_anew(empty, act):
    find(empty, act, HERON)
    assert not empty.workspace.can_undo


def test_changes_after_that_are_stored_without_asking_again(empty, act, sent):
    find(empty, act, HERON)
    empty.workspace.add_clients(["Owl"])
    assert [message["how"] for message in sent] == ["again"]
    assert empty.state["back"] == ""


@pytest.mark.parametrize(("asked", "language"), [(True, "en"), (False, "ko")])
def test_the_language_in_the_address_wins_over_the_stored_one(empty, act, asked, language):
    find(empty, act, HERON, asked=asked)
    assert empty.workspace.language == language


def test_what_was_stored_does_not_replace_what_was_entered(view, act, sent):
    find(view, act, HERON)
    assert aliases(view) == ["Bluebird", "Otter", "Fox"]
    assert view.state["standing"] == "waiting"
    view.workspace.add_clients(["Owl"])
    act(view, "remember")
    assert sent == []


def test_what_waits_replaces_it_when_asked_and_undo_brings_it_back(view, act):
    find(view, act, HERON)
    find(view, act, HERON, instead=True)
    assert aliases(view) == ["Heron"]
    view.workspace.undo()
    assert aliases(view) == ["Bluebird", "Otter", "Fox"]


def test_a_page_loaded_again_over_the_same_kernel_stores_what_the_kernel_has(
    remembering, act, sent
):
    stored = remembering.workspace.text()
    remembering.workspace.add_clients(["Owl"])
    find(remembering, act, stored)
    assert aliases(remembering) == ["Bluebird", "Otter", "Fox", "Owl"]
    assert "Owl" in sent[-1]["text"]


def test_a_page_loaded_again_over_the_same_kernel_keeps_what_another_tab_stored(
    remembering, act, sent
):
    theirs = dumps(edits.add_clients(remembering.workspace.portfolio, ["Wren"]))
    find(remembering, act, theirs)
    assert "Wren" in aliases(remembering)
    assert "Wren" in sent[-1]["text"]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (NEWER, "update client-triage"),
        ("{", "not valid JSON"),
        (HERON.replace('"Heron"', "7"), "expected text, got 7 @ $.clients[0].alias"),
        (None, "too large"),
        (HERON + " " * 5_000_000, "too large"),
    ],
)
def test_what_can_not_be_used_is_refused_and_never_stored_over(empty, act, sent, text, fault):
    find(empty, act, text)
    assert empty.state["standing"] == "refused"
    assert fault in empty.state["faults"]
    empty.workspace.add_clients(["Owl"])
    act(empty, "remember")
    assert (sent, aliases(empty)) == ([], ["Owl"])


def test_what_is_stored_comes_packed_where_it_is_long(empty, act):
    find(empty, act, None, packed=pack(HERON))
    assert (empty.state["standing"], aliases(empty)) == ("yes", ["Heron"])


def test_a_history_comes_packed_where_it_is_long(empty, view, act, sent):
    act(view, "hold")
    find(empty, act, sent[-1]["text"])
    act(empty, "found_history", packed=pack(history_in(sent[-1])))
    assert empty.workspace.can_undo


def test_of_what_is_packed_no_more_is_unpacked_than_could_be_read(empty, act):
    packed = pack(HERON + " " * 200_000_000)
    tracemalloc.start()
    find(empty, act, None, packed=packed)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert "too large" in empty.state["faults"]
    assert most < 100_000_000


def test_what_only_claims_to_be_packed_changes_nothing(empty, act, caplog):
    find(empty, act, None, packed="bm90IHBhY2tlZA==")
    assert (aliases(empty), empty.state["fault"] != "") == ([], True)
    assert caplog.records


def test_what_is_no_text_is_refused_too(empty, act, caplog):
    find(empty, act, ["{}"])
    assert empty.state["standing"] == "refused"
    assert caplog.records


def test_an_empty_portfolio_is_stored_too(remembering, sent):
    remembering.workspace.apply(lambda portfolio: replace(portfolio, clients=()))
    assert loads(sent[-1]["text"]).clients == ()


# what another tab stored


def rename(view, client, alias):
    view.workspace.apply(lambda one: edits.change_client(one, client, alias=alias))


def test_what_another_tab_stores_while_the_sample_is_shown_is_taken_over(remembering, act, sent):
    workspace = remembering.workspace
    theirs = edits.change_client(workspace.portfolio, "c1", alias="Wren")
    workspace.show_sample()
    act(remembering, "met", text=dumps(theirs))
    assert workspace.is_sample
    workspace.leave_sample()
    assert aliases(remembering) == ["Wren", "Otter", "Fox"]
    assert [one for one in sent if "Wren" not in one["text"]] == []


def test_what_another_tab_stores_while_one_chooses_is_kept_as_well(remembering, act):
    base = remembering.workspace.portfolio
    rename(remembering, "c1", "Kite")
    theirs = edits.change_client(base, "c1", alias="Wren")
    act(remembering, "met", text=dumps(theirs))
    act(remembering, "met", text=dumps(edits.change_client(theirs, "c2", alias="Owl")))
    remembering.workspace.settle(ours=False)
    assert aliases(remembering) == ["Wren", "Owl", "Fox"]


def test_what_was_chosen_is_stored_at_once_and_as_a_whole(remembering, act, sent):
    base = remembering.workspace.portfolio
    rename(remembering, "c1", "Kite")
    theirs = edits.change_client(edits.change_client(base, "c1", alias="Wren"), "c2", alias="Owl")
    act(remembering, "met", text=dumps(theirs))
    sent.clear()
    remembering.workspace.settle(ours=False)
    stored = [[client.alias for client in loads(one["text"]).clients] for one in sent]
    assert stored == [["Wren", "Owl", "Fox"]]


def test_a_client_deleted_after_it_was_stored_does_not_come_back_from_another_tab(
    remembering, act, sent
):
    remembering.workspace.add_clients(["Wren"])
    stored = sent[-1]
    remembering.workspace.apply(lambda one: edits.remove_client(one, "c4"))
    act(remembering, "stored", number=stored["number"])
    theirs = edits.change_client(loads(stored["text"]), "c2", alias="Owl")
    act(remembering, "met", text=dumps(theirs))
    assert aliases(remembering) == ["Bluebird", "Owl", "Fox"]


def test_each_text_says_which_version_of_another_tab_it_knows(remembering, act, sent):
    theirs = edits.add_clients(remembering.workspace.portfolio, ["Wren"])
    remembering.workspace.add_clients(["Owl"])
    act(remembering, "met", text=dumps(theirs), at="noon")
    assert [one["knows"] for one in sent] == [None, "noon"]


def test_what_the_other_tab_lacks_is_stored_though_nothing_changes_here(remembering, act, sent):
    stored = remembering.workspace.text()
    remembering.workspace.add_clients(["Owl"])
    sent.clear()
    act(remembering, "met", text=stored, at="noon")
    assert ["Owl" in one["text"] for one in sent] == [True]


# holding it in the tab


@pytest.fixture
def holding(view, act, sent):
    act(view, "hold")
    sent.clear()
    return view


def test_a_page_that_can_hold_it_gets_what_there_is(view, act, sent):
    act(view, "hold")
    assert "Bluebird" in sent[0]["text"]


def test_every_change_is_held_and_not_stored(holding, sent):
    holding.workspace.add_clients(["Heron"])
    (message,) = sent
    assert "Heron" in message["text"]
    assert message["how"] is None


def test_a_change_is_on_its_way_to_the_tab_before_it_is_acknowledged(holding, sent, act):
    clients = ClientsView(holding.workspace)
    known = []
    clients.observe(lambda _: known.append("Heron" in sent[-1]["text"]), ("state", "heard"))
    act(clients, "add", alias="Heron", sent={"from": "a", "number": 1})
    assert known == [True, True]


def test_a_history_that_comes_while_the_tab_holds_the_rest_is_held_too(empty, view, act, sent):
    act(view, "hold")
    ours = sent[-1]
    act(empty, "hold")
    find(empty, act, ours["text"])
    act(empty, "found_history", text=history_in(ours))
    assert len(sent[-1]["history"]["undo"]) == len(ours["history"]["undo"]) > 0


def test_a_change_after_a_no_is_held_all_the_same(holding, act, sent):
    act(holding, "decline")
    holding.workspace.add_clients(["Heron"])
    assert [message["how"] for message in sent] == [None]


def test_before_anything_was_entered_there_is_nothing_to_hold(empty, act, sent):
    act(empty, "hold")
    empty.workspace.speak("ko")
    empty.workspace.show_sample()
    assert {message["is_blank"] for message in sent} == {True}


def test_a_limit_alone_is_held(empty, act, sent):
    act(empty, "hold")
    empty.workspace.apply(lambda portfolio: replace(portfolio, period_months=6))
    assert not sent[-1]["is_blank"]


def test_what_was_forgotten_is_not_held_again_before_the_next_change(holding, act, sent):
    act(holding, "forget")
    holding.workspace.trouble = "Not saved."
    assert sent == []


def test_a_text_that_may_not_have_been_stored_is_handed_out_again(remembering, act, sent):
    remembering.workspace.add_clients(["Heron"])
    act(remembering, "hold")  # the connection is back
    assert [message["how"] for message in sent] == ["again", "again"]


def test_what_is_stored_already_is_not_stored_again(remembering, act, sent):
    act(remembering, "hold")
    assert [message["how"] for message in sent] == [None]


def test_what_is_given_back_in_its_own_language_is_not_stored_again(empty, act, sent):
    find(empty, act, HERON, asked=False)
    assert sent == []


# handing over


def hand(view, act, text, *, asked=True, remembers=False):
    act(view, "handed", text=text, asked=asked, remembers=remembers)


def test_what_the_page_before_held_is_there_again(empty, act):
    hand(empty, act, HERON)
    assert aliases(empty) == ["Heron"]
    assert (empty.state["standing"], empty.state["back"]) == ("unasked", "Your 1 client is back.")


def test_what_was_handed_over_is_not_remembered_on_the_device(empty, act, sent):
    hand(empty, act, HERON)
    empty.workspace.add_clients(["Owl"])
    assert sent == []
    assert empty.workspace.is_at_risk


def test_where_the_page_before_remembered_the_newer_text_is_stored(empty, act, sent):
    hand(empty, act, HERON, remembers=True)
    assert (empty.state["standing"], sent[0]["how"]) == ("yes", "again")
    assert "Heron" in sent[0]["text"]
    assert empty.workspace.is_at_risk
    act(empty, "stored", number=sent[0]["number"])
    assert not empty.workspace.is_at_risk


@pytest.mark.parametrize(("asked", "language"), [(True, "en"), (False, "ko")])
def test_what_was_handed_over_speaks_its_own_language_unless_asked(empty, act, asked, language):
    hand(empty, act, HERON, asked=asked)
    assert empty.workspace.language == language


def test_what_somebody_else_stored_does_not_replace_what_was_handed_over(empty, act):
    hand(empty, act, HERON)
    find(empty, act, HERON.replace("Heron", "Owl"))
    assert (empty.state["standing"], aliases(empty)) == ("waiting", ["Heron"])


def test_what_is_handed_over_to_a_page_with_clients_can_be_undone(view, act):
    hand(view, act, HERON)
    assert aliases(view) == ["Heron"]
    view.workspace.undo()
    assert aliases(view) == ["Bluebird", "Otter", "Fox"]


@pytest.mark.parametrize("text", [NEWER, "{", None])
def test_what_was_handed_over_and_can_not_be_used_is_said_before_all_else(empty, act, text):
    hand(empty, act, text)
    find(empty, act, HERON)
    assert (empty.state["standing"], aliases(empty)) == ("not_taken", [])
    assert empty.state["faults"]


# forgetting


def test_forgetting_ends_storing_and_leaves_the_answers_on_screen(remembering, act, sent):
    act(remembering, "forget")
    remembering.workspace.add_clients(["Heron"])
    assert sent == []
    assert remembering.state["standing"] == "erased"
    assert len(aliases(remembering)) == 4


def test_what_was_forgotten_is_at_risk_again(remembering, act):
    act(remembering, "forget")
    assert remembering.workspace.is_at_risk
    assert FileView(remembering.workspace).state["kept"].startswith("What you type is not stored.")


def test_one_can_begin_anew_after_forgetting(remembering, act, sent):
    act(remembering, "forget")
    act(remembering, "remember")
    assert sent[-1]["how"] == "first"


def test_what_is_stored_late_after_forgetting_is_not_called_remembered(remembering, act):
    act(remembering, "forget")
    act(remembering, "stored", number=1)
    assert remembering.state["standing"] == "erased"


# faults


@pytest.mark.parametrize("problem", ["full", "blocked"])
def test_after_a_fault_the_next_change_is_tried_again(remembering, act, sent, problem):
    remembering.workspace.add_clients(["Heron"])
    act(remembering, "fail", problem=problem)
    assert remembering.state["standing"] == problem
    assert remembering.workspace.is_at_risk
    remembering.workspace.add_clients(["Owl"])
    act(remembering, "stored", number=sent[-1]["number"])
    assert remembering.state["standing"] == "yes"


@pytest.mark.parametrize("problem", ["stored_elsewhere", "erased_elsewhere"])
def test_another_tab_ends_storing_here(remembering, act, sent, problem):
    act(remembering, "fail", problem=problem)
    remembering.workspace.add_clients(["Heron"])
    assert (remembering.state["standing"], sent) == (problem, [])
    assert remembering.workspace.is_at_risk


def test_what_another_tab_stored_is_replaced_when_asked(remembering, act, sent):
    act(remembering, "fail", problem="stored_elsewhere")
    act(remembering, "remember", over=True)
    assert sent[-1]["how"] == "over"


def test_an_unknown_fault_changes_nothing(remembering, act, caplog):
    act(remembering, "fail", problem="nonsense")
    assert remembering.state["standing"] == "yes"
    assert caplog.records


def test_a_closed_view_stores_nothing_more(remembering, sent):
    remembering.close()
    remembering.workspace.add_clients(["Heron"])
    assert sent == []


# browsers inside other apps


@pytest.mark.parametrize(
    ("agent", "is_inside"),
    [
        ("Mozilla/5.0 (Linux; Android 15) Chrome/130.0 Mobile Safari/537.36 KAKAOTALK 11.0", True),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) NAVER(inapp; search; 1200)", True),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Instagram 350.0.0", True),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/130.0 Mobile [FBAN/FB4A;FBAV/480.0]", True),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari Line/14.0.0", True),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) Version/18.0 Mobile Safari/604.1", False),
        ("Mozilla/5.0 (Linux; Android 15) SamsungBrowser/27.0 Chrome/125.0 Mobile", False),
        ("Mozilla/5.0 (X11; Linux x86_64) Offline/1.0 Firefox/140.0", False),
    ],
)
def test_browsers_inside_other_apps_are_known_by_their_names(agent, is_inside):
    text = (STATIC / "device.js").read_text("utf-8")
    pattern = re.search(r"^const IN_APP = /(.+)/;$", text, re.MULTILINE)[1]
    assert bool(re.search(pattern, agent)) is is_inside
