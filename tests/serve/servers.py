"""Servers of their own, as processes on this computer."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import time
from typing import TYPE_CHECKING

import pytest

from .attacker import ask

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

START_SECONDS = 60
END_SECONDS = 10


def free_port() -> int:
    """Find a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def running(
    command: list[str], url: str, log: Path, env: Mapping[str, str] | None = None
) -> Iterator[None]:
    """Run a server until the end of the block, which begins when the server answers."""
    with (
        log.open("wb") as told,
        subprocess.Popen(
            command, stdout=told, stderr=told, env=env, start_new_session=True
        ) as process,
    ):
        try:
            _wait(process, f"{url}voila/room", log)
            yield
        finally:
            process.terminate()
            try:
                process.wait(END_SECONDS)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)


def _wait(process: subprocess.Popen[bytes], address: str, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        assert process.poll() is None, log.read_text()
        try:
            ask(address)
        except OSError:
            time.sleep(0.05)
        else:
            return
    pytest.fail("the server was not ready in time")
