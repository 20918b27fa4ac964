"""Time a room of visitors: ours beside stock Voilà with the same notebook, in one run.

Run it with ``make bench`` on a quiet machine. A visitor counts as served when a scripted
client has the whole HTML, an open websocket, and the kernel's answer to the widget manager's
``request_states``. The figure of a burst is the last of its visitors.
"""

import argparse
import asyncio
import contextlib
import json
import os
import platform
import random
import re
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field, replace
from http.cookies import SimpleCookie
from pathlib import Path

from tornado.httpclient import AsyncHTTPClient, HTTPClientError, HTTPRequest
from tornado.websocket import WebSocketClientConnection, websocket_connect

PATIENCE = 180  # seconds, after which a visitor counts as not answered
LOST_SECONDS = 10  # after which the page says that its kernel is lost
ATTEMPTS = 5
NOTEBOOK = Path(__file__).resolve().parents[1] / "notebooks" / "app.ipynb"
KERNEL = re.compile(rb'kernel[-_]?id"?[=:]\s*"([0-9a-f-]{36})"', re.IGNORECASE)


@dataclass
class Server:
    """A server under test.

    Parameters
    ----------
    pool
        How many kernels it is to have ready.
    """

    name: str
    command: list[str]
    pool: int = 0
    url: str = ""
    pid: int = 0


@dataclass
class Visit:
    """One visitor who was served, with the connection that holds the kernel.

    Parameters
    ----------
    begun
        How often they began.
    """

    seconds: float
    socket: WebSocketClientConnection
    kernel: str
    cookies: dict[str, str]
    begun: int = 1


@dataclass
class Burst:
    """What became of a burst: seconds by visitor; who was not answered is missing."""

    visits: list[Visit] = field(default_factory=list)
    unanswered: int = 0

    @property
    def last(self) -> float:
        """Seconds until the last of them was served."""
        return max((visit.seconds for visit in self.visits), default=float("nan"))

    @property
    def median(self) -> float:
        """Seconds until half of them were served."""
        return statistics.median(visit.seconds for visit in self.visits) if self.visits else 0.0

    def leave(self) -> None:
        """Close every connection."""
        for visit in self.visits:
            visit.socket.close()


async def visit(url: str) -> Visit:
    """Come, and wait until the page could draw its widgets."""
    begun = time.perf_counter()
    request = HTTPRequest(url, request_timeout=PATIENCE, connect_timeout=PATIENCE)
    answer = await AsyncHTTPClient().fetch(request)
    found = KERNEL.search(answer.body)
    if found is None:
        message = "the page names no kernel"
        raise ConnectionError(message)
    kernel = found[1].decode()
    address = f"{url.replace('http', 'ws', 1)}api/kernels/{kernel}/channels?session_id=bench"
    cookies = {
        name: cookie.value
        for line in answer.headers.get_list("Set-Cookie")
        for name, cookie in SimpleCookie(line).items()
    }
    connecting = HTTPRequest(address, headers=headers(cookies), connect_timeout=PATIENCE)
    connection = await websocket_connect(connecting)
    comm = uuid.uuid4().hex
    opening = {"comm_id": comm, "target_name": "jupyter.widget.control", "data": {}}
    version = {"version": "1.0.0"}
    await connection.write_message(message_of("comm_open", opening, version))
    asked = {"comm_id": comm, "data": {"method": "request_states"}}
    await connection.write_message(message_of("comm_msg", asked))
    while True:
        told = await asyncio.wait_for(connection.read_message(), PATIENCE)
        if told is None:
            message = "the connection was closed"
            raise ConnectionError(message)
        whole = told if isinstance(told, bytes) else told.encode()
        if b"update_states" in whole:
            return Visit(time.perf_counter() - begun, connection, kernel, cookies)


def headers(cookies: dict[str, str]) -> dict[str, str]:
    """Give the headers that bring cookies along."""
    return {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}


def message_of(
    kind: str, content: dict[str, object], metadata: dict[str, str] | None = None
) -> str:
    """Give a Jupyter message as the widget manager sends it."""
    header = {
        "msg_id": uuid.uuid4().hex,
        "msg_type": kind,
        "session": "bench",
        "username": "",
        "version": "5.3",
    }
    return json.dumps(
        {
            "channel": "shell",
            "header": header,
            "parent_header": {},
            "metadata": metadata or {},
            "content": content,
        }
    )


async def burst(url: str, visitors: int, come: Callable[[str], Awaitable[Visit]] = visit) -> Burst:
    """Have so many visitors come at once."""
    came = await asyncio.gather(
        *(asyncio.wait_for(come(url), PATIENCE) for _ in range(visitors)), return_exceptions=True
    )
    served = [one for one in came if isinstance(one, Visit)]
    for one in came:
        if isinstance(one, BaseException):
            print(f"    not answered: {type(one).__name__} {one}", flush=True)
    return Burst(served, len(came) - len(served))


