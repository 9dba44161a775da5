"""The access log: a line for each answer; those of one turn of the event loop go out together."""

import asyncio
import os
import select
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Generic, TypeVar

from msgspec import Struct, json

from sijill.values.dates import utc_text

Line = TypeVar("Line")

_encode_lines = json.Encoder().encode_lines


class AccessLine(Struct, gc=False):
    """One answer. The order of the fields is that of the keys; `timestamp` is set when written."""

    request_id: str
    method: str
    route: str
    status: int
    ms: float
    event: str = "request"
    level: str = "info"
    timestamp: str = ""


class AccessLog(Generic[Line]):
    """Gathers the lines of a turn of the event loop, and gives them to `write` at its end."""

    def __init__(self, write: Callable[[Sequence[Line]], None]) -> None:
        self._write = write
        self._lines: list[Line] = []

    def add(self, line: Line) -> None:
        """Take a line in; it is written before the next turn ends."""
        if not self._lines:
            asyncio.get_running_loop().call_soon(self.flush)
        self._lines.append(line)

    def flush(self) -> None:
        """Write the lines of this turn now."""
        lines, self._lines = self._lines, []
        if lines:
            self._write(lines)


def json_lines(
    descriptor: int, now: Callable[[], datetime]
) -> Callable[[Sequence[AccessLine]], None]:
    """Return the function that writes lines as JSON, all with the time at which it is called."""

    def write(lines: Sequence[AccessLine]) -> None:
        timestamp = utc_text(now())
        for line in lines:
            line.timestamp = timestamp
        write_lines(descriptor, _encode_lines(lines))

    return write


def write_lines(descriptor: int, data: bytes) -> None:
    """
    Write whole lines, waiting while their reader is behind.

    A pipe takes PIPE_BUF bytes as a whole, so no line of another process comes into one of ours.
    Where nothing can be written (the reader is gone, the disk is full) the lines are lost: answers
    matter more than their log.
    """
    start, size = 0, len(data)
    with suppress(OSError):
        while start < size:
            end = size
            if size - start > select.PIPE_BUF:
                end = data.rindex(b"\n", start, start + select.PIPE_BUF) + 1
            try:
                start += os.write(descriptor, data[start:end])
            except BlockingIOError:  # another process has made the descriptor non-blocking
                select.select([], [descriptor], [])
