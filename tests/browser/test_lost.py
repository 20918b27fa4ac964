"""A page that has lost its kernel, its server or its connection says so, and goes on if it can."""

from __future__ import annotations

import contextlib
import os
import signal
import tempfile
from pathlib import Path

import pytest
from playwright.sync_api import expect

from .steps import Visit

PROCESSES = Path("/proc")
NOTICED_MS = 10_000

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not PROCESSES.is_dir(), reason="finds processes in /proc"),
]


@pytest.fixture
def visit(chromium, app_server):
    """Return a function that opens the app; the browser may log the errors these tests cause."""
    with contextlib.ExitStack() as contexts:

        def arrive(lang="en", server=app_server):
            context = chromium.new_context(locale="en-US")
            contexts.callback(context.close)
            visitor = Visit(context.new_page(), lang)
            visitor.arrive(f"{server}?lang={lang}")
            visitor.page.wait_for_function("window.jupyterapp?.widgetManager?.kernel")
            return visitor

        yield arrive


@pytest.fixture
def world():
    """Give a folder for what a killed server leaves behind."""
    # Not pytest's own folder: its path is too long for the sockets of kernels.
    with tempfile.TemporaryDirectory(prefix="ct-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def kill(named):
    """Kill the one process that has something in its command line."""
    commands = {}
    for process in PROCESSES.glob("[0-9]*"):
        with contextlib.suppress(OSError):  # it has ended meanwhile
            commands[int(process.name)] = (process / "cmdline").read_bytes()
    [process] = [process for process, command in commands.items() if named.encode() in command]
    os.kill(process, signal.SIGKILL)


def kill_kernel(visitor):
    """Kill the process of a page's kernel."""
    kill(visitor.page.evaluate("document.body.dataset.kernelId"))


def banner(visitor):
    """Give the banner at the top of the page, which is there but hidden while all is well."""
    return visitor.page.locator("#ct-lost[role=alert]")


def expect_banner(visitor, loss):
    """Wait until the page says what it has lost."""
    expect(banner(visitor)).to_contain_text(visitor.text(f"page.{loss}"), timeout=NOTICED_MS)
    expect(banner(visitor)).to_be_in_viewport()


def start_again(visitor):
    """Press the banner's button, and wait until one can begin."""
    button = banner(visitor).get_by_role("button")
    expect(button).to_have_text(visitor.text("page.gone_button"))
    button.click()
    expect(banner(visitor)).to_be_hidden()
    visitor.add("Anew")


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_a_page_whose_kernel_was_killed_says_so_and_starts_again(visit, lang):
    visitor, other = visit(), visit()
    if lang != "en":
        visitor.speak(lang)  # the words come from the page: its kernel is past speaking
    visitor.add("Harbor")
    visitor.alias_field().focus()
    kill_kernel(visitor)
    expect_banner(visitor, "gone")
    expect(banner(visitor)).to_be_focused()
    expect(visitor.page.locator("#content")).to_have_js_property("inert", value=True)
    other.add("Maple")
    expect(banner(other)).to_be_hidden()
    asked = []
    visitor.page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    start_again(visitor)
    assert asked == []  # there is nothing left that leaving could lose
    assert visitor.page.locator("html").get_attribute("lang") == lang


def test_a_page_says_that_the_server_is_away_and_that_a_restarted_one_knows_nothing_of_it(
    visit, served, free_port, world
):
    port = free_port()
    with served(world=world, port=port) as server:
        visitor = visit(server=server)
        kill(f"port={port},")
        expect_banner(visitor, "away")
    with served(world=world, port=port):
        expect_banner(visitor, "gone")
        start_again(visitor)


def test_a_cut_connection_is_said_and_the_page_goes_on_by_itself_with_nothing_lost(visit):
    visitor = visit()
    visitor.add("Before")
    field = visitor.alias_field()
    field.fill("Half-typed")
    visitor.page.context.set_offline(True)
    expect_banner(visitor, "away")
    expect(banner(visitor)).to_be_focused()
    content = visitor.page.locator("#content")
    expect(content).to_have_attribute("aria-busy", "true")
    expect(content).to_have_js_property("inert", value=True)
    visitor.page.context.set_offline(False)
    expect(banner(visitor)).to_be_hidden()
    expect(field).to_be_focused()
    expect(field).to_have_value("Half-typed")
    visitor.add("After")
    expect(visitor.client("Before")).to_be_visible()


def test_a_kernel_that_was_killed_while_the_page_was_cut_off_is_noticed_afterwards(visit):
    visitor = visit()
    visitor.page.context.set_offline(True)
    expect_banner(visitor, "away")
    kill_kernel(visitor)
    visitor.page.context.set_offline(False)
    expect_banner(visitor, "gone")


def test_a_tab_that_slept_wakes_without_an_alarm(visit):
    visitor = visit()
    shown = "new MutationObserver(() => { window.alarmed = true }).observe("
    visitor.page.evaluate(f"{shown}document.getElementById('ct-lost'), {{attributes: true}})")
    devtools = visitor.page.context.new_cdp_session(visitor.page)
    with visitor.page.expect_request("**/api/kernels/*"):
        devtools.send("Page.setWebLifecycleState", {"state": "frozen"})  # with a check under way
    devtools.send("Page.setWebLifecycleState", {"state": "active"})
    for _ in range(2):
        with visitor.page.expect_response("**/api/kernels/*") as answer:
            pass
        assert answer.value.ok
    visitor.add("Awake")
    assert not visitor.page.evaluate("window.alarmed")
