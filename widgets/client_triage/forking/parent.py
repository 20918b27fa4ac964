"""The warm process: imports what kernels need, then becomes one at each request, in a fork.

The server runs it as ``python -m client_triage.forking.parent CONTROL LIFELINE [ENTRY ...]``, where
the two numbers are open files. Requests come on the socket CONTROL, and when it ends, the server
has. LIFELINE is a pipe that nobody writes to: it ends with the server too, and kernels watch it.

With each request comes a line, a socket of that kernel alone. The server writes the `Request` on
it; the kernel answers with its process id or an error; the parent adds the exit status. All are
JSON, one value a line.

There is one thread: the others of a process would be missing in its forks, with their locks held.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import select
import signal
import socket
import sys
import threading
import time
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace
from typing import Any

_KERNEL = (
    "ipykernel.kernelapp",
    # What a kernel imports while it starts, at its first cell and at its first error:
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.core.oinspect",
    "IPython.extensions.storemagic",
    "comm",
    "encodings.idna",
    "ipykernel.debugger",
    "psutil",
    "pygments.formatters.terminal256",
    "sqlite3",
    "stack_data",
    "tornado.platform.asyncio",
)
_INLINE_PLOTS = "module://matplotlib_inline.backend_inline"
_MOST_FILES = 6  # a request's line and five listening sockets
_NOT_WATCHED = 1  # the process id of a parent that ipykernel takes for immortal


@dataclass(frozen=True)
class Request:
    """A kernel that is asked for."""

    arguments: list[str]
    """Of ``ipykernel_launcher``."""
    env: dict[str, str]
    cwd: str
    addresses: list[str]
    """Of the listening sockets that come with the request, in their order."""


def main() -> None:
    """Serve requests until the server has gone; in a fork, be a kernel until it ends."""
    control, lifeline = int(sys.argv[1]), int(sys.argv[2])
    _keep_private(control, lifeline)
    # Forks inherit this, so that no interrupt ends a kernel before ipykernel looks after them.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _preload(sys.argv[3:])
    became = _serve(socket.socket(fileno=control))
    if became is not None:
        request, listening = became
        _run_kernel(request, listening, lifeline)


def _keep_private(*files: int) -> None:
    """Keep files from the programs that are started from here."""
    for file in files:
        os.set_inheritable(file, False)  # noqa: FBT003 - it takes no keyword


def _preload(entries: list[str]) -> None:
    with contextlib.suppress(ValueError):
        sys.path.remove(os.getcwd())  # noqa: PTH109 - `-m` put it there, as a string
    for module in _KERNEL:
        with contextlib.suppress(ImportError):  # other versions do not have them all
            import_module(module)
    # A kernel sets this before anybody imports matplotlib, which reads it while it is imported.
    os.environ.setdefault("MPLBACKEND", _INLINE_PLOTS)
    for entry in entries:
        module, _, function = entry.partition(":")
        loaded = import_module(module)
        if function:
            getattr(loaded, function)()
        if _leaves_threads():
            sys.exit(f"{entry} cannot be preloaded: it leaves threads behind, which no fork has")
    widgets: Any = sys.modules.get("ipywidgets")
    if widgets is not None:
        widgets.register_comm_target()  # by itself it does so only where a kernel runs already
    _list_files_once()
    # No collection in a fork touches, and so copies, what is there by now. None comes before this:
    # it would leave holes all over, and what a fork puts into them copies what lies around.
    gc.freeze()


class _Sys:
    """``sys``, but for its modules."""

    def __init__(self, files: list[str]) -> None:
        self.modules = {file: SimpleNamespace(__file__=file) for file in files}

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever sys has
        return getattr(sys, name)


def _list_files_once() -> None:
    """Have ipykernel find the files of all modules in a list that is made here.

    Each kernel asks every module for its file, for its debugger. To touch an object copies the
    page of memory that it lies on: in a fork that was 3 MB.
    """
    files = (getattr(module, "__file__", None) for module in sys.modules.values())
    # Copies, which lie beside each other.
    copies = [file.encode().decode() for file in files if isinstance(file, str)]
    sys.modules["ipykernel.ipkernel"].sys = _Sys(copies)  # type: ignore[attr-defined]


def _leaves_threads() -> bool:
    if _threads() == 1:
        return False
    # OpenBLAS, which comes with NumPy, ends its threads before a fork, and starts them when they
    # are needed again: a fork tells.
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)
    return _threads() > 1


def _threads() -> int:
    """Count the threads of this process, those that Python does not know of among them."""
    tasks = Path("/proc/self/task")
    return len(list(tasks.iterdir())) if tasks.is_dir() else threading.active_count()


def _serve(control: socket.socket) -> tuple[Request, list[int]] | None:
    """Fork at each request.

    Returns
    -------
    tuple or None
        In a fork, what it was asked for and its listening sockets. In the parent, None at the end.
    """
    lines: dict[int, socket.socket] = {}
    woken, waker = socket.socketpair()
    woken.settimeout(0)
    waker.settimeout(0)
    signal.signal(signal.SIGCHLD, lambda *_: None)  # without a handler nothing is woken
    signal.set_wakeup_fd(waker.fileno(), warn_on_full_buffer=False)
    while True:
        ready, _, _ = select.select([control, woken], [], [])
        if woken in ready:
            woken.recv(4096)
            _report_ended(lines)
        if control not in ready:
            continue
        sent, files, _, _ = socket.recv_fds(control, 1, _MOST_FILES)
        if not sent:
            _end_all(lines)
            return None
        _keep_private(*files)
        line, listening = socket.socket(fileno=files[0]), files[1:]
        pid = _fork(line)
        if pid == 0:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            for other in (control, woken, waker, *lines.values()):
                other.close()
            return _settle(line), listening
        if pid is not None:
            lines[pid] = line
        for file in listening:
            os.close(file)


def _read(line: socket.socket) -> Request:
    """Read a request; end where nobody waits for the answer any more."""
    with line.makefile("rb") as lines:
        text = lines.readline()
    if not text.endswith(b"\n"):
        os._exit(1)
    return Request(**json.loads(text))


def _write(line: socket.socket, **message: object) -> None:
    line.sendall(json.dumps(message).encode() + b"\n")


def _fork(line: socket.socket) -> int | None:
    """Fork; None where the system refuses, which the server is told."""
    sys.stdout.flush()
    sys.stderr.flush()
    try:
        return os.fork()
    except OSError as error:
        _refuse(line, error)
        return None


def _refuse(line: socket.socket, error: OSError) -> None:
    with contextlib.suppress(OSError), line:
        _write(line, error=[error.errno, error.strerror, error.filename])


def _report_ended(lines: dict[int, socket.socket]) -> None:
    while lines:
        ended = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        if ended is None:
            return
        status = ended.si_status if ended.si_code == os.CLD_EXITED else -ended.si_status
        line = lines.pop(ended.si_pid, None)
        if line is not None:
            # First reported, then reaped: as long as the server believes that a kernel is alive,
            # its process id stands for no other process.
            with contextlib.suppress(OSError), line:
                _write(line, pid=ended.si_pid, status=status)
        os.waitpid(ended.si_pid, 0)


def _end_all(lines: dict[int, socket.socket]) -> None:
    for pid in lines:
        for kill in (os.killpg, os.kill):  # the latter where it has no group of its own yet
            with contextlib.suppress(ProcessLookupError):
                kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def _settle(line: socket.socket) -> Request:
    """Turn a fresh fork into the process that was asked for, and say so."""
    os.setsid()
    request = _read(line)  # here, so that no kernel's memory holds what another was asked for with
    os.environ.clear()
    os.environ.update(request.env)
    time.tzset()
    _reseed()
    try:
        os.chdir(request.cwd)
    except OSError as error:
        _refuse(line, error)
        os._exit(1)
    try:
        _write(line, pid=os.getpid())
    except OSError:  # nobody waits for it any more
        os._exit(1)
    line.detach()  # it stays open as long as the kernel runs, even without the parent
    return request


def _reseed() -> None:
    """Draw anew what forks would share; Python sees to `random` by itself."""
    numpy_random: Any = sys.modules.get("numpy.random")
    if numpy_random is not None:
        numpy_random.seed()
    multiprocessing: Any = sys.modules.get("multiprocessing")
    if multiprocessing is not None:
        multiprocessing.current_process().authkey = os.urandom(32)


def _run_kernel(request: Request, listening: list[int], lifeline: int) -> None:
    watch = threading.Thread(target=_end_with_server, args=(lifeline,), name="Lifeline")
    watch.daemon = True
    # Two names by which debuggers know a thread that is none of the user's.
    watch.pydev_do_not_trace = watch.is_pydev_daemon_thread = True  # type: ignore[attr-defined]
    watch.start()
    _bind_to(dict(zip(request.addresses, listening, strict=True)))

    from ipykernel.kernelapp import IPKernelApp

    launcher = find_spec("ipykernel_launcher")
    sys.argv = [str(launcher and launcher.origin), *request.arguments]
    IPKernelApp.launch_instance(parent_handle=_NOT_WATCHED)


def _end_with_server(lifeline: int) -> None:
    os.read(lifeline, 1)
    os._exit(1)


def _bind_to(listening: dict[str, int]) -> None:
    """Have ZeroMQ's sockets take the listening sockets of their addresses, not new ones."""
    import zmq

    if not listening:
        return
    bind = zmq.Socket.bind

    def bind_to(taker: zmq.Socket[Any], address: str) -> Any:  # noqa: ANN401 - whatever pyzmq gives
        file = listening.pop(address, None)
        if file is not None:
            taker.setsockopt(zmq.USE_FD, file)
        if not listening:
            zmq.Socket.bind = bind  # type: ignore[method-assign]
        return bind(taker, address)

    zmq.Socket.bind = bind_to  # type: ignore[method-assign,assignment]


if __name__ == "__main__":
    main()
