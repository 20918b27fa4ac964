"""A file dragged onto the page: opened, or refused with a sentence, never followed by the browser.

The drags are Chromium's own, with files on disk, as if they came from the file manager.
"""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import expect

from .steps import PORTFOLIO, START, Drag, Visit

pytestmark = pytest.mark.browser

RIVALS = "plays-competitors"
MOST_BYTES = 5_000_000


@pytest.fixture(scope="module")
def lasting(lasting_page, app_server):
    """Give a visitor with a client, who stays for several tests."""
    visitor = Visit(lasting_page(viewport={"width": 1000, "height": 700}), "en")
    visitor.arrive(app_server)
    visitor.add("Harbor")
    return visitor


@pytest.fixture
def me(lasting):
    """Give that visitor at the start, and see in the end that the page was never left."""
    lasting.page.evaluate("window.isTheSame = true")
    if not lasting.start().is_visible():
        lasting.go(START)
    yield lasting
    assert lasting.page.evaluate("window.isTheSame")
    close(lasting)


@pytest.fixture
def write(tmp_path):
    """Return a function that writes a portfolio file with one client."""

    def written(alias, name="mine.json"):
        clients = [{"id": f"of-{alias}", "alias": alias}]
        portfolio = {"schema": "client-triage/portfolio@1", "clients": clients}
        path = tmp_path / name
        path.write_text(json.dumps(portfolio), "utf-8")
        return path

    return written


def heading(me):
    """Give something to drop on that is no place for files by itself."""
    return me.page.get_by_role("heading", level=1)


def mark(me):
    """Give what marks the place while a file is held over it."""
    return me.page.locator(".ct-drop-place")


def said(me, key, **figures):
    """Give what the page says of a drop."""
    return me.page.locator(".ct-drop-said").get_by_text(me.text(f"file.{key}", **figures))


def close(me):
    """Close what the page says of a drop, if it says anything."""
    button = me.page.locator(".ct-drop").get_by_role("button", name=me.text("actions.close"))
    if button.is_visible():
        button.click()
    expect(button).to_have_count(0)


def undo(me):
    me.page.get_by_role("button", name=me.undo_start()).first.click()


def test_a_file_held_over_the_page_marks_the_whole_window(me, write):
    Drag(me.page, write("Maple")).over(heading(me))
    expect(mark(me)).to_have_text(me.text("file.drop"))
    assert mark(me).bounding_box() == {"x": 0, "y": 0, "width": 1000, "height": 700}
    # The drag is given up: only then a mouse can move again.
    me.page.mouse.move(500, 350)
    me.page.mouse.move(510, 350)
    expect(mark(me)).to_have_count(0)


def test_a_file_dragged_out_of_the_window_leaves_no_mark(me, write):
    Drag(me.page, write("Maple")).over(heading(me))
    expect(mark(me)).to_be_visible()
    mark(me).dispatch_event("dragleave")
    expect(mark(me)).to_have_count(0)


def test_a_dropped_file_is_opened_and_undo_brings_the_earlier_one_back(me, write):
    Drag(me.page, write("Maple")).drop(heading(me))
    expect(said(me, "opened", count=1)).to_be_visible()
    expect(me.client("Maple")).to_be_visible()
    expect(me.client("Harbor")).to_have_count(0)
    expect(mark(me)).to_have_count(0)
    undo(me)
    expect(me.client("Harbor")).to_be_visible()


@pytest.mark.parametrize("step", [RIVALS, PORTFOLIO])
def test_a_file_can_be_dropped_on_every_step(me, write, step):
    me.go(step)
    Drag(me.page, write("Maple")).drop(heading(me))
    expect(said(me, "opened", count=1)).to_be_visible()
    close(me)
    me.go(START)
    expect(me.client("Maple")).to_be_visible()
    undo(me)
    expect(me.client("Harbor")).to_be_visible()


