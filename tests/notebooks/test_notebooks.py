"""The committed notebooks: what the content gives, readable without running, and they run."""

import json
import re
import sys
from functools import cache
from pathlib import Path

import nbformat
import pytest

from client_triage import notebooks
from client_triage.content import load_content
from client_triage.store import Portfolio

ROOT = Path(__file__).parents[2] / "notebooks"
NAMES = sorted(str(path) for path in notebooks.notebooks())
TAUGHT = [name for name in NAMES if name != "app.ipynb"]
NUMBERED = [
    "00-start",
    "01-physical-abuse",
    "02-verbal-abuse",
    "03-lies",
    "04-unreasonable-demands",
    "05-slow-pay",
    "06-invoice-disputes",
    "07-changes-mind",
    "08-ignores-advice",
    "09-plays-competitors",
    "10-legal-risk",
    "11-portfolio",
]

# What a person does in the widgets of a notebook, without a browser.
ENTER = """
from client_triage.domain import edits
from client_triage.views.show import _workspaces
(workspace,) = _workspaces.values()
workspace.add_clients(["Heron", "Otter"])
slow_pay = workspace.content.scenario("slow-pay")
late = {"late": 4, "invoices": 5}
heron = workspace.portfolio.clients[0].id
workspace.apply(lambda portfolio: edits.answer(portfolio, heron, slow_pay, late))
"""


@cache
def committed(name):
    return nbformat.read(ROOT / name, as_version=4)


def cells(name, kind):
    return [cell for cell in committed(name).cells if cell.cell_type == kind]


def outputs(notebook):
    return [output for cell in notebook.cells for output in cell.get("outputs", ())]


def states(notebook):
    """Give what every view sent to the browser."""
    models = notebook.metadata["widgets"]["application/vnd.jupyter.widget-state+json"]["state"]
    return [one["state"]["state"] for one in models.values() if one["state"].get("state")]


# as committed


def test_there_is_a_notebook_for_each_scenario_in_each_language_and_the_page():
    names = [*NUMBERED, "learn"]
    taught = {f"{language}/{name}.ipynb" for language in ("en", "ko") for name in names}
    assert set(NAMES) == {"app.ipynb", *taught}


def test_they_are_what_the_content_gives():
    assert notebooks.check() == []


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_is_valid_and_carries_no_output(name):
    nbformat.validate(committed(name))
    for cell in cells(name, "code"):
        assert (cell.outputs, cell.execution_count) == ([], None)


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_has_few_and_short_cells_of_code(name):
    code = cells(name, "code")
    most = 2 + len(load_content().lessons) if name.endswith("learn.ipynb") else 2
    assert 1 <= len(code) <= most
    assert all(len(cell.source.splitlines()) == 2 for cell in code)


@pytest.mark.parametrize("name", NUMBERED[1:-1])
def test_a_case_is_asked_before_its_scenario_is_explained(name):
    first = [cell.cell_type for cell in committed(f"en/{name}.ipynb").cells[:4]]
    assert first == ["markdown", "markdown", "code", "markdown"]
    assert "show_practice" in committed(f"en/{name}.ipynb").cells[2].source


@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_whole_text_of_a_lesson_stands_in_markdown(language):
    text = "\n".join(cell.source for cell in cells(f"{language}/learn.ipynb", "markdown"))
    content = load_content()
    for lesson in content.lessons:
        for line in content.lesson(lesson, language).splitlines():
            assert line.lstrip("# ") in text


@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_whole_text_of_a_scenario_stands_in_markdown(language):
    content = load_content()
    for scenario in content.scenarios:
        name = f"{language}/{content.folders[scenario.id].name}.ipynb"
        text = "\n\n".join(cell.source for cell in cells(name, "markdown"))
        prose = content.prose(scenario.id, language)
        assert text.startswith(f"# {scenario.number}. {prose.title}\n")
        for section in prose.sections.values():
            assert section.strip() in text


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("page", ["start", "portfolio"])
def test_the_whole_text_of_a_page_stands_in_markdown(page, language):
    number = {"start": "00", "portfolio": "11"}[page]
    sources = [one.source for one in cells(f"{language}/{number}-{page}.ipynb", "markdown")]
    written = load_content().page(page, language)
    assert re.sub(r"\s+", " ", " ".join(sources)).startswith(re.sub(r"\s+", " ", written).strip())


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("scenario", ["01-physical-abuse", "02-verbal-abuse"])
def test_help_stands_before_any_script(scenario, language):
    text = "\n".join(cell.source for cell in cells(f"{language}/{scenario}.ipynb", "markdown"))
    headings = load_content().catalogue(language)
    assert text.index(headings["contacts"]["title"]) < text.index(headings["sections"]["script"])


