"""The process to fork from: what it holds, and what happens when it or the server dies."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import threading

import psutil
import pytest
from jupyter_client.kernelspec import KernelSpec

import client_triage.forking
from client_triage.forking import end, processes, warm
from client_triage.forking.processes import parent_for

from .conftest import GROUP
from .kernels import is_process, runs, until

SERVER = """
import asyncio, sys
from importlib.metadata import EntryPoint
from jupyter_client import AsyncKernelManager
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.provisioning import KernelProvisionerFactory
from client_triage.forking import processes

name = "client-triage-fork"
value = "client_triage.forking.provisioner:ForkingProvisioner"
KernelProvisionerFactory.provisioners[name] = EntryPoint(name, value, sys.argv[3])

async def main():
    specs = KernelSpecManager(kernel_dirs=[sys.argv[1]])
    manager = AsyncKernelManager(
        kernel_name="forked", kernel_spec_manager=specs, connection_file=sys.argv[2]
    )
    await manager.start_kernel()
    client = manager.client()
    client.start_channels()
    await client.wait_for_ready()
    (parent,) = processes._parents.values()
    print(parent.pid, manager.provisioner.pid, flush=True)
    await asyncio.sleep(600)

asyncio.run(main())
"""


@pytest.fixture
def alone():
    """Begin and end without parents of other tests."""
    end()
    yield
    end()


class Gate:
    """A module whose import ends when it may."""

    module = "gated"

    def __init__(self, folder):
        self.path = str(folder)
        self._opened = folder / "opened"
        code = f"import os, time\nwhile not os.path.exists({str(self._opened)!r}): time.sleep(0.01)"
        (folder / "gated.py").write_text(code, encoding="utf-8")

    def open(self):
        self._opened.touch()


@pytest.fixture
def gate(tmp_path):
    return Gate(tmp_path)


def has_parent():
    return bool(processes._parents)  # noqa: SLF001 - nothing else knows them


async def pid_of_parent(start, kernel_specs):
    async with start(kernel_specs) as kernel:
        return await kernel.value("os.getppid()", "os")


def the_parent():
    (parent,) = processes._parents.values()  # noqa: SLF001 - nothing else knows it
    return parent


@pytest.mark.usefixtures("alone")
async def test_what_is_preloaded_is_there_before_anything_is_imported(specs, start, tmp_path):
    code = "import os\nmade_by = os.getpid()\ndef read():\n    global data\n    data = 1"
    (tmp_path / "warmed.py").write_text(code, encoding="utf-8")
    async with start(specs("warmed:read", PYTHONPATH=str(tmp_path))) as kernel:
        loaded = "[sys.modules['warmed'].made_by, sys.modules['warmed'].data]"
        assert await kernel.value(loaded, "sys") == [the_parent().pid, 1]


@pytest.mark.usefixtures("alone")
async def test_kernels_of_one_kernelspec_come_from_one_parent(specs, start):
    kernel_specs = specs()
    async with start(kernel_specs) as one, start(kernel_specs) as other:
        parents = [await kernel.value("os.getppid()", "os") for kernel in (one, other)]
        assert parents == [the_parent().pid] * 2


@pytest.mark.usefixtures("alone")
async def test_numpy_can_be_preloaded_although_it_starts_threads(specs, start):
    async with start(specs("numpy", OPENBLAS_NUM_THREADS="2")) as kernel:
        assert (
            await kernel.value("float((numpy.ones((300, 300)) @ numpy.ones(300))[0])", "numpy")
            == 300
        )
        assert await kernel.value("os.getppid()", "os") == the_parent().pid
        assert psutil.Process(the_parent().pid).num_threads() == 1


@pytest.mark.usefixtures("alone")
async def test_a_kernel_outlives_its_parent_and_the_next_comes_from_a_new_one(specs, start):
    kernel_specs = specs()
    async with start(kernel_specs) as one:
        first = the_parent().pid
        os.kill(first, signal.SIGKILL)
        async with start(kernel_specs) as other:
            assert the_parent().pid != first
            assert not is_process(first)
            assert [await kernel.value("6 * 7") for kernel in (one, other)] == [42, 42]
        assert await one.manager.is_alive()
        await one.manager.interrupt_kernel()
        await one.manager.restart_kernel()
        await one.connect()
        assert await one.value("os.getppid()", "os") == the_parent().pid


@pytest.mark.usefixtures("alone")
async def test_a_kernel_whose_parent_died_is_reported_dead_when_it_ends(specs, start):
    async with start(specs()) as kernel:
        os.kill(the_parent().pid, signal.SIGKILL)
        await until(lambda: not runs(the_parent().pid))
        assert await kernel.manager.is_alive()
        os.kill(kernel.pid, signal.SIGKILL)
        await until(lambda: kernel.manager.provisioner.process.poll() is not None)
        assert not await kernel.manager.is_alive()


@pytest.mark.usefixtures("alone")
async def test_a_parent_that_is_killed_while_a_kernel_waits_for_it_is_replaced(specs, start, gate):
    starting = asyncio.create_task(pid_of_parent(start, specs(gate.module, PYTHONPATH=gate.path)))
    await until(has_parent)
    first = the_parent().pid
    os.kill(first, signal.SIGKILL)
    gate.open()
    assert await starting == the_parent().pid
    assert the_parent().pid != first


@pytest.mark.parametrize("parent_dies_first", [False, True])
async def test_parent_and_kernels_end_with_a_server_that_is_killed(
    specs, runtime, parent_dies_first
):
    specs()
    server = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        SERVER,
        specs().kernel_dirs[0],
        str(runtime / "server.json"),
        GROUP,
        stdout=subprocess.PIPE,
    )
    pids = [int(pid) for pid in (await server.stdout.readline()).split()]
    assert all(runs(pid) for pid in pids)
    if parent_dies_first:
        os.kill(pids[0], signal.SIGKILL)
    server.kill()
    await server.wait()
    await until(lambda: not any(runs(pid) for pid in pids))


@pytest.mark.usefixtures("alone")
async def test_the_end_of_a_server_ends_what_its_kernels_started(specs, start):
    async with start(specs()) as kernel:
        started = await kernel.value("subprocess.Popen(['sleep', '600']).pid", "subprocess")
        end()
        await until(lambda: not runs(kernel.pid) and not runs(started))


@pytest.mark.usefixtures("alone")
async def test_a_launch_that_nobody_waits_for_any_more_leaves_no_kernel(specs, start, gate):
    kernel_specs = specs(gate.module, PYTHONPATH=gate.path)
    starting = asyncio.create_task(pid_of_parent(start, kernel_specs))
    await until(has_parent)
    starting.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await starting
    gate.open()
    async with start(kernel_specs) as kernel:
        parent = psutil.Process(the_parent().pid)
        await until(lambda: [child.pid for child in parent.children()] == [kernel.pid])


@pytest.mark.usefixtures("alone")
def test_warming_ahead_starts_the_parent_that_the_first_kernel_uses(specs):
    spec = specs("json").get_kernel_spec("forked")
    warm(spec)
    parent = the_parent()
    assert runs(parent.pid)
    assert parent_for([sys.executable], ["json"], spec.env) is parent


def test_the_warm_process_loads_nothing_of_the_servers_side():
    code = "import sys, client_triage.forking.parent; print(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(ran.stdout.split())
    assert not {"client_triage.forking.provisioner", "jupyter_client", "asyncio"} & loaded


def test_a_name_that_is_not_there_is_an_attribute_error():
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        client_triage.forking.nothing  # noqa: B018 - looking is what fails


def test_warming_ahead_what_cannot_be_forked_raises_nothing():
    metadata = {"kernel_provisioner": {"provisioner_name": "client-triage-fork"}}
    warm(KernelSpec(argv=["ir", "{connection_file}"], metadata=metadata))


@pytest.mark.usefixtures("alone")
async def test_the_servers_loop_runs_while_a_parent_warms_up(specs, start, gate):
    starting = asyncio.create_task(pid_of_parent(start, specs(gate.module, PYTHONPATH=gate.path)))
    await until(has_parent)
    gate.open()  # the loop got here, and only this lets the kernel start
    assert await starting == the_parent().pid


@pytest.mark.usefixtures("alone")
async def test_a_fork_that_the_system_refuses_fails_the_start(specs, start, tmp_path):
    code = "import os\ndef refuse(): raise BlockingIOError(11, 'try again')\nos.fork = refuse"
    (tmp_path / "forkless.py").write_text(code, encoding="utf-8")
    with pytest.raises(BlockingIOError, match="try again"):
        async with start(specs("forkless", PYTHONPATH=str(tmp_path))):
            pass
    assert runs(the_parent().pid)


def test_kernels_can_be_started_from_several_loops_and_threads(specs, start):
    kernel_specs = specs()
    values = []

    async def one():
        async with start(kernel_specs) as kernel:
            values.append(await kernel.value("1"))

    threads = [threading.Thread(target=asyncio.run, args=(one(),)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert values == [1, 1, 1]
