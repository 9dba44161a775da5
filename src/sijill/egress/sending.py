"""
One message to another server: bounded in time and bytes, without redirects.

A message that only tells something returns the head of the answer; a request returns the whole of
it.
"""

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from sijill.egress.addresses import Resolver, resolve
from sijill.egress.message import Answered, NotSent, Sent, is_sendable
from sijill.egress.targets import BadTarget, Target, parse_target

if TYPE_CHECKING:
    from sijill.egress.network import Network


class Sender:
    """Sends messages and requests, over connections that stay open for a while."""

    def __init__(
        self,
        *,
        local: bool,
        timeout: float = 10.0,
        max_answer: int = 65_536,
        resolver: Resolver = resolve,
    ) -> None:
        """
        Send to public servers, and if `local` to loopback and private networks too.

        `timeout`: seconds for a whole message, from the wait for its turn to its answer's end.
        `max_answer`: bytes of an answer, its head included, after which it is cut.
        """
        self._local, self._timeout = local, timeout
        self._max_answer, self._resolver = max_answer, resolver

    async def post(self, url: str, headers: Sequence[tuple[str, str]], body: bytes) -> Sent:
        """
        Post a body with header fields, to which `Host` and `Content-Length` are added.

        A redirect is an answer like any other. An answer counts once its head has arrived, even if
        its body is then cut.
        Raises: NotSent.
        """
        return await self._network.post(self._checked(url, headers), headers, body)

    async def ask(
        self, method: str, url: str, headers: Sequence[tuple[str, str]], body: bytes = b""
    ) -> Answered:
        """
        Return the whole answer to a request; the header fields are those of `post`.

        An answer counts only if all of it has arrived, within the time and the bytes allowed.
        Raises: NotSent.
        """
        return await self._network.ask(method, self._checked(url, headers), headers, body)

    def _checked(self, url: str, headers: Sequence[tuple[str, str]]) -> Target:
        """Return the parsed URL. Raises: NotSent if it or a field may not be used."""
        try:
            target = parse_target(url, local=self._local)
        except BadTarget as bad:
            raise NotSent("blocked" if bad.reason == "address" else "target") from None
        if not all(is_sendable(name, value) for name, value in headers):
            raise NotSent("target")
        return target

    async def close(self) -> None:
        """Close the connections."""
        if "_network" in vars(self):
            await self._network.close()

    @cached_property
    def _network(self) -> "Network":
        # httpcore is heavy: a server that sends nothing does not load it.
        from sijill.egress.network import Network

        return Network(self._resolver, self._timeout, self._max_answer, local=self._local)
