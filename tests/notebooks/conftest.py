"""Notebooks to run: copies in a folder of one's own, and a kernel of this interpreter."""

import shutil
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbformat import NotebookNode

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
SECONDS_A_CELL = 120

# Whatever warns because of our code fails; somebody else's warnings are somebody else's.
STARTUP = 'import warnings\nwarnings.filterwarnings("error", module="client_triage")\n'


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    """Copy the notebooks' folder, with no portfolio in it and nothing in the environment."""
    startup = tmp_path / "ipython" / "profile_default" / "startup"
    startup.mkdir(parents=True)
    (startup / "own-warnings.py").write_text(STARTUP, "utf-8")
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    for name in ("CLIENT_TRIAGE_PORTFOLIO", "CLIENT_TRIAGE_LANG", "CLIENT_TRIAGE_CONTENT"):
        monkeypatch.delenv(name, raising=False)
    copied = tmp_path / "notebooks"
    shutil.copytree(NOTEBOOKS, copied, ignore=shutil.ignore_patterns("portfolio.json*", ".*"))
    return copied


@pytest.fixture
def kernels() -> KernelSpecManager:
    """Know no installed kernel: what is left is ipykernel in the interpreter of the tests."""
    return KernelSpecManager(kernel_dirs=[])


@pytest.fixture
def run(folder, kernels) -> Callable[..., NotebookNode]:
    """Run a notebook in its own folder: ``run("en/05-slow-pay.ipynb", "print(1)")``."""

    def execute(name: str, *more: str) -> NotebookNode:
        path = folder / name
        notebook = nbformat.read(path, as_version=4)
        notebook.cells += [nbformat.v4.new_code_cell(source) for source in more]
        manager = AsyncKernelManager(kernel_name="python3", kernel_spec_manager=kernels)
        client = NotebookClient(
            notebook,
            km=manager,
            timeout=SECONDS_A_CELL,
            resources={"metadata": {"path": str(path.parent)}},
        )
        return client.execute(cleanup_kc=True)

    return execute
