"""Serving the read-only page: a hardened stand-alone Voilà on one notebook."""

from __future__ import annotations

import sys
from pathlib import Path

from client_triage.serve.language import languages

__all__ = ["find_notebook", "languages", "serve"]

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


def serve(  # noqa: PLR0913  # each is an option of the command
    lang: str | None = None,
    port: int = 8866,
    public: bool = False,  # noqa: FBT001, FBT002  # the command hands its options on as they are
    notebook: Path | None = None,
    *,
    host_name: str | None = None,
    base_url: str = "/",
    ready: int = 1,
    most: int = 60,
) -> int:
    """Serve the page until it is interrupted.

    One notebook is served, on the loopback address unless `public`. Nothing of a visitor is read
    from or written to the server's disk: each visitor has a kernel, and it ends with the page.

    Parameters
    ----------
    lang : str, optional
        Language of visitors who do not ask for one with ``?lang=``. Left out, the language their
        browser prefers, else English.
    port : int
        Port to listen on. Only this one is tried.
    public : bool
        Listen on every network interface, not on 127.0.0.1 alone.
    notebook : Path, optional
        Notebook to serve instead of the page's own.
    host_name : str, optional
        Name that the page is asked for by, beside those of this computer. With `public` and
        without a name, it may be any.
    base_url : str
        Path of the page, with a slash at both ends.
    ready : int
        How many kernels are kept ready for the visitors who come next.
    most : int
        How many visitors there may be at once; more are told that the page is full.

    Returns
    -------
    int
        0 after an interrupt, 1 when the page cannot be served; one line on stderr says why.
    """
    fault = _fault(lang, port)
    page = notebook or find_notebook()
    if fault is None and (page is None or not page.is_file()):
        fault = f"no notebook to serve: {page or 'run `client-triage notebooks build` first'}"
    if fault is not None or page is None:
        print(fault, file=sys.stderr)  # noqa: T201 - the command's answer
        return 1

    from client_triage.serve.page import CannotListenError, listen

    try:
        listen(
            page.resolve(),
            lang=lang,
            port=port,
            public=public,
            host_name=host_name,
            base_url=base_url,
            ready=ready,
            most=most,
        )
    except CannotListenError as error:
        print(error, file=sys.stderr)  # noqa: T201 - the command's answer
        return 1
    return 0


def _fault(lang: str | None, port: int) -> str | None:
    if lang is not None and lang not in languages():
        return f"unknown language {lang!r}: choose {' or '.join(languages())}"
    if not 1 <= port <= _LAST_PORT:
        return f"no such port: {port} (1 to {_LAST_PORT})"
    return None
