"""The kernels behind the page: one for each visitor, ended when nobody is there any more."""

from __future__ import annotations

import time
from typing import Any

import zmq.asyncio
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from tornado.web import HTTPError
from traitlets import Int, default


class PageKernels(AsyncMappingKernelManager):  # type: ignore[misc, unused-ignore]
    """Ends kernels that idle, and sooner those that no page is connected to.

    A page ends its kernel when it is closed. A browser that dies, or a phone that puts the page to
    sleep, does not; whoever fetches the page without running it never connects at all.
    """

    unmet_seconds = Int(60, help="How long a kernel waits for its page to connect.").tag(
        config=True
    )
    left_seconds = Int(600, help="How long a kernel waits for its page to return.").tag(config=True)

    def __init__(self, **kwargs: Any) -> None:  # noqa: ANN401 - traitlets
        super().__init__(**kwargs)
        self._deadlines: dict[str, float] = {}

    @default("context")
    def _roomy(self) -> zmq.asyncio.Context:
        context = zmq.asyncio.Context()
        # A visitor takes about five of the 1,023 sockets that there are by default.
        context.max_sockets = context.get(zmq.SOCKET_LIMIT)
        return context

    def hand_out(self, kernel_id: str) -> None:
        """Wait from now on for the page of a kernel."""
        self._deadlines[kernel_id] = time.monotonic() + self.unmet_seconds

    def notify_connect(self, kernel_id: str) -> None:
        """Notice that a page is there."""
        super().notify_connect(kernel_id)
        self._deadlines.pop(kernel_id, None)

    def notify_disconnect(self, kernel_id: str) -> None:
        """Notice that a page is gone, for a while or for good."""
        super().notify_disconnect(kernel_id)
        if self._kernel_connections.get(kernel_id) == 0:
            self._deadlines[kernel_id] = time.monotonic() + self.left_seconds

    async def _async_shutdown_kernel(
        self,
        kernel_id: str,
        now: bool | None = False,  # noqa: FBT001, FBT002 - as inherited
        restart: bool | None = False,  # noqa: FBT001, FBT002 - as inherited
    ) -> None:
        """End a kernel; one that its page ended meanwhile is no fault."""
        try:
            await super()._async_shutdown_kernel(kernel_id, now=now, restart=restart)
        except (HTTPError, KeyError):
            if kernel_id in self:
                raise

    shutdown_kernel = _async_shutdown_kernel  # type: ignore[assignment, unused-ignore]

    def remove_kernel(self, kernel_id: str) -> Any:  # noqa: ANN401 - jupyter_client's own
        """Forget a kernel."""
        self._deadlines.pop(kernel_id, None)
        return super().remove_kernel(kernel_id)

    async def cull_kernel_if_idle(self, kernel_id: str) -> None:
        """End a kernel if nobody uses it any more."""
        if kernel_id not in self._deadlines and not self._kernel_connections.get(kernel_id):
            return  # nobody had it yet
        if time.monotonic() > self._deadlines.get(kernel_id, float("inf")):
            await self.shutdown_kernel(kernel_id, now=True)
            return
        await super().cull_kernel_if_idle(kernel_id)
