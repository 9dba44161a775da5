"""The counter in memory: its bound, and its short way for the usual request."""

import asyncio

from hypothesis import given
from hypothesis import strategies as st

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


RULES = [
    Rule("a", 3, 10.0),
    Rule("b", 5, 10.0),
    Rule("c", 2, 60.0, overflow=1.0),
    Rule("d", 4, 1.0, overflow=1.0),
    Rule("a", 2, 60.0),  # a limit that was changed: other windows, under the same key
    Rule("a", 7, 10.0),
]
hits = st.lists(
    st.tuples(
        st.lists(st.sampled_from(RULES), min_size=1, max_size=3, unique_by=lambda rule: rule.key),
        st.sampled_from([0.0, 0.001, 0.5, 1.0, 7.25, 60.0, -0.5, -3.0, -90.0]),
    ),
    max_size=80,
)


class Deciding(MemoryCounters):
    """A counter that decides every request as if it were an unusual one."""

    def _hit_usual(self, rules, now):
        return None


@given(hits)
def test_the_short_way_is_that_of_the_full_decision(history):
    """Whatever the clock does; and it leaves the same windows in the same order."""
    counters, deciding = MemoryCounters(), Deciding()

    async def play():
        now = 1_800_000_000.25
        for rules, passed in history:
            now += passed
            assert await counters.hit(rules, now) == await deciding.hit(rules, now)
            taken = await counters.take(rules, now)
            assert taken == await deciding.take(rules, now)
            if taken.verdict.remaining % 2:
                await counters.give_back(rules, taken)
                await deciding.give_back(rules, taken)
            assert [[*queue.items()] for queue in counters._queues.values()] == [
                [*queue.items()] for queue in deciding._queues.values()
            ]

    asyncio.run(play())


def test_a_usual_request_takes_the_short_way():
    class Usual(MemoryCounters):
        def _hit_any(self, rules, now):
            raise AssertionError

    counters = MemoryCounters()
    asyncio.run(counters.hit(RULES[1:4], 0.0))
    usual = Usual()
    usual._queues = counters._queues
    assert asyncio.run(usual.hit([RULES[1], RULES[3]], 0.5)).remaining == 2
