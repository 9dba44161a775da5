"""
One POST to somebody else's server: bounded in time and bytes, followed nowhere, kept nowhere.

Of an answer only its status and its header fields are of interest; its body is thrown away.
"""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Literal, NamedTuple
from weakref import WeakValueDictionary

from sijill.egress.fields import is_sendable
from sijill.egress.resolving import Resolver, resolve
from sijill.egress.targets import BadTarget, Target, parse_target

if TYPE_CHECKING:  # imported at the first message: a server that sends nothing does not hold it
    import httpcore

Reason = Literal["blocked", "resolve", "connect", "tls", "timeout", "protocol", "target"]

PER_HOST = 64
"""Messages on their way to one host at once, and so its connections; others wait their turn."""


class NotSent(Exception):
    """
    No answer was had; it says why in a word, and nothing of where or what.

    `blocked`: an address that may not be reached. `target`: a URL or a header field that cannot
    be used. `timeout` and `protocol` leave open whether the receiver acted on the message.
    """

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason: Reason = reason


class Sent(NamedTuple):
    """The head of an answer, whatever its status."""

    status: int
    headers: Mapping[str, str]
    """Names in lower case; the values of fields that came twice, joined by commas."""
    ms: float
    """Milliseconds until it was there."""


class Sender:
    """Posts messages, over connections it keeps for a while."""

    def __init__(
        self,
        *,
        local: bool,
        timeout: float = 10.0,
        most_answer: int = 65_536,
        resolver: Resolver = resolve,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """
        Send to public servers, and if `local` inside the house too (see `is_allowed`).

        `timeout` is seconds for a whole message, from the wait for its turn to its answer's end;
        `most_answer` bytes of an answer, its head included, after which it is cut.
        """
        self._local = local
        self._timeout = timeout
        self._most_answer = most_answer
        self._resolver = resolver
        self._monotonic = monotonic
        self._kept: httpcore.AsyncConnectionPool | None = None
        self._turns: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()

    async def post(self, url: str, headers: Sequence[tuple[str, str]], body: bytes) -> Sent:
        """
        Return how the receiver answered to the body, which goes out with these header fields.

        `Host` and `Content-Length` are ours to write. A redirect is an answer like any other, and
        an answer whose head came is one, whatever becomes of its body.
        Raises: NotSent.
        """
        from sijill.egress.network import FAULTS, reason_of

        target = self._target(url)
        request = _request(target, headers, body)
        begun = self._monotonic()
        sent: Sent | None = None
        reason: Reason = "protocol"
        try:
            async with asyncio.timeout(self._timeout), self._turn(target):
                response = await self._pool().handle_async_request(request)
                sent = _sent(response, ms=(self._monotonic() - begun) * 1_000)
                await _discard(response)
        except FAULTS as fault:
            reason = reason_of(fault)
        if sent is None:
            raise NotSent(reason)  # out here it carries no words of the fault along
        return sent

    async def close(self) -> None:
        """Close what is kept open."""
        if self._kept is not None:
            await self._kept.aclose()

    def _target(self, url: str) -> Target:
        try:
            return parse_target(url, local=self._local)
        except BadTarget as bad:
            raise NotSent("blocked" if bad.reason == "address" else "target") from None

    def _turn(self, target: Target) -> asyncio.Semaphore:
        return self._turns.setdefault(target.authority, asyncio.Semaphore(PER_HOST))

    def _pool(self) -> "httpcore.AsyncConnectionPool":
        from sijill.egress.network import pool

        if self._kept is None:
            self._kept = pool(
                resolver=self._resolver,
                local=self._local,
                timeout=self._timeout,
                most_answer=self._most_answer,
            )
        return self._kept


def _request(target: Target, headers: Sequence[tuple[str, str]], body: bytes) -> "httpcore.Request":
    """
    Return the message.

    Raises: NotSent("target") if a header field is not sendable.
    """
    import httpcore

    if not all(is_sendable(name, value) for name, value in headers):
        raise NotSent("target")
    fields = [("Host", target.authority), ("Content-Length", str(len(body))), *headers]
    url = httpcore.URL(scheme=target.scheme, host=target.host, port=target.port, target=target.path)
    return httpcore.Request("POST", url, headers=fields, content=body)


def _sent(response: "httpcore.Response", *, ms: float) -> Sent:
    headers: dict[str, str] = {}
    for raw_name, raw_value in response.headers:
        name, value = raw_name.decode("ascii").lower(), raw_value.decode("latin-1")
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return Sent(response.status, headers, ms)


async def _discard(response: "httpcore.Response") -> None:
    """Read the body to its end, so that the connection can serve again; else it is closed."""
    try:
        async for _ in response.aiter_stream():
            pass
    finally:
        await response.aclose()
