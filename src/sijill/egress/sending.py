"""
One POST to somebody else's server: bounded in time and bytes, followed nowhere, kept nowhere.

Only the status and the header fields of an answer are returned; its body is thrown away.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

from sijill.egress.addresses import Resolver, resolve
from sijill.egress.message import NotSent, Reason, Sent, is_sendable
from sijill.egress.targets import BadTarget, Target, parse_target

if TYPE_CHECKING:
    from sijill.egress.network import Network

PER_HOST = 64
"""Messages under way to one host at once, and so its connections; further ones wait."""


class Sender:
    """Posts messages, over connections that stay open for a while."""

    def __init__(
        self,
        *,
        local: bool,
        timeout: float = 10.0,
        max_answer: int = 65_536,
        resolver: Resolver = resolve,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """
        Send to public servers, and if `local` to loopback and private networks too.

        `timeout`: seconds for a whole message, from the wait for its turn to its answer's end.
        `max_answer`: bytes of an answer, its head included, after which it is cut.
        """
        self._local, self._timeout, self._max_answer = local, timeout, max_answer
        self._resolver, self._monotonic = resolver, monotonic
        self._network: Network | None = None
        self._turns: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()

    async def post(self, url: str, headers: Sequence[tuple[str, str]], body: bytes) -> Sent:
        """
        Return the receiver's answer to the body, which goes out with these header fields.

        The sender writes `Host` and `Content-Length`. A redirect is an answer like any other; an
        answer counts once its head has arrived, whatever becomes of its body.
        Raises: NotSent.
        """
        target = self._target(url)
        if not all(is_sendable(name, value) for name, value in headers):
            raise NotSent("target")
        # httpcore is heavy, and a server that sends nothing does not load it.
        from sijill.egress import network

        if self._network is None:
            self._network = network.Network(
                self._resolver, self._local, self._timeout, self._max_answer
            )
        begun = self._monotonic()
        sent: Sent | None = None
        reason: Reason = "protocol"
        try:
            async with (
                asyncio.timeout(self._timeout),
                self._turn(target),
                self._network.answer(target, headers, body) as response,
            ):
                ms = (self._monotonic() - begun) * 1_000
                sent = Sent(response.status, network.headers_of(response), ms)
        except network.FAULTS as fault:
            reason = network.reason_of(fault)
        if sent is None:
            raise NotSent(reason)  # raised outside the handler, it does not chain the fault's text
        return sent

    async def close(self) -> None:
        """Close the connections."""
        if self._network is not None:
            await self._network.close()

    def _target(self, url: str) -> Target:
        try:
            return parse_target(url, local=self._local)
        except BadTarget as bad:
            raise NotSent("blocked" if bad.reason == "address" else "target") from None

    def _turn(self, target: Target) -> asyncio.Semaphore:
        return self._turns.setdefault(target.authority, asyncio.Semaphore(PER_HOST))
