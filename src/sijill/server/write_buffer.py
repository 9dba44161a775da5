"""
A write buffer: one socket write for all answers of one turn of the event loop.

Each write to a socket wakes the peer. Separate writes of head and body would wake it twice, and
separate answers once each: so the buffer writes everything at the end of the turn.
"""

from asyncio import AbstractEventLoop, Transport


class WriteBuffer:
    """The writing side of one connection."""

    def __init__(self, transport: Transport, loop: AbstractEventLoop) -> None:
        self._transport, self._loop = transport, loop
        self._pending: list[bytes] = []

    def write(self, data: bytes) -> None:
        """Send data at the end of this turn, after earlier data."""
        if not self._pending:
            self._loop.call_soon(self.flush)
        self._pending.append(data)

    def flush(self) -> None:
        """Send pending data now: call this before writing to the transport directly."""
        if self._pending:
            data = b"".join(self._pending)
            self._pending.clear()
            self._transport.write(data)

    def close(self) -> None:
        """Close once all data is sent."""
        self.flush()
        self._transport.close()

    def is_closing(self) -> bool:
        """Return whether the connection is closing."""
        return self._transport.is_closing()
