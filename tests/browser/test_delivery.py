"""What a person does arrives, and once only, whatever happens to the connection meanwhile."""

from __future__ import annotations

import contextlib
import re
import socket
import threading
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from .steps import Visit

pytestmark = pytest.mark.browser

UP, DOWN = "up", "down"
NOTICED_MS = 30_000


class Wire:
    """A wire to a server, made of real TCP connections, which can be cut or go dead unnoticed."""

    def __init__(self, port):
        self._port = port
        self._is_cut = False
        self._sockets = []
        self._websockets = set()
        self._dead = set()
        self._entrance = socket.create_server(("127.0.0.1", 0))
        self.port = self._entrance.getsockname()[1]
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    def cut(self):
        """End every connection, and let nobody connect."""
        self._is_cut = True
        for end in self._sockets:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def mend(self):
        """Let everybody connect again."""
        self._is_cut = False

    def go_dead(self, direction):
        """Swallow what the websockets of now carry; they look open, and new ones work."""
        self._dead |= {(websocket, direction) for websocket in self._websockets}

    def close(self):
        """End everything, and wait until it has ended."""
        self.cut()
        self._entrance.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()

    def _accept(self):
        with self._entrance, contextlib.suppress(OSError):
            while True:
                near, _ = self._entrance.accept()
                serving = threading.Thread(target=self._serve, args=(near,))
                self._threads.append(serving)
                serving.start()

    def _serve(self, near):
        with near, contextlib.suppress(OSError):
            if self._is_cut:
                return
            with socket.create_connection(("127.0.0.1", self._port)) as far:
                self._sockets += [near, far]
                up = threading.Thread(target=self._carry, args=(near, near, far, UP))
                up.start()
                self._carry(near, far, near, DOWN)
                up.join()

    def _carry(self, connection, start, end, direction):
        with contextlib.suppress(OSError):
            while data := start.recv(65536):
                if b"\r\nUpgrade: websocket\r\n" in data:
                    self._websockets.add(connection)
                if (connection, direction) not in self._dead:
                    end.sendall(data)
        for one in (start, end):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def wire(app_server):
    """Give a wire to the server of the app."""
    wire = Wire(urlsplit(app_server).port)
    yield wire
    wire.close()


@pytest.fixture
def visitor(chromium, wire):
    """Give a visitor over the wire, by a clock of their own; the browser may log what fails."""
    with contextlib.closing(chromium.new_context(locale="en-US")) as context:
        page = context.new_page()
        page.clock.install()
        visitor = Visit(page, "en")
        visitor.arrive(f"http://127.0.0.1:{wire.port}/?lang=en")
        page.wait_for_function("window.jupyterapp?.widgetManager?.kernel")
        yield visitor


def enter(visitor, *aliases):
    """Enter clients, whether they arrive or not."""
    for alias in aliases:
        visitor.alias_field().fill(alias)
        visitor.alias_field().press("Enter")


def expect_clients(visitor, *aliases):
    """Wait until there are these clients, each of them once, in this order."""
    expect(visitor.client(aliases[-1])).to_be_visible(timeout=NOTICED_MS)
    delete = re.compile(f"^{re.escape(visitor.text('clients.delete'))} ")
    names = visitor.page.get_by_role("button", name=delete).all_inner_texts()
    assert [name.split()[-1] for name in names] == list(aliases)


def banner(visitor):
    """Give the banner at the top of the page."""
    return visitor.page.locator("#ct-lost[role=alert]")


@pytest.mark.parametrize("direction", [UP, DOWN])
def test_changes_made_just_as_the_connection_dies_unnoticed_arrive_once(visitor, wire, direction):
    visitor.add("Harbor")
    wire.go_dead(direction)
    enter(visitor, "Maple", "Quartz")
    expect_clients(visitor, "Harbor", "Maple", "Quartz")
    visitor.add("Willow")
    expect_clients(visitor, "Harbor", "Maple", "Quartz", "Willow")
    expect(banner(visitor)).to_be_hidden()


def test_after_a_minute_without_a_connection_the_page_goes_on_with_nothing_lost(visitor, wire):
    visitor.add("Harbor")
    wire.cut()
    enter(visitor, "Maple")
    visitor.page.clock.run_for(60_000)
    expect(banner(visitor)).to_contain_text(visitor.text("page.away"))
    wire.mend()
    expect_clients(visitor, "Harbor", "Maple")
    expect(banner(visitor)).to_be_hidden()
    visitor.add("Willow")


def test_a_laptop_that_slept_goes_on_with_nothing_lost(visitor, wire):
    visitor.add("Harbor")
    enter(visitor, "Maple")
    devtools = visitor.page.context.new_cdp_session(visitor.page)
    devtools.send("Page.setWebLifecycleState", {"state": "frozen"})
    wire.cut()
    wire.mend()
    devtools.send("Page.setWebLifecycleState", {"state": "active"})
    expect_clients(visitor, "Harbor", "Maple")
    visitor.add("Willow")
