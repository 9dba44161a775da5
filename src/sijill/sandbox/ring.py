"""A ring of the last entries of a journal, and waits for entries to come."""

import asyncio
from collections import deque
from collections.abc import Callable
from itertools import count, islice
from typing import Any, Generic, TypeVar

CAPACITY = 10_000
"""Entries in a ring at most; the oldest leaves first."""

Item = TypeVar("Item")


class Ring(Generic[Item]):
    """The last entries, in the order in which they were added."""

    def __init__(
        self,
        is_complete: Callable[[Item], bool] = lambda item: True,
        capacity: int = CAPACITY,
        tell: Callable[[Item], Any] = lambda item: item,
    ) -> None:
        """
        `tell` makes of an entry what readers see; waits leave out what is not complete.
        """
        self._is_complete, self._tell = is_complete, tell
        self._items: deque[Item] = deque(maxlen=capacity)
        self._more: asyncio.Event | None = None  # if somebody waits
        self._ended = False
        self.overflowed = False
        """Whether an entry has left the ring since `clear`."""
        self.added = 0
        """Entries that were ever added."""

    def add(self, item: Item) -> None:
        """Add an entry, and wake all waits."""
        if len(self._items) == self._items.maxlen:
            self.overflowed = True
        self._items.append(item)
        self.added += 1
        self.wake()

    def wake(self) -> None:
        """Wake all waits: an entry has changed."""
        if self._more is not None:
            self._more.set()
            self._more = None

    def end(self) -> None:
        """Let every wait, and each that begins later, return what is there."""
        self._ended = True
        self.wake()

    def clear(self) -> None:
        """Forget everything."""
        self._items.clear()
        self.overflowed = False

    def find(self, fits: Callable[[Any], bool]) -> list[Any]:
        """Return the entries that fit, as they are told, in order."""
        return [told for told in map(self._tell, self._items) if fits(told)]

    def newest(
        self, fits: Callable[[Item], bool], most: int, before: int | None = None
    ) -> list[tuple[int, Item]]:
        """
        Return the newest entries that fit, each behind its number, the newest first.

        Numbers count all entries that were ever added, from 1; with `before`, older ones alone.
        """
        numbered = zip(count(self.added, -1), reversed(self._items), strict=False)
        wanted = (
            (number, item)
            for number, item in numbered
            if (before is None or number < before) and fits(item)
        )
        return list(islice(wanted, most))

    def numbered(self, number: int) -> Item | None:
        """Return the entry of a number, None if it has left the ring or is not there yet."""
        place = number - 1 - (self.added - len(self._items))
        return self._items[place] if 0 <= place < len(self._items) else None

    def _complete(self, fits: Callable[[Any], bool]) -> list[Any]:
        items = filter(self._is_complete, self._items)
        return [told for told in map(self._tell, items) if fits(told)]

    def since(self, added: int) -> list[Item]:
        """Return the entries that came since `added` was so many, in order."""
        return list(self._items)[max(0, len(self._items) - (self.added - added)) :]

    async def wait(self, fits: Callable[[Any], bool], count: int, within: float) -> list[Any]:
        """
        Return the complete entries that fit, as soon as there are `count` of them.

        After `within` real seconds, or once the ring has ended, return those that are there.
        """
        try:
            async with asyncio.timeout(within):
                while True:
                    more = self._more = self._more or asyncio.Event()
                    found = self._complete(fits)
                    if len(found) >= count or self._ended:
                        return found
                    await more.wait()
        except TimeoutError:
            return found
