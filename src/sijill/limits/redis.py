"""
Counts in Redis or Valkey: exact for every machine that shares the server.

One script decides (`hit.lua`), by the server's own clock: machines whose clocks differ still
share one window. Hits of one turn of the event loop are one call of the script. Other scripts
give places back (`give_back.lua`) and only look (`look.lua`).
A single server is driven, or a primary behind one address; not Redis Cluster (see `trouble`).
"""

import asyncio
from collections.abc import Coroutine, Mapping, Sequence
from contextlib import suppress
from functools import cache
from hashlib import sha1
from importlib.resources import files
from typing import Any, TypeVar

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import NoScriptError, RedisError

from sijill.limits.window import (
    LAG,
    NO_WINDOW,
    Count,
    CounterAway,
    Decision,
    Rule,
    admission,
    refusal,
    seen,
)

T = TypeVar("T")

TIMEOUT = 0.05
"""Seconds for a whole round trip, connecting included; a server that takes longer is away."""

CALLS = 8
"""Calls of the script under way at once, each on a connection; further hits wait for the next."""

STEPS = 10
"""Steps of the time-out: see `within`."""

PREFIX = "sijill:"
"""Before every key, so that a server may be shared with other programs."""

SCRIPT = files("sijill.limits").joinpath("hit.lua").read_text(encoding="utf-8")
GIVE_BACK = files("sijill.limits").joinpath("give_back.lua").read_text(encoding="utf-8")
LOOK = files("sijill.limits").joinpath("look.lua").read_text(encoding="utf-8")

_START_TIMEOUT = 5.0
"""Seconds that a question at the start may take."""

_Hit = tuple[Sequence[Rule], asyncio.Future[str]]


class RedisCounters:
    """Counters shared by machines. Bound to the event loop of the first hit."""

    def __init__(self, url: str, timeout: float = TIMEOUT) -> None:
        """
        Remember the address, `redis://`, `rediss://` or `unix://`; nothing is connected yet.

        Raises: ValueError for any other URL.
        """
        self._client = _client(url)
        self._timeout = timeout
        self._waiting: list[_Hit] = []
        self._sending: set[asyncio.Task[None]] = set()

    async def prepare(self) -> bool:
        """
        Connect and load the scripts, so that the first hits need not; return whether it can count.

        Raises: ValueError if the server belongs to a Redis Cluster, which the scripts cannot serve.
        """
        try:
            async with asyncio.timeout(_START_TIMEOUT):
                info = await self._client.info()
                for script in (SCRIPT, GIVE_BACK):
                    await self._client.script_load(script)
        except (RedisError, OSError):
            return False
        if info.get("cluster_enabled"):
            raise ValueError("redis_url is a Redis Cluster: name a single server, or a primary")
        return not _is_replica(info)

    async def hit(self, rules: Sequence[Rule], now: float) -> Decision:
        """
        Count one request against every rule at once; see SharedCounters. `now` is not read.

        Raises: CounterAway if the server cannot be reached, is too slow or refuses. The request
        may then have been counted, never let through uncounted.
        """
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[str] = loop.create_future()
        self._waiting.append((rules, answer))
        if len(self._waiting) == 1:
            loop.call_soon(self._flush)
        return _decision(rules, await answer)

    async def give_back(self, rules: Sequence[Rule], taken: Decision) -> None:
        """Count an admitted request no longer; see SharedCounters. Raises: CounterAway."""
        keys = [PREFIX + rule.key for rule in rules]
        ends = [count.end for count in taken.counts]
        await self._told(self._call(GIVE_BACK, keys, ends))

    async def look(self, rules: Sequence[Rule], now: float) -> list[Count]:
        """Return the standing window of each rule; see SharedCounters. Raises: CounterAway."""
        keys = [PREFIX + rule.key for rule in rules]
        clock, *texts = await self._told(self._call(LOOK, keys, []))
        ahead = float(clock) - now
        found = seen(rules, [_count(text.split()) for text in texts], float(clock))
        return [count if count is NO_WINDOW else _earlier(count, ahead) for count in found]

    async def about(self) -> str:
        """Return the name and the version of the server. Raises: CounterAway."""
        info = await self._told(self._info())
        if "valkey_version" in info:
            return f"Valkey {info['valkey_version']}"
        return f"Redis {info['redis_version']}"

    async def _info(self) -> dict[str, Any]:
        info: dict[str, Any] = await self._client.info("server")
        return info

    async def _told(self, work: Coroutine[Any, Any, T]) -> T:
        """Return what a question tells. Raises: CounterAway."""
        try:
            return await within(self._timeout, work)
        except Exception as fault:  # of any kind: no sign-in and no page fails by it
            await self._let_go()
            raise CounterAway("the counter's server is away") from fault

    async def close(self) -> None:
        """Let the hits under way end, then close every connection."""
        while self._sending:
            await asyncio.gather(*self._sending)
        await self._client.aclose()

    def _flush(self) -> None:
        """Send the hits that wait, unless as many calls as may be are under way."""
        if self._waiting and len(self._sending) < CALLS:
            hits, self._waiting = self._waiting, []
            task = asyncio.get_running_loop().create_task(self._send(hits))
            self._sending.add(task)
            task.add_done_callback(self._sent)

    def _sent(self, task: asyncio.Task[None]) -> None:
        self._sending.discard(task)
        self._flush()

    async def _send(self, hits: list[_Hit]) -> None:
        try:
            replies = await within(self._timeout, self._ask([rules for rules, _ in hits]))
        except Exception as fault:  # of any kind: the callers that wait must be told
            hits, self._waiting = [*hits, *self._waiting], []
            for _, answer in hits:
                _resolve(answer, fault)
            await self._let_go()
        else:
            for (_, answer), reply in zip(hits, replies, strict=True):
                _resolve(answer, reply)

    async def _let_go(self) -> None:
        """Close every connection at rest: its server is gone, or has forgotten it."""
        with suppress(RedisError, OSError):
            await self._client.connection_pool.disconnect(inuse_connections=False)

    async def _ask(self, requests: list[Sequence[Rule]]) -> Any:
        """Return one reply for each request, loading the script where it is unknown."""
        keys = [PREFIX + rule.key for rules in requests for rule in rules]
        return await self._call(SCRIPT, keys, [LAG, *_numbers(requests)])

    async def _call(self, script: str, keys: list[str], numbers: list[float]) -> Any:
        arguments: list[str | float] = [*keys, *numbers]
        try:
            return await self._client.evalsha(_digest(script), len(keys), *arguments)
        except NoScriptError:
            # A server that was restarted has forgotten the script, and decided nothing.
            await self._client.script_load(script)
            return await self._client.evalsha(_digest(script), len(keys), *arguments)


