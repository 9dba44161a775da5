"""A transaction on SQLite: every step runs at once, on the thread that writes."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from sijill.database.driver import Row
from sijill.database.sqlite.backup import back_up
from sijill.database.sqlite.connection import Connection, Location


class SQLiteTransaction:
    """The statements of one job; see `driver.Transaction`. It never really waits."""

    def __init__(self, connection: Connection, location: Location) -> None:
        self._connection, self._location = connection, location
        self._at_end: dict[str, None] = {}

    def begin(self) -> None:
        """Begin a commit, which jobs share."""
        self._at_end.clear()
        self._connection.execute("BEGIN IMMEDIATE")

    def commit(self) -> None:
        """Run once what the jobs asked for, then commit."""
        for name in self._at_end:
            self._connection.rows(name)
        self._connection.execute("COMMIT")

    async def one(self, name: str, *args: Any) -> Row | None:
        """Return the first row, or None."""
        rows = self._connection.rows(name, args)
        return rows[0] if rows else None

    async def all(self, name: str, *args: Any) -> Sequence[Row]:
        """Return every row."""
        return self._connection.rows(name, args)

    async def run(self, name: str, *args: Any) -> int:
        """Run a statement and return how many rows it changed."""
        return self._connection.run(name, args)

    def at_end(self, name: str) -> None:
        """Run a statement before the commit, once for all jobs."""
        self._at_end[name] = None

    @asynccontextmanager
    async def savepoint(self) -> AsyncIterator[None]:
        """Open a part that is undone alone when an exception leaves it."""
        self._connection.execute("SAVEPOINT part")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK TO part")
            self._connection.execute("RELEASE part")
            raise
        self._connection.execute("RELEASE part")

    async def script(self, text: str) -> None:
        """Run several statements, as a migration is written."""
        self._connection.execute(text)

    async def backup(self, label: str) -> None:
        """Keep a copy beside the file, as it was before this transaction."""
        if not self._location.memory:
            back_up(self._location, label)
