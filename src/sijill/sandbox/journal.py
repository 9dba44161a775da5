"""The journal of a namespace: the last requests, and waits for requests to come."""

import asyncio
from collections import deque
from collections.abc import Callable

from msgspec import Struct

CAPACITY = 10_000
"""Requests in the journal at most; the oldest leaves first."""


class Entry(Struct, kw_only=True):
    """One request and its answer."""

    at: str
    """The virtual time of its arrival, RFC 3339 in UTC."""
    op: str
    """The operation; "" for a path that has none."""
    method: str
    path: str
    query: str
    token: str
    """The beginning of the SHA-256 of its bearer token, as hexadecimal; "" without one."""
    status: int = 0
    """0 until it is answered, and if no answer was sent."""
    remaining: int | None = None
    """Requests that the limiter had left; None if no limiter counted it."""
    fault: str | None = None
    """The kind of fault that a rule made."""


class Journal:
    """The last requests of a namespace, in the order of their arrival."""

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._entries: deque[Entry] = deque(maxlen=capacity)
        self._more = asyncio.Event()
        self.overflowed = False
        """Whether a request has left the journal since `clear`."""

    def arrived(self, entry: Entry) -> None:
        """Add a request."""
        self.overflowed = self.overflowed or len(self._entries) == self._entries.maxlen
        self._entries.append(entry)

    def answered(self) -> None:
        """Wake all waits: an entry is complete."""
        self._more.set()
        self._more = asyncio.Event()

    def clear(self) -> None:
        """Forget everything."""
        self._entries.clear()
        self.overflowed = False

    def find(self, fits: Callable[[Entry], bool]) -> list[Entry]:
        """Return the requests that fit, in order."""
        return [entry for entry in self._entries if fits(entry)]

    async def wait(self, fits: Callable[[Entry], bool], count: int, within: float) -> list[Entry]:
        """
        Return the requests that fit, as soon as `count` of them are answered.

        After `within` real seconds return those that are there.
        """
        try:
            async with asyncio.timeout(within):
                while True:
                    more = self._more
                    found = [entry for entry in self.find(fits) if entry.status or entry.fault]
                    if len(found) >= count:
                        return found
                    await more.wait()
        except TimeoutError:
            return found
