"""Asks a server from several connections at once, and keeps what is worth telling."""

import asyncio
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import httptools

from fuzz.making import Made

PATIENCE = 300.0
"""Seconds for the requests of one round."""


_TOLD = 3
"""Paths of which the report tells the slowest answer."""


@dataclass
class Report:
    """What came: answers by status, what must not come, and the slowest answer."""

    statuses: Counter[int] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    """A request's number and shape, for each answer of 5xx and each connection without answer."""
    slowest: dict[str, tuple[float, str]] = field(default_factory=dict)
    """Path to the seconds of its slowest answer, and the request's number and shape."""

    def __str__(self) -> str:
        counts = ", ".join(f"{status}: {count}" for status, count in sorted(self.statuses.items()))
        lines = [f"{self.statuses.total()} answers ({counts})"]
        slowest = sorted(self.slowest.values(), reverse=True)[:_TOLD]
        lines += [f"slowest: {seconds * 1000:.0f} ms, {which}" for seconds, which in slowest]
        return "\n".join([*lines, *(f"FAULT {fault}" for fault in self.faults[:20])])


class Connection(asyncio.Protocol):
    """One connection, opened again when the server closes it; it asks until nothing is left."""

    def __init__(self, port: int, requests: Iterator[tuple[int, Made]], report: Report) -> None:
        self._port, self._requests, self._report = port, requests, report
        self._current: tuple[int, Made] | None = None
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def open(self) -> None:
        loop = asyncio.get_running_loop()
        await loop.create_connection(lambda: self, "127.0.0.1", self._port)

    def connection_made(self, transport: Any) -> None:
        self._transport = transport
        self._ask()

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)
        if self._answered:
            self._next()

    def on_headers_complete(self) -> None:
        status = self._parser.get_status_code()
        self._report.statuses[status] += 1
        if status >= 500:
            self._fault(str(status))
        # The answer to a HEAD announces a body that never comes: the connection ends with it.
        self._answered = self._current is not None and self._current[1].method == "HEAD"
        self._closing = self._answered or not self._parser.should_keep_alive()

    def on_message_complete(self) -> None:
        self._answered = True

    def connection_lost(self, exc: Exception | None) -> None:
        if self._current is not None:
            self._fault("no answer")
        if not self.done.done():
            self._opening = asyncio.ensure_future(self.open())

    def _next(self) -> None:
        assert self._current is not None
        number, made = self._current
        taken = time.perf_counter() - self._asked, f"{number}: {made.shape}"
        slowest = self._report.slowest
        slowest[made.path] = max(slowest.get(made.path, taken), taken)
        self._current = None
        if self._closing:
            self._transport.abort()
        else:
            self._ask()

    def _fault(self, what: str) -> None:
        assert self._current is not None
        self._report.faults.append(f"{what}, {self._current[0]}: {self._current[1].shape}")

    def _ask(self) -> None:
        self._parser: Any = httptools.HttpResponseParser(self)
        self._answered = self._closing = False
        self._current = next(self._requests, None)
        if self._current is None:
            self.done.set_result(None)
            self._transport.close()
            return
        self._asked = time.perf_counter()
        self._transport.write(self._current[1].data)


async def ask(
    port: int, requests: Iterable[tuple[int, Made]], report: Report, connections: int
) -> None:
    """Send the requests, each once, and note in the report what came. Raises: TimeoutError."""
    left = iter(requests)
    made = [Connection(port, left, report) for _ in range(connections)]
    async with asyncio.timeout(PATIENCE):
        await asyncio.gather(*(one.open() for one in made))
        await asyncio.gather(*(one.done for one in made))
