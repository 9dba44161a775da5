"""The Redis counter alone: the server's clock, one round trip, away and back."""

import asyncio
import itertools
import time
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest
from fixtures.profiles import example_count
from fixtures.valkey import Valkey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sijill.limits.fallback import PAUSE, Fallback
from sijill.limits.redis import (
    CALLS,
    GIVE_BACK,
    SCRIPT,
    STEPS,
    RedisCounters,
    _digest,
    trouble,
    within,
)
from sijill.limits.window import CounterAway, Decision, Rule, decide

pytestmark = [
    pytest.mark.valkey,
    pytest.mark.proves("the lag of a process is no outage of the counter"),
    pytest.mark.proves(
        "outages of the counter leave no connection behind, and a process keeps 8 to it at most"
    ),
]

RULE = Rule("{1}:customers:5", 500, 600.0)
PATIENT = 5.0


def run(steps, url, timeout=PATIENT):
    """Run a test's steps on counters of this address."""

    async def within():
        counters = RedisCounters(url, timeout)
        try:
            return await steps(counters)
        finally:
            await counters.close()

    return asyncio.run(asyncio.wait_for(within(), 30))


@asynccontextmanager
async def silent_server():
    """Give the port of a server that accepts and never answers."""
    writers = []

    async def accept(reader, writer):
        writers.append(writer)
        await reader.read()

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        for writer in writers:
            writer.close()
        server.close()
        await server.wait_closed()


moves_of_time = st.one_of(
    st.integers(0, 3), st.integers(0, 700), st.integers(-700, -1), st.just(60), st.just(600)
)
parts = st.lists(
    st.tuples(
        st.integers(1, 4),
        st.sampled_from([10.0, 60.0, 600.0]),
        st.sampled_from([0.0, 1.0, 3.0]),
    ),
    min_size=1,
    max_size=3,
)
examples = itertools.count()


