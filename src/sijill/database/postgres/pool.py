"""
Kept connections to PostgreSQL, each with its statements prepared once.

asyncpg's own pool resets a connection at each release, which costs as much as a point read; ours
come back clean because nothing but whole statements and ended transactions is done on them.
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
"""Connections at most, for each process. PostgreSQL lets 100 in by default."""

PATIENCE = 2.0
"""Seconds a caller waits for a connection: for a free one and for a new one to open."""

STATEMENT_TIMEOUT = 10.0
"""Seconds after which a statement is given up, with its connection."""

_SETTINGS = {
    "application_name": "sijill",
    # Compiling a plan takes longer than any statement of ours.
    "jit": "off",
}


class Kept:
    """A connection and its prepared statements."""

    def __init__(self, connection: "Connection", statements: Mapping[str, str]) -> None:
        self.connection = connection
        self._statements = statements
        self._prepared: dict[str, Prepared] = {}

    async def rows(self, name: str, args: tuple[Any, ...]) -> list[Any]:
        """
        Return every row of a named statement.

        Raises: Unavailable, Conflict, Refused, Again.
        """
        try:
            statement = self._prepared.get(name) or await self._prepare(name)
            return await statement.fetch(*args)
        except Exception as error:
            ours = fault(name, error)
            raise ours from ours.__cause__

    async def changed(self, name: str, args: tuple[Any, ...]) -> int:
        """
        Run a named statement and return how many rows it changed.

        Raises: Unavailable, Conflict, Refused, Again.
        """
        await self.rows(name, args)
        return int(str(self._prepared[name].get_statusmsg()).rpartition(" ")[2])

    async def execute(self, text: str, seconds: float = STATEMENT_TIMEOUT) -> None:
        """
        Run SQL that is no named statement: a transaction's edges, a migration.

        Raises: Unavailable, Conflict, Refused, Again.
        """
        try:
            await self.connection.execute(text, timeout=seconds)
        except Exception as error:
            ours = fault("script", error)
            raise ours from ours.__cause__

    async def _prepare(self, name: str) -> "Prepared":
        statement = await self.connection.prepare(self._statements[name])
        self._prepared[name] = statement
        return statement


class Pool:
    """A bounded number of kept connections, opened when they are needed and kept until lost."""

    def __init__(
        self,
        url: str,
        statements: Mapping[str, str],
        *,
        size: int = CONNECTIONS,
        patience: float = PATIENCE,
    ) -> None:
        self._url = url
        self._statements = statements
        self._size = size
        self._patience = patience
        self._turns = asyncio.Semaphore(size)
        self._idle: list[Kept] = []
        self._closed = False

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Kept]:
        """
        Lend a connection. It is lent again only if it comes back in order.

        Raises: Unavailable if none is free or can be opened in time.
        """
        kept = await self._take()
        try:
            yield kept
        except Unavailable:
            self._lost(kept)
            raise
        except Exception:
            self._give_back(kept)
            raise
        except BaseException:
            # Cancelled in the middle: nobody knows what is still to come on it.
            self._drop(kept)
            raise
        else:
            self._give_back(kept)

    async def close(self) -> None:
        """Wait until every connection is back, then close them all."""
        self._closed = True
        for _ in range(self._size):
            await self._turns.acquire()
        while self._idle:
            await _close(self._idle.pop())
        for _ in range(self._size):
            self._turns.release()

    async def _take(self) -> Kept:
        if self._closed:
            raise Unavailable
        await self._turn()
        return self._first_idle() or await self._open()

    async def _turn(self) -> None:
        if not self._turns.locked():
            await self._turns.acquire()
            return
        try:
            async with asyncio.timeout(self._patience):
                await self._turns.acquire()
        except TimeoutError as error:
            raise Unavailable from error

    def _first_idle(self) -> Kept | None:
        while self._idle:
            kept = self._idle.pop()
            if not kept.connection.is_closed():
                return kept
        return None

    async def _open(self) -> Kept:
        """Open a connection, and give the turn back if that fails."""
        try:
            async with asyncio.timeout(self._patience):
                connection: Connection = await asyncpg.connect(
                    self._url, command_timeout=STATEMENT_TIMEOUT, server_settings=_SETTINGS
                )
            return Kept(connection, self._statements)
        except Exception as error:
            self._turns.release()
            ours = fault("connect", error)
            raise ours from ours.__cause__
        except BaseException:
            self._turns.release()
            raise

    def _give_back(self, kept: Kept) -> None:
        self._idle.append(kept)
        self._turns.release()

    def _drop(self, kept: Kept) -> None:
        kept.connection.terminate()
        self._turns.release()

    def _lost(self, kept: Kept) -> None:
        """Drop a connection that failed and every idle one: the server they knew is gone."""
        for other in self._idle:
            other.connection.terminate()
        self._idle.clear()
        self._drop(kept)


async def _close(kept: Kept) -> None:
    try:
        await kept.connection.close(timeout=PATIENCE)
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
        kept.connection.terminate()
