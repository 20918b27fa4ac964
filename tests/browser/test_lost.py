"""A page that has lost its kernel, its server or its connection says so, and goes on if it can."""

from __future__ import annotations

import contextlib
import os
import signal
import tempfile
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import expect

from client_triage.domain import Level

from .steps import PORTFOLIO, Visit

PROCESSES = Path("/proc")
NOTICED_MS = 10_000
RIVALS = "plays-competitors"
STORED = """async () => {
  const texts = [JSON.stringify(localStorage), JSON.stringify(sessionStorage)];
  for (const { name } of await indexedDB.databases()) {
    texts.push(await new Promise((resolve, reject) => {
      const opening = indexedDB.open(name);
      opening.onerror = () => reject(opening.error);
      opening.onsuccess = () => {
        const asked = opening.result.transaction("pages").objectStore("pages").getAll();
        asked.onsuccess = () => { opening.result.close(); resolve(JSON.stringify(asked.result)); };
      };
    }));
  }
  return texts.join();
}"""
FULL_WHEN_TOLD = """const put = IDBObjectStore.prototype.put;
IDBObjectStore.prototype.put = function (...given) {
  if (!window.isFull) return put.apply(this, given);
  throw new DOMException("The quota has been exceeded.", "QuotaExceededError");
};"""
NO_SESSION_STORAGE = """Storage.prototype.setItem = () => {
  throw new DOMException("The quota has been exceeded.", "QuotaExceededError");
};"""

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not PROCESSES.is_dir(), reason="finds processes in /proc"),
]


@pytest.fixture
def visit(profiles, app_server):
    """Return a function that opens the app; the browser may log the errors these tests cause."""
    with contextlib.ExitStack() as visits:

        def arrive(lang="en", server=app_server, script=None):
            visitor = Visit(visits.enter_context(profiles.lent()).open(), lang)
            if script:
                visitor.page.add_init_script(script)
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
    """Kill the process of a page's kernel: its server holds its sockets too, but is older."""
    kernel = visitor.page.evaluate("document.body.dataset.kernelId")
    sockets = psutil.net_connections("unix")
    holders = {one.pid for one in sockets if kernel in one.laddr and one.pid}
    process = max(map(psutil.Process, holders), key=psutil.Process.create_time)
    assert process.parent() != psutil.Process(), "only the server holds them: its kernel is gone"
    process.kill()


def banner(visitor):
    """Give the banner at the top of the page, which is there but hidden while all is well."""
    return visitor.page.locator("#ct-lost[role=alert]")


def expect_banner(visitor, loss):
    """Wait until the page says what it has lost."""
    expect(banner(visitor)).to_contain_text(visitor.text(f"page.{loss}"), timeout=NOTICED_MS)
    expect(banner(visitor)).to_be_in_viewport()


def press(visitor, name):
    """Press the banner's one button."""
    button = banner(visitor).get_by_role("button")
    expect(button).to_have_text(visitor.text(f"page.{name}_button"))
    button.click()


def start_again(visitor, name="gone"):
    """Press the banner's button without being asked anything, and wait until one can begin."""
    asked = []
    visitor.page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    press(visitor, name)
    expect(banner(visitor)).to_be_hidden()
    visitor.add("Anew")
    assert asked == []


def expect_held(visitor):
    """Wait until the page says that it still has the answers."""
    expect_banner(visitor, "held")
    expect(banner(visitor)).to_contain_text(visitor.text("page.held_means"))


def storages(visitor):
    """Give what the browser has stored, in all its storages."""
    return visitor.page.evaluate(STORED)


def remember(visitor):
    """Say that this device shall remember, and wait until it does."""
    visitor.page.get_by_role("button", name=visitor.text("device.remember"), exact=True).click()
    expect(visitor.page.get_by_text(visitor.text("device.yes"))).to_be_visible()


def stored(visitor, part):
    """Wait until the browser has stored something with this part."""
    visitor.page.wait_for_function(f"async (part) => (await ({STORED})()).includes(part)", arg=part)


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
    start_again(visitor, "held")
    expect(visitor.client("Harbor")).to_be_visible()
    assert visitor.page.locator("html").get_attribute("lang") == lang


@pytest.mark.parametrize("remembers", [False, True])
def test_everything_that_was_acknowledged_is_there_again_after_a_kernel_was_killed(
    visit, remembers
):
    visitor = visit()
    visitor.add("Harbor", "Maple")
    if remembers:
        remember(visitor)
    visitor.go(RIVALS)
    visitor.answer(RIVALS, "Harbor", "yes")
    kill_kernel(visitor)
    expect_held(visitor)
    start_again(visitor, "held")
    visitor.go(PORTFOLIO)
    expect(visitor.cell("Harbor", RIVALS, Level.WEIGH)).to_be_visible()
    expect(visitor.client("Maple")).to_be_visible()
    assert "start-again" not in storages(visitor)
    if remembers:
        stored(visitor, "Anew")
    else:
        assert "Harbor" not in storages(visitor)


