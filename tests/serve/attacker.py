"""A visitor who speaks to the server without a browser, and says whatever they like."""

from __future__ import annotations

import contextlib
import json
import re
import socket
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Self

import websocket

V1 = "v1.kernel.websocket.jupyter.org"
PATIENCE = 20  # seconds


@dataclass(frozen=True)
class Server:
    """A server under attack."""

    url: str
    log: Path
    home: Path
    """The home of its user, which is not there."""


@dataclass(frozen=True)
class Answer:
    """What the server answered over HTTP."""

    status: int
    headers: Any
    text: str


def ask(url: str, method: str = "GET", data: bytes | None = None, **headers: str) -> Answer:
    """Ask over HTTP, and take whatever comes."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(url, data, named, method=method)  # noqa: S310 - loopback
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310 - loopback
            return Answer(answer.status, answer.headers, answer.read().decode())
    except urllib.error.HTTPError as error:
        with error:
            return Answer(error.code, error.headers, error.read().decode())


def ask_raw(url: str, request: bytes) -> bytes:
    """Send bytes as they are, and give all that comes back until the server hangs up."""
    address = urllib.parse.urlsplit(url)
    answer = b""
    with socket.create_connection((address.hostname, address.port), timeout=PATIENCE) as line:
        line.sendall(request)
        with contextlib.suppress(ConnectionResetError):
            while part := line.recv(65536):
                answer += part
    return answer


@dataclass
class Attacker:
    """A visitor with a page, a kernel and the cookies that came with it."""

    url: str
    html: str
    cookie: str

    @classmethod
    def arrives(cls, url: str, **headers: str) -> Attacker:
        """Get the page, and the kernel behind it."""
        answer = ask(url, **headers)
        assert answer.status == 200, answer.text
        given = answer.headers.get_all("Set-Cookie") or []
        cookie = "; ".join(one.partition(";")[0] for one in given)
        return cls(url, answer.text, cookie)

    @property
    def kernel(self) -> str:
        """The id of their kernel."""
        return re.search(r'data-kernel-id="([0-9a-f-]+)"', self.html)[1]

    @property
    def record(self) -> str:
        """The address of what the server tells of their kernel."""
        return f"{self.url}api/kernels/{self.kernel}"

    @property
    def xsrf(self) -> str:
        """The token of their cookie, without which nothing is posted."""
        return re.search(r"_xsrf=([^;]+)", self.cookie)[1]

    @property
    def models(self) -> list[str]:
        """The ids of the widgets that the page shows first."""
        return re.findall(r'"model_id": ?"([0-9a-f]+)"', self.html)

    def ask(self, url: str, method: str = "GET", data: bytes | None = None) -> Answer:
        """Ask over HTTP, with their cookies."""
        return ask(url, method, data, Cookie=self.cookie)

    def connect(self, protocol: str | None = V1, session: str | None = None) -> Channels:
        """Connect to their kernel; without a protocol it is the older one, JSON as text."""
        return connect(self.record, self.cookie, protocol, session)


def connect(
    record: str,
    cookie: str = "",
    protocol: str | None = V1,
    session: str | None = None,
    **options: Any,
) -> Channels:
    """Connect to a kernel with somebody's cookies."""
    session = session if session is not None else uuid.uuid4().hex
    line = websocket.create_connection(
        f"{record.replace('http', 'ws', 1)}/channels?session_id={session}",
        timeout=PATIENCE,
        subprotocols=[protocol] if protocol else None,
        cookie=cookie,
        **options,
    )
    return Channels(line, bool(protocol))


class Channels:
    """A websocket to a kernel."""

    def __init__(self, line: websocket.WebSocket, is_v1: bool) -> None:  # noqa: FBT001 - one of two
        self.line = line
        self._is_v1 = is_v1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.line.close()

    def send(
        self,
        kind: str,
        content: object,
        channel: str = "shell",
        buffers: tuple[bytes, ...] = (),
        version: str = "",
    ) -> str:
        """Send a message; give its id."""
        header = {
            "msg_id": uuid.uuid4().hex,
            "msg_type": kind,
            "session": "attacker",
            "username": "",
            "version": "5.3",
            "date": "2026-11-23T00:00:00Z",
        }
        told = {"version": version} if version else {}
        parts = {"header": header, "parent_header": {}, "metadata": told, "content": content}
        if self._is_v1:
            raw = [json.dumps(part).encode() for part in parts.values()]
            self.line.send_binary(frame_of(channel.encode(), *raw, *buffers))
        else:
            self.line.send(json.dumps({"channel": channel, **parts, "buffers": []}))
        return header["msg_id"]

    def receive(self) -> dict[str, Any]:
        """Give the next message."""
        told = self.line.recv()
        if not told:
            raise ConnectionError
        if isinstance(told, str):
            return json.loads(told)
        count = int.from_bytes(told[:8], "little")
        places = [int.from_bytes(told[8 * n : 8 * n + 8], "little") for n in range(1, count + 1)]
        channel, *parts = [told[start:end] for start, end in pairwise(places)]
        names = ("header", "parent_header", "metadata", "content")
        read = dict(zip(names, map(json.loads, parts[:4]), strict=True))
        return {"channel": channel.decode(), **read}

    def all_until_answered(self, patience: float = PATIENCE) -> list[dict[str, Any]]:
        """Ask for what anybody may know, and give all that comes before and with the answer.

        The kernel takes one message after the other: what it did with those before, it did.
        """
        asked = self.send("kernel_info_request", {})
        messages, waits, deadline = [], {"kernel_info_reply", "idle"}, time.monotonic() + patience
        while waits:
            assert time.monotonic() < deadline, messages
            message = self.receive()
            messages.append(message)
            if message["parent_header"].get("msg_id") == asked:
                waits.discard(message["header"]["msg_type"])
                waits.discard(message["content"].get("execution_state"))
        return messages


def frame_of(*parts: bytes) -> bytes:
    """Make a frame of the protocol `V1`: the places of its parts, then the parts."""
    start = 8 * (len(parts) + 2)
    places = [start]
    for part in parts:
        places.append(places[-1] + len(part))
    numbers = [len(places), *places]
    return b"".join(number.to_bytes(8, "little") for number in numbers) + b"".join(parts)
