"""What a plot costs those who don't draw one, and whom it gets in the way of."""

import subprocess
import sys

import pytest

DRAW = """
from client_triage import plots, store
from client_triage.content import load_content
from client_triage.domain import tally
portfolio = store.loads(load_content().sample("en"))
plots.svg(plots.heatmap(tally(portfolio, load_content().scenarios)))
"""
DESCRIBE = """
from client_triage.plots.descriptions import describe_heatmap
"""


def loaded(code: str) -> set[str]:
    code += "\nimport sys; print(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(ran.stdout.split())


def test_drawing_does_not_import_pyplot():
    modules = loaded(DRAW)

    assert "matplotlib.figure" in modules
    assert "matplotlib.pyplot" not in modules


@pytest.mark.parametrize("code", [DESCRIBE, "from client_triage import plots; plots.Description"])
def test_describing_imports_neither_matplotlib_nor_numpy(code):
    assert not {"matplotlib", "numpy"} & loaded(code)


def test_a_plot_is_a_function_whatever_was_imported_before():
    code = (
        "import client_triage.plots._heatmap\nfrom client_triage import plots\nprint(plots.heatmap)"
    )

    assert loaded(f"{code}\nassert callable(plots.heatmap)")


def test_an_unknown_name_is_an_attribute_error():
    from client_triage import plots

    with pytest.raises(AttributeError, match="pie"):
        plots.pie  # noqa: B018 - looking is what fails