async def within(seconds: float, work: Coroutine[Any, Any, T]) -> T:
    """
    Return the result of `work`, which gets `seconds` in which this process was free to see it.

    The time is taken in steps. A step that ends late, because the process itself was busy, counts
    as one step, and after each step the event loop looks for what has arrived: so the lag of the
    process is never taken for that of the server. Raises: TimeoutError.
    """
    task = asyncio.create_task(work)
    for _ in range(STEPS):
        await asyncio.wait((task,), timeout=seconds / STEPS)
        if task.done():
            return task.result()
    task.cancel()
    await asyncio.wait((task,))
    raise TimeoutError


async def trouble(url: str) -> str | None:
    """
    Return why a server that answers cannot count: a cluster, a replica; None if it can.

    In a Redis Cluster a request's keys must share a hash tag, which an address and a store cannot:
    the key `ip` beside plans is to be refused.
    Raises: CounterAway if the server cannot be asked.
    """
    try:
        async with asyncio.timeout(_START_TIMEOUT), _client(url) as client:
            info = await client.info()
    except (RedisError, OSError) as fault:
        raise CounterAway("the counter's server cannot be asked") from fault
    if info.get("cluster_enabled"):
        return "a cluster"
    return "a replica, which counts nothing: name its primary" if _is_replica(info) else None


def _is_replica(info: Mapping[str, Any]) -> bool:
    return info.get("role") == "slave"


@cache
def _digest(script: str) -> str:
    return sha1(script.encode(), usedforsecurity=False).hexdigest()


def _client(url: str) -> Redis:
    # No retry: after one failure the fallback decides, and the hit may have been counted. The
    # client has no time-out of its own, which would count the lag of this process.
    return Redis.from_url(
        url,
        protocol=2,
        retry=Retry(NoBackoff(), 0),
        decode_responses=True,
        socket_timeout=None,
        socket_connect_timeout=None,
    )


def _numbers(requests: list[Sequence[Rule]]) -> list[float]:
    """Return the arguments of the script for these requests."""
    numbers: list[float] = []
    for rules in requests:
        numbers.append(len(rules))
        for rule in rules:
            numbers += (rule.limit, rule.period, rule.overflow)
    return numbers


def _resolve(answer: asyncio.Future[str], reply: Any) -> None:
    if answer.done():  # its request was cancelled; what it spent stays spent
        return
    if isinstance(reply, str):
        answer.set_result(reply)
    else:
        away = CounterAway("the counter's server is away")
        away.__cause__ = reply  # None for a key of another type, which the script refuses
        answer.set_exception(away)


def _decision(rules: Sequence[Rule], reply: str) -> Decision:
    admitted, now, *numbers = reply.split()
    triples = zip(numbers[::3], numbers[1::3], numbers[2::3], strict=True)
    counts = [Count(float(end), int(used), float(next_)) for end, used, next_ in triples]
    if admitted == "1":
        return Decision(admission(rules, counts), counts, float(now))
    return Decision(refusal(rules, counts, float(now)), counts, float(now))


def _count(numbers: Sequence[str]) -> Count | None:
    """Return the count that a key holds, None for a key that is not there."""
    if not numbers:
        return None
    end, used, next_ = numbers
    return Count(float(end), int(used), float(next_))


def _earlier(count: Count, seconds: float) -> Count:
    """Return a count by a clock that is behind by so many seconds."""
    return Count(count.end - seconds, count.used, count.next and count.next - seconds)
