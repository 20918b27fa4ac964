"""What an import costs: nothing is loaded before it is used."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import client_triage

PACKAGE = Path(client_triage.__file__).parent
SLOW = {"IPython", "anywidget", "babel", "cattrs", "ipywidgets", "matplotlib", "nbformat", "numpy"}
DRAWN_OR_COMPILED = {"matplotlib", "numpy", "scipy"}


def loaded(code):
    """Give the packages that are loaded after some code ran in a fresh interpreter."""
    code += "\nimport sys; print(*{name.partition('.')[0] for name in sys.modules})"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(ran.stdout.split())


def imported(path):
    """Give the packages that a module imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


def test_importing_the_package_loads_nothing_slow():
    assert not SLOW & loaded("import client_triage")


def test_importing_the_package_loads_none_of_its_rooms():
    code = "import client_triage, sys\nprint(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    ours = {name for name in ran.stdout.split() if name.startswith("client_triage")}
    assert ours == {"client_triage"}


def test_the_domain_loads_the_standard_library_alone():
    assert not SLOW & loaded("import client_triage.domain")


def test_a_tally_by_command_loads_neither_widgets_nor_plots():
    portfolio = Path(__file__).parent / "data" / "bluebird.json"
    code = f"from client_triage.cli import main\nmain(['tally', {str(portfolio)!r}])"
    assert not {"IPython", "anywidget", "ipywidgets", "matplotlib", "numpy"} & loaded(code)


@pytest.mark.parametrize(
    "call", ["show.show_app()", "show.show_scenario('slow-pay')", "show.show_portfolio()"]
)
def test_views_load_neither_matplotlib_nor_numpy_before_a_plot_is_seen(call, tmp_path):
    code = (
        f"import os; os.environ['CLIENT_TRIAGE_PORTFOLIO'] = {str(tmp_path / 'p.json')!r}\n"
        "from client_triage.views import show\nshow.display = lambda widget: None\n"
        f"{call}"
    )
    assert not DRAWN_OR_COMPILED & loaded(code)


def test_no_view_imports_matplotlib():
    views = sorted((PACKAGE / "views").glob("*.py"))
    assert views
    assert [path.name for path in views if DRAWN_OR_COMPILED & set(imported(path))] == []


def test_a_public_name_is_there_when_it_is_asked_for():
    for name in client_triage.__all__:
        assert getattr(client_triage, name).__name__ == name


def test_a_name_that_is_not_there_is_an_attribute_error():
    with pytest.raises(AttributeError, match="has no attribute 'show_nothing'"):
        client_triage.show_nothing  # noqa: B018 - looking is what fails


def test_the_packages_own_tally_takes_the_shipped_scenarios():
    portfolio = client_triage.Portfolio.load(Path(__file__).parent / "data" / "bluebird.json")
    assert client_triage.tally(portfolio).client("c1").verdict.word == "weigh"
