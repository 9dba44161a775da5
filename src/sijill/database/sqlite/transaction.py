"""A transaction on SQLite: every step runs at once, on the thread that writes."""

from collections.abc import Sequence
from typing import Any

from msgspec.json import encode

from sijill.database.driver import Row
from sijill.database.migrate import refuse_newer
from sijill.database.sql import table_written, tables_read
from sijill.database.sqlite.backup import back_up
from sijill.database.sqlite.connection import Connection, Location
from sijill.database.sqlite.file import DatabaseFile
from sijill.errors import Unavailable


class SQLiteTransaction:
    """
    The statements of the jobs of a commit; see `driver.Transaction`. It never really waits.

    The writer begins and commits it, and each job uses it in turn.
    """

    def __init__(self, connection: Connection, location: Location, file: DatabaseFile) -> None:
        self._connection, self._location, self._file = connection, location, file
        self.newest: int | None = None
        """The newest schema that is written to; None for any."""
        self._unseen = 0
        self._at_end: dict[str, None] = {}
        self._gathered: list[tuple[str, Sequence[Any]]] = []
        self._kept: dict[tuple[str, tuple[Any, ...]], Sequence[Row]] = {}
        self._kept_tables: set[str] = set()

    def begin(self) -> None:
        """Begin a commit, which jobs share."""
        self._at_end.clear()
        self._gathered.clear()
        self.forget()
        self._file.check_place()
        self._check_log()
        self._connection.execute("BEGIN IMMEDIATE")
        self._file.settle()
        self._file.settle_log()
        if self.newest is not None:  # another process may have migrated since
            refuse_newer(self._connection.rows("newest_migration")[0][0], self.newest)

    def commit(self) -> None:
        """Run once what the jobs asked for, then commit."""
        for name in self._at_end:
            self._connection.rows(name)
        for name in dict.fromkeys(name for name, _ in self._gathered):
            rows = [row for of, row in self._gathered if of == name]
            self._connection.rows(name, (encode(rows).decode(),))
        self._file.check_place()
        self._file.check_log()
        self._connection.execute("COMMIT")

    def _check_log(self) -> None:
        """
        Write to no log that is gone: nobody would find it again.

        What it holds already is safe: this connection has it open, and puts it into the database.
        Raises: Unavailable.
        """
        try:
            self._file.check_log()
        except Unavailable:
            self._connection.execute("PRAGMA wal_checkpoint(PASSIVE)")
            raise

    @property
    def written(self) -> int:
        """A number that every write changes."""
        return self._connection.written() + self._unseen

    def begin_part(self) -> int:
        """Begin a part that can be undone alone, and return what `undo` takes."""
        self._connection.execute("SAVEPOINT part")
        return len(self._gathered)

    def undo(self, begun: int) -> None:
        """Undo what was done since `begin_part`."""
        self._connection.execute("ROLLBACK TO part")
        del self._gathered[begun:]
        self.forget()

    def end_part(self) -> None:
        """End the part."""
        self._connection.execute("RELEASE part")

    def forget(self) -> None:
        """Keep no rows: what they were read from has changed, or was undone."""
        self._kept.clear()
        self._kept_tables.clear()

    async def one(self, name: str, *args: Any) -> Row | None:
        """Return the first row, or None."""
        rows = self._rows(name, args)
        return rows[0] if rows else None

    async def all(self, name: str, *args: Any) -> Sequence[Row]:
        """Return every row."""
        return self._rows(name, args)

    async def run(self, name: str, *args: Any) -> int:
        """Run a statement and return how many rows it changed."""
        self._rows(name, args)
        return self._connection.changes()

    async def run_each(self, name: str, rows: Sequence[Sequence[Any]]) -> None:
        """Run a statement for each row of arguments."""
        for args in rows:
            self._rows(name, args)

    attempt = run  # a statement that SQLite refuses has changed nothing

    async def kept(self, name: str, *args: Any) -> Sequence[Row]:
        """Return every row, as read before in this commit if its tables are as they were."""
        rows = self._kept.get((name, args))
        if rows is None:
            rows = self._kept[name, args] = self._connection.rows(name, args)
            self._kept_tables |= tables_read(self._connection.statements[name])
        return rows

    def at_end(self, name: str) -> None:
        """Run a statement before the commit, once for all jobs."""
        self._at_end[name] = None

    async def gather(self, name: str, *row: Any) -> None:
        """Write a row before the commit, with those of all jobs."""
        self._unseen += 1
        self._gathered.append((name, row))

    async def script(self, text: str) -> None:
        """Run several statements, as a migration is written."""
        self.forget()
        self._unseen += 1
        self._connection.execute(text)

    async def backup(self, label: str) -> None:
        """Keep a copy beside the file, as it was before this transaction."""
        if not self._location.memory:
            back_up(self._location, label)

    def _rows(self, name: str, args: Sequence[Any]) -> Sequence[Row]:
        if self._kept and table_written(self._connection.statements[name]) in self._kept_tables:
            self.forget()
        return self._connection.rows(name, args)
