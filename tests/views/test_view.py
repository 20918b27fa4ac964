"""Every view: a state that goes out, actions that come in, and nothing that raises."""

import json
import logging
import shutil
import subprocess

import pytest

from client_triage.views.modules import script
from client_triage.views.view import RefusedError, View, level_words
from client_triage.views.workspace import Workspace

UNEXPECTED = "That did not work, and nothing was changed. Reload the page if it happens again."


class Probe(View):
    """Says how often it was drawn, and does what a test needs."""

    drawn = 0

    def draw(self):
        self.drawn += 1
        return {"clients": len(self.workspace.portfolio.clients), "drawn": self.drawn}

    @property
    def actions(self):
        return {
            "add": self.workspace.add_clients,
            "say": lambda: self.say("Done."),
            "refuse": self._refuse,
            "break": lambda: 1 / 0,
            "look": self.workspace.portfolio.client,
            "change_twice": lambda: [self.workspace.add_clients([one]) for one in "AB"],
            "change_and_break": lambda: (self.workspace.add_clients(["A"]), 1 / 0),
        }

    def _refuse(self):
        raise RefusedError(self.workspace.words, "clients.alias_blank")


_BROWSER = """
import { outbox } from "./dom.mjs";
const document = (globalThis.document = new EventTarget());
let hear, heard, sent = [];
const model = {
  send: (message) => sent.push(message.sent.number),
  on: (_, act) => (hear = act),
  off: () => (hear = () => {}),
  get: () => heard,
};
const box = outbox(model);
let from;
const send = model.send;
model.send = (message) => ((from = message.sent.from), send(message));
const told = {};
const tell = (name) => ((told[name] = sent), (sent = []));
const again = (name) => (document.dispatchEvent(new Event("client-triage:connected")), tell(name));
const acknowledge = (number, early = null, by = from) => {
  heard = { from: by, number, early };
  hear();
};
for (const action of ["a", "b", "c"]) box.send(action);
tell("sent");
again("again");
acknowledge(1);
again("after one is acknowledged");
acknowledge(3, null, "somebody else");
again("after somebody else's");
acknowledge(1, 2);
tell("after an early one that is not the last");
acknowledge(1, 3);
tell("after the last came early");
acknowledge(3);
again("after all are acknowledged");
box.send("d");
sent = [];
box.close();
again("after the end");
console.log(JSON.stringify(told));
"""

# Time here is what the script says it is.
_WAITING = """
let now = 0, pending = new Map(), number = 0;
globalThis.setTimeout = (act, after, ...given) => {
  pending.set(++number, { at: now + after, act: () => act(...given) });
  return number;
};
globalThis.clearTimeout = (id) => pending.delete(id);
const pass = (time) => {
  now += time;
  for (const [id, { at, act }] of pending) if (at <= now && pending.delete(id)) act();
};
globalThis.document = new EventTarget();
const { outbox } = await import("./dom.mjs");
let hear, heard, from, said = [];
const model = {
  send: (message) => (from = message.sent.from),
  on: (_, act) => (hear = act),
  off: () => {},
  get: () => heard,
};
const box = outbox(model, (stage) => said.push(stage));
const told = {};
const tell = (name) => ((told[name] = said), (said = []));
const acknowledge = (number) => ((heard = { from, number, early: null }), hear());
box.send("a");
box.send("b");
pass(299), tell("before its time");
pass(1), tell("after a moment");
acknowledge(1), tell("after one of two is acknowledged");
pass(300), tell("when the other has waited as long");
pass(14700), tell("after a long time");
acknowledge(2), tell("after both are acknowledged");
pass(60000), tell("when nothing waits");
box.send("c");
box.close(), tell("closed while one waits");
pass(60000), tell("long after the end");
console.log(JSON.stringify(told));
"""


@pytest.fixture
def posted(probe, monkeypatch):
    """Give the traits that go to the browser, message by message."""
    messages = []
    monkeypatch.setattr(probe, "_send", lambda message, **_: messages.append(message["state"]))
    return messages


@pytest.fixture
def probe():
    return Probe(Workspace(language="en"))


def test_a_view_is_drawn_when_it_is_made(probe):
    assert probe.drawn == 1


def test_views_of_a_kind_share_one_class_and_no_state(workspace):
    one, other = Probe(workspace), Probe(workspace)
    one.say("Done.")
    one.redraw()
    assert type(one) is type(other)
    assert (one.state["notice"], other.state["notice"]) == ("Done.", "")


