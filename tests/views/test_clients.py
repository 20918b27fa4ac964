"""The list of clients: added, pasted, renamed, filled in, deleted."""

from decimal import Decimal

import pytest

from client_triage.domain import Band
from client_triage.views.clients import ClientsView
from client_triage.views.workspace import Workspace

UNEXPECTED = "That did not work"


@pytest.fixture
def view(workspace):
    return ClientsView(workspace)


@pytest.fixture
def empty():
    return ClientsView(Workspace(language="en"))


def aliases(view):
    return [client["alias"] for client in view.state["clients"]]


def shown(view, client="c1"):
    return next(one for one in view.state["clients"] if one["id"] == client)


def known(view, client="c1"):
    return view.workspace.portfolio.client(client)


# adding


def test_without_clients_there_is_none_to_see(empty):
    assert empty.state["clients"] == []


def test_a_client_is_added_by_alias(empty, act):
    act(empty, "add", alias="  Heron ")
    assert aliases(empty) == ["Heron"]
    assert empty.state["notice"] == "1 client added."


def test_a_pasted_list_is_added_at_once(empty, act):
    act(empty, "paste", text="1. Heron\n2. Otter\n\n- Fox")
    assert aliases(empty) == ["Heron", "Otter", "Fox"]
    assert empty.state["notice"] == "3 clients added."


def test_a_pasted_list_is_one_step_back(empty, act):
    act(empty, "paste", text="Heron\nOtter")
    act(empty, "undo")
    assert aliases(empty) == []


@pytest.mark.parametrize(
    ("text", "why"), [("  ", "Enter an alias"), ("Heron\n" + "x" * 81, "at most 80 characters")]
)
def test_a_list_that_is_refused_adds_nobody_and_says_why(empty, act, text, why):
    act(empty, "paste", text=text)
    assert aliases(empty) == []
    assert why in empty.state["fault"]


def test_letters_are_suggested_in_their_order(empty, act):
    for expected in ("Client A", "Client B", "Client C"):
        assert empty.state["suggested"] == expected
        act(empty, "add", alias=expected)


def test_a_letter_that_is_free_again_is_suggested_again(empty, act):
    act(empty, "paste", text="Client A\nClient B")
    act(empty, "delete", client="c1")
    assert empty.state["suggested"] == "Client A"


