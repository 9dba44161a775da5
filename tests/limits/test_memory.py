"""The bound of the counter in memory."""

import asyncio

from sijill.limits.memory import MemoryCounters
from sijill.limits.window import Rule


def hit_all(counters, keys, now, period=60.0, limit=3):
    async def hits():
        return [await counters.hit([Rule(key, limit, period)], now) for key in keys]

    return asyncio.run(hits())


def test_a_flood_of_keys_never_exceeds_the_capacity():
    counters = MemoryCounters(capacity=100)
    hit_all(counters, map(str, range(1000)), 0.0)
    assert len(counters) == 100


def test_beyond_the_capacity_the_oldest_leaves():
    counters = MemoryCounters(capacity=2)
    hit_all(counters, ["first"], 0.0, period=600.0)
    hit_all(counters, ["second"], 1.0)
    hit_all(counters, ["third"], 2.0)
    assert [v.remaining for v in hit_all(counters, ["second", "third"], 3.0)] == [1, 1]
    assert hit_all(counters, ["first"], 4.0, period=600.0)[0].remaining == 2


def test_expired_windows_leave_before_older_ones_that_still_count():
    counters = MemoryCounters(capacity=2)
    hit_all(counters, ["long"], 0.0, period=600.0)
    hit_all(counters, ["short"], 1.0)
    hit_all(counters, ["new"], 100.0)
    assert hit_all(counters, ["long"], 101.0, period=600.0)[0].remaining == 1


def test_expired_windows_run_out_as_new_ones_open():
    counters = MemoryCounters()
    hit_all(counters, [f"old {i}" for i in range(100)], 0.0)
    hit_all(counters, [f"new {i}" for i in range(100)], 60.0)
    assert len(counters) == 100


def test_a_window_that_opens_again_is_no_longer_the_oldest():
    counters = MemoryCounters(capacity=2)
    hit_all(counters, ["a", "b"], 0.0)
    hit_all(counters, ["a"], 60.0)
    hit_all(counters, ["c"], 61.0)
    assert hit_all(counters, ["a"], 62.0)[0].remaining == 1


def test_closing_forgets():
    counters = MemoryCounters()
    hit_all(counters, ["a"], 0.0)
    asyncio.run(counters.close())
    assert len(counters) == 0
