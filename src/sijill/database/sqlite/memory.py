"""
SQLite in memory: one connection, and every statement on the event loop.

There is no disk to wait for, so there is no thread either: a process may hold thousands.
"""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sijill.database.driver import Row, T, Work
from sijill.database.sql import Dialect
from sijill.database.sqlite.connection import Connection, Location
from sijill.database.sqlite.file import DatabaseFile
from sijill.database.sqlite.transaction import SQLiteTransaction
from sijill.database.sqlite.writer import drive
from sijill.errors import Unavailable

_NO_LOG = b"\1\1"
"""Bytes 18 and 19 of a file without a write-ahead log. Source: SQLite "Database File Format"."""

IN_MEMORY = Location(":memory:", memory=True)


class MemorySQLite:
    """One SQLite database in memory, which ends with its driver; see `driver.Driver`."""

    dialect: Dialect = "sqlite"

    def __init__(self, statements: Mapping[str, str]) -> None:
        """`statements` are those of `sql.statements`, by name; databases may share them."""
        no_file = DatabaseFile(None)
        self._connection = Connection(IN_MEMORY, no_file, statements, writable=True, patience=0.0)
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

    async def remove_backups(self, before: datetime) -> int:
        """Return 0: there is no file."""
        return 0

    async def close(self) -> None:
        """Forget the database."""
        self._closed = True
        self._connection.close()

    def image(self) -> bytes:
        """Return the database as the bytes of a file; see `restore`."""
        return self._connection.handle.serialize("main")

    def restore(self, image: bytes) -> None:
        """
        Hold what `image`, the bytes of a file, holds, and nothing else.

        Raises: apsw.Error if the bytes are no database.
        """
        self._connection.close()
        self._connection.handle.deserialize("main", image[:18] + _NO_LOG + image[20:])

    def _check_open(self) -> None:
        if self._closed:
            raise Unavailable
