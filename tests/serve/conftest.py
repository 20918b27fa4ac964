"""A real server with a stand-in for the page, for visitors who want more than it gives."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import nbformat
import pytest

from .attacker import Server
from .servers import free_port, running

if TYPE_CHECKING:
    from collections.abc import Iterator

CELL = """
import logging
import anywidget, traitlets

class Told(anywidget.AnyWidget):
    _esm = "export default {render({el}) {el.className = 'told'}}"
    text = traitlets.Unicode("as it was").tag(sync=True)

    def hear(self, _, message, __):
        if message.get("do") == "raise":
            raise ValueError("Quartz")
        if message.get("do") == "log":
            try:
                {}["Wren"]
            except KeyError:
                logging.exception("Heron")
        self.send({"heard": len(str(message))})

told = Told()
told.on_msg(told.hear)
told
"""
SERVE = """
import pathlib, sys
from client_triage.serve import Options, page, serve
page.Page.preload = ["anywidget"]
for limit in (page.PAGES, page.CONNECTIONS):
    limit.update(at_once=2, seconds=3600)
named = dict(host_name="triage.example.org", base_url="/triage/")
sys.exit(serve(Options(port={port}, ready=2, **named), pathlib.Path({notebook!r})))
"""


@pytest.fixture(scope="session")
def server(tmp_path_factory) -> Iterator[Server]:
    """Serve the stand-in below a path, by a name, with two pages for each address but our own."""
    folder = tmp_path_factory.mktemp("served")
    notebook, log = folder / "stand-in.ipynb", folder / "log"
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(CELL)]), notebook)
    port = free_port()
    served = Server(f"http://127.0.0.1:{port}/triage/", log, folder / "home")
    command = [sys.executable, "-c", SERVE.format(port=port, notebook=str(notebook))]
    with running(command, served.url, log, {**os.environ, "HOME": str(served.home)}):
        yield served
