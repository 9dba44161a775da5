"""The body of a request as it arrives: in memory, or in a file once it is large."""

import asyncio
from collections.abc import Callable
from io import BytesIO
from tempfile import SpooledTemporaryFile
from typing import IO

from sijill.errors import Fault

IN_MEMORY = 64 * 1024
"""Most bytes of a body in memory; a longer body is in a file."""


def new_file() -> IO[bytes]:
    """
    Return a temporary file, in memory while it is small.

    On the disk it has no name, and its owner alone may read it: it ends when it is closed.
    """
    return SpooledTemporaryFile(IN_MEMORY)


def _nothing() -> None:
    """Do nothing."""


class Body:
    """The body of one request: in memory, or in a temporary file that ends with the request."""

    __slots__ = ("_file", "_is_closed", "_waiter", "most", "on_wanted", "whole")

    def __init__(self, most: int) -> None:
        """Begin a body of `most` bytes, or of so many at most."""
        self.most = most
        self.whole = False
        """Whether all of it has arrived."""
        self.on_wanted: Callable[[], None] = _nothing
        """Called when the application asks for the body before it has arrived."""
        self._waiter: asyncio.Future[None] | None = None
        self._file: IO[bytes] | None = None
        self._is_closed = False

    # The application asks

    async def receive(self) -> None:
        """
        Return once the body has arrived.

        Raises: RequestTimeout; PayloadTooLarge; NotHTTP if its chunks are faulty; Unavailable if
        the process holds too many bytes.
        """
        if not self.whole:
            self._waiter = asyncio.get_running_loop().create_future()
            self.on_wanted()
            await self._waiter

    def read(self) -> bytes:
        """Return the bytes."""
        return self.file().read()

    def file(self) -> IO[bytes]:
        """Return a file that holds the body, at its start; it is closed with the request."""
        if self._file is None:
            return BytesIO()
        self._file.seek(0)
        return self._file

    # The connection delivers

    @property
    def is_taken(self) -> bool:
        """Whether bytes may come: the application has asked for them, or nobody will."""
        return self._waiter is not None or self._is_closed

    @property
    def is_awaited(self) -> bool:
        """Whether the application waits for the body."""
        return self._waiter is not None and not self._waiter.done()

    def write(self, data: bytes) -> None:
        """Add bytes; a closed body drops them. Raises: OSError if the disk does not take them."""
        if self._is_closed:
            return
        if self._file is None:
            self._file = BytesIO() if self.most <= IN_MEMORY else new_file()
        self._file.write(data)

    def end(self) -> None:
        """Say that all of it has arrived."""
        self.whole = True
        if self._waiter is not None and self.is_awaited:
            self._waiter.set_result(None)

    def fail(self, fault: Fault) -> None:
        """Let the application's question end with a fault."""
        if self._waiter is not None and self.is_awaited:
            self._waiter.set_exception(fault)

    def close(self) -> None:
        """Let go of what has arrived; bytes that follow are dropped."""
        self._is_closed = True
        if self._file is not None:
            self._file.close()


NO_BODY = Body(0)
NO_BODY.end()
