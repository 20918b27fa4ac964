"""The same in JupyterLab: one notebook's questions, kept in the file that all notebooks share."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import expect

from client_triage.domain import Level
from client_triage.domain.findings import Reason
from client_triage.words import words_in

from .steps import Drag, Visit

pytestmark = pytest.mark.browser

LATE = "slow-pay"
PROCESSES = Path("/proc")
NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
START_SECONDS = 60
TOKEN = "only-for-this-test"  # noqa: S105 - of a server on loopback that ends with the test
HOSTILE = "<img src=x onerror=window.ran=1>"
QUIZ = [
    {
        "question": f"Which of these is a tag? {HOSTILE}",
        "type": "multiple_choice",
        "answers": [
            {"answer": HOSTILE, "correct": True, "feedback": f"It is one: {HOSTILE}"},
            {"answer": "A word", "correct": False, "feedback": "It is none."},
        ],
    },
    {
        "question": "Which are even?",
        "type": "many_choice",
        "answers": [
            {"answer": "2", "correct": True, "feedback": "Twice 1."},
            {"answer": "3", "correct": False, "feedback": "Twice 1.5."},
            {"answer": "4", "correct": True, "feedback": "Twice 2."},
        ],
    },
    {
        "question": "What is pi, to two decimals?",
        "type": "numeric",
        "precision": 3,
        "answers": [
            {"type": "value", "value": 3.14, "correct": True, "feedback": "To the point."},
            {"type": "range", "range": [3, 4], "correct": False, "feedback": "Near."},
            {"type": "default", "feedback": "Far off."},
        ],
    },
    {
        "question": "Where is the Han?",
        "type": "string",
        "answers": [
            {"answer": "Seoul", "correct": True, "feedback": "Through it.", "fuzzy_threshold": 0.8}
        ],
    },
    {
        "question": "What does it print?",
        "code": "print(1 < 2)",
        "type": "multiple_choice",
        "answers": [
            {"code": "True", "correct": True, "feedback": "One is less."},
            {"code": "<b>False</b>", "correct": False, "feedback": "One is less, not more."},
        ],
    },
]
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
def lab(tmp_path_factory, free_port, end_process, wait_until_ready):
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
            wait_until_ready(server, f"{url}api", START_SECONDS)
            yield Lab(url, notebooks)
        finally:
            end_process(server)


@pytest.fixture
def run_notebook(lab, page):
    """Return a function that opens a notebook in JupyterLab and runs its last code cell."""
    return lambda notebook: run_in(lab, page, notebook)


def run_in(lab, page, notebook):
    """Open a notebook in JupyterLab, and run its last code cell."""
    visitor = Visit(page(), notebook[:2])
    visitor.page.set_viewport_size({"width": 1280, "height": 900})
    where = f"lab/workspaces/{notebook[:2]}/tree/{notebook}?reset&token={TOKEN}"
    visitor.page.goto(f"{lab.url}{where}")
    run_again(visitor)
    return visitor


@pytest.fixture(scope="module")
def learner(lab, lasting_page):
    """Give a visitor of a notebook with a scenario to practise and somebody else's quiz."""
    lab.start_over()
    code = f"import client_triage as ct\nct.show_practice({LATE!r})\nct.display_quiz({QUIZ!r})"
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    cell = nbformat.v4.new_code_cell(code)
    notebook = nbformat.v4.new_notebook(cells=[cell], metadata=kernel)
    nbformat.write(notebook, lab.notebooks / "en" / "quiz.ipynb")
    return run_in(lab, lasting_page, "en/quiz.ipynb")


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


def test_the_text_of_a_korean_notebook_breaks_between_words(lab, run_notebook):
    lab.start_over()
    me = run_notebook("ko/05-slow-pay.ipynb")
    text = me.page.locator(".jp-RenderedMarkdown").first
    expect(text).to_have_css("word-break", "keep-all")


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


def asked(learner, place):
    """Give a question of the quiz."""
    name = learner.text("practice.question", place=place, of=len(QUIZ))
    return learner.page.get_by_role("region", name=name, exact=True)


def check(learner, question):
    """Have an answer checked, and expect the focus on what comes of it."""
    question.get_by_role("button", name=learner.text("practice.check"), exact=True).click()
    expect(question.get_by_role("heading", level=4)).to_be_focused()


def test_a_case_practised_in_a_notebook_is_explained_and_kept_in_the_file(lab, learner):
    practice = learner.practice()
    story = practice.locator("p.ct-lines").first.inner_text()
    learner.tick(practice, learner.text("practice.actions.keep"), sure=3)
    expect(practice.get_by_role("heading", name=learner.text("practice.worked"))).to_be_visible()
    expect(practice.locator(".ct-feedback > li")).to_have_count(4)
    [[ref, [attempt]]] = lab.portfolio["practice"].items()
    assert (ref.partition("/")[0], attempt["answer"], attempt["confidence"]) == (LATE, "keep", 3)
    # This notebook has no clients to go on to.
    expect(practice.get_by_role("button", name=learner.text("practice.own"))).to_have_count(0)
    practice.get_by_role("button", name=learner.text("practice.next_case")).click()
    expect(practice.get_by_role("heading", name=learner.text("practice.title"))).to_be_focused()
    expect(practice.locator("p.ct-lines").first).not_to_have_text(story)


def test_a_quiz_of_jupyterquiz_says_to_each_kind_of_answer_what_it_is_worth(learner):
    right, wrong = learner.text("practice.right"), learner.text("practice.wrong")
    many, number, text, code = (asked(learner, place) for place in range(2, 6))
    many.get_by_label("2", exact=True).check()
    many.get_by_label("3", exact=True).check()
    check(learner, many)
    expect(many.get_by_role("heading", name=wrong)).to_be_visible()
    expect(many.get_by_role("listitem")).to_have_count(3)
    expect(many.get_by_role("listitem").filter(has_text="Twice 2.")).to_contain_text("4")
    number.get_by_role("textbox").fill("3.1")
    check(learner, number)
    expect(number.get_by_role("heading", name=wrong)).to_be_visible()
    expect(number.get_by_text("Near.")).to_be_visible()
    text.get_by_role("textbox").fill("seul")
    check(learner, text)
    expect(text.get_by_role("heading", name=right)).to_be_visible()
    expect(text.get_by_text("Through it.")).to_be_visible()
    expect(code.locator("pre")).to_have_text("print(1 < 2)")
    code.get_by_label("True", exact=True).check()
    check(learner, code)
    expect(code.get_by_role("heading", name=right)).to_be_visible()
    expect(code.locator("li code").last).to_have_text("<b>False</b>")


def test_a_tag_in_a_quiz_stays_text_in_question_answer_and_feedback(learner):
    question = asked(learner, 1)
    expect(question.get_by_text(QUIZ[0]["question"], exact=True)).to_be_visible()
    question.get_by_label(HOSTILE, exact=True).check()
    check(learner, question)
    expect(question.get_by_text(f"It is one: {HOSTILE}", exact=True)).to_be_visible()
    assert question.locator("img").count() == 0
    assert learner.page.evaluate("window.ran") is None