@pytest.mark.parametrize("name", TAUGHT)
def test_a_notebook_says_its_language(name):
    assert committed(name).metadata["client_triage"] == {"language": name[:2]}
    assert f'lang="{name[:2]}"' in cells(name, "code")[-1].source


# making them


def test_the_same_content_gives_the_same_notebooks():
    assert notebooks.notebooks() == notebooks.notebooks()


def test_what_was_built_is_found_unchanged(tmp_path):
    written = notebooks.build(tmp_path)
    assert {str(path.relative_to(tmp_path)) for path in written} == set(NAMES)
    assert notebooks.check(tmp_path) == []


def test_a_changed_a_missing_and_a_surplus_notebook_are_all_named(tmp_path):
    notebooks.build(tmp_path)
    changed = tmp_path / "app.ipynb"
    changed.write_text(changed.read_text("utf-8") + "\n", "utf-8")
    (tmp_path / "en" / "00-start.ipynb").unlink()
    (tmp_path / "ko" / "12-more.ipynb").touch()
    found = {Path(fault.file).name: fault.problem for fault in notebooks.check(tmp_path)}
    assert found == {
        "app.ipynb": "differs from what the content gives: run 'client-triage notebooks build'",
        "00-start.ipynb": "the notebook is missing: run 'client-triage notebooks build'",
        "12-more.ipynb": "the content gives no such notebook: delete it",
    }


def test_a_notebook_that_was_run_differs(tmp_path):
    notebooks.build(tmp_path)
    path = tmp_path / "app.ipynb"
    ran = json.loads(path.read_text("utf-8"))
    ran["cells"][0]["execution_count"] = 1
    path.write_text(json.dumps(ran, ensure_ascii=False, indent=1) + "\n", "utf-8")
    assert [fault.file for fault in notebooks.check(tmp_path)] == [str(path)]


# running them


def test_the_kernel_is_the_interpreter_of_the_tests(kernels):
    assert kernels.get_kernel_spec("python3").argv[0] == sys.executable


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_runs_and_shows_its_widgets(name, run, folder):
    ran = run(name)
    shown = outputs(ran)
    assert [output.output_type for output in shown] == ["display_data"] * len(cells(name, "code"))
    assert all("application/vnd.jupyter.widget-view+json" in output.data for output in shown)
    assert states(ran)
    assert {state["language"] for state in states(ran)} == {"ko" if name.startswith("ko") else "en"}
    assert not (folder / "portfolio.json").exists()


def test_a_warning_of_ours_would_fail_a_notebook(run):
    code = 'import warnings\nwarnings.warn_explicit("x", UserWarning, "f", 1, "client_triage.a")'
    with pytest.raises(Exception, match="UserWarning"):
        run("app.ipynb", code)


def test_what_is_entered_in_one_notebook_is_there_in_another_in_the_other_language(run, folder):
    run("en/05-slow-pay.ipynb", ENTER)
    saved = Portfolio.load(folder / "portfolio.json")
    assert [client.alias for client in saved.clients] == ["Heron", "Otter"]
    (matrix,) = [one for one in states(run("ko/11-portfolio.ipynb")) if "urgent" in one]
    column = [heading[0] for heading in matrix["scenarios"]].index("slow-pay")
    assert matrix["language"] == "ko"
    assert [row[1] for row in matrix["rows"]] == ["Heron", "Otter"]
    assert matrix["order"][matrix["rows"][0][4][column]] == "weigh"
    assert list(folder.rglob("portfolio.json")) == [folder / "portfolio.json"]
