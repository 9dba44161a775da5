"""A stream from which one answer at a time is read, and no more bytes than allowed."""

import asyncio
import ssl
from contextlib import suppress
from typing import Any, Self

import h11
import httpcore

from sijill.egress.message import NotSent


class Metered(httpcore.AsyncNetworkStream):
    """
    A stream that ends after `max_answer` bytes of each answer.

    It follows where an answer ends, because httpcore would take the bytes after it for the next
    answer: a receiver that counts letters for bytes, or sends a body with 204, would spoil every
    second message.
    """

    def __init__(self, stream: httpcore.AsyncNetworkStream, max_answer: int) -> None:
        self._stream = stream
        self._max_answer = self._left = max_answer
        self._answer = _new_answer()

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109
        """Return the next bytes; empty at the end, or once the answer is as long as allowed."""
        if not self._left:
            return b""
        data = await self._stream.read(min(max_bytes, self._left), timeout)
        self._left -= len(data)
        if data:
            _follow(self._answer, data)
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109
        """Send bytes of a message, whose answer may again be `max_answer` bytes long."""
        if self._left != self._max_answer:
            self._left = self._max_answer
            self._answer = _new_answer()
        await self._stream.write(buffer, timeout)

    async def aclose(self) -> None:
        """Close the stream."""
        await self._stream.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109 httpcore's signature
    ) -> Self:
        """
        Return the stream under TLS.

        Raises: NotSent("tls") if the certificate is not trusted or the handshake fails.
        """
        try:
            stream = await self._stream.start_tls(ssl_context, server_hostname, timeout)
        except httpcore.ConnectError:
            raise NotSent("tls") from None
        except asyncio.CancelledError:
            await self._stream.aclose()  # httpcore closes it after other faults, not after this
            raise
        return type(self)(stream, self._max_answer)

    def get_extra_info(self, info: str) -> Any:
        """Return what the inner stream knows; httpcore closes an idle stream that is readable."""
        if info == "is_readable" and self._answer.trailing_data[0]:
            return True
        return self._stream.get_extra_info(info)


def _new_answer() -> h11.Connection:
    """Return a reader of the answer to one POST."""
    connection = h11.Connection(h11.CLIENT)
    connection.send(h11.Request(method="POST", target="/", headers=[("Host", "")]))
    connection.send(h11.EndOfMessage())
    return connection


def _follow(answer: h11.Connection, data: bytes) -> None:
    answer.receive_data(data)
    with suppress(h11.RemoteProtocolError):  # httpcore raises it too
        while answer.next_event() not in (h11.NEED_DATA, h11.PAUSED):
            pass
