"""Visitors of one server: nobody sees anybody else, and nothing of anybody is kept."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import pytest
from playwright.sync_api import expect

from client_triage.domain import Level
from client_triage.serve import find_notebook

from .steps import PORTFOLIO

pytestmark = pytest.mark.browser

LATE = "slow-pay"


@pytest.fixture(scope="module")
def world():
    """Give the folder that holds the notebook, and that the server and its kernels start in."""
    # Not pytest's own folder: its path is too long for the sockets of kernels.
    with tempfile.TemporaryDirectory(prefix="ct-") as folder:
        shutil.copy(find_notebook(), folder)
        yield Path(folder)


@pytest.fixture(scope="module")
def server(serve_notebook, world):
    """Serve the page from that folder."""
    return serve_notebook(world / "app.ipynb", world=world)


def rate(visitor, alias):
    """Add a client, answer for it, and look at everything."""
    visitor.add(alias)
    visitor.go(LATE)
    visitor.answer(LATE, alias, "yes")
    visitor.go(PORTFOLIO)
    expect(visitor.cell(alias, LATE, Level.WATCH)).to_be_visible()
    visitor.heatmap()


def everything_seen(visitor):
    """Give the whole page and all that came over its websocket."""
    return visitor.page.content().encode() + b"".join(visitor.received)


def test_two_visitors_at_once_never_see_a_trace_of_each_other(visit, server):
    one, other = visit(server=server), visit(server=server)
    one.add("Harbor-of-one")
    other.add("Maple-of-other")
    rate(one, "Second-of-one")
    rate(other, "Second-of-other")
    for visitor, own, others in (
        (one, b"-of-one", b"-of-other"),
        (other, b"-of-other", b"-of-one"),
    ):
        seen = everything_seen(visitor)
        assert own in seen
        assert others not in seen


def test_the_server_writes_nothing_of_a_visitor(visit, server, world):
    visitor = visit(server=server)
    rate(visitor, "Quartz-in-memory")
    files = [path for path in world.rglob("*") if path.is_file()]
    assert any(path.name.startswith("kernel-") for path in files)  # this is where it would write
    assert [path.name for path in files if path.name.startswith("portfolio")] == []
    assert [path.name for path in files if b"Quartz-in-memory" in path.read_bytes()] == []


def test_the_page_says_beforehand_that_a_reload_loses_everything_and_asks_before_it_does(
    visit, server
):
    visitor = visit(server=server)
    expect(visitor.page.get_by_text(visitor.text("file.kept_in_memory")).first).to_be_visible()
    visitor.add("Harbor")
    asked = []
    visitor.page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    visitor.page.reload()
    assert asked == ["beforeunload"]
    expect(visitor.alias_field()).to_be_visible()
    expect(visitor.page.get_by_text("Harbor")).to_have_count(0)
    expect(visitor.page.get_by_role("button", name=visitor.text("clients.delete"))).to_have_count(0)
    visitor.go(PORTFOLIO)
    expect(visitor.page.get_by_text(visitor.text("matrix.empty"))).to_be_visible()


def test_the_page_does_not_ask_before_a_reload_once_the_file_is_downloaded(visit, server, tmp_path):
    visitor = visit(server=server)
    visitor.add("Harbor")
    visitor.download(tmp_path / "portfolio.json")
    expect(visitor.page.locator("html[data-at-risk]")).to_have_count(0)
    asked = []
    visitor.page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    visitor.page.reload()
    expect(visitor.alias_field()).to_be_visible()
    assert asked == []
