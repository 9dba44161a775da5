"""
Counts in Redis or Valkey: exact for every machine that shares the server.

One script decides (`hit.lua`), by the server's own clock: machines whose clocks differ still
share one window. Hits of one turn of the event loop travel together, one round trip for all.
A single server is driven, or a primary behind one address; not Redis Cluster (see `is_cluster`).
"""

import asyncio
from collections.abc import Iterable, Sequence
from hashlib import sha1
from importlib.resources import files
from typing import Any

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import NoScriptError, RedisError

from sijill.limits.window import LAG, Count, CounterAway, Rule, Verdict, admission, refusal

TIMEOUT = 0.05
"""Seconds for a whole round trip, connecting included; what takes longer is away."""

PREFIX = "sijill:"
"""Before every key, so that a server may be shared with other programs."""

SCRIPT = files("sijill.limits").joinpath("hit.lua").read_text(encoding="utf-8")

_START_TIMEOUT = 5.0
"""Seconds that a question at the start may take."""

_Hit = tuple[Sequence[Rule], asyncio.Future[str]]


class RedisCounters:
    """Counters shared by machines. Bound to the event loop of the first hit."""

    def __init__(self, url: str, timeout: float = TIMEOUT) -> None:
        """
        Remember the address, `redis://`, `rediss://` or `unix://`; nothing is connected yet.

        Raises: ValueError if the URL is none of these.
        """
        self._client = _client(url)
        self._timeout = timeout
        self._sha = sha1(SCRIPT.encode(), usedforsecurity=False).hexdigest()
        self._waiting: list[_Hit] = []
        self._sending: set[asyncio.Task[None]] = set()

    async def prepare(self) -> None:
        """
        Connect and load the script, so that the first hits need not; a server that is away may.

        Raises: ValueError if the server belongs to a Redis Cluster, which the script cannot serve.
        """
        try:
            async with asyncio.timeout(_START_TIMEOUT):
                info = await self._client.info("cluster")
                await self._client.script_load(SCRIPT)
        except (RedisError, OSError):
            return
        if info.get("cluster_enabled"):
            raise ValueError("redis_url is a Redis Cluster: name a single server, or a primary")

    async def hit(self, rules: Sequence[Rule], now: float) -> Verdict:
        """
        Count one request against every rule at once; see Counters. `now` is not read.

        Raises: CounterAway if the server cannot be reached, is too slow or refuses. The request
        may then have been counted, never let through uncounted.
        """
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[str] = loop.create_future()
        self._waiting.append((rules, answer))
        if len(self._waiting) == 1:
            loop.call_soon(self._flush)
        return _verdict(rules, await answer)

    async def close(self) -> None:
        """Let the hits under way end, then close every connection."""
        await asyncio.gather(*self._sending)
        await self._client.aclose()

    def _flush(self) -> None:
        hits, self._waiting = self._waiting, []
        task = asyncio.get_running_loop().create_task(self._send(hits))
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)

    async def _send(self, hits: list[_Hit]) -> None:
        try:
            async with asyncio.timeout(self._timeout):
                replies = await self._ask([rules for rules, _ in hits])
        except Exception as fault:  # whatever it was, those who wait must be told
            replies = [fault] * len(hits)
        for (_, answer), reply in zip(hits, replies, strict=True):
            _resolve(answer, reply)

    async def _ask(self, requests: list[Sequence[Rule]]) -> list[Any]:
        """Return one reply or fault for each request, loading the script where it is unknown."""
        replies = await self._pipeline(requests)
        # A server that was started anew has forgotten the script, and decided nothing.
        missing = [i for i, reply in enumerate(replies) if isinstance(reply, NoScriptError)]
        if missing:
            again = await self._pipeline([requests[i] for i in missing], load=True)
            for i, reply in zip(missing, again, strict=True):
                replies[i] = reply
        return replies

    async def _pipeline(self, requests: Iterable[Sequence[Rule]], load: bool = False) -> list[Any]:
        async with self._client.pipeline(transaction=False) as pipeline:
            if load:
                pipeline.script_load(SCRIPT)
            for rules in requests:
                pipeline.execute_command("EVALSHA", self._sha, len(rules), *_arguments(rules))
            replies = await pipeline.execute(raise_on_error=False)
        return replies[1:] if load else replies


async def is_cluster(url: str) -> bool:
    """
    Return whether the server belongs to a Redis Cluster.

    There a request's keys must share a hash tag, which an address and a store cannot: the key
    `ip` beside plans is to be refused.
    Raises: CounterAway if the server cannot be asked.
    """
    try:
        async with asyncio.timeout(_START_TIMEOUT), _client(url) as client:
            info = await client.info("cluster")
    except (RedisError, OSError) as fault:
        raise CounterAway("the counter's server cannot be asked") from fault
    return bool(info.get("cluster_enabled"))


def _client(url: str) -> Redis:
    # No retry: after one failure the fallback decides, and the hit may have been counted.
    return Redis.from_url(url, protocol=2, retry=Retry(NoBackoff(), 0), decode_responses=True)


def _arguments(rules: Sequence[Rule]) -> list[str | float]:
    keys = [PREFIX + rule.key for rule in rules]
    numbers = [number for rule in rules for number in (rule.limit, rule.period, rule.overflow)]
    return [*keys, *numbers, LAG]


def _resolve(answer: asyncio.Future[str], reply: Any) -> None:
    if answer.done():  # its request was cancelled; what it spent stays spent
        return
    if isinstance(reply, Exception):
        away = CounterAway("the counter's server is away")
        away.__cause__ = reply
        answer.set_exception(away)
    else:
        answer.set_result(reply)


def _verdict(rules: Sequence[Rule], reply: str) -> Verdict:
    admitted, now, *numbers = reply.split()
    counts = [
        Count(float(end), int(used), float(next_))
        for end, used, next_ in zip(numbers[::3], numbers[1::3], numbers[2::3], strict=True)
    ]
    return admission(rules, counts) if admitted == "1" else refusal(rules, counts, float(now))
