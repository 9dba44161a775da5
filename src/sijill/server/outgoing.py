"""
The writing side of one connection: what is said in a turn is one write at its end.

Each write to a socket may wake the client, and separate writes would wake it once for each.
"""

import fcntl
import sys
import termios
from asyncio import Future, Transport

from sijill.server.site import Site

MAX_SAID = 64 * 1024
"""
Bytes above which a connection writes at once, and makes no other answer in the same turn.

Until the end of the turn, large answers of many connections would fill the memory.
"""


class Outgoing:
    """Writes to one client, notices whether it reads, and ends the connection."""

    def __init__(self, site: Site, transport: Transport, client: str) -> None:
        self._site, self._transport, self._client = site, transport, client
        self._said: list[bytes] = []
        self.size = 0
        """Bytes that are said in this turn."""
        self.is_paused = False
        """Whether the client has to read before more is written."""
        self._unread = 0  # bytes that were taken from the budget at the last pause
        self._resumed: Future[None] | None = None
        self._ends = self._may_reset = False
        self.lingers = False
        """Whether all is written, and the client is given time to read it."""

    def say(self, data: bytes) -> None:
        """Write data at the end of this turn, or now if it is much."""
        if not self._said:
            self._site.write_later(self)
        self._said.append(data)
        self.size += len(data)
        if self.size >= MAX_SAID:
            self._write()

    def flush(self) -> None:
        """Write what was said, and end the connection if that was all."""
        self._write()
        self.size = 0
        if self._ends and not self.lingers:
            self._end()

    def _write(self) -> None:
        data, self._said = b"".join(self._said), []
        if data and not self._transport.is_closing():
            self._transport.write(data)

    def end(self, *, reads: bool) -> None:
        """
        End the connection once all is written; `reads` says that more may come from the client.

        Closing on unread bytes would make the kernel send a reset, and the client lose the answer.
        Then the client is told that nothing follows, and has to close: see `lingers`.
        """
        self._ends, self._may_reset = True, reads
        if not self._said:
            self._end()

    def _end(self) -> None:
        if not self._may_reset:
            self._transport.close()
        elif not self._transport.is_closing():
            self.lingers = True
            if self._transport.can_write_eof():
                self._transport.write_eof()

    def pause(self) -> None:
        """Note that the client does not read; it is cut off if no budget has room for the bytes."""
        self.is_paused = True
        unread = self._transport.get_write_buffer_size()
        if self._site.memory.take(self._client, unread):
            self._unread = unread
        else:
            self._transport.abort()

    def resume(self) -> None:
        """Note that the client has read, or has left."""
        self.is_paused = False
        self._site.memory.give_back(self._client, self._unread)
        self._unread = 0
        if self._resumed is not None and not self._resumed.done():
            self._resumed.set_result(None)

    async def readable(self) -> None:
        """Wait until the client has read."""
        if self.is_paused:
            self._resumed = self._site.loop.create_future()
            await self._resumed

    def unread(self) -> int:
        """
        Return how many bytes the client has still to read, 0 if all are with the kernel.

        Until then the kernel's own queue is counted too, so that slow reading shows: a socket
        takes more only when much of its queue has gone.
        """
        size = self._transport.get_write_buffer_size()
        if size:
            descriptor = self._transport.get_extra_info("socket").fileno()
            queue = fcntl.ioctl(descriptor, termios.TIOCOUTQ, bytes(4))
            size += int.from_bytes(queue, sys.byteorder)
        return size
