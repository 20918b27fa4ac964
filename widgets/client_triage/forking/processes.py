"""The server's side of warm processes: one for each way of warming, and the kernels they forked."""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import errno
import json
import os
import signal
import socket
import subprocess
import threading
from dataclasses import asdict
from string import Template
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from client_triage.forking.parent import Request

_SECONDS_TO_END = 5
_SECONDS_TO_TRY_AGAIN = 0.05
_STATUS_UNKNOWN = 1
_AT_START = ("PYTHON", "LANG", "LC_", "LD_")
_STARTED_WITH = "client_triage.forking.parent"

Key = tuple[tuple[str, ...], tuple[str, ...], tuple[tuple[str, str], ...]]


class RefusedError(Exception):
    """A kernel cannot be forked; the message says why, as the end of a sentence."""


class GoneError(Exception):
    """The parent died; a new one may do."""


class ForkedKernel:
    """A kernel's process, as far as `LocalProvisioner` needs a `subprocess.Popen`."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int, line: socket.socket) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._line = line

    def poll(self) -> int | None:
        """Give the exit status; None while the kernel runs.

        The line ends when neither parent nor kernel is there any more. Then the status is unknown,
        and given as 1.
        """
        if self.returncode is None:
            try:
                heard = self._line.recv(256)
            except BlockingIOError:
                return None
            self.returncode = json.loads(heard)["status"] if heard else _STATUS_UNKNOWN
            self._line.close()
        return self.returncode

    def wait(self) -> int | None:
        """Give the exit status of a kernel that was polled until it had one."""
        return self.returncode

    def send_signal(self, signum: int) -> None:
        """Signal the kernel alone; nobody where it has ended."""
        if self.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signum)

    def terminate(self) -> None:
        """Ask the kernel to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End the kernel."""
        self.send_signal(signal.SIGKILL)


class Parent:
    """A warm process that forks kernels.

    Requests may be made at once: they wait in its socket until it is warm.

    Parameters
    ----------
    command
        Python and its options.
    preload
        What it imports, as ``module`` or ``module:function``; the function is called.
    env
        Its environment.

    Raises
    ------
    OSError
        There is no such Python.
    """

    def __init__(
        self, command: Sequence[str], preload: Sequence[str], env: Mapping[str, str]
    ) -> None:
        self._env = env
        self._control, theirs = socket.socketpair()
        self._control.settimeout(0)
        files = (theirs.fileno(), _lifeline())
        try:
            self._process = subprocess.Popen(  # noqa: S603 - the command of a kernelspec
                [*command, "-m", _STARTED_WITH, *map(str, files), *preload],
                cwd=os.sep,  # `-m` would import from the server's folder
                env=env,
                stdin=subprocess.DEVNULL,
                pass_fds=files,
                start_new_session=True,  # no Ctrl-C in the server's terminal reaches it
            )
        except OSError:
            self._control.close()
            raise
        finally:
            theirs.close()

    @property
    def pid(self) -> int:
        """Give the process id."""
        return self._process.pid

    def is_alive(self) -> bool:
        """Tell whether it runs, warm or not yet.

        Raises
        ------
        RefusedError
            It gave up by itself, and so would another.
        """
        status = self._process.poll()
        if status is not None and status > 0:
            raise RefusedError(f"the process to fork from ended with status {status}")
        return status is None

    async def fork(self, request: Request, listening: Sequence[socket.socket]) -> ForkedKernel:
        """Fork a kernel.

        Parameters
        ----------
        request
            What is asked for.
        listening
            The sockets of its ports.

        Raises
        ------
        RefusedError
            The kernel needs another environment than its Python was started with.
        GoneError
            The parent died before it answered.
        OSError
            The fork failed, or its folder does not exist.
        """
        _check_same(_read_at_start(request.env), _read_at_start(self._env))
        ours, theirs = socket.socketpair()
        try:
            ours.settimeout(0)
            with theirs:
                await self._hand_over([theirs, *listening])
            answer = await _ask(ours, request)
        except ConnectionError as error:
            ours.close()
            await asyncio.to_thread(self._process.wait)
            raise GoneError from error
        except BaseException:
            ours.close()
            raise
        kernel = ForkedKernel(answer["pid"], ours)
        kernel.returncode = answer.get("status")
        return kernel

    async def _hand_over(self, sockets: Sequence[socket.socket]) -> None:
        files = [one.fileno() for one in sockets]
        while True:
            try:
                socket.send_fds(self._control, [b"k"], files)
            except OSError as error:
                # Many wait for a parent that is not warm yet.
                if error.errno not in {errno.EAGAIN, errno.ETOOMANYREFS}:
                    raise
                await asyncio.sleep(_SECONDS_TO_TRY_AGAIN)
            else:
                return

    def end(self) -> None:
        """End it and all of its kernels."""
        self._control.close()
        try:
            self._process.wait(_SECONDS_TO_END)
        except subprocess.TimeoutExpired:  # it is not warm yet
            self._process.kill()
            self._process.wait()


async def _ask(line: socket.socket, request: Request) -> dict[str, Any]:
    loop = asyncio.get_running_loop()
    with contextlib.suppress(ConnectionError):  # the answer says why
        await loop.sock_sendall(line, json.dumps(asdict(request)).encode() + b"\n")
    text = b""
    while not text.endswith(b"\n"):  # byte by byte: what follows is for `ForkedKernel.poll`
        heard = await loop.sock_recv(line, 1)
        if not heard:
            raise ConnectionResetError
        text += heard
    answer: dict[str, Any] = json.loads(text)
    if "error" in answer:
        number, problem, path = answer["error"]
        raise OSError(number, problem, path)
    return answer


def _read_at_start(env: Mapping[str, str]) -> dict[str, str]:
    """Give the variables that Python reads when it starts, and never again."""
    return {name: value for name, value in env.items() if name.startswith(_AT_START)}


def _check_same(asked: Mapping[str, str], given: Mapping[str, str]) -> None:
    names = sorted(name for name, _ in asked.items() ^ given.items())
    if names:
        raise RefusedError(f"Python reads {names[0]} when it starts, and it is another here")


_parents: dict[Key, Parent] = {}
_lock = threading.Lock()
_pipe: list[int] = []


def _lifeline() -> int:
    """Give what ends with this process, and not before: kernels may outlive their parent."""
    if not _pipe:
        _pipe.extend(os.pipe())
    return _pipe[0]


def parent_for(command: Sequence[str], preload: Sequence[str], env: Mapping[str, str]) -> Parent:
    """Give the parent of such kernels; start one where there is none, or none any more.

    Parameters
    ----------
    command
        Python and its options.
    preload
        What the parent imports.
    env
        The kernelspec's environment.

    Raises
    ------
    RefusedError
        There can be none.
    """
    key = (tuple(command), tuple(preload), tuple(sorted(env.items())))
    with _lock:
        parent = _parents.get(key)
        if parent is not None and not parent.is_alive():
            parent.end()
            parent = None
        if parent is None:
            own = {name: Template(text).safe_substitute(os.environ) for name, text in env.items()}
            try:
                parent = Parent(command, preload, {**os.environ, **own})
            except OSError as error:
                raise RefusedError(f"there is no process to fork from: {error}") from error
            _parents[key] = parent
        return parent


@atexit.register
def end() -> None:
    """End all parents of this process, and all kernels that they forked."""
    with _lock:
        while _parents:
            _parents.popitem()[1].end()
