"""Every counter on a clock that the test moves."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest
from fixtures.valkey import Valkey

from sijill.limits import redis as redis_module
from sijill.limits.memory import MemoryCounters
from sijill.limits.redis import RedisCounters
from sijill.limits.sqlite import SQLiteCounters
from sijill.limits.window import Count, Counters, Decision, Rule, SharedCounters, Verdict

START = 1_800_000_000

TIME = "redis.call('TIME')"
CLOCK = "{string.match(redis.call('GET', 'clock'), '(%d+) (%d+)')}"
"""In tests the script reads this key, which the test writes, in place of the server's clock."""


class Bench:
    """A counter, and the clock it goes by: seconds and microseconds since START."""

    def __init__(self, counters: Counters | SharedCounters, tell: Callable[[str], object]) -> None:
        self.counters = counters
        self._tell = tell
        self.at(0)

    def at(self, seconds: int, micros: int = 250_000) -> None:
        self._tell(f"{START + seconds} {micros}")
        self.now = START + seconds + micros / 1e6

    async def hit(self, *rules: Rule) -> Verdict:
        decided = await self.counters.hit(rules, self.now)
        return decided.verdict if isinstance(decided, Decision) else decided

    async def take(self, *rules: Rule) -> Decision:
        if isinstance(self.counters, MemoryCounters):
            return await self.counters.take(rules, self.now)
        decided = await self.counters.hit(rules, self.now)
        assert isinstance(decided, Decision)
        return decided

    async def look(self, *rules: Rule) -> list[Count]:
        return await self.counters.look(rules, self.now)

    async def give_back(self, taken: Decision, *rules: Rule) -> None:
        await self.counters.give_back(rules, taken)


Open = Callable[[], AbstractAsyncContextManager[Bench]]


@asynccontextmanager
async def _closing(
    counters: Counters | SharedCounters, tell: Callable[[str], object]
) -> AsyncIterator[Bench]:
    try:
        yield Bench(counters, tell)
    finally:
        await counters.close()


@pytest.fixture
def open_valkey(valkey: Valkey, monkeypatch: pytest.MonkeyPatch) -> Iterator[Open]:
    """The Redis counter on a real server whose script goes by the bench's clock."""
    for name in ("SCRIPT", "LOOK"):
        text = getattr(redis_module, name)
        assert text.count(TIME) == 1
        monkeypatch.setattr(redis_module, name, text.replace(TIME, CLOCK))
    with valkey.client() as client:
        yield lambda: _closing(
            RedisCounters(valkey.url, timeout=5.0), lambda clock: client.set("clock", clock)
        )


@pytest.fixture(params=["memory", "sqlite", pytest.param("valkey", marks=pytest.mark.valkey)])
def open_bench(request: pytest.FixtureRequest, tmp_path: Path) -> Open:
    """Opens each counter in turn, empty."""
    match request.param:
        case "memory":
            return lambda: _closing(MemoryCounters(), lambda clock: None)
        case "sqlite":
            return lambda: _closing(SQLiteCounters(tmp_path / "limiter.db"), lambda clock: None)
    opened: Open = request.getfixturevalue("open_valkey")
    return opened


@pytest.fixture
def run(open_bench):
    """Runs a test's steps on an open bench."""

    def run(steps: Callable[..., Awaitable[None]]) -> None:
        async def within() -> None:
            async with open_bench() as bench:
                await steps(bench)

        asyncio.run(asyncio.wait_for(within(), 30))

    return run
