"""
The connections of the sender: to allowed addresses only, one message and its answer at a time.

We connect to the address that was checked, and httpcore speaks HTTP over the connection. The name
in SNI, in the certificate and in `Host` stays that of the URL.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from ipaddress import ip_address
from socket import AF_INET, AF_INET6, SOCK_STREAM, socket
from weakref import WeakValueDictionary

import httpcore

from sijill.egress.addresses import Address, Resolver, is_allowed
from sijill.egress.message import Answered, NotSent, Reason, Sent
from sijill.egress.streams import Stream
from sijill.egress.targets import Target

Fields = Sequence[tuple[str, str]]
"""Header fields, in order."""

PER_HOST = 64
"""Messages under way to one host at once, and so its connections; further ones wait."""

IDLE = 4.0
"""Seconds a connection waits for its next message: less than the 5 s after which many close it."""

MAX_IDLE = 128
"""Connections that may wait for a message at once; beyond, the oldest are closed."""

logging.getLogger("httpcore").setLevel(logging.WARNING)  # below, it writes URLs and headers


class Network:
    """HTTP/1.1 over checked connections, without proxies, retries and redirects."""

    def __init__(self, resolver: Resolver, timeout: float, max_answer: int, *, local: bool) -> None:
        self._resolver, self._local = resolver, local
        self._timeout, self._max_answer = timeout, max_answer
        self._tls = httpcore.default_ssl_context()
        self._tls.set_alpn_protocols(["http/1.1"])
        self._turns: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()
        self._idle: list[httpcore.AsyncHTTP11Connection] = []  # the oldest first

    async def post(self, target: Target, headers: Fields, body: bytes) -> Sent:
        """
        Return the head of the answer to a message; its body is read and thrown away.

        `Host` and `Content-Length` go before the other header fields. Raises: NotSent.
        """
        heads: list[Sent] = []

        async def take(response: httpcore.Response) -> None:
            heads.append(Sent(response.status, _headers_of(response)))
            async for _ in response.aiter_stream():
                pass

        reason = await self._exchange("POST", target, headers, body, take)
        if not heads:
            raise NotSent(reason)  # raised outside the handler, it does not chain the fault's text
        return heads[0]

    async def ask(self, method: str, target: Target, headers: Fields, body: bytes) -> Answered:
        """
        Return the whole answer to a request.

        A body that is cut, or whose end only the connection's end tells, is no answer: nobody can
        say that it is whole. Raises: NotSent.
        """
        answers: list[Answered] = []

        async def take(response: httpcore.Response) -> None:
            fields = _headers_of(response)
            if not _has_length(response.status, fields):
                raise httpcore.RemoteProtocolError
            pieces = [piece async for piece in response.aiter_stream()]
            answers.append(Answered(response.status, fields, b"".join(pieces)))

        reason = await self._exchange(method, target, headers, body, take)
        if not answers:
            raise NotSent(reason)
        return answers[0]

    async def _exchange(
        self,
        method: str,
        target: Target,
        headers: Fields,
        body: bytes,
        take: Callable[[httpcore.Response], Awaitable[None]],
    ) -> Reason:
        """
        Send a request and let `take` have the answer; return the reason if there is none.

        Raises: NotSent if there is no connection.
        """
        length = [("Content-Length", str(len(body)))] if body or method != "GET" else []
        fields = [("Host", target.authority), *length, *headers]
        url = httpcore.URL(
            scheme=target.scheme, host=target.host, port=target.port, target=target.path
        )
        request = httpcore.Request(method, url, headers=fields, content=body)
        try:
            async with asyncio.timeout(self._timeout), self._turn(target):
                connection = await self._take(url.origin) or await self._connect(target, url.origin)
                try:
                    response = await connection.handle_async_request(request)
                    await take(response)
                    await response.aclose()
                finally:
                    await self._keep(connection)
        except TimeoutError:
            return "timeout"
        except (httpcore.ProtocolError, OSError):
            pass
        return "protocol"

    async def close(self) -> None:
        """Close the connections that wait."""
        while self._idle:
            await self._idle.pop().aclose()

    def _turn(self, target: Target) -> asyncio.Semaphore:
        return self._turns.setdefault(target.authority, asyncio.Semaphore(PER_HOST))

    async def _take(self, origin: httpcore.Origin) -> httpcore.AsyncHTTP11Connection | None:
        """Return the connection to an origin that has waited the shortest, None if none waits."""
        for connection in self._idle[::-1]:
            if connection.can_handle_request(origin):
                self._idle.remove(connection)
                if not connection.has_expired():
                    return connection
                await connection.aclose()
        return None

    async def _keep(self, connection: httpcore.AsyncHTTP11Connection) -> None:
        """Let a connection wait if it can serve again."""
        if connection.is_idle():
            self._idle.append(connection)
        else:
            await connection.aclose()
        while self._idle and (len(self._idle) > MAX_IDLE or self._idle[0].has_expired()):
            await self._idle.pop(0).aclose()

    async def _connect(
        self, target: Target, origin: httpcore.Origin
    ) -> httpcore.AsyncHTTP11Connection:
        connected, stream = await self._dial(target), Stream(self._max_answer)
        secure = target.scheme == "https"
        try:
            await asyncio.get_running_loop().create_connection(
                lambda: stream,
                sock=connected,
                ssl=self._tls if secure else None,
                server_hostname=target.host if secure else None,
            )
        except OSError:
            raise NotSent("tls" if secure else "connect") from None
        return httpcore.AsyncHTTP11Connection(origin, stream, IDLE)

    async def _dial(self, target: Target) -> socket:
        """
        Return a socket to the first of the host's addresses that accepts a connection.

        All of the addresses must be allowed: a name that also leads inside is not to be trusted.
        """
        addresses = await self._addresses(target)
        if not all(is_allowed(address, local=self._local) for address in addresses):
            raise NotSent("blocked")
        for address in addresses:
            try:
                # A share of the time: an address that never answers leaves some for the next.
                async with asyncio.timeout(self._timeout / len(addresses)):
                    connected = await connect(address, target.port)
                peer = ip_address(connected.getpeername()[0])
            except OSError:  # also TimeoutError
                continue
            if not is_allowed(peer, local=self._local):  # also behind an address that was allowed
                connected.close()
                raise NotSent("blocked")
            return connected
        raise NotSent("connect")

    async def _addresses(self, target: Target) -> Sequence[Address]:
        if target.address is not None:
            return [target.address]
        try:
            addresses = await self._resolver(target.host)
        except OSError:
            addresses = ()
        if not addresses:
            raise NotSent("resolve")
        return addresses


async def connect(address: Address, port: int) -> socket:
    """Return a socket that is connected to an address. Raises: OSError."""
    loop, ready = asyncio.get_running_loop(), asyncio.Event()
    connected = socket(AF_INET if address.version == 4 else AF_INET6, SOCK_STREAM)
    try:
        connected.setblocking(False)
        connected.connect_ex((str(address), port))
        # uvloop's sock_connect would look up the address on a thread.
        loop.add_writer(connected, ready.set)
        try:
            await ready.wait()
        finally:
            loop.remove_writer(connected)
        connected.getpeername()  # raises OSError if it is not connected
    except BaseException:
        connected.close()
        raise
    return connected


def _headers_of(response: httpcore.Response) -> Mapping[str, str]:
    """Return the header fields: names in lower case, repeated ones joined by commas."""
    headers: dict[str, str] = {}
    for raw_name, raw_value in response.headers:
        name, value = raw_name.decode("ascii").lower(), raw_value.decode("latin-1")
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return headers


def _has_length(status: int, headers: Mapping[str, str]) -> bool:
    """Return whether an answer says itself where it ends. Source: RFC 9112 §6.3."""
    return status in (204, 304) or not headers.keys().isdisjoint(_LENGTHS)


_LENGTHS = {"content-length", "transfer-encoding"}
