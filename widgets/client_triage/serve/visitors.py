"""Visitors get a kernel that ran the page already, or the next that has, in turn."""

from __future__ import annotations

import logging
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from client_triage.serve.pool import Pool

if TYPE_CHECKING:
    from client_triage.serve.kernels import PageKernels
    from client_triage.serve.rendering import Rendering

_SPEAK = "from client_triage.views.show import speak; speak({language!r})"
_SPEAK_SECONDS = 20
_ATTEMPTS = 3
# Two for each core: while one waits for its kernel's answer, the other computes.
_AT_ONCE = 2 * (os.cpu_count() or 1)
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Ready:
    """A kernel that ran the page, in a language, and its part of the page's HTML."""

    kernel_id: str
    language: str
    html: str


class Visitors:
    """Admits visitors to the page.

    Parameters
    ----------
    language
        In which the first kernels are made ready; after that it is the last visitor's.
    ready
        How many kernels are kept ready.
    most
        How many visitors there may be at once.
    """

    def __init__(
        self,
        kernels: PageKernels,
        rendering: Rendering,
        *,
        language: str,
        ready: int,
        most: int,
    ) -> None:
        self._kernels = kernels
        self._rendering = rendering
        self._language = language
        self._most = most
        self._pool = Pool(self._make, self._is_good, size=ready, at_once=_AT_ONCE)
        self._restarted: set[str] = set()
        self._whose: dict[str, str] = {}  # kernels, by their id

    @property
    def opening(self) -> str:
        """The part of the page that is the same for everybody."""
        return self._rendering.opening

    @property
    def have_room(self) -> bool:
        """Whether one more may come in."""
        here = sum(kernel_id in self._kernels for kernel_id in self._whose)
        return here + self._pool.waiting < self._most

    async def prepare(self) -> None:
        """Render what everybody gets; that comes before the first visitor."""
        await self._rendering.prepare()

    def open(self) -> None:
        """Begin to make kernels ready."""
        self._pool.fill()

    async def close(self) -> None:
        """Make no more of them ready."""
        await self._pool.close()

    def is_of(self, kernel_id: str, visitor: str) -> bool:
        """Tell whether a kernel was handed out to a visitor."""
        return kernel_id in self._kernels and self._whose.get(kernel_id) == visitor

    async def admit(self, language: str, visitor: str) -> str:
        """Hand out a kernel to a visitor; give its part of the page.

        Parameters
        ----------
        visitor
            What only their browser and the server know.

        Raises
        ------
        Exception
            No kernel could be started, or it could not run the page.
        """
        self._language = language
        ready = await self._pool.take()
        self._kernels.hand_out(ready.kernel_id)
        self._whose = {one: who for one, who in self._whose.items() if one in self._kernels}
        self._whose[ready.kernel_id] = visitor
        if ready.language != language:
            await self._speak(ready.kernel_id, language)
        return ready.html

    async def _make(self) -> Ready:
        for _ in range(_ATTEMPTS - 1):
            try:
                return await self._make_one()
            except Exception as problem:  # noqa: BLE001 - the last attempt raises its own
                _log.warning("A kernel could not be made ready, and another is: %s", problem)
        return await self._make_one()

    async def _make_one(self) -> Ready:
        language = self._language
        environment = {**os.environ, "QUERY_STRING": f"lang={language}"}
        kernel_id = await self._kernels.start_kernel(
            kernel_name=self._rendering.kernel_name, env=environment
        )
        self._kernels.add_restart_callback(kernel_id, lambda: self._restarted.add(kernel_id))
        manager = self._kernels.get_kernel(kernel_id)
        try:
            html = await self._rendering.run(kernel_id, manager)
        except BaseException:
            if kernel_id in self._kernels:
                await self._kernels.shutdown_kernel(kernel_id, now=True)
            raise
        return Ready(kernel_id, language, html)

    async def _is_good(self, ready: Ready) -> bool:
        """Tell whether its kernel still has what it made when it ran the page."""
        known = ready.kernel_id in self._kernels
        is_another = ready.kernel_id in self._restarted
        if known and not is_another and await self._kernels.is_alive(ready.kernel_id):
            return True
        self._restarted.discard(ready.kernel_id)
        if known:
            await self._kernels.shutdown_kernel(ready.kernel_id, now=True)
        return False

    async def _speak(self, kernel_id: str, language: str) -> None:
        client = self._kernels.get_kernel(kernel_id).client()
        client.start_channels(iopub=False, stdin=False, hb=False, control=False)
        try:
            code = _SPEAK.format(language=language)
            await client.execute(code, silent=True, reply=True, timeout=_SPEAK_SECONDS)
        finally:
            client.stop_channels()
