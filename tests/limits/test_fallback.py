"""Decisions while the shared counter is away."""

import asyncio

import pytest
from fixtures.profiles import example_count
from hypothesis import given, settings
from hypothesis import strategies as st

from sijill.limits.fallback import Fallback, Recent, share_of
from sijill.limits.window import UNCOUNTED, Count, CounterAway, Decision, Rule, Verdict, decide

pytestmark = [
    pytest.mark.proves("an outage of the counter lets at most one share more pass in a window"),
    pytest.mark.proves("a shared counter that is away is stood in for by each process's share"),
]

RULE = Rule("{1}:customers:5", 10, 600.0)
FAILED = Rule("{192.0.2.1}:failed", 4, 60.0, counts_locally=True)
SHARED = Verdict(True, 10, 7, 600, 0)


class Shared:
    """A shared counter that is away or slow when told so."""

    def __init__(self):
        self.away = False
        self.asked = 0
        self.held = None
        self.used = 3
        self.returned = []

    async def hit(self, rules, now):
        self.asked += 1
        away = self.away
        if self.held is not None:
            await self.held.wait()
        if away:
            raise CounterAway
        return Decision(SHARED, [Count(600.0, self.used, 0.0)] * len(rules), now)

    async def give_back(self, rules, taken):
        self.returned.append([rule.key for rule in rules])
        if self.away:
            raise CounterAway

    async def look(self, rules, now):
        if self.away:
            raise CounterAway
        return [Count(600.0, self.used, 0.0)] * len(rules)

    async def about(self):
        return "Shared 1.0"

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
    ("limit", "share", "part"), [(10, 4, 2), (500, 4, 125), (3, 8, 0), (7, 1, 7)]
)
def test_a_window_that_was_not_met_is_shared_out_whole_and_rounded_down(limit, share, part):
    async def steps():
        bench = Bench(share=share)
        bench.shared.away = True
        verdicts = [await bench.hit(RULE._replace(limit=limit)) for _ in range(limit + 1)]
        assert [verdict.remaining for verdict in verdicts[:part]] == list(range(part))[::-1]
        assert [verdict.admitted for verdict in verdicts] == [True] * part + [False] * (
            limit + 1 - part
        )
        assert {verdict.limit for verdict in verdicts} == {limit}

    asyncio.run(steps())


@pytest.mark.parametrize(("used", "part"), [(1, 2), (3, 1), (6, 1), (7, 0), (10, 0)])
def test_of_a_window_that_was_met_what_is_left_is_shared_out_until_it_ends(used, part):
    async def steps():
        bench = Bench()
        bench.shared.used = used
        await bench.hit()
        bench.shared.away = True
        verdicts = [await bench.hit() for _ in range(4)]
        assert [verdict.admitted for verdict in verdicts] == [True] * part + [False] * (4 - part)
        assert {verdict.reset for verdict in verdicts} == {600}
        assert [(await bench.counters.hit([RULE], 600.0)).admitted for _ in range(3)] == [
            *(True, True, False)
        ]

    asyncio.run(steps())


def test_a_second_outage_in_one_window_opens_no_second_share():
    async def steps():
        bench = Bench()
        bench.shared.used = 1
        passed = 0
        for _ in range(3):
            bench.shared.away = False
            bench.time += 1.0
            await bench.hit()
            bench.shared.away = True
            passed += sum([(await bench.hit()).admitted for _ in range(5)])
        assert passed == 2

    asyncio.run(steps())


def test_the_window_of_a_server_whose_clock_differs_ends_when_it_ends():
    known = Count(1_000.0, 4, 0.0)
    assert share_of(RULE, known, None, 2, now=999.0) == Count(1_000.0, 7, 0.0)
    assert share_of(RULE, known, None, 2, now=1_000.0) == Count(1_600.0, 5, 0.0)


LIMIT, PERIOD = 12, 10.0


class Server:
    """A shared counter that decides by the arithmetic itself, by a clock of its own."""

    def __init__(self, ahead):
        self.ahead = ahead
        self.count = None
        self.fate = "answers"
        self.ends = set()

    async def hit(self, rules, now):
        if self.fate == "away":
            raise CounterAway
        at = now + self.ahead
        verdict, [kept] = decide(rules, [self.count], at)
        self.count = kept or self.count
        self.ends.add(self.count.end - self.ahead)
        if self.fate == "loses the answer":
            raise CounterAway
        return Decision(verdict, [self.count], at)

    async def close(self):
        pass


