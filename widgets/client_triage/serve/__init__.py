"""Serving the read-only page: a hardened stand-alone Voilà on one notebook."""

from __future__ import annotations

import sys
from pathlib import Path

from client_triage.serve.language import languages
from client_triage.serve.options import Options

__all__ = ["Options", "find_notebook", "languages", "serve"]

_PACKAGE = Path(__file__).resolve().parents[1]
_CHECKOUT = _PACKAGE.parents[1]
_LAST_PORT = 65535


def find_notebook() -> Path | None:
    """Find the notebook behind the page.

    Returns
    -------
    Path or None
        ``client_triage/_app/app.ipynb`` of an installed wheel, else ``notebooks/app.ipynb`` of the
        checkout, else None.
    """
    places = (_PACKAGE / "_app" / "app.ipynb", _CHECKOUT / "notebooks" / "app.ipynb")
    return next((place for place in places if place.is_file()), None)


def serve(options: Options, notebook: Path | None = None) -> int:
    """Serve the page until it is interrupted.

    Nothing of a visitor is read from or written to the server's disk: each visitor has a kernel,
    and it ends with the page.

    Parameters
    ----------
    options : Options
        Where, to whom, and to how many.
    notebook : Path, optional
        Notebook to serve instead of the page's own.

    Returns
    -------
    int
        0 after an interrupt, 1 when the page cannot be served; one line on stderr says why.
    """
    fault = _fault(options)
    page = notebook or find_notebook()
    if fault is None and (page is None or not page.is_file()):
        fault = f"no notebook to serve: {page or 'run `client-triage notebooks build` first'}"
    if fault is not None or page is None:
        print(fault, file=sys.stderr)  # noqa: T201 - the command's answer
        return 1

    from client_triage.serve.page import CannotListenError, listen

    try:
        listen(page.resolve(), options)
    except CannotListenError as error:
        print(error, file=sys.stderr)  # noqa: T201 - the command's answer
        return 1
    return 0


def _fault(options: Options) -> str | None:
    if options.lang is not None and options.lang not in languages():
        return f"unknown language {options.lang!r}: choose {' or '.join(languages())}"
    if not 1 <= options.port <= _LAST_PORT:
        return f"no such port: {options.port} (1 to {_LAST_PORT})"
    return None
