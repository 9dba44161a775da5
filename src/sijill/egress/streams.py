"""A connection over which one answer at a time is read, and no more bytes of it than allowed."""

import asyncio
from typing import Any, cast

import httpcore


class Stream(asyncio.Protocol, httpcore.AsyncNetworkStream):
    """
    An open connection: the event loop fills it, httpcore writes messages and reads answers.

    It ends after `max_answer` bytes of each answer. The last byte that has come is held back until
    it is asked for: where it is not, the answer has ended before it, and the connection cannot
    serve again. httpcore alone would take the rest for the next answer: a receiver that counts
    letters for bytes, or sends a body with 204, would spoil every second message.
    """

    def __init__(self, max_answer: int) -> None:
        self._transport: asyncio.Transport
        self._received = bytearray()
        self._ended = False
        self._changed = asyncio.Event()
        self._unsent: list[bytes] = []
        self._max_answer = self._left = max_answer

    # httpcore's side

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109
        """Take bytes of a message, whose answer may again be `max_answer` bytes long."""
        self._left = self._max_answer
        self._unsent.append(buffer)

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109
        """
        Send the message that was written, in one piece, and return the next bytes of its answer.

        They are empty at the end, or once the answer is as long as allowed.
        """
        if self._unsent and not self._transport.is_closing():
            self._transport.write(b"".join(self._unsent))
        self._unsent.clear()
        while not (self._received or self._ended):
            self._changed.clear()
            await self._changed.wait()
        size = min(max_bytes, self._left, max(1, len(self._received) - 1))
        data = bytes(self._received[:size])
        del self._received[:size]
        self._left -= len(data)
        return data

    async def aclose(self) -> None:
        """Close the connection at once; what is still to be sent is dropped."""
        self._transport.abort()

    def get_extra_info(self, info: str) -> Any:
        """Return whether there is something to read: httpcore closes an idle connection then."""
        return bool(self._received or self._ended) if info == "is_readable" else None

    # The event loop's side

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Take bytes of an answer, and no more once they are as many as allowed."""
        self._received += data
        if len(self._received) > self._left:
            self._transport.pause_reading()
        self._changed.set()

    def eof_received(self) -> None:
        """Note that nothing more comes; the transport closes itself."""
        self._ended = True
        self._changed.set()

    def connection_lost(self, fault: Exception | None) -> None:
        """Note that the connection is gone."""
        self.eof_received()
