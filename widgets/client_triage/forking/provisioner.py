"""The kernel provisioner: what `jupyter_client` calls.

A kernelspec names it in its metadata:

.. code:: json

   {"kernel_provisioner": {
     "provisioner_name": "client-triage-fork",
     "config": {"preload": ["numpy", "my_dashboard:read_data"]}
   }}
"""

from __future__ import annotations

import contextlib
import os
import socket
import sys
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_client.connect import port_names
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from traitlets import Dict, List, Unicode

from client_triage.forking.parent import Request
from client_triage.forking.processes import (
    GoneError,
    RefusedError,
    end,
    parent_for,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jupyter_client.connect import KernelConnectionInfo
    from jupyter_client.kernelspec import KernelSpec

    from client_triage.forking.processes import ForkedKernel

__all__ = ["ForkingProvisioner", "can_fork", "end", "warm"]

_LAUNCHERS = {"ipykernel", "ipykernel_launcher"}
_PYTHONS = {"python", f"python{sys.version_info[0]}", "python{}.{}".format(*sys.version_info)}
_NOT_PASSED_ON = {"extra_arguments", "kernel_id"}  # nor does `LocalProvisioner`
_BACKLOG = 128
_ATTEMPTS = 2  # a parent may have died since the last kernel
_said: set[tuple[str, str]] = set()


def can_fork() -> bool:
    """Tell whether this system can fork kernels.

    Windows cannot fork. On macOS a fork is not safe once the system's frameworks were used.
    """
    return hasattr(os, "fork") and sys.platform != "darwin"


def warm(kernel_spec: KernelSpec) -> None:
    """Start the process that kernels are forked from, before the first of them is asked for.

    It does not wait until that process is warm. What keeps kernels from being forked is said when
    the first is launched.

    Parameters
    ----------
    kernel_spec
        A kernelspec that names this provisioner.
    """
    config = kernel_spec.metadata["kernel_provisioner"].get("config", {})
    with contextlib.suppress(RefusedError):
        command, _ = _taken_apart(kernel_spec.argv)
        parent_for(command, config.get("preload", []), kernel_spec.env)


class ForkingProvisioner(LocalProvisioner):
    """Forks IPython kernels from a process that has imported what they need.

    Where a kernel cannot be forked, it is started as `LocalProvisioner` does, and the log says why,
    once for each reason.
    """

    preload = List(
        Unicode(),
        help="What is imported before kernels are forked: a module, or module:function to call.",
    ).tag(config=True)

    _listening: Dict[str, socket.socket] = Dict()
    """What clients can connect to already, by the address under which the kernel takes it."""

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:  # noqa: ANN401 - as inherited
        """Bind the ports, then prepare as `LocalProvisioner` does."""
        manager = self.parent
        if manager is None or not can_fork():
            return await super().pre_launch(**kwargs)
        for name in port_names[len(self._listening) :]:  # all stay when a kernel is restarted
            port, listening = _listen(manager.transport, manager.ip, getattr(manager, name))
            self._listening[_address(manager.transport, manager.ip, port)] = listening
            setattr(manager, name, port)
        self.ports_cached = True  # there are ports: none are to be looked for
        try:
            return await super().pre_launch(**kwargs)
        finally:
            self.ports_cached = False  # and none to be given back

    async def launch_kernel(
        self,
        cmd: list[str],
        **kwargs: Any,  # noqa: ANN401 - as inherited
    ) -> KernelConnectionInfo:
        """Fork a kernel, or start one the ordinary way.

        Raises
        ------
        OSError
            The system refuses, or the kernel's folder does not exist.
        """
        try:
            kernel = await self._fork(cmd, **kwargs)
        except RefusedError as reason:
            self._say_once(str(reason))
            self._close_ports()  # an ordinary kernel binds them itself
            return await super().launch_kernel(cmd, **kwargs)
        except BaseException:
            self._close_ports()
            raise
        self.process = kernel  # type: ignore[assignment] # it has what is asked of a Popen here
        self.pid = self.pgid = kernel.pid
        self.cwd = kwargs.get("cwd") or Path.cwd()
        return self.connection_info

    async def send_signal(self, signum: int) -> None:
        """Signal the kernel and what it started, unless it has ended."""
        if await self.poll() is None:  # else its process id may be another's by now
            await super().send_signal(signum)

    async def cleanup(self, restart: bool = False) -> None:  # noqa: FBT001, FBT002 - as inherited
        """Give up the ports, unless the kernel is to be restarted on them."""
        await super().cleanup(restart=restart)
        # jupyter_client removes the files of IPC even then, and has them made again.
        if not restart or (self.parent is not None and self.parent.transport == "ipc"):
            self._close_ports()

    async def _fork(
        self, cmd: list[str], env: dict[str, str], cwd: str | None = None, **options: object
    ) -> ForkedKernel:
        if not can_fork():
            raise RefusedError("this system cannot fork safely")
        for name in options.keys() - _NOT_PASSED_ON:
            if options[name] is not None and options[name] is not False:
                raise RefusedError(f"{name!r} was asked for, which a fork cannot have")
        command, arguments = _taken_apart(cmd)
        request = Request(
            arguments=arguments,
            env={**env, "JPY_PARENT_PID": str(os.getpid())},
            cwd=str(cwd or Path.cwd()),
            addresses=list(self._listening),
        )
        for _ in range(_ATTEMPTS):
            parent = parent_for(command, self.preload, self.kernel_spec.env)
            with contextlib.suppress(GoneError):
                return await parent.fork(request, list(self._listening.values()))
        raise RefusedError("the process to fork from was killed, and so was the next one")

    def _close_ports(self) -> None:
        while self._listening:
            self._listening.popitem()[1].close()

    def _say_once(self, reason: str) -> None:
        name = self.kernel_spec.display_name
        if (name, reason) not in _said:
            _said.add((name, reason))
            self.log.warning("%s is started the ordinary way, not forked: %s.", name, reason)


def _taken_apart(cmd: Sequence[str]) -> tuple[list[str], list[str]]:
    """Give Python with its options, and the arguments of the kernel's launcher."""
    for place, word in enumerate(cmd[:-1]):
        if word == "-m" and cmd[place + 1] in _LAUNCHERS:
            python = sys.executable if cmd[0] in _PYTHONS else cmd[0]  # as jupyter_client reads it
            return [python, *cmd[1:place]], list(cmd[place + 2 :])
    raise RefusedError("its command is not `python -m ipykernel_launcher`")


def _address(transport: str, ip: str, port: int) -> str:
    """Give an address as ipykernel writes it."""
    return f"tcp://{ip}:{port}" if transport == "tcp" else f"{transport}://{ip}-{port}"


def _listen(transport: str, ip: str, port: int) -> tuple[int, socket.socket]:
    """Listen on a port, or on one that is free where it is 0; of IPC it is part of a path."""
    if transport == "ipc":
        port = port or next(one for one in count(1) if not Path(f"{ip}-{one}").exists())
        listening = _listen_at(Path(f"{ip}-{port}"))
    else:
        listening = socket.create_server((ip, port), backlog=_BACKLOG)
        port = listening.getsockname()[1]
    listening.settimeout(0)  # ZeroMQ expects it
    return port, listening


def _listen_at(path: Path) -> socket.socket:
    listening = socket.socket(socket.AF_UNIX)
    try:
        path.unlink(missing_ok=True)  # of a kernel that was killed, as ZeroMQ does
        listening.bind(str(path))
        listening.listen(_BACKLOG)
    except OSError:
        listening.close()
        raise
    return listening
