"""A served page, a real Chromium, and a guard that fails a test when its page does wrong."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import nbformat
import pytest
from playwright.sync_api import BrowserContext, sync_playwright

from .steps import Visit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, ConsoleMessage, Page

LOOPBACK = ("127.0.0.1", "localhost")
CHROMIUM_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--process-per-site",  # a page that is opened again finds its scripts compiled: see Profiles
    f"--host-resolver-rules=MAP * ~NOTFOUND, {', '.join(f'EXCLUDE {name}' for name in LOOPBACK)}",
)
# One process takes the tests of a file. Those that take minutes begin first, so that in the end no
# process is left alone with one of them.
LONGEST = ("test_device", "test_accessible", "test_lost", "test_keyboard", "test_lab")
# What changes a profile for good.
FOR_GOOD = ("add_init_script", "expose_binding", "expose_function")
START_SECONDS = 30
LONG = 300_000  # characters that are not read at once
# A page on which nothing that takes long ever ends by itself.
ENDLESS = """
import asyncio
from client_triage.views.show import show_app
from client_triage.views.workspace import Workspace

async def read(workspace, text, file):
    await asyncio.Event().wait()

Workspace.read = read
show_app()
"""
SERVE = """
import sys
from pathlib import Path
from client_triage.serve import Options, serve

