"""
SQLite through apsw: reads of one row on the event loop, scans on threads, writes on one thread.

A point read takes less time than handing it to a thread would. It never waits for a lock: where
it would have to, it is done again off the loop, with patience.
"""

import asyncio
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from sijill.database.driver import Row, T, Work
from sijill.database.sql import Dialect, statements
from sijill.database.sqlite.connection import Link, Place, ThreadLinks
from sijill.database.sqlite.transaction import SQLiteTransaction
from sijill.database.sqlite.writer import Writer
from sijill.errors import Unavailable

PATIENCE = 5.0
"""Seconds that a writer, or a read off the loop, waits for a lock of another process."""

SCANNERS = 4
"""Threads for reads that may scan."""


class SQLite:
    """One SQLite database; see `driver.Driver`. Several processes may use one file at once."""

    dialect: Dialect = "sqlite"

    def __init__(
        self, place: Place, lists: Mapping[str, str], *, patience: float = PATIENCE
    ) -> None:
        """`lists` are those of `sql.statements`. Raises: OSError if the file cannot be made."""
        place.create()
        named = statements(self.dialect, lists)
        self._memory = place.memory
        # A database in memory lives as long as somebody is connected to it.
        self._keeper = place.connect(writable=True, patience=0.0) if place.memory else None
        self._near = Link(place, named, writable=False, patience=0.0)
        self._far = ThreadLinks(place, named, patience=patience)
        self._scanners = ThreadPoolExecutor(SCANNERS, thread_name_prefix="sijill-reader")
        link = Link(place, named, writable=True, patience=patience)
        self._writer = Writer(link, SQLiteTransaction(link, place))
        self._snapshot = False
        self._closed = False

    async def one(self, name: str, *args: Any) -> Row | None:
        """Return the first row of a point read, or None; on the event loop."""
        self._check_open()
        try:
            rows = self._read_near(name, args)
        except Unavailable:
            rows = await self.all(name, *args)
        return rows[0] if rows else None

    def _read_near(self, name: str, args: Sequence[Any]) -> Sequence[Row]:
        """
        Read in a snapshot that all reads of one turn of the event loop share.

        A lock of the file for each read would cost three system calls. Whoever waited for a write
        goes on in a later turn than the one whose snapshot the write may be missing from.
        """
        if not self._snapshot and not self._memory:
            self._near.execute("BEGIN")
            self._snapshot = True
            asyncio.get_running_loop().call_soon(self._end_snapshot)
        return self._near.rows(name, args)

    def _end_snapshot(self) -> None:
        self._snapshot = False
        self._near.roll_back()  # nothing was written

    async def all(self, name: str, *args: Any) -> Sequence[Row]:
        """Return every row of a statement that may scan; on a thread."""
        self._check_open()
        if self._memory:
            # In memory SQLite lets nobody read beside a writer, so readers queue with it.
            return await self.write(lambda transaction: transaction.all(name, *args))
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._scanners, self._scan, name, args)

    async def write(self, work: Work[T]) -> T:
        """Run `work` in a transaction and return its result once it is durable."""
        self._check_open()
        return await asyncio.wrap_future(self._writer.submit(work))

    async def close(self) -> None:
        """Let go of every connection, after what was begun is done."""
        if not self._closed:
            self._closed = True
            await asyncio.to_thread(self._scanners.shutdown)
            self._far.close()
            self._near.close()
            await asyncio.to_thread(self._writer.close)
            if self._keeper is not None:
                self._keeper.close()

    def _scan(self, name: str, args: Sequence[Any]) -> Sequence[Row]:
        return self._far.mine().rows(name, args)

    def _check_open(self) -> None:
        if self._closed:
            raise Unavailable
