"""PostgreSQL through asyncpg: pooled connections, prepared statements, transactions run again."""

import asyncio
import math
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from msgspec.json import encode

from sijill.database.driver import CONNECTIONS, Conflict, Row, T, Work
from sijill.database.migrate import refuse_newer
from sijill.database.postgres.batches import Batches
from sijill.database.postgres.errors import RetryableError
from sijill.database.postgres.pool import PATIENCE, STATEMENT_TIMEOUT, Pool, PooledConnection
from sijill.database.sql import Dialect, statements
from sijill.errors import Unavailable

TRIES = 4
"""Attempts at a transaction that the server undid because of another: one, and three more."""

PAUSE = 0.02
"""Seconds before the second attempt, twice that before the third: the other goes first."""

LOOK = 0.1
"""Seconds for which the version of the schema is not read again: each read is a round trip."""

MIGRATION_TIMEOUT = 3600.0
"""Seconds that one script may take."""


class Postgres:
    """One PostgreSQL database; see `driver.Driver`. It connects on first use."""

    dialect: Dialect = "postgres"

    def __init__(
        self,
        url: str,
        lists: Mapping[str, str],
        *,
        size: int = CONNECTIONS,
        patience: float = PATIENCE,
        timeout: float = STATEMENT_TIMEOUT,
    ) -> None:
        """See `sql.statements` for `lists`, `Pool` for the rest."""
        named = statements(self.dialect, lists)
        self._pool = Pool(url, named, size=size, patience=patience, timeout=timeout)
        self._batches = Batches(named, self._read)
        self.newest: int | None = None
        self.writes_failed = False
        self._looked = -math.inf

    async def one(self, name: str, *args: Any) -> Row | None:
        """Return the first row of a point read, or None; see `batches`."""
        if name in self._batches:
            return await self._batches.one(name, args)
        rows = await self._read(name, args)
        return rows[0] if rows else None

    async def few(self, name: str, *args: Any) -> Sequence[Row]:
        """Return every row of a statement that reads few."""
        return await self.all(name, *args)

    async def all(self, name: str, *args: Any) -> Sequence[Row]:
        """Return every row of a statement."""
        return await self._read(name, args)

    async def soon(self, seconds: float, name: str, *args: Any) -> Sequence[Row] | None:
        """Return every row of a statement, or None if it takes longer."""
        return await self._retried(lambda connection: connection.rows_within(seconds, name, args))

    async def _read(self, name: str, args: tuple[Any, ...]) -> Sequence[Row]:
        return await self._retried(lambda connection: connection.rows(name, args))

    async def run(self, name: str, *args: Any) -> int:
        """
        Run a statement, which PostgreSQL makes a transaction: one round trip; see `batches`.

        Writes travel together within one store, their first argument: they may have to wait for a
        lock, for which no other store must wait.
        """
        with self._noting():
            await self._look_at_version()
            if name in self._batches:
                return int(await self._batches.one(name, args, args[0]) is not None)
            return await self._retried(lambda connection: connection.changed(name, args))

    async def write(self, work: Work[T]) -> T:
        """Run `work` in a transaction and return its result once it is durable."""
        with self._noting():
            await self._look_at_version()
            return await self._retried(lambda connection: _transaction(connection, work))

    async def _look_at_version(self) -> None:
        """Refuse the schema of a newer Sijill, which may have come LOOK seconds ago."""
        now = asyncio.get_running_loop().time()
        if self.newest is None or now < self._looked + LOOK:
            return
        self._looked = now
        row = (await self._read("newest_migration", ()))[0]
        if row[0] != self.newest:
            self._looked = -math.inf
        refuse_newer(row[0], self.newest)

    @contextmanager
    def _noting(self) -> Iterator[None]:
        try:
            yield
        except Unavailable:
            self.writes_failed = True
            raise

    def check(self) -> None:
        """Do nothing: a server answers for its own files."""

    async def _retried(self, attempt: Callable[[PooledConnection], Awaitable[T]]) -> T:
        """
        Attempt a statement or a transaction again where the server undid it because of another.

        A commit whose answer was lost is never run again: its outcome is unknown.
        """
        for number in range(TRIES):
            if number:
                await asyncio.sleep(PAUSE * number)
            try:
                async with self._pool.connection() as connection:
                    return await attempt(connection)
            except RetryableError:
                continue
        raise Unavailable

    async def empty_log(self) -> bool:
        """Return True: the server clears its log away by itself."""
        return True

    async def vacuum(self) -> None:
        """Let the server clear deleted rows away, and forget its samples of them."""
        async with self._pool.connection() as connection:
            await connection.execute("VACUUM (ANALYZE)", MIGRATION_TIMEOUT)

    async def remove_backups(self, before: datetime) -> int:
        """Return 0: a server is copied by its operator."""
        return 0

    async def close(self) -> None:
        """Finish the work that was begun, then close every connection."""
        await self._batches.close()
        await self._pool.close()


async def _transaction(connection: PooledConnection, work: Work[T]) -> T:
    await connection.execute("BEGIN")
    try:
        result = await work(PostgresTransaction(connection))
        await connection.execute("COMMIT")
    except Unavailable:
        # The connection is dropped, and the server undoes its transaction.
        raise
    except Exception:
        await connection.execute("ROLLBACK")
        raise
    return result


class PostgresTransaction:
    """The statements of one transaction; see `driver.Transaction`."""

    def __init__(self, connection: PooledConnection) -> None:
        self._connection = connection

    async def one(self, name: str, *args: Any) -> Row | None:
        """Return the first row, or None."""
        rows = await self._connection.rows(name, args)
        return rows[0] if rows else None

    async def all(self, name: str, *args: Any) -> Sequence[Row]:
        """Return every row."""
        return await self._connection.rows(name, args)

    async def run(self, name: str, *args: Any) -> int:
        """Run a statement and return how many rows it changed."""
        return await self._connection.changed(name, args)

    def at_end(self, name: str) -> None:
        """Do nothing: no commit is shared."""

    async def gather(self, name: str, *row: Any) -> None:
        """Write a row at once: no commit is shared."""
        await self._connection.changed(name, (encode([row]).decode(),))

    async def run_each(self, name: str, rows: Sequence[Sequence[Any]]) -> None:
        """Run a statement for each row of arguments, pipelined."""
        await self._connection.run_each(name, rows)

    async def attempt(self, name: str, *args: Any) -> int:
        """Run a statement; a Conflict undoes it alone."""
        await self._connection.execute("SAVEPOINT part")
        try:
            changed = await self._connection.changed(name, args)
        except Conflict:
            await self._connection.execute("ROLLBACK TO part")
            await self._connection.execute("RELEASE part")
            raise
        await self._connection.execute("RELEASE part")
        return changed

    async def kept(self, name: str, *args: Any) -> Sequence[Row]:
        """Return every row: no commit is shared."""
        return await self._connection.rows(name, args)

    async def script(self, text: str) -> None:
        """Run several statements, as a migration is written."""
        await self._connection.execute(text, MIGRATION_TIMEOUT)

    async def backup(self, label: str) -> None:
        """Do nothing: the operator of the server makes its backups."""