sys.exit(serve(Options({options}), {notebook}))
"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the files that take longest first."""
    items.sort(key=lambda item: (*LONGEST, item.path.stem).index(item.path.stem))


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Start the Chromium that is installed here; none is ever downloaded."""
    names = ("chromium", "chromium-browser", "google-chrome")
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if found is None:
        reason = "no Chromium: install the chromium package, or set CHROMIUM to its path"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=list(CHROMIUM_ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def serve_notebook() -> Iterator[Callable[..., str]]:
    """Return a function that serves a notebook (the app's own if None) and returns its address.

    A `world` is the folder that the server starts in and keeps its temporary files in; `most` is
    for how many visitors it has room.
    """
    with contextlib.ExitStack() as servers:
        yield lambda *given, **named: servers.enter_context(_served(*given, **named))


@pytest.fixture(scope="session")
def app_server(serve_notebook: Callable[..., str]) -> str:
    """Serve the app; the value is its address, with a slash at its end."""
    return serve_notebook()


@pytest.fixture(scope="session")
def endless(serve_notebook: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> str:
    """Serve a page on which a large file is read for ever; the value is its address."""
    path = tmp_path_factory.mktemp("endless") / "endless.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(ENDLESS)]), path)
    return serve_notebook(path)


@pytest.fixture(scope="session")
def large_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a file that is not read at once."""
    path = tmp_path_factory.mktemp("large") / "large.json"
    path.write_text(" " * LONG, "utf-8")
    return path


@pytest.fixture
def visit(page: Callable[..., Page], app_server: str) -> Callable[..., Visit]:
    """Return a function that opens the app for a new visitor, in a language."""

    def arrive(lang: str = "en", server: str = app_server, **options: object) -> Visit:
        visitor = Visit(page(**options), lang)
        visitor.arrive(server if lang == "en" else f"{server}?lang={lang}")
        return visitor

    return arrive


@dataclass
class Profile:
    """A visitor's browser profile, what went wrong in it, and whose pages it has seen."""

    context: BrowserContext
    faults: list[str] = field(default_factory=list)
    origins: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Listen to all that its pages do."""
        self.context.on("request", lambda request: self._guard(request.url))
        self.context.on("console", self._collect)
        self.context.on("weberror", lambda error: self.faults.append(f"page error: {error.error}"))

    def open(self) -> Page:
        """Open an empty page."""
        page = self.context.new_page()
        page.on("websocket", lambda websocket: self._guard(websocket.url))
        return page

    def _guard(self, url: str) -> None:
        address = urlsplit(url)
        if address.scheme not in {"http", "https", "ws", "wss"}:
            return
        self.origins.add(f"{address.scheme}://{address.netloc}")
        if address.hostname not in LOOPBACK:
            self.faults.append(f"request to another host: {url}")

    def _collect(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            text, url = message.text, message.location.get("url", "")
            self.faults.append(f"console error: {text} ({url})")


class Profiles:
    """Browser profiles that are emptied when a visitor has left, for the next one.

    Nothing that a visitor could see is left in them: no page, no storage, no cookie. What is left
    is the files of the page, downloaded and compiled; that is half of what it takes to open it.
    """

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._empty: list[Profile] = []

    @contextlib.contextmanager
    def new(self, **options: object) -> Iterator[Profile]:
        """Make a profile that nobody else gets."""
        context = self._browser.new_context(**{"locale": "en-US", **options})
        with contextlib.closing(context):
            yield Profile(context)

    @contextlib.contextmanager
    def lent(self) -> Iterator[Profile]:
        """Lend an empty profile."""
        profile = self._empty.pop() if self._empty else self._make()
        try:
            yield profile
        finally:
            self._erase(profile)
            self._empty.append(profile)

    def _make(self) -> Profile:
        """Make a profile with a blank page, which keeps the process of our pages alive."""
        context = self._browser.new_context(locale="en-US")
        blank = context.new_page()
        body = '<link rel="icon" href="data:,">'  # else the browser asks the host for one
        blank.route("**", lambda route: route.fulfill(body=body, content_type="text/html"))
        blank.goto("http://127.0.0.1/")
        blank.unroute_all()
        for name in FOR_GOOD:
            setattr(context, name, _refuse)
        return Profile(context)

    def _erase(self, profile: Profile) -> None:
        blank, *others = profile.context.pages
        for page in others:
            page.close()
        profile.context.set_offline(offline=False)
        devtools = profile.context.new_cdp_session(blank)
        for origin in profile.origins:
            everything = {"origin": origin, "storageTypes": "all"}
            devtools.send("Storage.clearDataForOrigin", everything)
        devtools.detach()
        profile.faults.clear()
        profile.origins.clear()


def _refuse(*_: object, **__: object) -> None:
    pytest.fail("other visitors get this profile too: change its page, or make a new one")


@pytest.fixture(scope="session")
def profiles(chromium: Browser) -> Profiles:
    """Give the browser's profiles."""
    return Profiles(chromium)


@pytest.fixture
def page(profiles: Profiles) -> Iterator[Callable[..., Page]]:
    """Return a function that opens an address in a visitor's own, empty browser profile.

    It is a new one for whoever has options, and lent to everybody else. The test fails at its end
    if any page it opened logged an error, threw one, or asked a host other than this machine for
    anything.
    """
    with _visits(
        lambda **options: (profiles.new if options else profiles.lent)(**options)
    ) as opened:
        yield opened


@pytest.fixture(scope="module")
def lasting_page(profiles: Profiles) -> Iterator[Callable[..., Page]]:
    """Return what `page` does, for a page that several tests share; its profile is a new one."""
    with _visits(profiles.new) as opened:
        yield opened


@contextlib.contextmanager
def _visits(
    profile_for: Callable[..., contextlib.AbstractContextManager[Profile]],
) -> Iterator[Callable[..., Page]]:
    faults: list[str] = []
    with contextlib.ExitStack() as visits:

        def visit(url: str | None = None, **options: object) -> Page:
            profile = visits.enter_context(profile_for(**options))
            visits.callback(lambda: faults.extend(profile.faults))
            opened = profile.open()
            if url is not None:
                opened.goto(url)
            return opened

        yield visit
    assert not faults, "\n".join(faults)


@pytest.fixture(scope="session")
def served() -> Callable[..., contextlib.AbstractContextManager[str]]:
    """Return what serves a notebook within a `with`, for tests that end their server themselves."""
    return _served


@pytest.fixture(scope="session")
def free_port() -> Callable[[], int]:
    """Return a function that finds a port nobody listens on."""
    return _free_port


@pytest.fixture(scope="session")
def wait_until_ready() -> Callable[..., None]:
    """Return a function that waits until a server answers at an address."""
    return _wait_until_ready


@pytest.fixture(scope="session")
def end_process() -> Callable[[subprocess.Popen[bytes]], None]:
    """Return a function that ends a server, and all its kernels if it has to."""
    return _end


@contextlib.contextmanager
def _served(
    notebook: Path | None = None,
    lang: str | None = None,
    world: Path | None = None,
    port: int | None = None,
    most: int = 60,
) -> Iterator[str]:
    port = port or _free_port()
    path = notebook and f"Path({str(notebook)!r})"
    code = SERVE.format(options=f"lang={lang!r}, port={port}, most={most}", notebook=path)
    env = {**os.environ, "TMPDIR": str(world)} if world else None
    command = [sys.executable, "-c", code]
    with subprocess.Popen(command, start_new_session=True, cwd=world, env=env) as server:
        url = f"http://127.0.0.1:{port}/"
        try:
            # A file, not the page: asking for the page would hand out a kernel.
            _wait_until_ready(server, f"{url}voila/static/client-triage.svg")
            yield url
        finally:
            _end(server)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_ready(
    server: subprocess.Popen[bytes], address: str, seconds: float = START_SECONDS
) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if server.poll() is not None:
            pytest.fail(f"the server ended with {server.returncode} before it was ready")
        with (
            contextlib.suppress(OSError),
            urllib.request.urlopen(address, timeout=5),  # noqa: S310 - loopback
        ):
            return
        time.sleep(0.05)
    pytest.fail(f"the server was not ready within {seconds} s")


def _end(server: subprocess.Popen[bytes]) -> None:
    server.terminate()
    try:
        server.wait(timeout=10)
    except subprocess.TimeoutExpired:
        os.killpg(server.pid, signal.SIGKILL)
