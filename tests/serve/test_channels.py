"""What a visitor can say to a kernel over its websocket, and what they hear."""

from __future__ import annotations

import contextlib
import json
import uuid

import pytest
import websocket

from client_triage.serve.channels import CONTROL, MOST_CONNECTIONS, read
from client_triage.serve.page import LONGEST_MESSAGE

from .attacker import V1, Attacker, connect, frame_of

both_protocols = pytest.mark.parametrize("protocol", [V1, None], ids=["v1", "text"])

HEADER = {"msg_id": "m", "msg_type": "comm_msg", "session": "s", "version": "5.3", "date": "d"}
DONE = {"comm_id": "c", "data": {"method": "custom", "content": {"action": "add"}}}
WIDGET = {"_model_module": "@jupyter-widgets/output", "_model_name": "OutputModel"}
FORBIDDEN = {
    "run code": ("execute_request", {"code": "1", "silent": False}),
    "inspect": ("inspect_request", {"code": "told", "cursor_pos": 1, "detail_level": 1}),
    "complete": ("complete_request", {"code": "to", "cursor_pos": 2}),
    "is it complete": ("is_complete_request", {"code": "1"}),
    "read the history": ("history_request", {"hist_access_type": "tail", "n": 9, "raw": True}),
    "debug": ("debug_request", {"command": "initialize", "type": "request", "seq": 1}),
    "interrupt": ("interrupt_request", {}),
    "shut down": ("shutdown_request", {"restart": True}),
    "ask for its use of the computer": ("usage_request", {}),
    "make a subshell": ("create_subshell_request", {}),
    "connect": ("connect_request", {}),
    "answer input": ("input_reply", {"value": "x"}),
    "publish": ("stream", {"name": "stdout", "text": "x"}),
    "name no type": ("", {}),
    "open an unknown target": ("comm_open", {"comm_id": "o", "target_name": "any", "data": {}}),
    "open a widget": (
        "comm_open",
        {"comm_id": "w", "target_name": "jupyter.widget", "data": {"state": WIDGET}},
    ),
    "open without a target": ("comm_open", {"comm_id": "n", "data": {}}),
    "set a trait": (
        "comm_msg",
        {"comm_id": "c", "data": {"method": "update", "state": {"text": "forged"}}},
    ),
    "echo a trait": (
        "comm_msg",
        {"comm_id": "c", "data": {"method": "echo_update", "state": {"text": "forged"}}},
    ),
    "do what is no object": ("comm_msg", {"comm_id": "c", "data": {"method": "custom"}}),
    "say nothing": ("comm_msg", {}),
    "say what is no object": ("comm_msg", {"comm_id": "c", "data": "custom"}),
    "say it to a list": ("comm_msg", {"comm_id": ["c"], "data": {"method": "request_state"}}),
    "use a very long name": ("comm_msg", {**DONE, "comm_id": "c" * 101}),
    "say it in a list": ("comm_msg", []),
}
NEEDED = [
    ("kernel_info_request", {}),
    ("comm_info_request", {}),
    ("comm_open", {"comm_id": "c", "target_name": CONTROL, "data": {}}),
    ("comm_msg", {"comm_id": "c", "data": {"method": "request_states"}}),
    ("comm_msg", {"comm_id": "c", "data": {"method": "request_state"}}),
    ("comm_close", {"comm_id": "c", "data": {}}),
    ("comm_msg", DONE),
]
forbidden = pytest.mark.parametrize(
    ("kind", "content"), FORBIDDEN.values(), ids=[name.replace(" ", "-") for name in FORBIDDEN]
)


def encoded(part):
    """Give a part of a message as bytes."""
    return json.dumps(part).encode()


def frame(kind, content, protocol, channel="shell", **more):
    """Make a message as a browser sends it, with more in its header or metadata."""
    header = {**HEADER, "msg_type": kind, **more.get("header", {})}
    parts = [header, {}, more.get("metadata", {}), content]
    if protocol:
        return frame_of(channel.encode(), *map(encoded, parts))
    names = ("header", "parent_header", "metadata", "content")
    return json.dumps({"channel": channel, **dict(zip(names, parts, strict=True))})


@pytest.fixture
def attacker(server):
    """Give a visitor with a kernel of their own."""
    return Attacker.arrives(server.url)


def told_by(messages):
    """Give the kinds of what a visitor was told, but for the answers to what anybody may know."""
    kinds = {message["header"]["msg_type"] for message in messages}
    return kinds - {"status", "kernel_info_reply"}


# --- one message ----------------------------------------------------------------------------


@both_protocols
@forbidden
def test_what_the_page_never_says_is_refused(kind, content, protocol):
    with pytest.raises(ValueError, match="refused"):
        read(frame(kind, content, protocol), is_v1=bool(protocol))


