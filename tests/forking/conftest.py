"""Real kernels by the provisioner."""

from __future__ import annotations

import asyncio
import contextlib
import inspect
import json
import os
import sys
import tomllib
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest
from jupyter_client import AsyncKernelManager
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.provisioning import KernelProvisionerFactory

from client_triage.forking.processes import end

from .kernels import Kernel

ROOT = Path(__file__).parents[2]
GROUP = "jupyter_client.kernel_provisioners"


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem):
    """Run a test that is a coroutine in a loop of its own."""
    test = pyfuncitem.obj
    if not inspect.iscoroutinefunction(test):
        return None
    asyncio.run(
        test(**{name: pyfuncitem.funcargs[name] for name in inspect.signature(test).parameters})
    )
    return True


@pytest.fixture(scope="session", autouse=True)
def registered():
    """Register the provisioner as `pyproject.toml` does: a checkout need not be installed."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    for name, value in project["entry-points"][GROUP].items():
        KernelProvisionerFactory.provisioners[name] = EntryPoint(name, value, GROUP)
    yield
    end()


@pytest.fixture
def specs(tmp_path):
    """Give a function that writes a kernelspec, and the manager that finds it."""

    def write(*preload, argv=(sys.executable, "-m", "ipykernel_launcher"), **env):
        folder = tmp_path / "kernels" / "forked"
        folder.mkdir(parents=True, exist_ok=True)
        provisioner = {
            "provisioner_name": "client-triage-fork",
            "config": {"preload": list(preload)},
        }
        spec = {
            "argv": [*argv, "-f", "{connection_file}", "--HistoryManager.enabled=False"],
            "display_name": "Forked",
            "language": "python",
            "env": {"IPYTHONDIR": "${JUPYTER_RUNTIME_DIR}", **env},
            "metadata": {"kernel_provisioner": provisioner},
        }
        (folder / "kernel.json").write_text(json.dumps(spec), encoding="utf-8")
        return KernelSpecManager(kernel_dirs=[str(folder.parent)])

    return write


@pytest.fixture(autouse=True)
def runtime(tmp_path_factory, monkeypatch):
    """Keep connection files and IPython's profile out of the user's folders."""
    folder = tmp_path_factory.mktemp("r")
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(folder))
    return folder


@pytest.fixture
def start(runtime):
    """Give a context in which a kernel runs."""
    numbers = iter(range(100))

    @contextlib.asynccontextmanager
    async def running(kernel_specs, *, transport="tcp", **options):
        manager = AsyncKernelManager(
            kernel_name="forked",
            kernel_spec_manager=kernel_specs,
            transport=transport,
            connection_file=str(runtime / f"{next(numbers)}.json"),
        )
        kernel = Kernel(manager)
        # ipykernel captures nothing below Python where it believes to be under pytest.
        env = {name: os.environ[name] for name in os.environ if name != "PYTEST_CURRENT_TEST"}
        await manager.start_kernel(**{"env": env, **options})
        try:
            await kernel.connect()
            yield kernel
        finally:
            kernel.close()
            await manager.shutdown_kernel(now=True)

    return running
