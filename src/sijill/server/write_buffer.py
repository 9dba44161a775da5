"""
Answers sent whole, and those of one turn of the event loop one after the other.

A write to a socket wakes whoever waits at its other end. Head and body apart would wake it twice,
and answers written between requests would wake it anew each time: so they are written at the end
of the turn.
"""

from asyncio import AbstractEventLoop, Transport


class Whole:
    """The writing side of one connection."""

    def __init__(self, transport: Transport, loop: AbstractEventLoop) -> None:
        self._transport = transport
        self._loop = loop
        self._pending: list[bytes] = []

    def write(self, data: bytes) -> None:
        """Send data at the end of this turn, after what was written before."""
        if not self._pending:
            self._loop.call_soon(self.flush)
        self._pending.append(data)

    def flush(self) -> None:
        """Send what is pending now: before anything that does not come through here."""
        if self._pending:
            data = b"".join(self._pending)
            self._pending.clear()
            self._transport.write(data)

    def close(self) -> None:
        """Close once everything is sent."""
        self.flush()
        self._transport.close()

    def is_closing(self) -> bool:
        """Return whether the connection is going."""
        return self._transport.is_closing()
