"""
SQLite in memory: one connection, and every statement on the event loop.

There is no disk to wait for, so there is no thread either: a process may hold thousands.
"""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import apsw

from sijill.database.driver import Row, T, Work
from sijill.database.sql import Dialect
from sijill.database.sqlite.connection import Connection, Location, keep_plans
from sijill.database.sqlite.file import DatabaseFile
from sijill.database.sqlite.pages import Pages, connect
from sijill.database.sqlite.transaction import SQLiteTransaction
from sijill.database.sqlite.writer import drive
from sijill.errors import Unavailable

IN_MEMORY = Location(":memory:", memory=True)


class MemorySQLite:
    """One SQLite database in memory, which ends with its driver; see `driver.Driver`."""

    dialect: Dialect = "sqlite"

    def __init__(self, statements: Mapping[str, str]) -> None:
        """`statements` are those of `sql.statements`, by name; databases may share them."""
        no_file, self._pages = DatabaseFile(None), Pages()
        self._connection = Connection(lambda: _opened(self._pages), no_file, statements)
        self._transaction = SQLiteTransaction(self._connection, IN_MEMORY, no_file)
        self.newest: int | None = None
        self.writes_failed = False
        self._closed = False

    async def one(self, name: str, *args: Any) -> Row | None:
        """Return the first row of a point read, or None."""
        rows = await self.few(name, *args)
        return rows[0] if rows else None

    async def few(self, name: str, *args: Any) -> Sequence[Row]:
        """Return every row."""
        self._check_open()
        return self._connection.rows(name, args)

    all = few

    async def soon(self, seconds: float, name: str, *args: Any) -> Sequence[Row] | None:
        """Return every row: so small a database answers in no time."""
        return await self.few(name, *args)

    async def run(self, name: str, *args: Any) -> int:
        """Run a statement as a transaction of its own."""
        return await self.write(lambda transaction: transaction.run(name, *args))

    async def write(self, work: Work[T]) -> T:
        """Run `work` in a transaction and return its result; others have their turn after it."""
        self._check_open()
        try:
            self._transaction.begin()
            result: T = drive(work(self._transaction).__await__())
            self._transaction.commit()
        except BaseException:
            self._connection.roll_back()
            raise
        await asyncio.sleep(0)
        return result

    def check(self) -> None:
        """Do nothing: there are no pages that could be damaged."""

    async def empty_log(self) -> bool:
        """Return True: there is no log."""
        return True

    async def vacuum(self) -> None:
        """Do nothing: deleted rows are overwritten."""

    async def remove_backups(self, before: datetime) -> int:
        """Return 0: there is no file."""
        return 0

    async def close(self) -> None:
        """Forget the database."""
        self._closed = True
        self.restore(Pages())

    async def pages(self) -> Pages:
        """Return what the database holds, to be restored as often as one likes."""
        return self._pages.copy()

    def restore(self, pages: Pages) -> None:
        """Hold what `pages` hold, and nothing else. They stay as they are."""
        self._connection.close()
        self._pages = pages.copy()

    def _check_open(self) -> None:
        if self._closed:
            raise Unavailable


_PREPARATION = """
PRAGMA locking_mode = EXCLUSIVE; -- nobody else changes the pages: none is read twice
PRAGMA journal_mode = MEMORY;
PRAGMA temp_store = MEMORY;
"""


def _opened(pages: Pages) -> apsw.Connection:
    connection = connect(pages)
    try:
        keep_plans(connection)
        connection.config(apsw.SQLITE_DBCONFIG_ENABLE_FKEY, 1)
        connection.execute(_PREPARATION).fetchall()
    except BaseException:  # the pages hold no database
        connection.close()
        raise
    return connection
