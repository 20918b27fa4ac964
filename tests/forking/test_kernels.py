"""A forked kernel does what an ordinary one does."""

import asyncio
import os
import signal
import sys

import nbformat
import pytest
from nbclient import NotebookClient

from .kernels import is_process, until

DRAWS = "[random.random(), float(numpy.random.random()), str(uuid.uuid4())]"


@pytest.mark.parametrize("transport", ["tcp", "ipc"])
async def test_a_cell_runs_and_what_it_prints_arrives(specs, start, transport):
    async with start(specs(), transport=transport) as kernel:
        reply, printed = await kernel.run("import os; print('ready'); os.system('echo below')")
        assert (reply["status"], reply["execution_count"]) == ("ok", 1)
        assert "ready\n" in printed
        assert "below\n" in printed


async def test_an_interrupt_ends_a_loop_and_what_the_cell_started(specs, start):
    async with start(specs()) as kernel:
        code = (
            "import subprocess\n"
            "started = subprocess.Popen(['sleep', '600'])\n"
            "print(started.pid)\n"
            "while True: pass"
        )
        heard = asyncio.Event()
        running = asyncio.create_task(kernel.run(code, heard))
        await heard.wait()
        await kernel.manager.interrupt_kernel()
        reply, _ = await running
        assert reply["ename"] == "KeyboardInterrupt"
        assert await kernel.value("started.wait()") == -signal.SIGINT


async def test_an_interrupt_while_a_kernel_starts_does_not_end_it(specs, start):
    async with start(specs()) as kernel:
        await kernel.manager.restart_kernel()
        await kernel.manager.interrupt_kernel()
        await kernel.connect()
        assert await kernel.value("1 + 1") == 2


@pytest.mark.parametrize("transport", ["tcp", "ipc"])
async def test_a_restart_gives_an_empty_namespace_in_a_new_process_at_the_same_address(
    specs, start, transport
):
    async with start(specs(), transport=transport) as kernel:
        before, ports = kernel.pid, kernel.manager.ports
        await kernel.run("kept = 1")
        await kernel.manager.restart_kernel()
        await kernel.connect()
        assert await kernel.value("'kept' in globals()") is False
        assert kernel.pid != before
        assert kernel.manager.ports == ports


async def test_a_shutdown_leaves_no_process_and_no_file(specs, start, runtime):
    async with start(specs(), transport="ipc") as kernel:
        pid = kernel.pid
        await kernel.manager.shutdown_kernel()
        await until(lambda: not is_process(pid))
        assert not await kernel.manager.is_alive()
        assert list(runtime.glob("*.json*")) == list(runtime.glob("*-ipc-*")) == []


async def test_a_kernel_that_was_killed_is_reported_dead_and_reaped(specs, start):
    async with start(specs()) as kernel:
        assert await kernel.manager.is_alive()
        os.kill(kernel.pid, signal.SIGKILL)
        await until(lambda: not is_process(kernel.pid))
        assert not await kernel.manager.is_alive()
        assert await kernel.manager.provisioner.poll() == -signal.SIGKILL


async def test_a_kernel_that_exits_gives_its_exit_status(specs, start):
    async with start(specs()) as kernel:
        kernel.client.execute("import os; os._exit(7)")
        await until(lambda: not is_process(kernel.pid))
        assert await kernel.manager.provisioner.poll() == 7


async def test_a_process_that_has_ended_is_not_signalled(specs, start, monkeypatch):
    async with start(specs()) as kernel:
        os.kill(kernel.pid, signal.SIGKILL)
        await until(lambda: not is_process(kernel.pid))
        signalled = []
        monkeypatch.setattr(os, "killpg", lambda *given: signalled.append(given))
        monkeypatch.setattr(os, "kill", lambda *given: signalled.append(given))
        await kernel.manager.provisioner.send_signal(signal.SIGTERM)
        assert signalled == []


async def test_kernels_draw_different_random_numbers(specs, start):
    kernel_specs = specs("numpy.random", "uuid")
    async with start(kernel_specs) as one, start(kernel_specs) as other:
        drawn = [await kernel.value(DRAWS, "random", "numpy", "uuid") for kernel in (one, other)]
        assert not set(drawn[0]) & set(drawn[1])


async def test_kernels_of_one_parent_share_no_key_of_multiprocessing(specs, start):
    key = "multiprocessing.current_process().authkey.hex()"
    kernel_specs = specs("multiprocessing")
    async with start(kernel_specs) as one, start(kernel_specs) as other:
        keys = [await kernel.value(key, "multiprocessing") for kernel in (one, other)]
        assert keys[0] != keys[1]


