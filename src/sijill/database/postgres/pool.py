"""
A pool of connections to PostgreSQL, each with its statements prepared once.

asyncpg's own pool resets a connection at each release, which costs as much as a point read; these
connections come back clean because they run only whole statements and ended transactions.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import asyncpg
from asyncpg.prepared_stmt import PreparedStatement

from sijill.database.postgres.errors import fault
from sijill.errors import Unavailable

if TYPE_CHECKING:  # generic in the stubs alone
    Connection = asyncpg.Connection[asyncpg.Record]
    Prepared = PreparedStatement[asyncpg.Record]

CONNECTIONS = 10
"""Connections at most, for each process. PostgreSQL accepts 100 by default."""

PATIENCE = 2.0
"""Seconds that a caller waits for a free connection, and for a new one to open."""

STATEMENT_TIMEOUT = 10.0
"""Seconds after which a statement and its connection are abandoned."""

_SETTINGS = {
    "application_name": "sijill",
    # Compiling a plan takes longer than any statement of Sijill.
    "jit": "off",
}


class PooledConnection:
    """A connection and its prepared statements."""

    def __init__(self, connection: "Connection", statements: Mapping[str, str]) -> None:
        self.connection = connection
        self._statements = statements
        self._prepared: dict[str, Prepared] = {}

    async def rows(self, name: str, args: tuple[Any, ...]) -> list[Any]:
        """
        Return every row of a named statement.

        Raises: Unavailable, Conflict, StatementRefused, RetryableError.
        """
        try:
            statement = self._prepared.get(name) or await self._prepare(name)
            return await statement.fetch(*args)
        except Exception as error:
            meant = fault(name, error)
            raise meant from meant.__cause__

    async def changed(self, name: str, args: tuple[Any, ...]) -> int:
        """
        Run a named statement and return how many rows it changed.

        Raises: Unavailable, Conflict, StatementRefused, RetryableError.
        """
        await self.rows(name, args)
        return int(str(self._prepared[name].get_statusmsg()).rpartition(" ")[2])

    async def execute(self, text: str, seconds: float = STATEMENT_TIMEOUT) -> None:
        """
        Run SQL that has no name: BEGIN, COMMIT, a savepoint, a migration.

        Raises: Unavailable, Conflict, StatementRefused, RetryableError.
        """
        try:
            await self.connection.execute(text, timeout=seconds)
        except Exception as error:
            meant = fault("script", error)
            raise meant from meant.__cause__

    async def _prepare(self, name: str) -> "Prepared":
        statement = await self.connection.prepare(self._statements[name])
        self._prepared[name] = statement
        return statement


class Pool:
    """A bounded number of connections, opened on demand and reused until they fail."""

    def __init__(
        self,
        url: str,
        statements: Mapping[str, str],
        *,
        size: int = CONNECTIONS,
        patience: float = PATIENCE,
    ) -> None:
        self._url, self._statements = url, statements
        self._size, self._patience = size, patience
        self._slots = asyncio.Semaphore(size)
        self._idle: list[PooledConnection] = []
        self._closed = False

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[PooledConnection]:
        """
        Lend a connection; the pool takes it back only if it is in order.

        Raises: Unavailable if no connection is free or opens in time.
        """
        pooled = await self._check_out()
        try:
            yield pooled
        except Unavailable:
            self._drop_all(pooled)
            raise
        except Exception:
            self._check_in(pooled)
            raise
        except BaseException:
            # Cancelled in the middle: the server may still send the rest of an answer.
            self._drop(pooled)
            raise
        else:
            self._check_in(pooled)

    async def close(self) -> None:
        """Wait until every connection is back, then close them all."""
        self._closed = True
        for _ in range(self._size):
            await self._slots.acquire()
        while self._idle:
            await _close(self._idle.pop())
        for _ in range(self._size):
            self._slots.release()

    async def _check_out(self) -> PooledConnection:
        if self._closed:
            raise Unavailable
        await self._acquire_slot()
        return self._first_idle() or await self._open()

    async def _acquire_slot(self) -> None:
        if not self._slots.locked():
            await self._slots.acquire()
            return
        try:
            async with asyncio.timeout(self._patience):
                await self._slots.acquire()
        except TimeoutError as error:
            raise Unavailable from error

    def _first_idle(self) -> PooledConnection | None:
        while self._idle:
            pooled = self._idle.pop()
            if not pooled.connection.is_closed():
                return pooled
        return None

    async def _open(self) -> PooledConnection:
        """Open a connection; a failure releases its slot."""
        try:
            async with asyncio.timeout(self._patience):
                connection: Connection = await asyncpg.connect(
                    self._url, command_timeout=STATEMENT_TIMEOUT, server_settings=_SETTINGS
                )
            return PooledConnection(connection, self._statements)
        except Exception as error:
            self._slots.release()
            meant = fault("connect", error)
            raise meant from meant.__cause__
        except BaseException:
            self._slots.release()
            raise

    def _check_in(self, pooled: PooledConnection) -> None:
        self._idle.append(pooled)
        self._slots.release()

    def _drop(self, pooled: PooledConnection) -> None:
        pooled.connection.terminate()
        self._slots.release()

    def _drop_all(self, pooled: PooledConnection) -> None:
        """Drop a failed connection and every idle one: their server is gone."""
        for other in self._idle:
            other.connection.terminate()
        self._idle.clear()
        self._drop(pooled)


async def _close(pooled: PooledConnection) -> None:
    try:
        await pooled.connection.close(timeout=PATIENCE)
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
        pooled.connection.terminate()