@both_protocols
@pytest.mark.parametrize("channel", ["control", "stdin", "iopub", "hb", "", "shell "])
def test_nothing_is_taken_on_a_channel_that_the_page_does_not_use(channel, protocol):
    with pytest.raises(ValueError, match="refused"):
        read(frame("comm_msg", DONE, protocol, channel), is_v1=bool(protocol))


@both_protocols
@pytest.mark.parametrize(("kind", "content"), NEEDED)
def test_what_the_page_says_is_taken(kind, content, protocol):
    taken = read(frame(kind, content, protocol), is_v1=bool(protocol))
    assert taken["header"]["msg_type"] == kind
    assert taken["content"] == content


@both_protocols
def test_nothing_travels_along_that_was_not_looked_at(protocol):
    content = {**DONE, "target_module": "os", "data": {**DONE["data"], "buffer_paths": [["x"]]}}
    header = {"subshell_id": "x", "username": "x" * 9999}
    metadata = {"version": "1.0.0", "cellId": "x", "deletedCells": ["y"]}
    sent = frame("comm_msg", content, protocol, header=header, metadata=metadata)
    taken = read(sent, is_v1=bool(protocol))
    assert taken == {
        "header": {**HEADER, "username": ""},
        "parent_header": {},
        "metadata": {"version": "1.0.0"},
        "content": DONE,
    }


V1_FRAMES = {
    "empty": b"",
    "cut off": frame("comm_msg", DONE, V1)[:60],
    "more places than bytes": (2**24).to_bytes(8, "little"),
    "places beyond the end": (6).to_bytes(8, "little") + b"\xff" * 48,
    "places backwards": b"".join(n.to_bytes(8, "little") for n in (6, 99, 80, 60, 40, 20, 8)),
    "with a buffer": frame_of(b"shell", *map(encoded, (HEADER, {}, {}, DONE)), b"buffer"),
    "text": frame("comm_msg", DONE, None),
    "no UTF-8": frame_of(b"shell", b"\xff", b"{}", b"{}", b"{}"),
    "very deep": frame_of(b"shell", encoded(HEADER), b"{}", b"{}", b"[" * 500_000),
    "a number of many digits": frame_of(b"shell", b"9" * 9999, b"{}", b"{}", b"{}"),
}
TEXT_FRAMES = {
    "empty": "",
    "no JSON": "{",
    "no object": "[]",
    "without a channel": "{}",
    "without a header": '{"channel": "shell"}',
    "bytes": frame("comm_msg", DONE, V1),
    "more parts than bytes": (2**24).to_bytes(4, "big"),
    "very deep": '{"channel": "shell", "header": ' + "[" * 500_000,
}


@pytest.mark.parametrize("sent", V1_FRAMES.values(), ids=V1_FRAMES)
def test_a_binary_frame_that_is_no_message_is_refused(sent):
    with pytest.raises(ValueError, match="refused"):
        read(sent, is_v1=True)


@pytest.mark.parametrize("sent", TEXT_FRAMES.values(), ids=TEXT_FRAMES)
def test_a_text_that_is_no_message_is_refused(sent):
    with pytest.raises(ValueError, match="refused"):
        read(sent, is_v1=False)


# --- a real server --------------------------------------------------------------------------


@both_protocols
def test_a_visitor_who_says_all_that_is_forbidden_hears_nothing_and_changes_nothing(
    attacker, protocol, tmp_path
):
    [model] = attacker.models
    ran = tmp_path / "ran"
    code = {"code": f"open({str(ran)!r}, 'w').close()\ntold.text = 'forged'", "silent": False}
    with attacker.connect(protocol) as channels:
        channels.all_until_answered()
        for channel in ("shell", "control", "stdin", "iopub"):
            channels.send("execute_request", code, channel)
            for kind, content in FORBIDDEN.values():
                aimed = content
                if isinstance(content, dict) and content.get("comm_id") == "c":
                    aimed = {**content, "comm_id": model}
                channels.send(kind, aimed, channel)
        channels.send("comm_close", {"comm_id": model, "data": {}})
        assert told_by(channels.all_until_answered()) == set()
        channels.send("comm_msg", {"comm_id": model, "data": {"method": "request_state"}})
        [state] = [
            message["content"]["data"]["state"]
            for message in channels.all_until_answered()
            if message["header"]["msg_type"] == "comm_msg"
        ]
    assert state["text"] == "as it was"
    assert not ran.exists()


@both_protocols
def test_a_comm_that_the_kernel_does_not_know_is_answered_with_nothing(attacker, protocol):
    with attacker.connect(protocol) as channels:
        channels.all_until_answered()
        channels.send("comm_msg", {**DONE, "comm_id": "unknown"})
        channels.send("comm_close", {"comm_id": "unknown", "data": {}})
        assert told_by(channels.all_until_answered()) == set()