def test_a_later_view_of_a_kind_tells_the_browser_its_script_and_name_too(workspace):
    first, later = (Probe(workspace).get_state(["_esm", "_anywidget_id"]) for _ in range(2))
    assert (
        later
        == first
        == {
            "_esm": "export default { render() {} }",
            "_anywidget_id": f"{__name__}.Probe",
        }
    )


def test_a_state_says_its_language(probe):
    assert probe.state["language"] == "en"


def test_the_same_notice_twice_counts_as_said_twice(act, probe):
    counts = []
    for _ in range(2):
        act(probe, "say")
        counts.append(probe.state["said"])
    assert counts[0] < counts[1]


def test_what_others_change_says_nothing_again(act, probe):
    act(probe, "say")
    before = probe.state["said"]
    probe.workspace.add_clients(["A"])
    assert probe.state["said"] == before


def test_what_a_view_draws_is_up_to_the_view():
    with pytest.raises(NotImplementedError):
        View(Workspace())


def test_a_view_without_actions_refuses_them_all(act, monkeypatch):
    monkeypatch.setattr(View, "draw", lambda _: {})
    view = View(Workspace(language="en"))
    act(view, "add")
    assert view.state["fault"] == UNEXPECTED


# what comes in


def test_an_action_gets_its_details(probe, act):
    act(probe, "add", aliases=["Otter"])
    assert probe.state["clients"] == 1


def test_an_action_can_be_said(probe, act):
    act(probe, "say")
    assert probe.state["notice"] == "Done."


def test_what_was_said_is_said_once(probe, act):
    act(probe, "say")
    act(probe, "add", aliases=["Otter"])
    assert probe.state["notice"] == ""


def test_a_refusal_shows_its_reason(probe, act):
    act(probe, "refuse")
    assert probe.state["fault"] == "Enter an alias for the client."


def test_a_fault_goes_with_the_next_action_that_works(probe, act):
    act(probe, "refuse")
    act(probe, "add", aliases=["Otter"])
    assert probe.state["fault"] == ""


def test_an_exception_does_not_travel_back(probe, act, caplog):
    act(probe, "break")
    assert probe.state["fault"] == UNEXPECTED
    assert caplog.records[0].exc_info[0] is ZeroDivisionError


def test_an_answer_for_a_client_who_is_gone_says_so_and_is_no_error(probe, act, caplog):
    act(probe, "look", client_id="c9")
    assert probe.state["fault"].startswith("This client is not in the list any more")
    assert not caplog.records


def test_an_exception_is_told_in_the_persons_language(act, caplog):
    view = Probe(Workspace(language="ko"))
    act(view, "break")
    assert view.state["fault"] == view.workspace.words.text("fault.unexpected") != UNEXPECTED
    assert caplog.records


def test_after_an_exception_the_view_goes_on(probe, act, caplog):
    with caplog.at_level(logging.CRITICAL):
        act(probe, "break")
    probe.workspace.add_clients(["Otter"])
    assert probe.state["clients"] == 1


@pytest.mark.parametrize(
    "message",
    [
        {"action": "nothing of the kind"},
        {"action": "_refuse"},
        {"action": None},
        {"action": ["add"]},
        {"action": {}},
        {},
        [],
        "add",
        None,
        7,
    ],
)
def test_an_unknown_action_is_refused_plainly(probe, message, caplog):
    probe._on_message(None, message, [])  # noqa: SLF001 - as a browser would
    assert probe.state["fault"] == UNEXPECTED
    assert not caplog.records


@pytest.mark.parametrize("details", [{}, {"nonsense": 1}, {"aliases": 5}, {"aliases": None}])
def test_details_that_do_not_fit_are_refused(probe, act, details, caplog):
    act(probe, "add", **details)
    assert probe.state["fault"] == UNEXPECTED
    assert probe.workspace.portfolio.clients == ()
    assert caplog.records


# what comes in more than once, or out of turn


@pytest.fixture
def deliver(act):
    """Deliver a numbered message: ``deliver(probe, 1, "Otter")`` adds a client."""

    def do(probe, number, alias, sender="here"):
        act(probe, "add", aliases=[alias], sent={"from": sender, "number": number})

    return do


def entered(probe):
    return [client.alias for client in probe.workspace.portfolio.clients]


def test_a_message_that_arrives_twice_is_carried_out_once(probe, deliver):
    for _ in range(2):
        deliver(probe, 1, "Otter")
    assert entered(probe) == ["Otter"]