async def sustained(url: str, seconds: float, at_once: int) -> tuple[float, int]:
    """Have visitors come one after the other, so many at a time; each leaves once served.

    Returns
    -------
    tuple of float and int
        Visitors served a second, and how many were not answered.
    """
    served = failed = 0
    end = time.perf_counter() + seconds
    begun = time.perf_counter()

    async def come() -> None:
        nonlocal served, failed
        while time.perf_counter() < end:
            try:
                one = await asyncio.wait_for(visit(url), PATIENCE)
            except Exception:  # noqa: BLE001 - counted
                failed += 1
                continue
            served += 1
            one.socket.close()
            await leave(url, one)

    await asyncio.gather(*(come() for _ in range(at_once)))
    return served / (time.perf_counter() - begun), failed


async def leave(url: str, visit: Visit) -> None:
    """End a kernel as the page does, with the cookie that it needs for that."""
    xsrf = visit.cookies.get("_xsrf") or uuid.uuid4().hex
    request = HTTPRequest(
        f"{url}voila/api/shutdown/{visit.kernel}",
        method="POST",
        body=f"_xsrf={xsrf}",
        headers=headers({**visit.cookies, "_xsrf": xsrf}),
    )
    await AsyncHTTPClient().fetch(request)


@contextlib.asynccontextmanager
async def running(server: Server) -> AsyncIterator[Server]:
    """Start a server; end it and all that it started."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server.url = f"http://127.0.0.1:{port}/"
    command = [word.replace("{port}", str(port)) for word in server.command]
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(  # noqa: ASYNC220 - nothing else runs meanwhile
            command, stdout=log, stderr=log, start_new_session=True
        )
        server.pid = process.pid
        try:
            await until_ready(server)
            yield server
        finally:
            for pid in [process.pid, *descendants(process.pid)]:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            process.wait()


async def until_ready(server: Server) -> None:
    """Wait until the server answers and its pool is full."""
    client = AsyncHTTPClient()
    for _ in range(600):
        with contextlib.suppress(Exception):
            await client.fetch(f"{server.url}voila/static/none", raise_error=False)
            break
        await asyncio.sleep(0.1)
    await until_quiet(server)


async def until_quiet(server: Server) -> None:
    """Wait until the server and its kernels have had nothing to do for two seconds."""
    quiet, before = 0, cpu(server.pid)
    while quiet < 4:  # noqa: PLR2004 - halves of a second
        await asyncio.sleep(0.5)
        now = cpu(server.pid)
        quiet = quiet + 1 if now - before < 0.05 else 0  # noqa: PLR2004 - a tenth of one core
        before = now


def descendants(pid: int) -> Iterator[int]:
    """Find the processes that a process started, and those that they did."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                parent = int(stat(int(entry.name))[1])
                parents.setdefault(parent, []).append(int(entry.name))
    open_ = [pid]
    while open_:
        for child in parents.get(open_.pop(), []):
            yield child
            open_.append(child)


