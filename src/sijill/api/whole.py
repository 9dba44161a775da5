"""Answers sent whole: head and body in one write to the socket."""

from asyncio import Transport


class Whole:
    """
    A transport that sends head and body of an answer as one: two writes wake the peer twice.

    uvicorn writes the head, then the body (none for HEAD and 304), then closes or reports.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._head = b""

    def write(self, data: bytes) -> None:
        """Keep a head, or send what was kept with the body."""
        if self._head:
            self._transport.write(self._head + data)
            self._head = b""
        else:
            self._head = data

    def flush(self) -> None:
        """Send a head that had no body."""
        if self._head:
            self._transport.write(self._head)
            self._head = b""

    def close(self) -> None:
        """Close once everything is sent."""
        self.flush()
        self._transport.close()

    def is_closing(self) -> bool:
        """Return whether the connection is going."""
        return self._transport.is_closing()
