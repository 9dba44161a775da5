"""Where the rows of a namespace lie: in memory, or for the default one in a file."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Protocol

from sijill.database.sqlite.backup import restore
from sijill.database.sqlite.connection import Location
from sijill.database.sqlite.driver import SQLite
from sijill.database.sqlite.memory import MemorySQLite
from sijill.database.sqlite.pages import Pages
from sijill.register import SQL_LISTS

Embedded = MemorySQLite | SQLite
"""A driver whose database can be taken as an image."""


class Storage(Protocol):
    """Holds one database at a time."""

    async def hold(self, image: Pages) -> Embedded:
        """Return a driver of the rows of an image, in the place of those that are there."""
        ...

    def trying(self, image: Pages) -> AbstractAsyncContextManager[Embedded]:
        """Do as `hold` for a block; if the block fails, the rows are those of before."""
        ...

    async def again(self, last: Embedded) -> Embedded:
        """Return another driver of the rows of the last one, after `trying` has failed."""
        ...


class InMemory:
    """Rows that end with their driver. The last driver, for requests under way, keeps its own."""

    def __init__(self, statements: Mapping[str, str]) -> None:
        """`statements` are those of `sql.statements`, by name."""
        self._statements = statements

    async def hold(self, image: Pages) -> MemorySQLite:
        """Return a driver of the rows of an image."""
        driver = MemorySQLite(self._statements)
        driver.restore(image)
        return driver

    @asynccontextmanager
    async def trying(self, image: Pages) -> AsyncIterator[MemorySQLite]:
        """Yield a driver of the rows of an image; the last driver has those of before."""
        yield await self.hold(image)

    async def again(self, last: Embedded) -> MemorySQLite:
        """Return another driver of the rows of the last one."""
        return await self.hold(await last.pages())


class InFile:
    """Rows in a SQLite file, which other processes may use at the same time."""

    def __init__(self, location: Location) -> None:
        self._location = location
        self._driver: SQLite | None = None

    def open(self) -> SQLite:
        """Return a driver of the rows that are there. Raises: OSError."""
        self._driver = SQLite(self._location, SQL_LISTS)
        return self._driver

    async def hold(self, image: Pages) -> SQLite:
        """
        Return a driver of the rows of an image; requests that use the last driver are a 503.

        Raises: OSError; Unavailable.
        """
        driver = await self._reopened()
        try:
            await self._put(image)
        except BaseException:
            await driver.close()
            raise
        return driver

    @asynccontextmanager
    async def trying(self, image: Pages) -> AsyncIterator[SQLite]:
        """
        Yield a driver as `hold` does; if the block fails, put the rows of before into the file.

        Raises: as `hold`.
        """
        driver = await self._reopened()
        try:
            before = await driver.pages()  # the last driver is closed: nothing is written since
            await self._put(image)
            try:
                yield driver
            except BaseException:
                await self._put(before)
                raise
        except BaseException:
            await driver.close()
            raise

    async def again(self, last: Embedded) -> SQLite:
        """Return a driver of the rows that are there. Raises: OSError."""
        return self.open()

    async def _reopened(self) -> SQLite:
        if self._driver is not None:
            await self._driver.close()
        return self.open()

    async def _put(self, image: Pages) -> None:
        await asyncio.to_thread(restore, self._location, image)