histories = st.lists(
    st.tuples(
        st.sampled_from(["answers", "answers", "away", "loses the answer"]),
        st.sampled_from([0.0, 0.0, 0.3, 1.0, 4.0, PERIOD]),
        st.integers(1, 15),
    ),
    max_size=30,
)


@settings(max_examples=example_count(200))
@given(histories, st.integers(1, 5), st.sampled_from([0.0, 300.0, -300.0]))
def test_in_no_window_pass_more_than_the_limit_and_one_share(history, share, ahead):
    async def steps():
        server, now, alone, passed = Server(ahead), 1_000.0, [], []
        counters = Fallback(
            server,
            share=share,
            on_error="local",
            monotonic=lambda: now,
            on_change=lambda away: None,
            on_degraded=lambda: alone.append(now),
        )
        rule = Rule("k", LIMIT, PERIOD)
        for server.fate, pause, hits in history:
            now += pause
            for _ in range(hits):
                if (await counters.hit([rule], now)).admitted:
                    passed.append(now)
        # A window whose opening answer was lost is not known to the process, which then opens one
        # of its own that begins and ends elsewhere: two of these may meet in one window.
        shares = 1 + any(fate == "loses the answer" for fate, _, _ in history)
        for end in server.ends:
            within = sum(end - PERIOD <= at < end for at in passed)
            assert within <= LIMIT + shares * (LIMIT // share)

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


def test_the_fallback_remembers_a_bounded_number_of_the_newest_keys():
    recent = Recent(3)
    for number in range(100):
        recent.put(str(number), number)
        recent.put("often", number)
    kept = [number for number in range(100) if recent.get(str(number)) is not None]
    assert kept == list(range(100 - len(kept), 100))
    assert 2 <= len(kept) <= 5
    assert recent.get("often") == 99


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


# Places that are given back


def test_a_place_is_given_back_where_it_was_taken():
    async def steps():
        bench = Bench(share=2)
        shared = await bench.counters.take([RULE], 0.0)
        await bench.counters.give_back([RULE], shared)
        assert bench.shared.returned == [[RULE.key]]
        bench.shared.away = True
        alone = [await bench.counters.take([FAILED], 0.0) for _ in range(3)]
        assert [taken.verdict.admitted for taken in alone] == [True, True, False]
        for taken in alone:
            await bench.counters.give_back([FAILED], taken)
        assert [(await bench.hit(FAILED)).admitted for _ in range(3)] == [True, True, False]
        assert bench.shared.returned == [[RULE.key]]

    asyncio.run(steps())


def test_a_place_that_was_taken_alone_is_not_given_back_to_the_counter_that_came_back():
    async def steps():
        bench = Bench()
        bench.shared.away = True
        taken = await bench.counters.take([FAILED], 0.0)
        bench.shared.away = False
        bench.time += 1.0
        await bench.hit()
        await bench.counters.give_back([FAILED], taken)
        assert bench.shared.returned == []

    asyncio.run(steps())


def test_a_place_stays_taken_while_the_counter_that_has_it_is_away():
    async def steps():
        bench = Bench()
        taken = await bench.counters.take([RULE], 0.0)
        bench.shared.away = True
        await bench.counters.give_back([RULE], taken)  # it fails, which is no fault of the caller
        await bench.hit()
        await bench.counters.give_back([RULE], taken)  # it is known to be away, and not asked
        assert bench.shared.returned == [[RULE.key]]

    asyncio.run(steps())


def test_what_was_not_counted_is_not_given_back():
    async def steps():
        bench = Bench(on_error="open")
        bench.shared.away = True
        taken = await bench.counters.take([RULE], 0.0)
        assert taken.verdict == UNCOUNTED
        await bench.counters.give_back([RULE], taken)
        assert bench.shared.returned == []

    asyncio.run(steps())


def test_a_look_asks_the_shared_counter_alone_and_decides_nothing():
    async def steps():
        bench = Bench()
        assert await bench.counters.look([RULE], 0.0) == [Count(600.0, 3, 0.0)]
        assert await bench.counters.about() == "Shared 1.0"
        bench.shared.away = True
        with pytest.raises(CounterAway):
            await bench.counters.look([RULE], 0.0)
        assert (bench.changes, bench.degraded, bench.shared.asked) == ([], 0, 0)

    asyncio.run(steps())