def test_an_earlier_message_that_arrives_again_is_not_carried_out_again(probe, deliver):
    for number in (1, 2, 1):
        deliver(probe, number, f"Client {number}")
    assert entered(probe) == ["Client 1", "Client 2"]


def test_a_message_is_acknowledged(probe, deliver):
    deliver(probe, 1, "Otter")
    assert probe.heard == {"from": "here", "number": 1, "early": None}


def test_a_message_that_changes_nothing_is_acknowledged(probe, act):
    act(probe, "refuse", sent={"from": "here", "number": 1})
    assert probe.heard["number"] == 1


def test_a_message_that_breaks_is_acknowledged_and_not_tried_again(probe, act, caplog):
    for _ in range(2):
        act(probe, "change_and_break", sent={"from": "here", "number": 1})
    assert (entered(probe), probe.heard["number"]) == (["A"], 1)
    assert len(caplog.records) == 1


def test_a_message_to_a_view_out_of_sight_is_acknowledged(deliver):
    view = Probe(Workspace(), shown=False)
    deliver(view, 1, "Otter")
    assert view.heard["number"] == 1


def test_state_and_acknowledgement_are_one_message(probe, deliver, posted):
    deliver(probe, 1, "Otter")
    assert [message.keys() for message in posted] == [{"state", "heard"}]


def test_what_arrives_again_is_answered_again(probe, deliver, posted):
    deliver(probe, 1, "Otter")
    posted.clear()
    deliver(probe, 1, "Otter")
    assert [message["heard"]["number"] for message in posted] == [1]
    assert posted[0]["state"]["clients"] == 1


def test_two_browsers_count_by_themselves(probe, deliver):
    deliver(probe, 1, "Otter", "here")
    deliver(probe, 1, "Fox", "there")
    deliver(probe, 2, "Owl", "here")
    deliver(probe, 1, "Fox", "there")
    assert entered(probe) == ["Otter", "Fox", "Owl"]
    assert probe.heard == {"from": "there", "number": 1, "early": None}


def test_a_message_before_its_turn_waits_until_all_before_it_are_there(probe, deliver):
    deliver(probe, 1, "Client 1")
    deliver(probe, 3, "Client 3")
    assert entered(probe) == ["Client 1"]
    assert probe.heard == {"from": "here", "number": 1, "early": 3}
    for number in (2, 3):
        deliver(probe, number, f"Client {number}")
    assert entered(probe) == ["Client 1", "Client 2", "Client 3"]
    assert probe.heard == {"from": "here", "number": 3, "early": None}


def test_a_message_without_a_number_is_carried_out_as_it_comes(probe, act):
    for _ in range(2):
        act(probe, "add", aliases=["Otter"])
    assert entered(probe) == ["Otter", "Otter"]
    assert probe.heard == {}


@pytest.mark.parametrize(
    "sent", [{}, [], 7, "here", {"from": "here"}, {"from": 1, "number": 1}, {"number": "1"}]
)
def test_a_number_that_is_none_is_refused_plainly(probe, act, sent, caplog):
    act(probe, "add", aliases=["Otter"], sent=sent)
    assert (probe.state["fault"], entered(probe)) == (UNEXPECTED, [])
    assert not caplog.records


@pytest.fixture
def in_browser(tmp_path):
    """Return a function that runs a script beside ``dom.mjs`` and gives what it prints."""

    def run(code):
        node = shutil.which("node")
        if node is None:
            pytest.skip("needs node")
        script_of_the_view = script("dom.js").replace("export {", "export { outbox,")
        (tmp_path / "dom.mjs").write_text(script_of_the_view, "utf-8")
        page = tmp_path / "page.mjs"
        page.write_text(code, "utf-8")
        done = subprocess.run([node, page], capture_output=True, text=True, check=True)
        return json.loads(done.stdout)

    return run


def test_the_browser_keeps_sends_again_and_lets_go(in_browser):
    assert in_browser(_BROWSER) == {
        "sent": [1, 2, 3],
        "again": [1, 2, 3],
        "after one is acknowledged": [2, 3],
        "after somebody else's": [2, 3],
        "after an early one that is not the last": [],
        "after the last came early": [2, 3],
        "after all are acknowledged": [],
        "after the end": [],
    }