@settings(
    max_examples=example_count(60),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(parts, st.integers(0, 999_999), st.lists(moves_of_time, max_size=25))
def test_the_script_decides_as_the_arithmetic_does(open_valkey, numbers, micros, moves):
    example = next(examples)
    rules = [Rule(f"{{{example}}}:{i}", *part) for i, part in enumerate(numbers)]

    async def steps():
        counts, second = [None] * len(rules), 0
        async with open_valkey() as bench:
            for move in moves:
                second += move
                bench.at(second, micros)
                expected, kept = decide(rules, counts, bench.now)
                counts = [new or old for new, old in zip(kept, counts, strict=True)]
                assert await bench.hit(*rules) == expected

    asyncio.run(asyncio.wait_for(steps(), 30))


def test_the_servers_clock_decides_and_not_the_callers(valkey):
    async def steps(counters):
        first = await counters.hit([RULE], now=0.0)
        second = await counters.hit([RULE], now=9e12)
        return first.verdict, second.verdict

    with valkey.client() as client:
        before = client.time()[0]
    first, second = run(steps, valkey.url)
    assert (first.remaining, second.remaining) == (499, 498)
    assert first.reset == second.reset
    assert before + 600 <= first.reset <= before + 600 + PATIENT + 1


def test_a_real_window_ends(valkey_url):
    rule = Rule("{1}:short", 1, 0.3)

    async def steps(counters):
        began = time.monotonic()
        assert (await counters.hit([rule], 0.0)).verdict.admitted
        assert not (await counters.hit([rule], 0.0)).verdict.admitted
        while not (await counters.hit([rule], 0.0)).verdict.admitted:
            assert time.monotonic() - began < PATIENT
            await asyncio.sleep(0.01)
        return time.monotonic() - began

    assert run(steps, valkey_url) > 0.29


def test_a_key_expires_with_its_window(valkey):
    run(lambda counters: counters.hit([RULE], 0.0), valkey.url)
    with valkey.client() as client:
        assert client.keys() == ["sijill:{1}:customers:5"]
        assert 590_000 < client.pttl("sijill:{1}:customers:5") <= 600_000


def test_a_key_expires_with_its_window_after_a_place_was_given_back(valkey):
    async def steps(counters):
        await counters.give_back([RULE], await counters.hit([RULE], 0.0))
        with valkey.client() as client:
            client.script_flush()
        await counters.give_back([RULE], await counters.hit([RULE], 0.0))

    run(steps, valkey.url)
    with valkey.client() as client:
        assert client.get("sijill:{1}:customers:5").split()[1] == "0"
        assert 590_000 < client.pttl("sijill:{1}:customers:5") <= 600_000


def test_a_server_that_is_away_keeps_the_place(valkey):
    async def steps(counters):
        taken = await counters.hit([RULE], 0.0)
        away = RedisCounters("redis://127.0.0.1:1", PATIENT)
        try:
            with pytest.raises(CounterAway):
                await away.give_back([RULE], taken)
        finally:
            await away.close()

    run(steps, valkey.url)


def test_hits_of_one_tick_share_one_connection(valkey):
    async def steps(counters):
        await asyncio.gather(*(counters.hit([RULE], 0.0) for _ in range(200)))
        with valkey.client() as client:
            return len(client.client_list()) - 1

    assert run(steps, valkey.url) == 1


def test_a_script_that_the_server_forgot_is_loaded_again_without_counting_twice(valkey):
    async def steps(counters):
        await counters.hit([RULE], 0.0)
        with valkey.client() as client:
            client.script_flush()
        decisions = await asyncio.gather(*(counters.hit([RULE], 0.0) for _ in range(10)))
        return [decision.verdict.remaining for decision in decisions]

    assert run(steps, valkey.url) == list(range(498, 488, -1))


def test_a_server_that_went_away_is_away_and_counts_again_when_it_is_back(valkey):
    async def steps(counters):
        await counters.hit([RULE], 0.0)
        valkey.stop()
        for _ in range(2):
            with pytest.raises(CounterAway):
                await counters.hit([RULE], 0.0)
        valkey.start()
        assert (await counters.hit([RULE], 0.0)).verdict.remaining == 499

    run(steps, valkey.url)


def test_a_connection_that_the_server_ended_at_rest_is_no_outage(valkey):
    async def steps(counters):
        await counters.hit([RULE], 0.0)
        with valkey.client() as client:
            client.client_kill_filter(_type="normal", skipme=True)
            while len(client.client_list()) > 1:
                await asyncio.sleep(0.01)
        return (await counters.hit([RULE], 0.0)).verdict.remaining

    assert run(steps, valkey.url) == 498


async def in_turns(counters, count):
    """Hit in so many turns of the event loop; return how many were answered."""
    hits = []
    for _ in range(count):
        hits.append(asyncio.ensure_future(counters.hit([RULE], 0.0)))
        await asyncio.sleep(0)
    answers = await asyncio.gather(*hits, return_exceptions=True)
    assert {type(answer) for answer in answers} <= {Decision, CounterAway}
    return sum(isinstance(answer, Decision) for answer in answers)


def sockets():
    """Return how many sockets this process has open."""
    count = 0
    for file in Path("/proc/self/fd").iterdir():
        with suppress(FileNotFoundError):  # that of the list itself
            count += file.readlink().name.startswith("socket:")
    return count


def test_outages_leave_no_connection_behind_and_lose_no_hit(valkey):
    async def steps(counters):
        before = sockets()
        for outage in range(3):
            assert await in_turns(counters, 100) == 100
            assert sockets() <= before + CALLS
            with valkey.client() as client:
                assert len(client.client_list()) - 1 <= CALLS
                assert int(client.get("sijill:{1}:customers:5").split()[1]) == 100, outage
            valkey.stop()
            assert await in_turns(counters, 20) == 0
            assert sockets() == before
            valkey.start()

    run(steps, valkey.url)


def test_a_server_that_hangs_is_asked_over_few_connections_and_none_stays():
    async def steps():
        before = sockets()
        async with silent_server() as port:
            counters = RedisCounters(f"redis://127.0.0.1:{port}", timeout=0.05)
            listening = sockets()
            assert await in_turns(counters, 200) == 0
            assert sockets() <= listening + CALLS  # the server's own ends
            await counters.close()
        while sockets() > before:
            await asyncio.sleep(0.01)

    asyncio.run(asyncio.wait_for(steps(), 30))


def test_a_counter_that_comes_back_empty_opens_a_new_window(valkey):
    async def steps(counters):
        now = [0.0]
        fallback = Fallback(
            counters,
            share=1,
            on_error="local",
            monotonic=lambda: now[0],
            on_change=lambda away: None,
            on_degraded=lambda: None,
        )

        async def passed(hits):
            clock = time.time()
            return sum([(await fallback.hit([RULE], clock)).admitted for _ in range(hits)])

        counted = await passed(400)
        valkey.stop()
        alone = await passed(600)
        valkey.start()
        now[0] += PAUSE
        return counted, alone, await passed(600)

    assert run(steps, valkey.url) == (400, 100, 500)


def test_a_server_that_hangs_is_away_after_the_timeout():
    async def steps():
        async with silent_server() as port:
            counters = RedisCounters(f"redis://127.0.0.1:{port}", timeout=0.05)
            began = time.monotonic()
            answers = await asyncio.gather(
                *(counters.hit([RULE], 0.0) for _ in range(20)), return_exceptions=True
            )
            assert time.monotonic() - began < 1.0
            assert {type(answer) for answer in answers} == {CounterAway}
            await counters.close()

    asyncio.run(asyncio.wait_for(steps(), 30))


class Stalling(asyncio.SelectorEventLoop):
    """An event loop whose clock leaps when it is told to, as after a stall of the process."""

    ahead = 0.0

    def time(self):
        return super().time() + self.ahead


def stalling(steps):
    """Run steps on a loop that stalls; they get the function that stalls it for a minute."""
    with asyncio.Runner(loop_factory=Stalling) as runner:
        loop = runner.get_loop()

        def stall():
            loop.ahead += 60.0

        runner.run(steps(stall))


def test_the_lag_of_the_process_is_no_outage(valkey_url):
    async def steps(stall):
        counters = RedisCounters(valkey_url, PATIENT)
        hits = [asyncio.ensure_future(counters.hit([RULE], 0.0)) for _ in range(3)]
        for _ in range(STEPS // 2):
            stall()
            await asyncio.sleep(0)
        decisions = await asyncio.gather(*hits)
        assert [decision.verdict.remaining for decision in decisions] == [499, 498, 497]
        await counters.close()

    stalling(steps)


def test_an_answer_that_arrived_during_a_stall_is_seen():
    async def steps(stall):
        answer = asyncio.get_running_loop().create_future()

        async def work():
            return await answer

        waiting = asyncio.ensure_future(within(0.05, work()))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        stall()
        answer.set_result("here")
        assert await waiting == "here"

    stalling(steps)


def test_stalls_do_not_wait_for_ever_and_the_work_is_ended():
    async def steps(stall):
        ended = []

        async def work():
            try:
                await asyncio.get_running_loop().create_future()
            finally:
                ended.append(True)

        waiting = asyncio.ensure_future(within(0.05, work()))
        turns = 0
        while not waiting.done():
            stall()
            turns += 1
            await asyncio.sleep(0)
        with pytest.raises(TimeoutError):
            await waiting
        assert ended == [True]
        assert STEPS < turns < 10 * STEPS

    stalling(steps)


def test_a_refused_connection_is_away():
    async def steps(counters):
        with pytest.raises(CounterAway):
            await counters.hit([RULE], 0.0)

    run(steps, "unix:///nonexistent/valkey.sock")


def test_requests_of_one_turn_are_decided_in_order_against_shared_and_own_rules(valkey_url):
    few, own = Rule("{1}:few", 2, 60.0), Rule("{1}:own", 5, 60.0)

    async def steps(counters):
        requests = [[few], [few, own], [few, own], [own], [few]]
        decisions = await asyncio.gather(*(counters.hit(rules, 0.0) for rules in requests))
        assert [decision.verdict.admitted for decision in decisions] == [
            *(True, True, False, True, False)
        ]
        assert [[count.used for count in decision.counts] for decision in decisions] == [
            *([1], [2, 1], [2, 1], [2], [2])
        ]

    run(steps, valkey_url)


def test_a_fault_of_one_hit_is_not_its_neighbours(valkey):
    async def steps(counters):
        with valkey.client() as client:
            client.rpush("sijill:{2}:plan", "not a count")
        return await asyncio.gather(
            counters.hit([Rule("{2}:plan", 5, 60.0)], 0.0),
            counters.hit([RULE], 0.0),
            return_exceptions=True,
        )

    spoilt, good = run(steps, valkey.url)
    assert isinstance(spoilt, CounterAway)
    assert "{2}" not in str(spoilt)
    assert good.verdict.remaining == 499


def test_a_cancelled_request_does_not_disturb_the_others(valkey_url):
    async def steps(counters):
        hits = [asyncio.ensure_future(counters.hit([RULE], 0.0)) for _ in range(3)]
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        hits[0].cancel()
        answers = await asyncio.gather(*hits, return_exceptions=True)
        return type(answers[0]), [answer.verdict.remaining for answer in answers[1:]]

    assert run(steps, valkey_url) == (asyncio.CancelledError, [498, 497])


def test_a_single_server_can_count(valkey_url):
    assert asyncio.run(trouble(valkey_url)) is None


def test_a_cluster_says_that_it_is_one(valkey, tmp_path_factory):
    member = Valkey(tmp_path_factory.mktemp("c"), **{"cluster-enabled": "yes"})
    try:
        member.start()
        assert asyncio.run(trouble(member.url)) == "a cluster"
    finally:
        member.stop()


def test_a_server_that_cannot_be_asked_whether_it_can_count_is_away():
    with pytest.raises(CounterAway):
        asyncio.run(trouble("unix:///nonexistent/valkey.sock"))


def test_a_url_of_another_kind_is_refused():
    with pytest.raises(ValueError, match="redis://"):
        RedisCounters("http://127.0.0.1")


@pytest.mark.valkey
def test_a_prepared_counter_knows_its_scripts_and_one_that_is_away_may_be(valkey_url: str) -> None:
    async def story() -> None:
        counters = RedisCounters(valkey_url)
        await counters.prepare()
        known = await counters._client.script_exists(*map(_digest, (SCRIPT, GIVE_BACK)))
        assert known == [True, True]
        await counters.close()
        away = RedisCounters("redis://127.0.0.1:1/0")
        await away.prepare()
        with pytest.raises(CounterAway):
            await away.hit([Rule("k", 1, 1.0)], 0.0)
        await away.close()

    asyncio.run(story())


def test_a_cluster_is_refused_before_anything_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    async def story() -> None:
        counters = RedisCounters("redis://127.0.0.1:1/0")

        async def info() -> dict[str, int]:
            return {"cluster_enabled": 1}

        async def load(script: str) -> str:
            return script

        monkeypatch.setattr(counters._client, "info", info)
        monkeypatch.setattr(counters._client, "script_load", load)
        with pytest.raises(ValueError, match="Redis Cluster"):
            await counters.prepare()
        await counters.close()

    asyncio.run(story())


def test_a_look_goes_by_the_clock_of_this_process(valkey: Valkey):
    async def steps(counters):
        rule, ours = Rule("{1}:look", 5, 600.0), time.time() - 7_200
        await counters.hit([rule], ours)
        (seen,) = await counters.look([rule], ours)
        assert (seen.used, seen.next) == (1, 0.0)
        assert ours + 590 < seen.end <= ours + 601

    run(steps, valkey.url)


def test_a_server_that_is_away_is_no_answer_to_a_look():
    async def steps(counters):
        for ask in (counters.look([RULE], 0.0), counters.about()):
            with pytest.raises(CounterAway):
                await ask

    run(steps, "redis://127.0.0.1:1")
