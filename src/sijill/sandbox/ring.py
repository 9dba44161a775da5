"""A ring of the last entries of a journal, and waits for entries to come."""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Generic, TypeVar

CAPACITY = 10_000
"""Entries in a ring at most; the oldest leaves first."""

Item = TypeVar("Item")


class Ring(Generic[Item]):
    """The last entries, in the order in which they were added."""

    def __init__(
        self, is_complete: Callable[[Item], bool] = lambda item: True, capacity: int = CAPACITY
    ) -> None:
        """Waits leave out entries that are not complete."""
        self._is_complete = is_complete
        self._items: deque[Item] = deque(maxlen=capacity)
        self._more, self._ended = asyncio.Event(), False
        self.overflowed = False
        """Whether an entry has left the ring since `clear`."""
        self.added = 0
        """Entries that were ever added."""

    def add(self, item: Item) -> None:
        """Add an entry, and wake all waits."""
        self.overflowed = self.overflowed or len(self._items) == self._items.maxlen
        self._items.append(item)
        self.added += 1
        self.wake()

    def wake(self) -> None:
        """Wake all waits: an entry has changed."""
        self._more.set()
        self._more = asyncio.Event()

    def end(self) -> None:
        """Let every wait, and each that begins later, return what is there."""
        self._ended = True
        self.wake()

    def clear(self) -> None:
        """Forget everything."""
        self._items.clear()
        self.overflowed = False

    def find(self, fits: Callable[[Item], bool]) -> list[Item]:
        """Return the entries that fit, in order."""
        return [item for item in self._items if fits(item)]

    def since(self, added: int) -> list[Item]:
        """Return the entries that came since `added` was so many, in order."""
        return list(self._items)[max(0, len(self._items) - (self.added - added)) :]

    async def wait(self, fits: Callable[[Item], bool], count: int, within: float) -> list[Item]:
        """
        Return the complete entries that fit, as soon as there are `count` of them.

        After `within` real seconds, or once the ring has ended, return those that are there.
        """
        try:
            async with asyncio.timeout(within):
                while True:
                    more = self._more
                    found = [item for item in self.find(fits) if self._is_complete(item)]
                    if len(found) >= count or self._ended:
                        return found
                    await more.wait()
        except TimeoutError:
            return found
