"""When a visitor's kernel is ended; the kernels are stand-ins."""

import asyncio
from datetime import timedelta

import pytest
from jupyter_client.kernelspec import KernelSpec
from jupyter_server._tz import utcnow

from client_triage.serve import kernels as kernels_module
from client_triage.serve.kernels import PageKernels

HOUR = 3600


class Kernel:
    """What a kernel manager says of an idle kernel."""

    execution_state = "idle"
    kernel_name = "python3"
    kernel_spec = KernelSpec()

    def __init__(self):
        self.last_activity = utcnow()


class Kernels(PageKernels):
    """The manager of one kernel, "k"."""

    def __init__(self, **config):
        super().__init__(**config)
        self.ended = []
        self._kernels["k"] = Kernel()
        self._kernel_connections["k"] = 0

    def let_idle(self, **time):
        """Have had the kernel do nothing for so long."""
        self._kernels["k"].last_activity -= timedelta(**time)


@pytest.fixture
def clock(monkeypatch):
    """Give a clock that the test moves: ``clock(seconds)``."""
    now = [1000.0]
    monkeypatch.setattr(kernels_module.time, "monotonic", lambda: now[0])
    return lambda seconds: now.__setitem__(0, now[0] + seconds)


@pytest.fixture
def kernels(monkeypatch):
    """Give the manager of one kernel, "k"; ``kernels.ended`` says what was ended."""
    manager = Kernels(cull_idle_timeout=HOUR, cull_connected=True)

    async def shutdown(kernel_id, **_):
        manager.ended.append(kernel_id)

    monkeypatch.setattr(manager, "shutdown_kernel", shutdown)
    return manager


def cull(kernels):
    asyncio.run(kernels.cull_kernels())
    return kernels.ended


def test_a_kernel_that_waits_for_its_first_visitor_is_kept(kernels, clock):
    kernels.let_idle(hours=9)
    clock(9 * HOUR)
    assert cull(kernels) == []


def test_a_kernel_whose_page_never_connects_is_ended_after_a_minute(kernels, clock):
    kernels.hand_out("k")
    clock(59)
    assert cull(kernels) == []
    clock(2)
    assert cull(kernels) == ["k"]


def test_a_kernel_whose_page_is_there_is_kept(kernels, clock):
    kernels.hand_out("k")
    kernels.notify_connect("k")
    clock(HOUR / 2)
    assert cull(kernels) == []


def test_a_kernel_whose_page_idles_for_an_hour_is_ended(kernels):
    kernels.hand_out("k")
    kernels.notify_connect("k")
    kernels.let_idle(hours=1, seconds=1)
    assert cull(kernels) == ["k"]


def test_a_kernel_whose_page_went_away_waits_ten_minutes_for_it(kernels, clock):
    kernels.notify_connect("k")
    kernels.notify_disconnect("k")
    clock(599)
    assert cull(kernels) == []
    clock(2)
    assert cull(kernels) == ["k"]


def test_a_page_that_comes_back_in_time_finds_its_kernel(kernels, clock):
    kernels.notify_connect("k")
    kernels.notify_disconnect("k")
    clock(599)
    kernels.notify_connect("k")
    clock(HOUR / 2)
    assert cull(kernels) == []


def test_a_kernel_that_its_page_ended_meanwhile_is_no_fault():
    asyncio.run(PageKernels().shutdown_kernel("gone", now=True))


def test_one_of_two_connections_that_ends_is_no_farewell(kernels, clock):
    kernels.notify_connect("k")
    kernels.notify_connect("k")
    kernels.notify_disconnect("k")
    clock(HOUR / 2)
    assert cull(kernels) == []


def test_kernels_have_sockets_for_more_visitors_than_zeromq_expects():
    visitors, sockets_each = 500, 5
    with PageKernels().context as context:
        assert context.max_sockets > visitors * sockets_each
