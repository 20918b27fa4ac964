"""A room of visitors before the real page: each gets it, in their language, whatever happens."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from .attacker import Attacker, ask
from .servers import free_port, running

READY, MOST = 2, 6
PATIENCE = 60
COME = {"en": "Add client", "ko": "고객 추가"}


@pytest.fixture(scope="module")
def url(tmp_path_factory):
    """Serve the page with few kept ready and little room."""
    port = free_port()
    address = f"http://127.0.0.1:{port}/"
    command = [sys.executable, "-m", "client_triage", "serve", "--port", str(port)]
    command += ["--ready", str(READY), "--most", str(MOST)]
    with running(command, address, tmp_path_factory.mktemp("room") / "log"):
        yield address


@pytest.fixture
def arrive(url):
    """Have visitors come at once: ``arrive(3, "ko")``; they leave when the test is done."""
    came = []

    def come(count, lang="en"):
        with ThreadPoolExecutor(count) as room:
            arrivals = room.map(lambda _: Attacker.arrives(f"{url}?lang={lang}"), range(count))
            here = [replace(visitor, url=url) for visitor in arrivals]
        came.extend(here)
        return here

    yield come
    for visitor in came:
        leave(visitor)


def leave(visitor):
    """End the visitor's kernel, as the page does."""
    token = f"_xsrf={visitor.xsrf}".encode()
    return visitor.ask(f"{visitor.url}voila/api/shutdown/{visitor.kernel}", "POST", token)


def until(happened):
    """Wait until something is so, and give it."""
    deadline = time.monotonic() + PATIENCE
    while not (given := happened()):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return given


def states(visitor):
    """Ask as the widget manager does; give all that the widgets say."""
    with visitor.connect(None) as channels:
        control = {"comm_id": "control", "target_name": "jupyter.widget.control", "data": {}}
        channels.send("comm_open", control, version="1.0.0")
        asked = {"comm_id": "control", "data": {"method": "request_states"}}
        channels.send("comm_msg", asked)
        while True:
            told = channels.line.recv()
            text = told if isinstance(told, str) else told.decode(errors="replace")
            if "update_states" in text:
                return json.dumps(json.loads(text), ensure_ascii=False)


def kernels(url):
    """Find the kernels' processes: what was forked from the warm process of our server."""
    port = url.rstrip("/").rpartition(":")[2]
    started = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                words = (entry / "cmdline").read_bytes().split(b"\0")
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
            started[int(entry.name)] = (words, parent)
    server = next(pid for pid, (words, _) in started.items() if port.encode() in words)
    warm = [pid for pid, (_, parent) in started.items() if parent == server]
    return [pid for pid, (_, parent) in started.items() if parent in warm]


def test_a_room_that_comes_at_once_is_served_beyond_what_was_ready_each_with_a_kernel(arrive):
    visitors = arrive(MOST)
    assert len({visitor.kernel for visitor in visitors}) == MOST
    assert all(visitor.models for visitor in visitors)


def test_a_page_that_was_made_ready_before_speaks_the_visitors_language(arrive):
    for lang in ("en", "ko", "en"):
        (visitor,) = arrive(1, lang)
        said = states(visitor)
        other = next(text for one, text in COME.items() if one != lang)
        assert (COME[lang] in said, other in said) == (True, False)


def test_where_a_kernel_was_killed_meanwhile_the_visitor_gets_another(url, arrive):
    killed = set(until(lambda: len(found := kernels(url)) == READY and found))
    for pid in killed:
        os.kill(pid, signal.SIGKILL)
    until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in killed))
    (visitor,) = arrive(1)
    assert COME["en"] in states(visitor)


def test_without_room_a_visitor_is_told_in_their_language_and_let_in_once_somebody_leaves(
    url, arrive
):
    first, *_ = arrive(MOST)
    late = ask(f"{url}?lang=ko")
    assert (late.status, late.headers["Content-Language"]) == (503, "ko")
    assert "지금은 자리가 없어요" in late.text
    assert int(late.headers["Retry-After"]) > 0
    assert ask(f"{url}voila/room").text == '{"room": false}'
    assert leave(first).status == 204
    until(lambda: ask(f"{url}voila/room").text == '{"room": true}')
    assert arrive(1)[0].kernel
