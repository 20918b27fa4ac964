"""What takes long to make, kept ready: whoever comes takes one, or the next that will be."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

T = TypeVar("T")

_log = logging.getLogger(__name__)
_REST = 1  # seconds after one was handed out, in which none is made for nobody
_PAUSE = 5  # seconds after one could not be made, before the next try for nobody


class Pool(Generic[T]):
    """Things kept ready, handed out in the order in which they are asked for.

    While somebody waits, ``at_once`` are made at a time: the first are served at once, and nobody
    waits for the last. While nobody waits, one is made at a time, and none just after one was
    handed out: whoever got it is busy with it, on the same computer.

    Parameters
    ----------
    make
        Makes one.
    is_good
        Whether one can still be handed out; what is not is left to whoever keeps the things.
    size
        How many are kept ready.
    at_once
        How many are made at a time while somebody waits.
    """

    def __init__(
        self,
        make: Callable[[], Awaitable[T]],
        is_good: Callable[[T], Awaitable[bool]],
        *,
        size: int,
        at_once: int,
    ) -> None:
        self._make = make
        self._is_good = is_good
        self._size = size
        self._at_once = at_once
        self._ready: deque[T] = deque()
        self._waiting: deque[asyncio.Future[T]] = deque()
        self._making: set[asyncio.Task[None]] = set()
        self._pause: asyncio.TimerHandle | None = None

    @property
    def ready(self) -> tuple[T, ...]:
        """What is ready, the oldest first."""
        return tuple(self._ready)

    @property
    def waiting(self) -> int:
        """How many wait for one."""
        return len(self._waiting)

    def fill(self) -> None:
        """Have as many made as are missing."""
        missing = self._size + len(self._waiting) - len(self._ready)
        at_once = self._at_once if self._waiting else int(self._pause is None)
        for _ in range(min(missing, at_once) - len(self._making)):
            task = asyncio.get_running_loop().create_task(self._add())
            self._making.add(task)
            task.add_done_callback(self._made)

    async def take(self) -> T:
        """Take one; where none is ready, wait in turn for one.

        Raises
        ------
        Exception
            What `make` raised.
        """
        while self._ready:
            one = self._ready.popleft()
            if await self._is_good(one):
                self._go_on_after(_REST)
                return one
        turn: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        self.fill()
        try:
            return await turn
        except asyncio.CancelledError:
            self._leave(turn)
            raise

    async def close(self) -> None:
        """Stop making any."""
        self._size = 0
        for task in self._making:
            task.cancel()
        await asyncio.gather(*self._making, return_exceptions=True)

    async def _add(self) -> None:
        try:
            one = await self._make()
        except Exception as error:  # noqa: BLE001 - it is raised where somebody waits for it
            self._fail(error)
            return
        if turn := self._turn():
            turn.set_result(one)
        else:
            self._ready.append(one)

    def _turn(self) -> asyncio.Future[T] | None:
        """Give whose turn it is; some may have left."""
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                return turn
        return None

    def _fail(self, error: Exception) -> None:
        if turn := self._turn():
            turn.set_exception(error)
            return
        _log.error("None could be made: %s", error)
        self._go_on_after(_PAUSE)

    def _go_on_after(self, seconds: float) -> None:
        if self._pause is None:
            self._pause = asyncio.get_running_loop().call_later(seconds, self._go_on)

    def _go_on(self) -> None:
        self._pause = None
        self.fill()

    def _made(self, task: asyncio.Task[None]) -> None:
        self._making.discard(task)
        if not task.cancelled():
            self.fill()

    def _leave(self, turn: asyncio.Future[T]) -> None:
        """Let somebody go who waits no longer; what came just then is kept for the next."""
        if turn in self._waiting:
            self._waiting.remove(turn)
        if turn.cancelled() or not turn.done() or turn.exception():
            return
        if following := self._turn():
            following.set_result(turn.result())
        else:
            self._ready.appendleft(turn.result())
