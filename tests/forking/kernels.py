"""A kernel as tests use it, and what they ask of processes."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from pathlib import Path

SECONDS = 60


class Kernel:
    """A kernel with its manager and a client."""

    def __init__(self, manager):
        self.manager = manager
        self.client = None

    @property
    def pid(self):
        return self.manager.provisioner.pid

    async def connect(self):
        self.close()
        self.client = self.manager.client()
        self.client.start_channels()
        await self.client.wait_for_ready(SECONDS)

    def close(self):
        if self.client is not None:
            self.client.stop_channels()

    async def run(self, code, heard=None):
        """Run a cell; give its reply and what it printed."""
        printed = []

        def listen(message):
            if message["msg_type"] == "stream":
                printed.append(message["content"]["text"])
                if heard is not None:
                    heard.set()

        reply = await self.client.execute_interactive(
            code, allow_stdin=False, output_hook=listen, timeout=SECONDS
        )
        return reply["content"], "".join(printed)

    async def value(self, expression, *modules):
        """Give a value that JSON can hold."""
        imports = "".join(f"import {module}\n" for module in ("json", *modules))
        reply, printed = await self.run(f"{imports}print(json.dumps({expression}))")
        assert reply["status"] == "ok", reply
        return json.loads(printed)


def is_process(pid):
    """Tell whether there is such a process, a zombie too."""
    return Path(f"/proc/{pid}").is_dir()


def runs(pid):
    """Tell whether a process runs; one that nobody reaps yet does not."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[0] != "Z"
    return False


async def until(condition):
    """Wait until a condition holds."""
    deadline = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < deadline, "it never came true"
        await asyncio.sleep(0.02)