@both_protocols
@pytest.mark.parametrize("how", ["raise", "log"])
def test_an_error_in_a_callback_reaches_the_log_without_what_was_typed_and_no_visitor(
    server, attacker, protocol, how
):
    [model] = attacker.models
    before = len(server.log.read_text())
    done = {"comm_id": model, "data": {"method": "custom", "content": {"do": how}}}
    with attacker.connect(protocol) as channels:
        channels.all_until_answered()
        channels.send("comm_msg", done)
        messages = channels.all_until_answered()
        messages += channels.all_until_answered()  # what was printed comes a moment later
    assert told_by(messages) <= {"comm_msg"}
    assert "Traceback" not in json.dumps(messages)
    logged = server.log.read_text()[before:]
    assert {"raise": "ValueError", "log": "KeyError"}[how] in logged
    assert "File " in logged
    assert not [typed for typed in ("Quartz", "Wren", "Heron") if typed in logged]


def test_the_name_of_the_servers_user_is_told_to_nobody(attacker):
    with attacker.connect() as channels:
        messages = channels.all_until_answered()
    kernels_own = [message["header"]["username"] for message in messages]
    assert set(kernels_own) == {"visitor"}


@both_protocols
def test_a_message_that_is_too_long_ends_the_connection_and_nobody_elses(
    server, attacker, protocol
):
    other = Attacker.arrives(server.url)
    with attacker.connect(protocol) as channels, other.connect() as others:
        channels.all_until_answered()
        with contextlib.suppress(OSError):  # it may hang up before it has all
            channels.line.send_binary(b"x" * (LONGEST_MESSAGE + 1))
        with pytest.raises((OSError, websocket.WebSocketConnectionClosedException)):
            channels.all_until_answered()
        assert others.all_until_answered()


def test_a_message_with_the_largest_file_arrives(attacker):
    [model] = attacker.models
    largest = {"text": '"' * 5_000_000}
    with attacker.connect() as channels:
        channels.all_until_answered()
        content = {"method": "custom", "content": largest}
        channels.send("comm_msg", {"comm_id": model, "data": content})
        [heard] = [
            message["content"]["data"]["content"]["heard"]
            for message in channels.all_until_answered()
            if message["header"]["msg_type"] == "comm_msg"
        ]
    assert heard > 5_000_000


# --- whose kernel ---------------------------------------------------------------------------


def refused(record, cookie="", **options):
    """Give the status with which a connection is refused."""
    with pytest.raises(websocket.WebSocketBadStatusException) as error:
        connect(record, cookie, **options)
    return error.value.status_code


@both_protocols
def test_another_visitors_kernel_cannot_be_reached_by_its_id(server, attacker, protocol):
    other = Attacker.arrives(server.url)
    assert refused(attacker.record, other.cookie, protocol=protocol) == 404
    assert refused(attacker.record, "", protocol=protocol) == 404
    assert other.ask(attacker.record).status == 404
    with attacker.connect(protocol) as channels:
        assert channels.all_until_answered()


def test_another_visitors_kernel_cannot_be_ended(server, attacker):
    other = Attacker.arrives(server.url)
    end = f"{server.url}voila/api/shutdown/{attacker.kernel}"
    token = other.xsrf
    assert other.ask(end, "POST", f"_xsrf={token}".encode()).status == 404
    assert attacker.ask(attacker.record).status == 200


def test_a_visitor_ends_their_own_kernel(server, attacker):
    end = f"{server.url}voila/api/shutdown/{attacker.kernel}"
    assert attacker.ask(end, "POST", f"_xsrf={attacker.xsrf}".encode()).status == 204
    assert attacker.ask(attacker.record).status == 404


def test_a_kernel_that_waits_for_its_first_visitor_is_nobodys(attacker):
    assert refused(attacker.record.replace(attacker.kernel, str(uuid.uuid4()))) == 404


@pytest.mark.parametrize("session", ["", "x" * 101, "%00", "a%0ab"])
def test_a_session_that_zeromq_cannot_name_is_refused(attacker, session):
    assert refused(attacker.record, attacker.cookie, session=session) == 400


def test_another_page_cannot_connect_with_a_visitors_cookies(attacker):
    assert refused(attacker.record, attacker.cookie, origin="http://evil.example") == 403


def test_there_are_few_connections_to_a_kernel(attacker):
    opened = [attacker.connect() for _ in range(MOST_CONNECTIONS)]
    try:
        assert refused(attacker.record, attacker.cookie) == 429
    finally:
        for channels in opened:
            channels.line.close()


def test_an_address_opens_so_many_connections_and_then_waits(attacker):
    header = ["X-Forwarded-For: 198.51.100.7"]
    for _ in range(2):
        connect(attacker.record, attacker.cookie, header=header).line.close()
    assert refused(attacker.record, attacker.cookie, header=header) == 429
    connect(attacker.record, attacker.cookie).line.close()
