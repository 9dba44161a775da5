"""
SQLite through apsw: reads of one row on the event loop, scans on threads, writes on one thread.

A point read takes less time than the hand-over to a thread. It never waits for a lock: a read that
finds one is repeated off the loop, where it may wait.
"""

import asyncio
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial
from typing import Any

from sijill.database.driver import Row, T, Work
from sijill.database.sql import Dialect, statements
from sijill.database.sqlite.alarm import Alarm, Interrupted
from sijill.database.sqlite.backup import remove_backups
from sijill.database.sqlite.connection import Connection, Location, ThreadConnections
from sijill.database.sqlite.file import DatabaseFile
from sijill.database.sqlite.log import empty_log
from sijill.database.sqlite.pages import Pages
from sijill.database.sqlite.transaction import SQLiteTransaction
from sijill.database.sqlite.writer import WriterThread
from sijill.errors import Unavailable

PATIENCE = 5.0
"""Seconds that a writer, or a read off the loop, waits for a lock of another process."""

SCAN_THREADS = 4
"""Threads for reads that may scan."""


class SQLite:
    """One SQLite file; see `driver.Driver`. Several processes may use it at once."""

    dialect: Dialect = "sqlite"

    def __init__(
        self,
        location: Location,
        lists: Mapping[str, str],
        *,
        patience: float = PATIENCE,
        create: bool = True,
    ) -> None:
        """
        `lists` are those of `sql.statements`; without `create` the file must be there.

        Raises: OSError if the file cannot be made.
        """
        if create:
            location.create()
        self._location, self._file = location, DatabaseFile(location.path)
        named = statements(self.dialect, lists)

        def connection(*, writable: bool, patience: float) -> Connection:
            opened = partial(location.open, writable=writable, patience=patience)
            return Connection(opened, self._file, named)

        self._loop_reader = connection(writable=False, patience=0.0)
        self._thread_readers = ThreadConnections(
            partial(connection, writable=False, patience=patience)
        )
        self._scanners = ThreadPoolExecutor(SCAN_THREADS, thread_name_prefix="sijill-reader")
        writer = connection(writable=True, patience=patience)
        transaction = SQLiteTransaction(writer, location, self._file)
        self._writer = WriterThread(writer, transaction)
        self._transaction = transaction
        self._snapshot = False
        self._closed = False

    async def one(self, name: str, *args: Any) -> Row | None:
        """Return the first row of a point read, or None; on the event loop."""
        rows = await self.few(name, *args)
        return rows[0] if rows else None

    async def few(self, name: str, *args: Any) -> Sequence[Row]:
        """Return every row of a statement that reads few; on the event loop."""
        self._check_open()
        try:
            return self._read_on_loop(name, args)
        except Unavailable:
            return await self.all(name, *args)

    def _read_on_loop(self, name: str, args: Sequence[Any]) -> Sequence[Row]:
        """
        Read in a snapshot that all reads of one turn of the event loop share.

        A lock of the file for each read would cost three system calls. A caller that waited for a
        write continues in a later turn, whose snapshot holds the write.
        """
        if not self._snapshot:
            self._file.check_place()
            self._loop_reader.execute("BEGIN")
            self._snapshot = True
            asyncio.get_running_loop().call_soon(self._end_snapshot)
        rows = self._loop_reader.rows(name, args)
        self._file.settle()
        return rows

    def _end_snapshot(self) -> None:
        self._snapshot = False
        self._loop_reader.roll_back()  # nothing was written

    async def all(self, name: str, *args: Any) -> Sequence[Row]:
        """Return every row of a statement that may scan; on a thread."""
        self._check_open()
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._scanners, self._scan, name, args)

    async def soon(self, seconds: float, name: str, *args: Any) -> Sequence[Row] | None:
        """Return every row as `all`, or None at the end of so many seconds."""
        self._check_open()
        loop, alarm = asyncio.get_running_loop(), Alarm()
        timer = loop.call_later(seconds, alarm.ring)
        try:
            return await loop.run_in_executor(self._scanners, self._scan, name, args, alarm)
        except Interrupted:
            return None
        finally:
            timer.cancel()

    async def run(self, name: str, *args: Any) -> int:
        """Run a statement as a transaction of its own."""
        return await self.write(lambda transaction: transaction.run(name, *args))

    async def write(self, work: Work[T]) -> T:
        """Run `work` in a transaction and return its result once it is durable."""
        self._check_open()
        return await self._writer.submit(work)

    def check(self) -> None:
        """Raise Unavailable if a damaged page was met, or the log is not where it was."""
        self._file.check_pages()
        self._file.check_log()

    @property
    def newest(self) -> int | None:
        """The newest schema that may be written to; None for any."""
        return self._transaction.newest

    @newest.setter
    def newest(self, version: int | None) -> None:
        self._transaction.newest = version

    @property
    def writes_failed(self) -> bool:
        """Whether a write failed because the database could not be used."""
        return self._writer.failed

    @writes_failed.setter
    def writes_failed(self, failed: bool) -> None:
        self._writer.failed = failed

    async def empty_log(self) -> bool:
        """Empty the write-ahead log, on a thread; return whether nobody was using it."""
        self._check_open()
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._scanners, self._empty_log)

    async def vacuum(self) -> None:
        """Do nothing: deleted rows are overwritten."""

    async def remove_backups(self, before: datetime) -> int:
        """Remove the copies beside the file that were made before a time, on a thread."""
        return await asyncio.to_thread(remove_backups, self._location, before)

    async def pages(self) -> Pages:
        """Return what the file holds now, in memory."""
        self._check_open()
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._scanners, self._pages)

    def _pages(self) -> Pages:
        self._file.check_place()
        return Pages(self._thread_readers.current().handle.serialize("main") or b"")

    async def close(self) -> None:
        """Finish the work that was begun, then close every connection."""
        if not self._closed:
            self._closed = True
            await asyncio.to_thread(self._scanners.shutdown)
            self._thread_readers.close()
            self._loop_reader.close()
            await asyncio.to_thread(self._writer.close)

    def _scan(self, name: str, args: Sequence[Any], alarm: Alarm | None = None) -> Sequence[Row]:
        self._file.check_place()
        rows = self._thread_readers.current().rows(name, args, alarm)
        self._file.settle()
        return rows

    def _empty_log(self) -> bool:
        self._file.check_place()
        return empty_log(self._location)

    def _check_open(self) -> None:
        if self._closed:
            raise Unavailable
