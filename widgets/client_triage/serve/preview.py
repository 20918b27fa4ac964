"""One scenario's page for its author: loaded anew when a file of the content is saved."""

from __future__ import annotations

import os
import sys
import tempfile
from hashlib import sha256
from pathlib import Path

import nbformat

from client_triage.content import CONTENT_VARIABLE, content_folder, load_content
from client_triage.content.marks import is_mark
from client_triage.content.reading import forget_content
from client_triage.faults import Fault, FaultyFileError
from client_triage.serve.language import loss_words, page_words
from client_triage.serve.options import Options
from client_triage.store.samples import check

TEMPLATE = Path(__file__).with_name("templates") / "preview"
"""Folder of what the preview has beside the page's own template."""

_FILES = {".json", ".md", ".toml"}


def preview(scenario: str, lang: str | None, port: int, folder: Path | None = None) -> int:
    """Serve one scenario's page until it is interrupted, on the loopback address alone.

    Parameters
    ----------
    scenario
        Its id; the folder of that name has to be there, without faults or with them.
    lang
        Language of the page where its address says none.
    port
        Port to listen on.
    folder
        The content folder (see `content_folder`).

    Returns
    -------
    int
        0 after an interrupt, 1 when the page cannot be served; one line on stderr says why.

    Raises
    ------
    FaultyFileError
        There is no folder of such a scenario.
    """
    root = load_content(content_folder(folder)).folder.resolve()
    named = [path.name.partition("-")[2] for path in sorted((root / "scenarios").glob("*-*/"))]
    if scenario not in named:
        problem = f"there is no folder of a scenario {scenario!r}; there are {', '.join(named)}"
        raise FaultyFileError([Fault(str(root / "scenarios"), problem)])
    os.environ[CONTENT_VARIABLE] = str(root)  # for the kernels, and for all that is read here

    from client_triage.serve.page import CannotListenError, listen
    from client_triage.serve.preview_page import PreviewPage

    with tempfile.TemporaryDirectory(prefix="ct-preview-") as scratch:
        notebook = Path(scratch) / "preview.ipynb"
        nbformat.write(_notebook(scenario), notebook)
        PreviewPage.scenario = scenario
        try:
            listen(notebook, Options(lang=lang, port=port, ready=0), kind=PreviewPage)
        except CannotListenError as error:
            print(error, file=sys.stderr)  # noqa: T201 - the command's answer
            return 1
    return 0


def faults(scenario: str) -> list[Fault]:
    """Read the content anew; give what keeps a scenario from being shown.

    A text that is still to be written is none: the page shows it with its mark.
    """
    forget_content()
    page_words.cache_clear()
    loss_words.cache_clear()
    found = [fault for fault in check() if not is_mark(fault)]
    if not found and scenario not in load_content().folders:
        problem = f"there is no scenario {scenario!r} any more: start the preview again"
        found = [Fault(str(content_folder() / "scenarios"), problem)]
    return found


def version(root: Path) -> str:
    """Tell one state of a content folder from another: it changes when a file is saved."""
    files = sorted(path for path in root.rglob("*") if path.suffix in _FILES)
    return sha256(repr([_state(path) for path in files]).encode()).hexdigest()


def _state(path: Path) -> tuple[str, int, int]:
    try:
        state = path.stat()
    except OSError:  # gone since it was listed
        return str(path), 0, 0
    return str(path), state.st_mtime_ns, state.st_size


def _notebook(scenario: str) -> nbformat.NotebookNode:
    code = f"from client_triage.serve.preview_cell import show\n\nshow({scenario!r})"
    made: nbformat.NotebookNode = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])
    return made