def test_nothing_is_stored_before_the_button_is_pressed(visit):
    visitor = visit()
    visitor.add("Harbor")
    kill_kernel(visitor)
    expect_held(visitor)
    assert "Harbor" not in storages(visitor)


def test_the_newer_of_both_copies_wins_and_is_stored(visit):
    visitor = visit(script=FULL_WHEN_TOLD)
    visitor.add("Harbor")
    remember(visitor)
    visitor.page.evaluate("window.isFull = true")
    visitor.add("Maple")
    expect(visitor.page.get_by_text(visitor.text("device.full"))).to_be_visible()
    kill_kernel(visitor)
    expect_held(visitor)
    press(visitor, "held")
    expect(visitor.client("Maple")).to_be_visible()
    expect(visitor.client("Harbor")).to_have_count(1)
    expect(visitor.page.get_by_text(visitor.text("device.yes"))).to_be_visible()
    stored(visitor, "Maple")


def test_what_another_tab_stored_meanwhile_is_left_as_it_is(visit, app_server):
    visitor = visit(script="delete window.BroadcastChannel")
    visitor.add("Harbor")
    remember(visitor)
    tab = Visit(visitor.page.context.new_page(), "en")
    tab.arrive(app_server)
    expect(tab.client("Harbor")).to_be_visible()
    tab.add("Maple")
    stored(tab, "Maple")
    kill_kernel(visitor)
    expect_held(visitor)
    press(visitor, "held")
    expect(visitor.client("Harbor")).to_be_visible()
    expect(visitor.page.get_by_text(visitor.text("device.waiting"))).to_be_visible()
    assert "Maple" in storages(visitor)


def test_a_browser_that_refuses_to_keep_it_offers_the_file_and_starts_again(visit, tmp_path):
    visitor = visit(script=NO_SESSION_STORAGE)
    visitor.add("Harbor")
    kill_kernel(visitor)
    expect_held(visitor)
    press(visitor, "held")
    expect_banner(visitor, "refused")
    with visitor.page.expect_download() as download:
        press(visitor, "refused")
    assert download.value.suggested_filename == "portfolio.json"
    download.value.save_as(tmp_path / "portfolio.json")
    expect_banner(visitor, "downloaded")
    start_again(visitor, "downloaded")
    expect(visitor.page.get_by_text("Harbor")).to_have_count(0)
    visitor.open_file(tmp_path / "portfolio.json")
    expect(visitor.client("Harbor")).to_be_visible()


def test_what_was_forgotten_is_not_taken_along(visit):
    visitor = visit()
    visitor.add("Harbor")
    remember(visitor)
    visitor.page.get_by_role("button", name=visitor.text("device.forget"), exact=True).click()
    expect(visitor.page.get_by_text(visitor.text("device.erased"))).to_be_visible()
    kill_kernel(visitor)
    expect_banner(visitor, "gone")
    expect(banner(visitor)).to_contain_text(visitor.text("page.gone_means"))
    start_again(visitor)
    expect(visitor.page.get_by_text("Harbor")).to_have_count(0)
    assert "Harbor" not in storages(visitor)


def test_leaving_without_the_button_asks_as_long_as_the_tab_holds_something(visit):
    visitor = visit()
    visitor.add("Harbor")
    kill_kernel(visitor)
    expect_held(visitor)
    asked = []
    visitor.page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    visitor.page.reload()
    assert asked == ["beforeunload"]


def test_a_page_says_that_the_server_is_away_and_takes_its_answers_to_a_restarted_one(
    visit, served, free_port, world
):
    port = free_port()
    with served(world=world, port=port) as server:
        visitor = visit(server=server)
        visitor.add("Harbor")
        kill(f"port={port},")
        expect_banner(visitor, "away")
    with served(world=world, port=port):
        expect_held(visitor)
        start_again(visitor, "held")
        expect(visitor.client("Harbor")).to_be_visible()


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
    start_again(visitor)


def test_a_laptop_whose_kernel_was_gone_when_it_woke_takes_its_answers_along(visit):
    visitor = visit()
    visitor.add("Harbor")
    devtools = visitor.page.context.new_cdp_session(visitor.page)
    devtools.send("Page.setWebLifecycleState", {"state": "frozen"})
    kill_kernel(visitor)
    devtools.send("Page.setWebLifecycleState", {"state": "active"})
    expect_held(visitor)
    start_again(visitor, "held")
    expect(visitor.client("Harbor")).to_be_visible()


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
