"""What is kept ready, and whose turn it is; nothing of Jupyter."""

import asyncio
import logging

import pytest

from client_triage.serve import pool as pool_module
from client_triage.serve.pool import Pool


class Workshop:
    """Makes numbers, when it is told to."""

    def __init__(self):
        self.begun = 0
        self.bad = set()
        self.orders = []
        self.on_begin = lambda: None

    async def make(self):
        self.begun += 1
        self.on_begin()
        order = asyncio.get_running_loop().create_future()
        self.orders.append(order)
        return await order

    async def is_good(self, one):
        return one not in self.bad

    async def deliver(self, one):
        """Finish what was begun first; what that sets off has happened when this returns."""
        order = self.orders.pop(0)
        if isinstance(one, Exception):
            order.set_exception(one)
        else:
            order.set_result(one)
        await settle()


async def settle():
    for _ in range(10):
        await asyncio.sleep(0)


def run(story, *, size=0, at_once=2):
    """Run a story of a workshop and its pool."""

    async def whole():
        workshop = Workshop()
        pool = Pool(workshop.make, workshop.is_good, size=size, at_once=at_once)
        await asyncio.wait_for(story(workshop, pool), 10)
        await pool.close()

    asyncio.run(whole())


async def takers(pool, count):
    tasks = [asyncio.create_task(pool.take()) for _ in range(count)]
    await settle()
    return tasks


def test_it_fills_up_to_its_size_one_at_a_time():
    async def story(workshop, pool):
        pool.fill()
        await settle()
        begun = []
        for number in range(3):
            begun.append(workshop.begun)
            await workshop.deliver(number)
        assert begun == [1, 2, 3]
        assert pool.ready == (0, 1, 2)
        assert workshop.begun == 3

    run(story, size=3)


def test_what_is_ready_is_handed_out_at_once_and_made_up_for_after_a_rest(monkeypatch):
    monkeypatch.setattr(pool_module, "_REST", 0.01)

    async def story(workshop, pool):
        pool.fill()
        await settle()
        await workshop.deliver("a")
        again = asyncio.Event()
        workshop.on_begin = again.set
        assert await pool.take() == "a"
        await settle()
        assert workshop.begun == 1
        await again.wait()
        assert workshop.begun == 2

    run(story, size=1)


def test_while_the_pool_rests_who_finds_nothing_ready_is_served_all_the_same():
    async def story(workshop, pool):
        pool.fill()
        await settle()
        await workshop.deliver("a")
        await pool.take()
        [other] = await takers(pool, 1)
        await workshop.deliver("b")
        assert await other == "b"

    run(story, size=1)


def test_who_asks_first_is_served_first():
    async def story(workshop, pool):
        first, second, third = await takers(pool, 3)
        await workshop.deliver("a")
        assert (first.done(), second.done(), third.done()) == (True, False, False)
        await workshop.deliver("b")
        await workshop.deliver("c")
        assert [await one for one in (first, second, third)] == ["a", "b", "c"]

    run(story)


def test_no_more_are_made_at_once_than_is_good_for_the_first():
    async def story(workshop, pool):
        tasks = await takers(pool, 5)
        assert workshop.begun == 2
        await workshop.deliver("a")
        assert workshop.begun == 3
        for task in tasks:
            task.cancel()

    run(story, at_once=2)


def test_what_went_bad_is_handed_to_nobody():
    async def story(workshop, pool):
        pool.fill()
        await settle()
        await workshop.deliver("a")
        await workshop.deliver("b")
        workshop.bad.add("a")
        assert await pool.take() == "b"

    run(story, size=2)


def test_where_all_went_bad_one_waits_for_a_new_one():
    async def story(workshop, pool):
        pool.fill()
        await settle()
        await workshop.deliver("a")
        workshop.bad.add("a")
        (taker,) = await takers(pool, 1)
        await workshop.deliver("b")
        assert await taker == "b"

    run(story, size=1)


def test_who_leaves_holds_nobody_up():
    async def story(workshop, pool):
        first, second = await takers(pool, 2)
        first.cancel()
        await settle()
        await workshop.deliver("a")
        assert await second == "a"

    run(story)


def test_what_comes_for_somebody_who_just_left_is_kept():
    async def story(workshop, pool):
        (taker,) = await takers(pool, 1)
        workshop.orders.pop(0).set_result("a")
        await asyncio.sleep(0)
        taker.cancel()
        await settle()
        assert pool.ready == ("a",)

    run(story)


def test_what_comes_for_somebody_who_just_left_goes_to_the_next_in_line():
    async def story(workshop, pool):
        first, second = await takers(pool, 2)
        workshop.orders.pop(0).set_result("a")
        await asyncio.sleep(0)
        first.cancel()
        await settle()
        assert await second == "a"

    run(story, at_once=1)


def test_a_failure_is_told_to_the_one_who_waits_and_the_next_is_served():
    async def story(workshop, pool):
        first, second = await takers(pool, 2)
        await workshop.deliver(RuntimeError("no room on the disk"))
        await workshop.deliver("b")
        with pytest.raises(RuntimeError, match="no room on the disk"):
            await first
        assert await second == "b"

    run(story)


def test_a_failure_for_nobody_is_logged_and_tried_again_after_a_pause(monkeypatch, caplog):
    monkeypatch.setattr(pool_module, "_PAUSE", 0.01)

    async def story(workshop, pool):
        again = asyncio.Event()
        pool.fill()
        await settle()
        await workshop.deliver(RuntimeError("no room on the disk"))
        assert workshop.begun == 1
        workshop.on_begin = again.set
        await again.wait()
        await workshop.deliver("a")
        assert pool.ready == ("a",)

    with caplog.at_level(logging.ERROR):
        run(story, size=1)
    assert "no room on the disk" in caplog.text


def test_after_a_failure_who_asks_is_served_without_a_pause():
    async def story(workshop, pool):
        pool.fill()
        await settle()
        await workshop.deliver(RuntimeError("no room on the disk"))
        (taker,) = await takers(pool, 1)
        await workshop.deliver("a")
        assert await taker == "a"

    run(story, size=1)


def test_it_says_how_many_wait():
    async def story(_, pool):
        tasks = await takers(pool, 3)
        assert pool.waiting == 3
        for task in tasks:
            task.cancel()
        await settle()
        assert pool.waiting == 0

    run(story)
