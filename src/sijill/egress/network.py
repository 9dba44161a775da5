"""
The connections of the sender: to allowed addresses only, and what goes wrong on them.

httpcore names the host and we choose the address, so SNI, the certificate's name and `Host` stay
those of the URL. Importing this imports httpcore: the sender does so at its first message.
"""

import logging
import ssl
from collections.abc import Iterable, Sequence
from ipaddress import ip_address

import httpcore

from sijill.egress.addresses import Address, is_allowed
from sijill.egress.resolving import Resolver
from sijill.egress.sending import NotSent, Reason
from sijill.egress.streams import Metered

IDLE = 4.0
"""Seconds a connection waits for its next message: less than the 5 s after which many close it."""

MOST_IDLE = 64
"""Connections beyond which idle ones are closed at once."""

logging.getLogger("httpcore").setLevel(logging.WARNING)  # below, it writes URLs and headers


def pool(
    *, resolver: Resolver, local: bool, timeout: float, most_answer: int
) -> httpcore.AsyncConnectionPool:
    """Return HTTP/1.1 connections over guarded sockets; without proxies, retries, redirects."""
    return httpcore.AsyncConnectionPool(
        ssl_context=httpcore.default_ssl_context(),
        max_connections=None,
        max_keepalive_connections=MOST_IDLE,
        keepalive_expiry=IDLE,
        network_backend=Guard(resolver, local, timeout, most_answer),
    )


class Guard(httpcore.AsyncNetworkBackend):
    """Looks a name up once, and connects to what it checked."""

    def __init__(self, resolver: Resolver, local: bool, timeout: float, most_answer: int) -> None:
        self._resolver = resolver
        self._local = local
        self._timeout = timeout
        self._most_answer = most_answer
        self._network = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 httpcore's signature
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """
        Return a connection to the first of the host's addresses that takes one.

        Every one of them must be allowed: a name that leads inside as well is not to be trusted.
        Raises: NotSent("resolve"), ("blocked") or ("connect").
        """
        addresses = await self._resolve(host)
        if not all(is_allowed(address, local=self._local) for address in addresses):
            raise NotSent("blocked")
        for address in addresses:
            share = self._timeout / len(addresses)  # a black hole leaves time for the next
            try:
                stream = await self._network.connect_tcp(str(address), port, share)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
            return await self._checked(stream)
        raise NotSent("connect")

    async def _resolve(self, host: str) -> Sequence[Address]:
        try:
            return [ip_address(host)]
        except ValueError:
            pass
        try:
            addresses = await self._resolver(host)
        except OSError:
            addresses = ()
        if not addresses:
            raise NotSent("resolve")
        return addresses

    async def _checked(self, stream: httpcore.AsyncNetworkStream) -> Metered:
        """Return the stream if its other end is where it may be, whatever was asked for."""
        peer = ip_address(stream.get_extra_info("server_addr")[0])
        if not is_allowed(peer, local=self._local):
            await stream.aclose()
            raise NotSent("blocked")
        return Metered(stream, self._most_answer)


_REASONS: Sequence[tuple[type[Exception], Reason]] = (
    (httpcore.TimeoutException, "timeout"),
    (TimeoutError, "timeout"),
    (ssl.SSLError, "tls"),
    (httpcore.NetworkError, "protocol"),
    (httpcore.ProtocolError, "protocol"),
    (OSError, "protocol"),
)

FAULTS = tuple(kind for kind, _ in _REASONS)
"""What goes wrong once connected: the receiver's doing, all of it."""


def reason_of(fault: Exception) -> Reason:
    """Return the word for one of FAULTS."""
    return next(reason for kind, reason in _REASONS if isinstance(fault, kind))
