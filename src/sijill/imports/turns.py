"""Turns at reading uploaded files: stores take them in a circle."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Hashable
from contextlib import asynccontextmanager

from sijill.errors import Unavailable
from sijill.imports.model import TooManyImports

AT_ONCE = 1
"""Files that a server process reads at the same time."""

OF_A_STORE, OF_ALL = 4, 64
"""Files that are read or wait, of one store and of all together, at most."""


class Turns:
    """Lets AT_ONCE in at the same time; of those that wait, the store whose turn is longest ago."""

    def __init__(self) -> None:
        self._free = AT_ONCE
        self._present: dict[Hashable, int] = {}
        """How many of each store are in or wait."""
        self._circle: dict[Hashable, deque[asyncio.Future[None]]] = {}
        """Those that wait, by store; the next store is the first."""

    @asynccontextmanager
    async def turn(self, store: Hashable) -> AsyncIterator[None]:
        """
        Wait for a turn of a store, and hold it.

        Raises: TooManyImports if too many files of the store wait; Unavailable if too many do.
        """
        present = self._present.get(store, 0)
        if present >= OF_A_STORE:
            raise TooManyImports
        if sum(self._present.values()) >= OF_ALL:
            raise Unavailable(5)
        self._present[store] = present + 1
        try:
            await self._enter(store)
            try:
                yield
            finally:
                self._leave()
        finally:
            self._present[store] -= 1
            if not self._present[store]:
                del self._present[store]

    async def _enter(self, store: Hashable) -> None:
        if self._free:
            self._free -= 1
            return
        place = asyncio.get_running_loop().create_future()
        self._circle.setdefault(store, deque()).append(place)
        try:
            await place
        except asyncio.CancelledError:
            if place.done() and not place.cancelled():
                self._leave()  # it was let in and is gone: the turn is the next one's
            raise

    def _leave(self) -> None:
        """Let in the next that still waits, of the first store, which becomes the last one."""
        while self._circle:
            store = next(iter(self._circle))
            places = self._circle.pop(store)
            while places and places[0].done():
                places.popleft()  # cancelled: it costs its store no turn
            if places:
                places.popleft().set_result(None)
                if places:
                    self._circle[store] = places
                return
        self._free += 1
