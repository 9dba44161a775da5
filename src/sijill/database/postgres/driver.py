"""PostgreSQL through asyncpg: kept connections, prepared statements, transactions run again."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

from sijill.database.driver import Row, T, Work
from sijill.database.postgres.errors import Again
from sijill.database.postgres.pool import CONNECTIONS, PATIENCE, Kept, Pool
from sijill.database.sql import Dialect, statements
from sijill.errors import Unavailable

TRIES = 4
"""Runs of a transaction that the server undid because of another: the first, and three more."""

PAUSE = 0.02
"""Seconds before the second run, twice that before the third: the other goes first meanwhile."""

MIGRATION_TIMEOUT = 3600.0
"""Seconds that one script may take."""


class Postgres:
    """One PostgreSQL database; see `driver.Driver`. It connects when it is first asked."""

    dialect: Dialect = "postgres"

    def __init__(
        self,
        url: str,
        lists: Mapping[str, str],
        *,
        size: int = CONNECTIONS,
        patience: float = PATIENCE,
    ) -> None:
        """See `sql.statements` for `lists`."""
        self._pool = Pool(url, statements(self.dialect, lists), size=size, patience=patience)

    async def one(self, name: str, *args: Any) -> Row | None:
        """Return the first row of a point read, or None."""
        rows = await self.all(name, *args)
        return rows[0] if rows else None

    async def all(self, name: str, *args: Any) -> Sequence[Row]:
        """Return every row of a statement."""
        async with self._pool.connection() as kept:
            return await kept.rows(name, args)

    async def write(self, work: Work[T]) -> T:
        """
        Run `work` in a transaction and return its result once it is durable.

        A commit whose answer was lost is never run again: nobody knows what became of it.
        """
        for attempt in range(TRIES):
            await asyncio.sleep(PAUSE * attempt)
            try:
                async with self._pool.connection() as kept:
                    return await _transaction(kept, work)
            except Again:
                continue
        raise Unavailable

    async def close(self) -> None:
        """Let go of every connection, after what was begun is done."""
        await self._pool.close()


async def _transaction(kept: Kept, work: Work[T]) -> T:
    await kept.execute("BEGIN")
    try:
        result = await work(PostgresTransaction(kept))
        await kept.execute("COMMIT")
    except Unavailable:
        # The connection is dropped, and the server undoes what it held.
        raise
    except Exception:
        await kept.execute("ROLLBACK")
        raise
    return result


class PostgresTransaction:
    """The statements of one transaction; see `driver.Transaction`."""

    def __init__(self, kept: Kept) -> None:
        self._kept = kept

    async def one(self, name: str, *args: Any) -> Row | None:
        """Return the first row, or None."""
        rows = await self._kept.rows(name, args)
        return rows[0] if rows else None

    async def all(self, name: str, *args: Any) -> Sequence[Row]:
        """Return every row."""
        return await self._kept.rows(name, args)

    async def run(self, name: str, *args: Any) -> int:
        """Run a statement and return how many rows it changed."""
        return await self._kept.changed(name, args)

    @asynccontextmanager
    async def savepoint(self) -> AsyncIterator[None]:
        """A part that is undone alone when an exception leaves it."""
        await self._kept.execute("SAVEPOINT part")
        try:
            yield
        except (Unavailable, Again):
            # Nothing can be saved: all of the transaction is lost.
            raise
        except Exception:
            await self._kept.execute("ROLLBACK TO part")
            await self._kept.execute("RELEASE part")
            raise
        await self._kept.execute("RELEASE part")

    async def script(self, text: str) -> None:
        """Run several statements, as a migration is written."""
        await self._kept.execute(text, MIGRATION_TIMEOUT)

    async def backup(self, label: str) -> None:
        """Do nothing: a server's copies are made by its operator."""
