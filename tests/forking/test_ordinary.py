"""Where a kernel cannot be forked, an ordinary one is started, and the log says so once."""

import os
import sys

import pytest

from client_triage.forking import processes, provisioner
from client_triage.forking.processes import end

ORDINARY = "started the ordinary way"


@pytest.fixture(autouse=True)
def unsaid(monkeypatch):
    """Begin with nothing said, and end without parents."""
    monkeypatch.setattr(provisioner, "_said", set())
    yield
    end()


async def parent_of(kernel):
    return await kernel.value("os.getppid()", "os")


def said(caplog):
    return [record.getMessage() for record in caplog.records if ORDINARY in record.getMessage()]


@pytest.mark.parametrize("transport", ["tcp", "ipc"])
async def test_without_fork_kernels_are_ordinary_and_it_is_said_once(
    specs, start, monkeypatch, caplog, transport
):
    monkeypatch.delattr(os, "fork")
    for _ in range(2):
        async with start(specs(), transport=transport) as kernel:
            assert await parent_of(kernel) == os.getpid()
    assert said(caplog) == [
        "Forked is started the ordinary way, not forked: this system cannot fork safely."
    ]


async def test_on_macos_kernels_are_ordinary(monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    assert not provisioner.can_fork()


@pytest.mark.parametrize("transport", ["tcp", "ipc"])
async def test_what_cannot_be_preloaded_gives_ordinary_kernels_from_then_on(
    specs, start, caplog, transport
):
    kernel_specs = specs("no_such_module")
    async with start(kernel_specs, transport=transport) as kernel:
        assert await parent_of(kernel) == os.getpid()
        parents = list(processes._parents.values())  # noqa: SLF001 - nothing else knows them
        await kernel.manager.restart_kernel()
        await kernel.connect()
        assert await parent_of(kernel) == os.getpid()
        assert list(processes._parents.values()) == parents  # noqa: SLF001 - as above
    assert len(said(caplog)) == 1
    assert "ended with status 1" in said(caplog)[0]


async def test_what_leaves_a_thread_behind_is_not_preloaded(specs, start, tmp_path, capfd):
    code = "import _thread, time\n_thread.start_new_thread(time.sleep, (600,))"
    (tmp_path / "threaded.py").write_text(code, encoding="utf-8")
    async with start(specs("threaded", PYTHONPATH=str(tmp_path))) as kernel:
        assert await parent_of(kernel) == os.getpid()
    assert "threaded cannot be preloaded: it leaves threads behind" in capfd.readouterr().err


@pytest.mark.parametrize("name", ["PYTHONHASHSEED", "LC_ALL"])
async def test_a_variable_that_python_reads_when_it_starts_holds(specs, start, caplog, name):
    value = {"PYTHONHASHSEED": "7", "LC_ALL": "C.UTF-8"}[name]
    async with start(specs(), env={**os.environ, name: value}) as kernel:
        assert await kernel.value(f"os.environ['{name}']", "os") == value
        assert await parent_of(kernel) == os.getpid()
    assert name in said(caplog)[0]


async def test_what_is_asked_of_popen_is_given(specs, start, tmp_path, caplog):
    with (tmp_path / "out").open("w") as out:
        async with start(specs(), stdout=out) as kernel:
            await kernel.run("import os, sys; os.write(sys.__stdout__.fileno(), b'here')")
            assert await parent_of(kernel) == os.getpid()
    assert "'stdout' was asked for" in said(caplog)[0]


async def test_another_command_is_run_as_it_stands(specs, start, caplog):
    code = "from ipykernel.kernelapp import launch_new_instance as run; run()"
    async with start(specs(argv=(sys.executable, "-c", code))) as kernel:
        assert await parent_of(kernel) == os.getpid()
    assert len(said(caplog)) == 1


async def test_a_python_that_does_not_exist_fails_the_start(specs, start, tmp_path):
    argv = (str(tmp_path / "python"), "-m", "ipykernel_launcher")
    with pytest.raises(FileNotFoundError):
        async with start(specs(argv=argv)):
            pass


async def test_an_ordinary_kernel_is_interrupted_and_killed_too(specs, start, monkeypatch):
    monkeypatch.delattr(os, "fork")
    async with start(specs()) as kernel:
        await kernel.manager.interrupt_kernel()
        assert await kernel.value("1") == 1
        await kernel.manager.shutdown_kernel(now=True)
        assert not await kernel.manager.is_alive()
