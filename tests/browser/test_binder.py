"""The page as Voilà's server extension shows it, set up by `binder/postBuild` as on Binder."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import expect

from .steps import Visit

ROOT = Path(__file__).parents[2]
START_SECONDS = 60
TOKEN = "only-for-this-test"  # noqa: S105 - of a server on loopback that ends with the test
BASE = "/user/somebody/"  # each session has an address of its own
KERNEL = "document.body.dataset.kernelId"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(shutil.which("bash") is None, reason="postBuild is a script of bash"),
]


@dataclass(frozen=True)
class Binder:
    """A running server and its log."""

    url: str
    log: Path

    def address(self, notebook: str, query: str = "") -> str:
        """Give the address that shows a notebook as a page."""
        return f"{self.url}voila/render/notebooks/{notebook}?{query}&token={TOKEN}"

    def kernels(self, kernel: str = "", method: str = "GET") -> bytes:
        """Ask the server about its kernels, or to do something with one."""
        headers = {"Authorization": f"token {TOKEN}"}
        address = f"{self.url}api/kernels{kernel and '/'}{kernel}"
        request = urllib.request.Request(address, method=method, headers=headers)  # noqa: S310 - loopback
        with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310 - loopback
            return answer.read()


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    """Run `postBuild` in an environment that borrows the packages of this one."""
    home = tmp_path_factory.mktemp("binder")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", home / "venv"], check=True)
    python = home / "venv" / "bin" / "python"
    where = "import sysconfig; print(sysconfig.get_path('purelib'))"
    own = subprocess.run([python, "-c", where], capture_output=True, text=True, check=True).stdout
    borrowed = [sysconfig.get_path("purelib"), str(ROOT / "widgets")]
    Path(own.strip(), "borrowed.pth").write_text("\n".join(borrowed), "utf-8")
    env = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("CLIENT_TRIAGE", "JUPYTER", "MPL", "PYTHON", "XDG_"))
    }
    env |= {
        "HOME": str(home),
        "PATH": f"{python.parent}{os.pathsep}{env['PATH']}",
        "JUPYTER_PATH": str(Path(sysconfig.get_path("data"), "share", "jupyter")),
    }
    subprocess.run([ROOT / "binder" / "postBuild"], cwd=ROOT, env=env, check=True)
    return python, env


@pytest.fixture(scope="module")
def binder(environment, tmp_path_factory, free_port, end_process, wait_until_ready):
    """Start Jupyter's server on copies of the notebooks."""
    python, env = environment
    folder = tmp_path_factory.mktemp("repository")
    ignored = shutil.ignore_patterns("portfolio.json*", ".*")
    shutil.copytree(ROOT / "notebooks", folder / "notebooks", ignore=ignored)
    url = f"http://127.0.0.1:{(port := free_port())}{BASE}"
    command = [
        *(python, "-m", "jupyter_server", "--no-browser", "--ip=127.0.0.1", f"--port={port}"),
        *(f"--IdentityProvider.token={TOKEN}", f"--ServerApp.base_url={BASE}"),
        *("--ServerApp.port_retries=0", "--allow-root"),
        "--ServerApp.jpserver_extensions={'voila.server_extension': True}",
    ]
    log = folder / "server.log"
    with (
        log.open("wb") as output,
        subprocess.Popen(
            command, cwd=folder, env=env, stderr=output, start_new_session=True
        ) as server,
    ):
        try:
            wait_until_ready(server, f"{url}api", START_SECONDS)
            yield Binder(url, log)
        finally:
            end_process(server)


@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_page_is_there_in_the_language_of_its_link_and_asks_no_other_host(
    binder, page, language
):
    me = Visit(page(), language)
    me.arrive(binder.address("app.ipynb", f"lang={language}"))
    expect(me.page.locator("html")).to_have_attribute("lang", language)
    expect(me.page).to_have_title(me.text("shell.title"))
    me.add("Harbor")


def test_a_notebook_shown_as_a_page_has_the_language_of_its_folder(binder, page):
    me = Visit(page(binder.address("ko/05-slow-pay.ipynb")), "ko")
    expect(me.practice()).to_be_visible()
    expect(me.page.locator("html")).to_have_attribute("lang", "ko")


def test_a_page_that_is_closed_ends_its_kernel(binder, page):
    me = Visit(page(), "en")
    me.arrive(binder.address("app.ipynb"))
    kernel = me.page.evaluate(KERNEL)
    assert kernel in str(binder.kernels())
    me.page.goto("about:blank")
    deadline = time.monotonic() + START_SECONDS
    while kernel in str(binder.kernels()):
        assert time.monotonic() < deadline, "the kernel is still there"
        time.sleep(0.1)


def test_a_page_that_has_lost_its_kernel_says_so_and_begins_again(binder, profiles):
    with profiles.lent() as profile:  # the browser logs that the kernel is not found
        me = Visit(profile.open(), "ko")
        me.arrive(binder.address("app.ipynb", "lang=ko"))
        kernel = me.page.evaluate(KERNEL)
        binder.kernels(kernel, method="DELETE")
        again = me.page.get_by_role("button", name=me.text("page.gone_button"), exact=True)
        again.click()
        me.page.wait_for_function(f"{KERNEL} && {KERNEL} !== {json.dumps(kernel)}")


def test_kernels_that_nobody_is_connected_to_are_ended_after_ten_idle_minutes(binder, page):
    Visit(page(), "en").arrive(binder.address("app.ipynb"))
    assert "Culling kernels with idle durations > 600 seconds" in binder.log.read_text("utf-8")
