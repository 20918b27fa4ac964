"""Time a page until its first widget can be used, ours beside stock Voilà, and a refresh."""

import contextlib
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path

import nbformat
from playwright.sync_api import Browser, Page, sync_playwright

NOTEBOOK = Path(__file__).resolve().parents[1] / "notebooks" / "app.ipynb"
SLIDER = "import ipywidgets\nipywidgets.IntSlider()"
CLIENTS = ".ct-list"
OURS, STOCK = ".ct-pager button", ".noUi-handle, .jupyter-widgets.widget-slider"
REFILL_SECONDS = 3
# Playwright asks up to half a second late whether something is there: the page looks by itself,
# at each frame, and counts from the moment the browser sets out.
SEEN = """(selector) => new Promise((resolve, reject) => {
    setTimeout(reject, 60_000, new Error(`${selector} did not come`));
    const look = () => {
        if (document.querySelector(selector)?.checkVisibility()) resolve(performance.now() / 1000);
        else requestAnimationFrame(look);
    };
    look();
})"""
ARGUMENTS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)


def measure(rounds: int, portfolios: Mapping[int, str]) -> None:
    """Print seconds to the first usable widget: our whole page, and stock Voilà's bare slider.

    Then what it takes, beyond that, to have one's clients back after a refresh.

    Parameters
    ----------
    portfolios
        Texts of portfolio files by their number of clients.
    """
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if chromium is None:
        return
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        slider = folder / "slider.ipynb"
        cells = [nbformat.v4.new_code_cell(SLIDER)]
        nbformat.write(nbformat.v4.new_notebook(cells=cells), slider)
        stock = stack.enter_context(served("voila", str(slider), "--no-browser", port="--port"))
        ours = stack.enter_context(served("client_triage", "serve", port="--port"))
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS.split())
        same = stack.enter_context(served("voila", str(NOTEBOOK), "--no-browser", port="--port"))
        alone(browser, ours, same, rounds)
        pairs = [
            (seconds(browser, stock, STOCK), seconds(browser, ours, OURS))
            for _ in range(rounds + 1)
        ][1:]
        bare = statistics.median(first for first, _ in pairs)
        whole = statistics.median(second for _, second in pairs)
        print(
            f"{'page usable, ours / stock with a bare slider':<48} {whole / bare:8.3f} ×  (≤ 2 ×)"
        )
        print(f"{'':<48} {whole:8.3f} s / {bare:.3f} s")
        restores(browser, ours, rounds, portfolios)
        browser.close()


def alone(browser: Browser, ours: str, stock: str, rounds: int) -> None:
    """Print seconds until our page can be used, beside stock Voilà with the same notebook.

    For a visitor who comes for the first time, and for one whose browser has the scripts already.
    """
    firsts = [
        (seconds(browser, stock, OURS), seconds(browser, ours, OURS)) for _ in range(rounds + 1)
    ][1:]
    pages = opened(browser, stock), opened(browser, ours)
    agains = [tuple(refreshed(page) for page in pages) for _ in range(rounds + 1)][1:]
    for page in pages:
        page.context.close()
    for what, pairs in (("first visit", firsts), ("warm cache", agains)):
        theirs, own = (statistics.median(column) for column in zip(*pairs, strict=True))
        print(f"{f'usable alone, {what}, ours / stock':<48} {own / theirs:8.3f} ×  (≤ 0.6 ×)")
        print(f"{'':<48} {own:8.3f} s / {theirs:.3f} s", flush=True)


def restores(browser: Browser, address: str, rounds: int, portfolios: Mapping[int, str]) -> None:
    """Print what a refresh takes beyond the same page with nothing to bring back."""
    plain = opened(browser, address)
    for clients, text in portfolios.items():
        page = opened(browser, address)
        remember(page, text)
        pairs = [(refreshed(plain), refreshed(page, CLIENTS)) for _ in range(rounds + 1)][1:]
        beyond = statistics.median(whole - bare for bare, whole in pairs)
        bare, whole = (statistics.median(column) for column in zip(*pairs, strict=True))
        what = f"{clients:,} clients back after a refresh, beyond it"
        print(f"{what:<48} {beyond * 1000:8.3f} ms  (≤ 300 ms)")
        print(f"{'':<48} {whole:8.3f} s / {bare:.3f} s", flush=True)
        page.context.close()
    plain.context.close()


def opened(browser: Browser, address: str) -> Page:
    """Open the page in a profile of its own."""
    page = browser.new_context().new_page()
    page.goto(address)
    page.wait_for_selector(OURS, timeout=60_000)
    return page


def remember(page: Page, text: str) -> None:
    """Open a portfolio file, and have the browser remember it."""
    file = {"name": "bench.json", "mimeType": "application/json", "buffer": text.encode()}
    page.set_input_files(".ct-file input[type=file]", file)  # type: ignore[arg-type]
    page.wait_for_selector(CLIENTS)
    page.click(".ct-device .ct-inset button >> nth=0")
    page.wait_for_selector(".ct-device .ct-inset", state="detached")


def refreshed(page: Page, back: str = OURS) -> float:
    """Load the page again, and give the seconds until it can be used and has something back.

    Nothing else happens meanwhile: the server has a kernel ready again before it begins.
    """
    time.sleep(REFILL_SECONDS)
    page.reload(wait_until="commit")
    return max(page.evaluate(SEEN, selector) for selector in (OURS, back))


def seconds(browser: Browser, address: str, selector: str) -> float:
    """Open the page in a fresh profile, and give the seconds until the selector is on screen."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(address, wait_until="commit")
    took = page.evaluate(SEEN, selector)
    context.close()
    return float(took)


@contextlib.contextmanager
def served(*module: str, port: str) -> Iterator[str]:
    """Serve on a free loopback port; ended by its own process group."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number = free.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", *module, f"{port}={number}"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        address = f"http://127.0.0.1:{number}/"
        for _ in range(300):
            with contextlib.suppress(urllib.error.URLError, ConnectionError):
                with contextlib.suppress(urllib.error.HTTPError):
                    urllib.request.urlopen(f"{address}static/none", timeout=1)  # noqa: S310 - loopback
                break
            time.sleep(0.1)
        yield address
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait()
