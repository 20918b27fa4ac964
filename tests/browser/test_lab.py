"""The same in JupyterLab: one notebook's questions, kept in the file that all notebooks share."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import expect

from client_triage.domain import Level
from client_triage.domain.findings import Reason
from client_triage.words import words_in

from .steps import Drag, Visit

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("lab")]

LATE = "slow-pay"
PROCESSES = Path("/proc")
NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
START_SECONDS = 60
TOKEN = "only-for-this-test"  # noqa: S105 - of a server on loopback that ends with the test
CLIENTS = [{"id": "c1", "alias": "Harbor"}, {"id": "c2", "alias": "Maple"}]


@dataclass(frozen=True)
class Lab:
    """A running JupyterLab and the folder of its notebooks."""

    url: str
    notebooks: Path

    @property
    def portfolio(self) -> dict[str, object]:
        """The portfolio file as it is now."""
        return json.loads((self.notebooks / "portfolio.json").read_text("utf-8"))

    def start_over(self):
        """Leave two clients in the file, with nothing answered."""
        portfolio = {"schema": "client-triage/portfolio@1", "clients": CLIENTS}
        (self.notebooks / "portfolio.json").write_text(json.dumps(portfolio), "utf-8")


@pytest.fixture(scope="module")
def lab(tmp_path_factory, free_port, end_process):
    """Start JupyterLab on copies of the notebooks, far from anybody's settings."""
    home = tmp_path_factory.mktemp("lab")
    notebooks = home / "notebooks"
    shutil.copytree(NOTEBOOKS, notebooks, ignore=shutil.ignore_patterns("portfolio.json*", ".*"))
    port = free_port()
    command = [
        *(sys.executable, "-m", "jupyterlab", "--no-browser", "--ip=127.0.0.1", f"--port={port}"),
        *(f"--ServerApp.root_dir={notebooks}", f"--IdentityProvider.token={TOKEN}"),
        *("--ServerApp.port_retries=0", "--LabApp.expose_app_in_browser=True"),
        *("--LabApp.news_url=None", "--Application.log_level=ERROR"),
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    ]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--allow-root")
    env = {
        name: value for name, value in os.environ.items() if not name.startswith("CLIENT_TRIAGE")
    }
    folders = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")
    env |= {name: str(home / name.lower()) for name in folders}
    with subprocess.Popen(command, env=env, cwd=home, start_new_session=True) as server:
        try:
            url = f"http://127.0.0.1:{port}/"
            wait_until_ready(server, url)
            yield Lab(url, notebooks)
        finally:
            end_process(server)


def wait_until_ready(server, url):
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if server.poll() is not None:
            pytest.fail(f"JupyterLab ended with {server.returncode} before it was ready")
        with (
            contextlib.suppress(OSError),
            urllib.request.urlopen(f"{url}api", timeout=5),  # noqa: S310 - always loopback
        ):
            return
        time.sleep(0.1)
    pytest.fail(f"JupyterLab was not ready within {START_SECONDS} s")


@pytest.fixture
def run_notebook(lab, page):
    """Return a function that opens a notebook in JupyterLab and runs its last code cell."""

    def run(notebook):
        visitor = Visit(page(viewport={"width": 1280, "height": 900}), notebook[:2])
        where = f"lab/workspaces/{notebook[:2]}/tree/{notebook}?reset&token={TOKEN}"
        visitor.page.goto(f"{lab.url}{where}")
        run_again(visitor)
        return visitor

    return run


def run_again(visitor):
    """Run the notebook's last code cell."""
    visitor.page.wait_for_function(IS_READY)
    visitor.page.evaluate(CHOOSE_LAST)
    visitor.page.keyboard.press("Shift+Enter")


def kill_kernel(visitor):
    """Kill the process of a notebook's kernel."""
    kernel = visitor.page.evaluate(KERNEL)
    commands = {}
    for process in PROCESSES.glob("[0-9]*"):
        with contextlib.suppress(OSError):  # it has ended meanwhile
            commands[int(process.name)] = (process / "cmdline").read_bytes()
    [process] = [process for process, command in commands.items() if kernel.encode() in command]
    os.kill(process, signal.SIGKILL)


IS_READY = """() => {
    const panel = window.jupyterapp?.shell.currentWidget;
    const kernel = panel?.sessionContext?.session?.kernel;
    return kernel?.status === "idle" && panel.content.widgets.length > 0;
}"""
KERNEL = "jupyterapp.shell.currentWidget.sessionContext.session.kernel.id"
CHOOSE_LAST = """async () => {
    const notebook = jupyterapp.shell.currentWidget.content;
    // JupyterLab adds an empty one where the last cell is run.
    const says = ({ model }) => model.type === "code" && model.sharedModel.source !== "";
    notebook.activeCellIndex = notebook.widgets.findLastIndex(says);
    notebook.mode = "command";
    await notebook.scrollToItem(notebook.activeCellIndex);
    document.activeElement?.blur(); // a field in the cell's output would keep the keys
    notebook.activate();
}"""
CELLS = "jupyterapp.shell.currentWidget.content.widgets.map((cell) => cell.model.type)"


