"""
The connections of the sender: to allowed addresses only, one message and its answer at a time.

httpcore names the host and we choose the address, so SNI, the certificate's name and `Host` stay
those of the URL. Importing this module imports httpcore: the sender does so at its first message.
"""

import logging
import ssl
from collections.abc import Iterable, Mapping, Sequence
from ipaddress import ip_address

import httpcore

from sijill.egress.addresses import Address, Resolver, is_allowed
from sijill.egress.message import NotSent, Reason
from sijill.egress.streams import Metered
from sijill.egress.targets import Target

IDLE = 4.0
"""Seconds a connection waits for its next message: less than the 5 s after which many close it."""

MAX_IDLE = 64
"""Connections beyond which idle ones are closed at once."""

logging.getLogger("httpcore").setLevel(logging.WARNING)  # below, it writes URLs and headers


def pool(
    *, resolver: Resolver, local: bool, timeout: float, max_answer: int
) -> httpcore.AsyncConnectionPool:
    """Return HTTP/1.1 connections over guarded sockets; without proxies, retries, redirects."""
    return httpcore.AsyncConnectionPool(
        ssl_context=httpcore.default_ssl_context(),
        max_connections=None,
        max_keepalive_connections=MAX_IDLE,
        keepalive_expiry=IDLE,
        network_backend=Guard(resolver, local, timeout, max_answer),
    )


class Guard(httpcore.AsyncNetworkBackend):
    """Looks a name up once, and connects to the addresses that it checked."""

    def __init__(self, resolver: Resolver, local: bool, timeout: float, max_answer: int) -> None:
        self._resolver, self._local = resolver, local
        self._timeout, self._max_answer = timeout, max_answer
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
        Return a connection to the first of the host's addresses that accepts one.

        All of the addresses must be allowed: a name that also leads inside is not to be trusted.
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
        """Return the stream if its peer is at an allowed address, whatever address was dialled."""
        peer = ip_address(stream.get_extra_info("server_addr")[0])
        if not is_allowed(peer, local=self._local):
            await stream.aclose()
            raise NotSent("blocked")
        return Metered(stream, self._max_answer)


_REASONS: Sequence[tuple[type[Exception], Reason]] = (
    (httpcore.TimeoutException, "timeout"),
    (TimeoutError, "timeout"),
    (ssl.SSLError, "tls"),
    (httpcore.NetworkError, "protocol"),
    (httpcore.ProtocolError, "protocol"),
    (OSError, "protocol"),
)

FAULTS = tuple(kind for kind, _ in _REASONS)
"""The faults of an open connection: all of them are the receiver's."""


def reason_of(fault: Exception) -> Reason:
    """Return the reason that stands for one of FAULTS."""
    return next(reason for kind, reason in _REASONS if isinstance(fault, kind))


def request_to(target: Target, headers: Sequence[tuple[str, str]], body: bytes) -> httpcore.Request:
    """Return the message; `Host` and `Content-Length` go before the other header fields."""
    fields = [("Host", target.authority), ("Content-Length", str(len(body))), *headers]
    url = httpcore.URL(scheme=target.scheme, host=target.host, port=target.port, target=target.path)
    return httpcore.Request("POST", url, headers=fields, content=body)


def headers_of(response: httpcore.Response) -> Mapping[str, str]:
    """Return the header fields: names in lower case, repeated ones joined by commas."""
    headers: dict[str, str] = {}
    for raw_name, raw_value in response.headers:
        name, value = raw_name.decode("ascii").lower(), raw_value.decode("latin-1")
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return headers


async def discard(response: httpcore.Response) -> None:
    """Read the body to its end, so that the connection can serve again; else it is closed."""
    try:
        async for _ in response.aiter_stream():
            pass
    finally:
        await response.aclose()