async def test_environment_and_folder_are_those_of_the_request(specs, start, tmp_path):
    env = {**os.environ, "ASKED": "for", "TZ": "Asia/Seoul"}
    env.pop("HOME")
    async with start(specs(FROM="spec"), env=env, cwd=str(tmp_path)) as kernel:
        asked = "[os.getcwd(), os.environ.get('ASKED'), os.environ['FROM'], 'HOME' in os.environ]"
        assert await kernel.value(asked, "os") == [str(tmp_path), "for", "spec", False]
        assert await kernel.value("time.tzname[0]", "time") == "KST"
        assert await kernel.value("os.environ['JPY_PARENT_PID']", "os") == str(os.getpid())


async def test_an_environment_larger_than_a_sockets_buffer_arrives_whole(specs, start):
    large = {f"LARGE_{number}": "x" * 100_000 for number in range(10)}
    async with start(specs(), env={**os.environ, **large}) as kernel:
        assert await kernel.value("sum(map(len, os.environ.values())) > 1_000_000", "os")


async def test_a_folder_that_does_not_exist_fails_the_start_as_it_does_for_any_kernel(
    specs, start, tmp_path
):
    missing = str(tmp_path / "missing")
    with pytest.raises(FileNotFoundError, match="missing"):
        async with start(specs(), cwd=missing):
            pass


async def test_a_kernel_leads_a_session_of_its_own(specs, start):
    async with start(specs()) as kernel:
        ids = await kernel.value("[os.getpid(), os.getpgrp(), os.getsid(0)]", "os")
        assert ids == [kernel.pid] * 3


async def test_kernels_have_no_sockets_of_each_other(specs, start):
    code = (
        "import contextlib, os\n"
        "for name in os.listdir('/proc/self/fd'):\n"
        "    with contextlib.suppress(FileNotFoundError):\n"
        "        print(os.readlink(f'/proc/self/fd/{name}'))\n"
    )
    kernel_specs = specs()
    async with start(kernel_specs) as one, start(kernel_specs) as other:
        files = [set((await kernel.run(code))[1].split()) for kernel in (one, other)]
        sockets = [{file for file in has if file.startswith("socket:")} for has in files]
        assert sockets[0]
        assert not sockets[0] & sockets[1]


async def test_what_a_kernel_starts_has_none_of_its_sockets(specs, start, tmp_path):
    # Into a file: what a process prints may arrive after the cell has ended.
    command = f"ls -l /proc/self/fd > '{tmp_path}/files'"
    async with start(specs()) as kernel:
        assert await kernel.value(f"os.system({command!r})", "os") == 0
    files = (tmp_path / "files").read_text("utf-8")
    assert "/proc/" in files
    assert "socket:" not in files


async def test_thirty_kernels_started_at_once_have_ports_of_their_own(specs, start):
    kernel_specs = specs()

    async def one():
        async with start(kernel_specs) as kernel:
            ports.extend(kernel.manager.ports)
            pids.add(await kernel.value("os.getpid()", "os"))
            ready.release()
            await everyone.wait()

    ports, pids = [], set()
    ready, everyone = asyncio.Semaphore(0), asyncio.Event()
    running = [asyncio.create_task(one()) for _ in range(30)]
    for _ in running:
        await ready.acquire()
    everyone.set()
    await asyncio.gather(*running)
    assert len(set(ports)) == 150
    assert len(pids) == 30


async def test_arguments_of_the_kernelspec_hold(specs, start):
    argv = (sys.executable, "-m", "ipykernel_launcher", "--IPKernelApp.exec_lines=said = 'first'")
    async with start(specs(argv=argv)) as kernel:
        assert await kernel.value("said") == "first"


async def test_the_debugger_is_told_the_files_of_all_modules(specs, start):
    async with start(specs()) as kernel:
        known = (
            "import sys\n"
            "known = set(get_ipython().kernel._kernel_modules)\n"
            "files = {getattr(one, '__file__', None) for one in sys.modules.values()} - {None}"
        )
        await kernel.run(known)
        assert await kernel.value("len(known) > 500 and len(files - known) < 20")


def test_nbclient_runs_a_notebook_by_the_kernelspec(specs):
    cells = [nbformat.v4.new_code_cell("import os\nprint(os.environ['FROM'])")]
    notebook = nbformat.v4.new_notebook(cells=cells)
    kernel_specs = specs(FROM="spec")
    client = NotebookClient(notebook, kernel_name="forked")
    client.create_kernel_manager()
    client.km.kernel_spec_manager = kernel_specs
    client.execute()
    assert notebook.cells[0].outputs[0]["text"] == "spec\n"