def test_answers_by_mouse_and_by_keyboard_are_in_the_file_of_all_notebooks(lab, run_notebook):
    lab.start_over()
    me = run_notebook("en/05-slow-pay.ipynb")
    me.answer(LATE, "Harbor", "yes")
    me.detail(LATE, "Harbor", late="4", invoices="5")
    figures = {"late": 4, "invoices": 5, "bar_share": 0.5}
    pattern = me.words.reason(Reason("slow-pay.late.established", figures))
    expect(me.row(LATE, "Harbor")).to_contain_text(pattern)
    yes = me.row(LATE, "Maple").get_by_role("radio", name=me.text("sweep.yes"), exact=True)
    yes.focus()
    me.page.keyboard.press("Space")
    expect(me.row(LATE, "Maple")).to_contain_text(me.words.level(Level.WATCH))
    records = {client["alias"]: client["records"][LATE] for client in lab.portfolio["clients"]}
    assert (records["Harbor"]["late"], records["Harbor"]["invoices"]) == (4, 5)
    assert records["Maple"]["late"] == 1
    in_korean = run_notebook("ko/11-portfolio.ipynb")
    assert in_korean.words is words_in("ko")
    expect(in_korean.verdict("Harbor")).to_contain_text(in_korean.words.level(Level.WEIGH))
    expect(in_korean.cell("Maple", LATE, Level.WATCH)).to_be_visible()


def test_keys_pressed_in_a_view_are_no_commands_to_the_notebook(lab, run_notebook):
    lab.start_over()
    me = run_notebook("en/05-slow-pay.ipynb")
    me.answer(LATE, "Harbor", "yes")
    cells = me.page.evaluate(CELLS)
    me.page.keyboard.press("x")
    me.page.keyboard.press("d")
    me.page.keyboard.press("d")
    field = me.row(LATE, "Harbor").get_by_role("textbox").first
    field.fill("")
    field.press_sequentially("ddaabbxm00y")
    expect(field).to_have_value("ddaabbxm00y")
    assert me.page.evaluate(CELLS) == cells
    # The same keys are commands where they should be.
    me.page.evaluate(CHOOSE_LAST)
    me.page.keyboard.press("b")
    me.page.wait_for_function(f"({CELLS}).length === {len(cells) + 1}")


@pytest.mark.skipif(not PROCESSES.is_dir(), reason="finds processes in /proc")
def test_a_killed_kernel_loses_no_answer_neither_here_nor_in_another_notebook(lab, run_notebook):
    lab.start_over()
    me = run_notebook("en/05-slow-pay.ipynb")
    me.answer(LATE, "Harbor", "yes")
    me.detail(LATE, "Harbor", late="4", invoices="5")
    figures = {"late": 4, "invoices": 5, "bar_share": 0.5}
    pattern = me.words.reason(Reason("slow-pay.late.established", figures))
    expect(me.row(LATE, "Harbor")).to_contain_text(pattern)
    kill_kernel(me)
    # JupyterLab restarts it by itself, and says so.
    restarted = me.page.get_by_role("dialog").filter(has_text="Kernel Restarting")
    restarted.get_by_role("button").last.click()
    other = run_notebook("ko/05-slow-pay.ipynb")
    expect(other.row(LATE, "Harbor")).to_contain_text(other.words.level(Level.WEIGH))
    other.answer(LATE, "Maple", "yes")
    expect(other.row(LATE, "Maple")).to_contain_text(other.words.level(Level.WATCH))
    run_again(me)
    expect(me.row(LATE, "Harbor")).to_contain_text(pattern)
    expect(me.row(LATE, "Maple")).to_contain_text(me.words.level(Level.WATCH))
    records = {client["alias"]: client["records"][LATE] for client in lab.portfolio["clients"]}
    assert (records["Harbor"]["late"], records["Harbor"]["invoices"]) == (4, 5)


def test_a_file_dropped_on_the_file_box_is_opened_and_the_notebook_stays(
    lab, run_notebook, tmp_path
):
    lab.start_over()
    file = tmp_path / "other.json"
    portfolio = {
        "schema": "client-triage/portfolio@1",
        "clients": [{"id": "c9", "alias": "Quartz"}],
    }
    file.write_text(json.dumps(portfolio), "utf-8")
    me = run_notebook("en/00-start.ipynb")
    box = me.page.get_by_role("region", name=me.text("file.title"), exact=True)
    expect(me.client("Harbor")).to_be_visible()
    cells = me.page.evaluate(CELLS)
    drag = Drag(me.page, file)
    drag.over(box)
    mark = me.page.locator(".ct-drop-place")
    expect(mark).to_have_text(me.text("file.drop"))
    assert mark.bounding_box() == box.bounding_box()
    drag.drop(box)
    expect(me.client("Quartz")).to_be_visible()
    expect(mark).to_have_count(0)
    assert [client["alias"] for client in lab.portfolio["clients"]] == ["Quartz"]
    Drag(me.page, tmp_path).drop(box)
    expect(box.get_by_text(me.text("file.is_folder"))).to_be_visible()
    assert me.page.evaluate(CELLS) == cells
    # Beside the box the page is JupyterLab's own.
    Drag(me.page, file).over(me.alias_field())
    expect(mark).to_have_count(0)
