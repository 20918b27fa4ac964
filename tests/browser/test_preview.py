"""The preview: one scenario while it is written, loaded anew when a file is saved."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import urllib.error
import urllib.request

import pytest
from playwright.sync_api import expect

from client_triage.content import content_folder
from client_triage.content.authoring import new_scenario
from client_triage.content.marks import MARK

pytestmark = pytest.mark.browser

STATE = "voila/preview"
TITLE = "They ignore your advice, then leave you the mess"


class Author:
    """Who writes the eleventh scenario, and looks at it."""

    def __init__(self, content, server, url, page) -> None:
        self.content = content
        self.server = server
        self.url = url
        self.page = page
        self.folder = content / "scenarios/11-scope-creep"

    def save(self, name, old, new):
        """Change a file as an editor does."""
        path = self.content / name
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), "utf-8")

    def heading(self, name):
        return self.page.get_by_role("heading", name=name, exact=True)


@contextlib.contextmanager
def _previewed(content, port):
    command = [sys.executable, "-m", "client_triage", "content", "preview", "scope-creep"]
    command += ["--lang", "en", "--port", str(port), str(content)]
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command, stdout=pipe, stderr=subprocess.STDOUT, start_new_session=True
    ) as server:
        try:
            assert b"Client Triage is at" in server.stdout.readline()
            yield server
        finally:
            if server.poll() is None:
                os.killpg(server.pid, signal.SIGTERM)


@pytest.fixture(scope="module")
def author(tmp_path_factory, free_port, lasting_page):
    """Give an author with a preview open; each test leaves the content without faults."""
    content = shutil.copytree(content_folder(), tmp_path_factory.mktemp("authored") / "content")
    new_scenario("scope-creep", folder=content)
    port = free_port()
    with _previewed(content, port) as server:
        url = f"http://127.0.0.1:{port}/"
        author = Author(content, server, url, lasting_page(url))
        expect(author.heading(f"{MARK} {TITLE}")).to_be_visible()
        yield author
        author.page.close()  # before its server goes, which it would complain of


def test_a_text_that_is_still_to_be_written_is_shown_with_its_mark(author):
    expect(author.page.get_by_text(f"{MARK} In the last 12 months").first).to_be_visible()


def test_a_saved_text_is_on_the_page_without_reloading_it(author):
    author.save("scenarios/11-scope-creep/en.md", f"{MARK} {TITLE}", "They want more and more")
    expect(author.heading("They want more and more")).to_be_visible()
    author.save("scenarios/11-scope-creep/en.md", "They want more and more", f"{MARK} {TITLE}")
    expect(author.heading(f"{MARK} {TITLE}")).to_be_visible()


def test_faults_are_shown_in_place_of_the_page_and_go_when_they_are_mended(author):
    author.save("scenarios/11-scope-creep/scenario.toml", 'kind = "thresholds"', 'kind = "guess"')
    expect(author.heading("1 fault in the content")).to_be_visible()
    expect(author.page.get_by_text("scope-creep/scenario.toml: expected a rule")).to_be_visible()
    author.save("ui/en.toml", "[levels]", "[levels")
    expect(author.page.get_by_text("content/ui/en.toml:")).to_be_visible()
    author.save("ui/en.toml", "[levels", "[levels]")
    author.save("scenarios/11-scope-creep/scenario.toml", 'kind = "guess"', 'kind = "thresholds"')
    expect(author.heading(f"{MARK} {TITLE}")).to_be_visible()


def test_a_preview_starts_with_faults_too(author, free_port, page):
    author.save("ui/ko.toml", "[levels]", "[levels")
    port = free_port()
    with _previewed(author.content, port):
        visit = page(f"http://127.0.0.1:{port}/")
        expect(visit.get_by_text("content/ui/ko.toml:")).to_be_visible()
        author.save("ui/ko.toml", "[levels", "[levels]")
        heading = visit.get_by_role("heading", name=f"{MARK} {TITLE}", exact=True)
        expect(heading).to_be_visible()
        visit.close()  # it would ask a server that has ended


def test_html_in_a_fault_stays_text(author):
    author.save("scenarios/11-scope-creep/scenario.toml", '"pattern"', '"<b id=bold>"')
    expect(author.page.get_by_text("'<b id=bold>'")).to_be_visible()
    assert author.page.locator("#bold").count() == 0
    author.save("scenarios/11-scope-creep/scenario.toml", '"<b id=bold>"', '"pattern"')
    expect(author.heading(f"{MARK} {TITLE}")).to_be_visible()


def test_the_state_of_the_content_is_told_to_this_machine_alone(author):
    request = urllib.request.Request(author.url + STATE, headers={"Host": "elsewhere.example"})  # noqa: S310 - loopback
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request)  # noqa: S310 - loopback
    refused.value.close()
    assert refused.value.code == 403


@pytest.mark.parametrize("path", [STATE, "voila/static/preview.js"])
def test_the_ordinary_page_has_nothing_of_the_preview(app_server, path):
    with pytest.raises(urllib.error.HTTPError) as missing:
        urllib.request.urlopen(app_server + path)  # noqa: S310 - loopback
    missing.value.close()
    assert missing.value.code in {403, 404}


def test_ctrl_c_ends_a_preview_cleanly(author):
    author.page.close()
    author.server.send_signal(signal.SIGINT)
    assert author.server.wait(timeout=20) == 0
    assert b"Traceback" not in author.server.stdout.read()