def stat(pid: int) -> list[str]:
    """Read what follows the name in ``/proc/PID/stat``."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def cpu(pid: int) -> float:
    """Give the seconds of CPU that a server and all it started have used."""
    ticks = 0
    for one in (pid, *descendants(pid)):
        with contextlib.suppress(OSError):
            ticks += sum(map(int, stat(one)[11:13]))
    return ticks / os.sysconf("SC_CLK_TCK")


def memory(pid: int) -> float:
    """Give the MB that a server and all it started hold, what is shared counted once (PSS)."""
    kilobytes = 0
    for one in (pid, *descendants(pid)):
        with contextlib.suppress(OSError):
            rollup = Path(f"/proc/{one}/smaps_rollup").read_text()
            kilobytes += int(re.search(r"^Pss:\s+(\d+)", rollup, re.MULTILINE)[1])  # type: ignore[index]
    return kilobytes / 1024


def ours(pool: int) -> Server:
    """Give our server with so many pages ready."""
    serve = ["-m", "client_triage", "serve", "--port", "{port}", "--most", "300"]
    return Server(f"ours, {pool} ready", [sys.executable, *serve, "--ready", str(pool)], pool)


def stock(pool: int) -> Server:
    """Give stock Voilà; with a pool, it is told to fill it at once."""
    voila = [sys.executable, "-m", "voila", str(NOTEBOOK), "--no-browser", "--port={port}"]
    if pool:
        heat = ["--preheat_kernel=True", f"--pool_size={pool}", "--fill_delay=0"]
        return Server(f"stock, pool of {pool}", [*voila, *heat], pool)
    return Server("stock, no pool", voila)


async def measure_bursts(server: Server, visitors: int) -> dict[str, float]:
    """Measure a first burst on a warm server, a second one right after it, and the memory."""
    async with running(server):
        await visit_once(server)
        empty = memory(server.pid)
        used = cpu(server.pid)
        first = await burst(server.url, visitors)
        second = await burst(server.url, visitors)
        await until_quiet(server)
        held = memory(server.pid)
        spent = cpu(server.pid) - used
        first.leave()
        second.leave()
    figures = {
        "first": first.last,
        "first, median": first.median,
        "second": second.last,
        "second, median": second.median,
        "unanswered": first.unanswered + second.unanswered,
        "MB before": empty,
        "MB a visitor": (held - empty) / (2 * visitors),
        "MB whole server": held,
        "CPU s a visitor": spent / (2 * visitors),
    }
    print(f"{server.name}, {visitors} at once")
    for what, value in figures.items():
        print(f"    {what:<20} {value:9.2f}", flush=True)
    return figures


async def visit_once(server: Server) -> None:
    """Have one visitor come before the others: caches are filled, and the pool again after it."""
    (await visit(server.url)).socket.close()
    await until_quiet(server)


async def measure_sustained(server: Server, seconds: float) -> float:
    """Measure how many arrivals a second the server takes."""
    async with running(server):
        await visit_once(server)
        rate, failed = await sustained(server.url, seconds, at_once=8)
    print(f"{server.name}: {rate:.2f} arrivals a second, {failed} not answered", flush=True)
    return rate


async def insist(url: str) -> Visit:
    """Come, and begin again where the kernel is lost, as the page's button does."""
    start = time.perf_counter()
    for begun in range(1, ATTEMPTS + 1):
        with contextlib.suppress(TimeoutError, ConnectionError):
            one = await asyncio.wait_for(visit(url), LOST_SECONDS)
            return replace(one, seconds=time.perf_counter() - start, begun=begun)
    message = f"not served in {ATTEMPTS} attempts"
    raise ConnectionError(message)


async def kill_one(server: Server) -> None:
    """Kill one of the kernels, whoever has it."""
    await asyncio.sleep(random.uniform(0, 0.5))  # noqa: S311 - no secret
    kernels = [pid for pid in descendants(server.pid) if is_kernel(pid)]
    os.kill(random.choice(kernels), signal.SIGKILL)  # noqa: S311 - no secret


def is_kernel(pid: int) -> bool:
    """Tell a kernel, which was forked from the warm process, from that one and from helpers."""
    try:
        parent = int(stat(pid)[1])
        return b"forking" in Path(f"/proc/{parent}/cmdline").read_bytes()
    except OSError:
        return False


async def measure_endurance(server: Server, visitors: int, bursts: int) -> None:
    """Measure burst after burst, with a kernel killed in each; everybody leaves before the next."""
    async with running(server):
        await visit_once(server)
        seconds, again, memories = [], 0, []
        for _ in range(bursts):
            killing = asyncio.create_task(kill_one(server))
            came = await burst(server.url, visitors, insist)
            await killing
            seconds.append(came.last)
            again += sum(one.begun - 1 for one in came.visits)
            came.leave()
            for one in came.visits:
                with contextlib.suppress(HTTPClientError):  # the killed one is gone already
                    await leave(server.url, one)
            await until_quiet(server)
            memories.append(memory(server.pid))
            print(
                f"    {came.last:6.2f} s, {came.unanswered} not served, {memories[-1]:7.0f} MB",
                flush=True,
            )
    print(f"{server.name}: {bursts} bursts of {visitors}, a kernel killed in each")
    print(f"    began again          {again:9}")
    print(f"    last served, slowest {max(seconds):9.2f} s")
    print(f"    MB after the first   {memories[0]:9.0f}")
    print(f"    MB after the last    {memories[-1]:9.0f}", flush=True)


async def main() -> None:
    """Measure everything that the arguments ask for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--visitors", type=int, nargs="+", default=[30])
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--bursts", type=int, default=20, help="one after the other")
    parser.add_argument("--only", choices=["ours", "stock"])
    asked = parser.parse_args()
    AsyncHTTPClient.configure(None, max_clients=1000)
    print(f"{platform.platform()}, Python {platform.python_version()}, {os.cpu_count()} cores")
    for visitors in asked.visitors:
        servers = [ours(visitors), stock(visitors), stock(0)]
        for server in servers:
            if asked.only is None or server.name.startswith(asked.only):
                await measure_bursts(server, visitors)
    for server in (ours(4), stock(0)):
        if asked.only is None or server.name.startswith(asked.only):
            await measure_sustained(server, asked.seconds)
    if asked.only != "stock" and asked.bursts:
        await measure_endurance(ours(30), 30, asked.bursts)


if __name__ == "__main__":
    asyncio.run(main())
