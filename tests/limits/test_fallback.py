"""What is decided while the shared counter is away."""

import asyncio

import pytest

from sijill.limits.fallback import Fallback
from sijill.limits.window import UNCOUNTED, CounterAway, Rule, Verdict

RULE = Rule("{1}:customers:5", 10, 600.0)
FAILED = Rule("{192.0.2.1}:failed", 4, 60.0, counts_locally=True)
SHARED = Verdict(True, 10, 7, 600, 0)


class Shared:
    """A shared counter that is away or slow when told so."""

    def __init__(self):
        self.away = False
        self.asked = 0
        self.held = None

    async def hit(self, rules, now):
        self.asked += 1
        away = self.away
        if self.held is not None:
            await self.held.wait()
        if away:
            raise CounterAway
        return SHARED

    async def close(self):
        self.away = True


class Bench:
    def __init__(self, on_error="local", share=4):
        self.shared = Shared()
        self.time = 100.0
        self.changes = []
        self.degraded = 0
        self.counters = Fallback(
            self.shared,
            share=share,
            on_error=on_error,
            monotonic=lambda: self.time,
            on_change=self.changes.append,
            on_degraded=self.count,
        )

    def count(self):
        self.degraded += 1

    async def hit(self, rule=RULE):
        return await self.counters.hit([rule], 0.0)


def test_the_shared_counter_decides_while_it_is_there():
    bench = Bench()
    assert asyncio.run(bench.hit()) == SHARED
    assert (bench.changes, bench.degraded) == ([], 0)


@pytest.mark.parametrize(
    ("limit", "share", "part"), [(10, 4, 3), (500, 4, 125), (3, 8, 1), (7, 1, 7)]
)
def test_local_admits_the_share_of_one_process_rounded_up(limit, share, part):
    async def steps():
        bench = Bench(share=share)
        bench.shared.away = True
        verdicts = [await bench.hit(RULE._replace(limit=limit)) for _ in range(limit + 1)]
        assert sum(verdict.admitted for verdict in verdicts) == part
        assert {verdict.limit for verdict in verdicts} == {part}

    asyncio.run(steps())


def test_local_overflow_passes_as_much_rarer():
    async def steps():
        bench = Bench()
        bench.shared.away = True
        rule = Rule("{1}:plan", 4, 60.0, overflow=1.0)
        assert (await bench.counters.hit([rule], 0.0)).admitted
        passed = [(await bench.counters.hit([rule], now)).admitted for now in (1.0, 3.9, 4.0, 5.0)]
        assert passed == [False, False, True, False]

    asyncio.run(steps())


def test_open_admits_without_numbers():
    bench = Bench(on_error="open")
    bench.shared.away = True
    assert asyncio.run(bench.hit()) == UNCOUNTED
    assert UNCOUNTED.admitted


def test_closed_raises():
    bench = Bench(on_error="closed")
    bench.shared.away = True
    with pytest.raises(CounterAway):
        asyncio.run(bench.hit())
    assert bench.degraded == 1


@pytest.mark.parametrize("on_error", ["local", "open", "closed"])
def test_failed_tokens_are_always_decided_locally(on_error):
    async def steps():
        bench = Bench(on_error=on_error, share=2)
        bench.shared.away = True
        return [(await bench.hit(FAILED)).admitted for _ in range(3)]

    assert asyncio.run(steps()) == [True, True, False]


def test_a_counter_that_failed_is_not_asked_again_for_a_second():
    async def steps():
        bench = Bench()
        bench.shared.away = True
        await bench.hit()
        bench.time += 0.99
        await bench.hit()
        assert bench.shared.asked == 1
        bench.time += 0.01
        await bench.hit()
        assert bench.shared.asked == 2
        await bench.hit()
        assert bench.shared.asked == 2

    asyncio.run(steps())


def test_it_comes_back_with_the_first_answer():
    async def steps():
        bench = Bench()
        bench.shared.away = True
        await bench.hit()
        bench.shared.away = False
        bench.time += 1.0
        assert await bench.hit() == SHARED
        assert await bench.hit() == SHARED
        assert bench.changes == [True, False]

    asyncio.run(steps())


def test_each_change_is_told_once_and_each_decision_is_counted():
    async def steps():
        bench = Bench()
        bench.shared.away = True
        await asyncio.gather(*(bench.hit() for _ in range(50)))
        assert (bench.changes, bench.degraded) == ([True], 50)

    asyncio.run(steps())


def test_one_request_asks_whether_it_is_back_and_the_others_do_not_wait():
    async def steps():
        bench = Bench()
        bench.shared.away = True
        await bench.hit()
        bench.time += 1.0
        bench.shared.away, bench.shared.held = False, asyncio.Event()
        probe = asyncio.ensure_future(bench.hit())
        await asyncio.sleep(0)
        others = [await bench.hit() for _ in range(2)]
        assert SHARED not in others
        assert bench.shared.asked == 2
        bench.shared.held.set()
        assert await probe == SHARED

    asyncio.run(asyncio.wait_for(steps(), 10))


def test_a_late_answer_from_before_the_failure_does_not_say_that_it_is_back():
    async def steps():
        bench = Bench()
        bench.shared.held = asyncio.Event()
        early = asyncio.ensure_future(bench.hit())
        await asyncio.sleep(0)
        held, bench.shared.held, bench.shared.away = bench.shared.held, None, True
        await bench.hit()
        held.set()
        assert await early == SHARED
        assert bench.changes == [True]

    asyncio.run(asyncio.wait_for(steps(), 10))


def test_closing_closes_the_shared_counter():
    bench = Bench()
    asyncio.run(bench.counters.close())
    assert bench.shared.away
