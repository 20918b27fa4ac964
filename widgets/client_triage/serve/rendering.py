"""The notebook run in a kernel, as the HTML of the page."""

from __future__ import annotations

import contextlib
import os
import queue
from copy import deepcopy
from typing import TYPE_CHECKING, Any, cast

from nbclient.exceptions import CellExecutionError
from voila.execute import VoilaExecutor, strip_code_cell_warnings
from voila.notebook_renderer import NotebookRenderer
from voila.utils import get_page_config

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from jupyter_client.asynchronous.client import AsyncKernelClient
    from jupyter_client.manager import KernelManager
    from nbformat import NotebookNode
    from voila.app import Voila

KERNEL = '<div id="ct-kernel"'
"""Where the part of the page begins that is another one for each kernel."""

_ATTEMPTS = 60
_ANSWER_SECONDS = 1
_PUBLISH_SECONDS = 0.2


class Rendering:
    """Renders one notebook for many kernels.

    Voilà's own renderer is made anew for each visitor, and compiles every template again. Here
    the templates are compiled once, and what stands before the kernel's part is rendered once.

    Parameters
    ----------
    page
        The application that serves the notebook.
    """

    def __init__(self, page: Voila) -> None:
        self._page = page
        self._path = os.path.relpath(page.notebook_path, page.root_dir)
        self._renderer: NotebookRenderer | None = None
        self._opening = ""

    async def prepare(self) -> None:
        """Read the notebook and compile the templates."""
        page = self._page
        names = {
            "base_url": page.base_url,
            "settings": page.app.settings,
            "log": page.log,
            "voila_configuration": page.voila_configuration,
        }
        renderer = NotebookRenderer(
            voila_configuration=page.voila_configuration,
            traitlet_config=page.config,
            notebook_path=self._path,
            template_paths=page.template_paths,
            config_manager=page.config_manager,
            contents_manager=page.contents_manager,
            base_url=page.base_url,
            kernel_spec_manager=page.kernel_spec_manager,
            page_config={**get_page_config(**names), **_no_formulas(page.base_url)},
        )
        await renderer.initialize()
        self._renderer = renderer
        whole = await self._render("", _no_cells)
        self._opening = whole[: whole.index(KERNEL)]

    @property
    def opening(self) -> str:
        """What stands before the kernel's part, the same for everybody."""
        return self._opening

    @property
    def kernel_name(self) -> str:
        """Which kernel the notebook wants."""
        return str(self._prepared.notebook.metadata.kernelspec.name)

    @property
    def _prepared(self) -> NotebookRenderer:
        if self._renderer is None:
            raise RuntimeError("prepare() comes first")
        return self._renderer

    async def run(self, kernel_id: str, manager: KernelManager) -> str:
        """Run the notebook in a kernel; give the kernel's part of the page.

        A cell that fails shows what `VoilaExecutor` says of it, and is the last.
        """
        page = self._page
        executor = VoilaExecutor(
            deepcopy(self._prepared.notebook),
            km=manager,
            config=page.config,
            show_tracebacks=page.voila_configuration.show_tracebacks,
        )
        executor.kc = await _connect(manager)
        try:
            whole = await self._render(kernel_id, lambda nb, _: _cells(nb, executor))
        finally:
            executor.kc.stop_channels()
        return whole[whole.index(KERNEL) :]

    async def _render(self, kernel_id: str, cells: Any) -> str:  # noqa: ANN401 - jinja's own
        renderer = self._prepared

        async def kernel_start(_: NotebookNode) -> str:
            return kernel_id

        context = {"frontend": "voila", "main_js": self._page.lab_script}
        snippets = renderer.exporter.generate_from_notebook_node(
            deepcopy(renderer.notebook),
            resources=deepcopy(renderer.resources),
            extra_context={**context, "kernel_start": kernel_start, "cell_generator": cells},
            page_config=renderer.page_config,
        )
        return "".join([snippet async for snippet, _ in snippets])


async def _connect(manager: KernelManager) -> AsyncKernelClient:
    """Connect to a kernel; give the client once what the kernel says arrives.

    jupyter_client's own way then listens until the kernel said nothing for 0.2 s. The last that a
    kernel says to a question is that it is idle again, so that there is nothing to listen for.

    Raises
    ------
    ConnectionError
        The kernel has ended, or does not answer.
    """
    client = cast("AsyncKernelClient", manager.client())
    client.start_channels()
    client.allow_stdin = False
    with contextlib.ExitStack() as failed:
        failed.callback(client.stop_channels)
        for _ in range(_ATTEMPTS):
            question = client.kernel_info()
            with contextlib.suppress(queue.Empty):
                await client.get_shell_msg(timeout=_ANSWER_SECONDS)
                await _until_idle(client, question)
                failed.pop_all()
                return client
            if not await client.is_alive():
                break
        raise ConnectionError("the kernel has ended, or does not answer")


async def _until_idle(client: AsyncKernelClient, question: str) -> None:
    """Read what a kernel publishes, to the end of its answer to a question."""
    while True:
        # Nothing comes where the kernel was asked before this client was heard by its publisher.
        told = await client.get_iopub_msg(timeout=_PUBLISH_SECONDS)
        of_this = told["parent_header"].get("msg_id") == question
        if of_this and told["content"].get("execution_state") == "idle":
            return


def _no_formulas(base_url: str) -> dict[str, str]:
    """Keep MathJax away, which Voilà loads at each start (900 KB): no view shows a formula."""
    return {"fullMathjaxUrl": f"{base_url}voila/static/no-formulas.js", "mathjaxConfig": ""}


async def _no_cells(_: NotebookNode, __: str) -> AsyncIterator[NotebookNode]:
    cells: tuple[NotebookNode, ...] = ()
    for cell in cells:
        yield cell


async def _cells(notebook: NotebookNode, executor: VoilaExecutor) -> AsyncIterator[NotebookNode]:
    """Run cell after cell; one that fails is the last, and says so without its traceback."""
    for index, cell in enumerate(notebook.cells):
        try:
            yield await executor.execute_cell(cell, None, index, store_history=False)
        except CellExecutionError:
            executor.log.exception("A cell of the page failed")
            if executor.should_strip_error():
                strip_code_cell_warnings(cell)
                executor.strip_code_cell_errors(cell)
            yield cell
            return