def test_after_the_last_letter_nothing_is_suggested(empty, act):
    act(
        empty,
        "paste",
        text="\n".join(f"Client {letter}" for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
    )
    assert empty.state["suggested"] == ""


def test_the_count_is_said_in_words(view, empty, act):
    assert view.state["count"] == "3 clients"
    act(empty, "add", alias="Heron")
    assert empty.state["count"] == "1 client"


def test_the_samples_clients_are_not_ones_own(empty):
    empty.workspace.show_sample()
    assert empty.state["clients"] == []
    assert empty.state["is_sample"]


def test_over_the_sample_the_first_letter_is_suggested(empty):
    empty.workspace.show_sample()
    assert empty.state["suggested"] == "Client A"


def test_the_first_client_takes_the_place_of_the_sample(empty, act):
    empty.workspace.show_sample()
    act(empty, "add", alias="Heron")
    assert aliases(empty) == ["Heron"]


# renaming


def test_a_client_is_renamed(view, act):
    act(view, "rename", client="c1", alias=" Heron ")
    assert aliases(view) == ["Heron", "Otter", "Fox"]


def test_a_blank_name_is_refused_beside_its_field(view, act):
    act(view, "rename", client="c1", alias="   ")
    assert shown(view)["errors"] == {"alias": "Enter an alias for the client."}
    assert known(view).alias == "Bluebird"


def test_a_name_that_was_refused_stays_as_it_was_typed(view, act):
    act(view, "rename", client="c1", alias="x" * 81)
    assert shown(view)["alias"] == "x" * 81


def test_what_was_refused_stays_while_other_things_change(view, act):
    act(view, "rename", client="c1", alias="")
    act(view, "set", client="c2", field="hours", value="5")
    assert shown(view)["errors"]
    assert shown(view, "c2")["errors"] == {}


def test_what_was_refused_follows_the_language(view, act):
    act(view, "rename", client="c1", alias="x" * 81)
    act(view, "set", client="c1", field="hours", value="many")
    view.workspace.speak("ko")
    words = view.workspace.words
    assert shown(view)["errors"] == {
        "alias": words.text("clients.alias_long", count=80),
        "hours": words.text("fault.number"),
    }


def test_a_good_name_ends_the_refusal(view, act):
    act(view, "rename", client="c1", alias="")
    act(view, "rename", client="c1", alias="Bluebird")
    assert shown(view)["errors"] == {}


# what is known of a client


def test_at_first_nothing_is_known(view):
    facts = {name: shown(view)[name] for name in ("billing", "band", "revenue", "hours")}
    assert set(facts.values()) == {""}


@pytest.mark.parametrize(
    ("typed", "taken", "seen"),
    [
        (("revenue", "₩1,200,000"), Decimal(1200000), "1,200,000"),
        (("revenue", "1,200.50"), Decimal("1200.50"), "1,200.50"),
        (("hours", "40"), Decimal(40), "40"),
        (("direct_costs", "0"), Decimal(0), "0"),
        (("billing", "hourly"), "hourly", "hourly"),
    ],
)
def test_what_is_entered_is_known_and_seen(view, act, typed, taken, seen):
    field, value = typed
    act(view, "set", client="c1", field=field, value=value)
    assert getattr(known(view), field) == taken
    assert shown(view)[field] == seen


@pytest.mark.parametrize("field", ["revenue", "hours", "direct_costs", "billing"])
def test_what_is_emptied_is_not_known(view, act, field):
    first = "hourly" if field == "billing" else "5"
    act(view, "set", client="c1", field=field, value=first)
    act(view, "set", client="c1", field=field, value=None)
    assert getattr(known(view), field) is None


def test_a_sum_that_is_refused_stays_beside_its_reason(view, act):
    act(view, "set", client="c1", field="revenue", value="lots")
    assert shown(view)["revenue"] == "lots"
    assert shown(view)["errors"]["revenue"].startswith("Enter a number of 0 or more")
    assert known(view).revenue is None


def test_a_refusal_keeps_the_sum_that_was_known(view, act):
    act(view, "set", client="c1", field="revenue", value="5")
    act(view, "set", client="c1", field="revenue", value="-5")
    assert known(view).revenue == 5


def test_a_refusal_ends_with_a_sum_that_is_taken(view, act):
    act(view, "set", client="c1", field="hours", value="many")
    act(view, "set", client="c1", field="hours", value="5")
    assert (shown(view)["hours"], shown(view)["errors"]) == ("5", {})


def test_a_band_is_offered_in_the_currency_and_taken(view, act):
    key, name = view.state["bands"][2]
    assert (key, name) == ("1000-5000", "1,000 to 5,000")
    act(view, "set", client="c1", field="band", value=key)
    assert known(view).revenue_band == Band(Decimal(1000), Decimal(5000))
    assert shown(view)["band"] == key


def test_the_highest_band_has_no_end(view, act):
    key, name = view.state["bands"][-1]
    act(view, "set", client="c1", field="band", value=key)
    assert name == "More than 100,000"
    assert known(view).revenue_band == Band(Decimal(100000))


def test_a_band_can_be_cleared(view, act):
    act(view, "set", client="c1", field="band", value="1000-5000")
    act(view, "set", client="c1", field="band", value="")
    assert known(view).revenue_band is None


def test_the_exact_sum_and_the_band_stand_beside_each_other(view, act):
    act(view, "set", client="c1", field="band", value="1000-5000")
    act(view, "set", client="c1", field="revenue", value="1,200")
    assert (known(view).revenue, shown(view)["band"]) == (1200, "1000-5000")


@pytest.mark.parametrize(
    "details",
    [
        {"field": "billing", "value": "by the moon"},
        {"field": "band", "value": "3-4"},
        {"field": "alias", "value": "Heron"},
        {"field": "id", "value": "c2"},
        {"field": "worth_keeping", "value": True},
    ],
)
def test_what_no_browser_of_ours_sends_is_refused(view, act, details, caplog):
    before = view.workspace.portfolio
    act(view, "set", **{"client": "c1", **details})
    assert view.state["fault"].startswith(UNEXPECTED)
    assert view.workspace.portfolio is before
    assert caplog.records


# deleting


def test_a_deleted_client_is_gone_and_this_is_said(view, act):
    act(view, "delete", client="c2")
    assert aliases(view) == ["Bluebird", "Fox"]
    assert view.state["notice"] == "Otter deleted. You can undo this."


def test_undo_brings_a_deleted_client_back_with_all_that_was_known(view, act, answer):
    answer(view.workspace, "c2", "slow-pay", late=1, invoices=5)
    before = known(view, "c2")
    act(view, "delete", client="c2")
    assert view.state["can_undo"]
    act(view, "undo")
    assert known(view, "c2") == before
    assert aliases(view) == ["Bluebird", "Otter", "Fox"]


@pytest.mark.parametrize(
    ("steps", "notice"),
    [
        (["undo"], "The last change is undone."),
        (["undo", "redo"], "The change is made again."),
    ],
)
def test_a_step_back_or_forth_is_said(empty, act, steps, notice):
    act(empty, "add", alias="Heron")
    for step in steps:
        act(empty, step)
    assert empty.state["notice"] == notice


@pytest.mark.parametrize(
    ("action", "details"),
    [("rename", {"alias": ""}), ("set", {"field": "hours", "value": "many"})],
)
def test_what_is_wrong_with_an_entry_is_said_too(view, act, action, details):
    act(view, action, client="c1", **details)
    assert view.state["notice"] in shown(view)["errors"].values()


def test_redo_deletes_again(view, act):
    act(view, "delete", client="c2")
    act(view, "undo")
    assert view.state["can_redo"]
    act(view, "redo")
    assert aliases(view) == ["Bluebird", "Fox"]


def test_what_was_refused_of_a_deleted_client_does_not_come_back_with_it(view, act):
    act(view, "rename", client="c3", alias="")
    act(view, "delete", client="c3")
    act(view, "undo")
    assert shown(view, "c3")["alias"] == "Fox"


def test_what_was_refused_of_a_client_deleted_elsewhere_does_not_come_back_with_it(view, act):
    elsewhere = ClientsView(view.workspace)
    act(view, "set", client="c3", field="hours", value="many")
    act(elsewhere, "delete", client="c3")
    act(elsewhere, "undo")
    assert shown(view, "c3")["errors"] == {}


def test_to_delete_a_client_who_is_not_there_is_refused(view, act, caplog):
    act(view, "delete", client="c9")
    assert view.state["fault"] == view.workspace.words.text("fault.client_gone")
    assert not caplog.records


# messages


@pytest.mark.parametrize(
    ("action", "details"),
    [
        ("paste", {"text": "Heron\nOwl"}),
        ("add", {"alias": ""}),
        ("rename", {"client": "c1", "alias": "Heron"}),
        ("rename", {"client": "c1", "alias": ""}),
        ("set", {"client": "c1", "field": "revenue", "value": "5"}),
        ("set", {"client": "c1", "field": "revenue", "value": "lots"}),
        ("delete", {"client": "c1"}),
        ("undo", {}),
    ],
)
def test_a_change_sends_one_state(view, act, states, action, details):
    sent = states(view)
    act(view, action, **details)
    assert len(sent) == 1


def test_the_first_client_over_the_sample_sends_one_state(empty, act, states):
    empty.workspace.show_sample()
    sent = states(empty)
    act(empty, "add", alias="Heron")
    assert len(sent) == 1


def test_the_fields_are_named_in_korean(workspace):
    workspace.speak("ko")
    state = ClientsView(workspace).state
    assert state["suggested"] == "고객 A"
    assert state["count"] == "고객 3곳"


def test_a_comma_in_an_alias_makes_one_client(empty, act):
    act(empty, "add", alias="Acme, Inc.")
    assert [client["alias"] for client in empty.state["clients"]] == ["Acme, Inc."]


def test_a_refused_alias_leaves_the_field_alone(empty, act):
    before = empty.state["added"]
    act(empty, "add", alias="x" * 81)
    assert empty.state["added"] == before