def test_the_browser_says_how_long_an_answer_takes(in_browser):
    assert in_browser(_WAITING) == {
        "before its time": [],
        "after a moment": ["working"],
        "after one of two is acknowledged": [""],
        "when the other has waited as long": ["working"],
        "after a long time": ["late"],
        "after both are acknowledged": [""],
        "when nothing waits": [],
        "closed while one waits": [""],
        "long after the end": [],
    }


# what goes out


def test_an_action_is_drawn_once(probe, act, states):
    sent = states(probe)
    act(probe, "change_twice")
    assert [state["clients"] for state in sent] == [2]


def test_an_action_that_breaks_is_drawn_once(probe, act, states, caplog):
    sent = states(probe)
    act(probe, "change_and_break")
    assert [(state["clients"], state["fault"]) for state in sent] == [(1, UNEXPECTED)]
    assert caplog.records


def test_a_change_from_elsewhere_is_drawn_once(probe, states):
    sent = states(probe)
    probe.workspace.add_clients(["Otter", "Fox"])
    assert [state["clients"] for state in sent] == [2]


def test_a_change_that_changes_nothing_is_not_drawn(probe, states):
    sent = states(probe)
    probe.workspace.apply(lambda portfolio: portfolio)
    assert sent == []


@pytest.mark.parametrize(
    "change",
    [
        lambda workspace: workspace.speak("ko"),
        lambda workspace: setattr(workspace, "trouble", "Not saved."),
    ],
)
def test_a_view_follows_the_language_and_the_trouble(probe, change):
    change(probe.workspace)
    assert probe.drawn == 2


def test_a_closed_view_follows_nothing(probe):
    probe.close()
    probe.workspace.add_clients(["Otter"])
    assert probe.drawn == 1


# out of sight


def test_a_view_out_of_sight_is_not_drawn():
    assert Probe(Workspace(), shown=False).drawn == 0


def test_a_view_out_of_sight_waits():
    view = Probe(Workspace(), shown=False)
    view.workspace.add_clients(["Otter"])
    assert view.drawn == 0


def test_a_view_that_comes_into_sight_is_drawn_once():
    view = Probe(Workspace(), shown=False)
    view.workspace.add_clients(["Otter"])
    view.workspace.add_clients(["Fox"])
    view.shown = True
    assert (view.drawn, view.state["clients"]) == (1, 2)


def test_a_view_that_comes_back_unchanged_is_not_drawn_again(probe):
    probe.shown = False
    probe.shown = True
    assert probe.drawn == 1


def test_a_view_that_missed_something_is_drawn_when_it_comes_back(probe):
    probe.shown = False
    probe.workspace.add_clients(["Otter"])
    probe.shown = True
    assert (probe.drawn, probe.state["clients"]) == (2, 1)


def test_a_browser_can_neither_show_a_view_nor_start_an_action(probe):
    probe.set_state({"shown": False, "acting": True})
    assert probe.shown
    assert not probe.acting


def test_what_was_said_does_not_stay_in_the_other_language(probe, act):
    act(probe, "refuse")
    probe.workspace.speak("ko")
    assert probe.state["fault"] == ""


def test_a_view_that_can_not_be_drawn_sends_no_traceback(probe, act, monkeypatch, caplog):
    monkeypatch.setattr(Probe, "draw", lambda _: 1 / 0)
    act(probe, "say")
    assert "ZeroDivisionError" in caplog.text
    assert not probe.acting


def test_a_view_that_can_not_be_drawn_keeps_nothing_from_another(probe, act, monkeypatch):
    other = Probe(probe.workspace)
    monkeypatch.setattr(probe, "draw", lambda: 1 / 0)
    act(other, "add", aliases=["Otter"])
    assert (other.state["fault"], other.state["clients"]) == ("", 1)


def test_half_a_character_becomes_a_question_mark_and_the_next_save_works(tmp_path, act):
    path = tmp_path / "portfolio.json"
    probe = Probe(Workspace(path, "en"))
    act(probe, "add", aliases=["Otter \ud83d"])
    assert (probe.state["fault"], probe.state["clients"]) == ("", 1)
    assert "Otter ?" in path.read_text("utf-8")


# levels


def test_every_level_has_a_word_in_the_language_and_a_sign():
    shown = level_words(Workspace(language="ko"))
    assert set(shown["levels"]) == {"clear", "watch", "warn", "weigh", "fire", "unknown"}
    assert shown["signs"].keys() == shown["levels"].keys()
    assert len(set(shown["signs"].values())) == 6