def test_a_file_dropped_on_a_field_is_opened_too(me, write):
    Drag(me.page, write("Maple")).drop(me.alias_field())
    expect(said(me, "opened", count=1)).to_be_visible()
    undo(me)
    expect(me.client("Harbor")).to_be_visible()
    expect(me.alias_field()).to_have_value("")


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("mine.json", b"{", "refused"),
        ("mine.txt", b"Harbor, Maple", "refused"),
        ("empty.json", b"", "refused"),
        ("otter.png", b"\x89PNG\r\n\x1a\n\0", "no_text"),
        ("mine.json", '{"alias": "바다"}'.encode("cp949"), "no_text"),
        ("large.json", b" " * (MOST_BYTES + 1), "too_large"),
    ],
)
def test_a_file_that_is_no_portfolio_is_refused_and_nothing_is_lost(
    me, tmp_path, name, content, sentence
):
    path = tmp_path / name
    path.write_bytes(content)
    Drag(me.page, path).drop(heading(me))
    expect(said(me, sentence, file=name)).to_be_visible()
    expect(me.client("Harbor")).to_be_visible()


def test_what_the_button_opens_is_read_as_carefully(me, tmp_path):
    path = tmp_path / "mine.json"
    path.write_text('{"alias": "바다"}', "cp949")
    me.choose_file(path)
    expect(me.page.get_by_text(me.text("file.no_text", file="mine.json"))).to_be_visible()
    expect(me.client("Harbor")).to_be_visible()


def test_a_folder_is_refused(me, tmp_path):
    Drag(me.page, tmp_path).drop(heading(me))
    expect(said(me, "is_folder")).to_be_visible()
    expect(me.client("Harbor")).to_be_visible()


def test_several_files_are_refused(me, write):
    Drag(me.page, write("Maple"), write("Quartz", "other.json")).drop(heading(me))
    expect(said(me, "several")).to_be_visible()
    expect(me.client("Harbor")).to_be_visible()


def test_a_dragged_text_is_no_file(me):
    drag = Drag(me.page, text="https://127.0.0.1/elsewhere")
    drag.over(heading(me))
    expect(mark(me)).to_have_count(0)
    drag.drop(heading(me))
    expect(said(me, "is_no_file")).to_be_visible()
    expect(me.client("Harbor")).to_be_visible()


def test_a_text_can_still_be_dragged_into_a_field(me):
    Drag(me.page, text="Quartz").drop(me.alias_field())
    expect(me.alias_field()).to_have_value("Quartz")
    me.alias_field().fill("")


def test_what_is_said_speaks_the_language_of_the_page(me, write):
    me.speak("ko")
    try:
        Drag(me.page, write("Maple")).over(heading(me))
        expect(mark(me)).to_have_text(me.text("file.drop"))
        Drag(me.page, write("Maple"), write("Quartz", "other.json")).drop(heading(me))
        expect(said(me, "several")).to_be_visible()
    finally:
        me.speak("en")


def test_behind_the_curtain_nothing_is_opened(me, write):
    me.page.get_by_role("button", name=me.text("shell.hide"), exact=True).click()
    curtain = me.page.get_by_role("dialog")
    Drag(me.page, write("Maple")).drop(curtain)
    curtain.get_by_role("button").click()
    expect_nothing_came_of_it(me, write)


def test_a_page_that_takes_no_entries_takes_no_file_and_stays(me, write):
    me.page.evaluate("document.getElementById('content').inert = true")
    Drag(me.page, write("Maple")).drop(me.page.locator("body"))
    me.page.evaluate("document.getElementById('content').inert = false")
    expect_nothing_came_of_it(me, write)


def expect_nothing_came_of_it(me, write):
    """Wait for the answer to a later drop: what came of an earlier one is on screen by then."""
    expect(mark(me)).to_have_count(0)
    Drag(me.page, write("Maple"), write("Quartz", "other.json")).drop(heading(me))
    expect(said(me, "several")).to_be_visible()
    expect(me.client("Harbor")).to_be_visible()
