"""
A pool of connections to PostgreSQL, each with its statements prepared once.

asyncpg's own pool resets a connection at each release, which costs as much as a point read; these
connections come back clean because they run only whole statements and ended transactions.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any

import asyncpg
from asyncpg.prepared_stmt import PreparedStatement

from sijill.database.driver import CONNECTIONS
from sijill.database.postgres.errors import fault
from sijill.database.postgres.hosts import each, target_of
from sijill.database.postgres.pooler import check
from sijill.errors import Unavailable

if TYPE_CHECKING:  # generic in the stubs alone
    Connection = asyncpg.Connection[asyncpg.Record]
    Prepared = PreparedStatement[asyncpg.Record]

PATIENCE = 2.0
"""Seconds that a caller waits for a free connection, and for a new one to open."""

STATEMENT_TIMEOUT = 10.0
"""Seconds after which a statement and its connection are abandoned."""

NEXT = (OSError, asyncpg.CannotConnectNowError, asyncpg.TargetServerAttributeNotMatched)
"""Reasons to try the next server: no answer, one that starts or stops, a standby."""

_SETTINGS = {
    "application_name": "sijill",
    # Compiling a plan takes longer than any statement of Sijill.
    "jit": "off",
}


class PooledConnection:
    """A connection and its prepared statements."""

    def __init__(
        self, connection: "Connection", statements: Mapping[str, str], address: str, outage: int
    ) -> None:
        """`address` is that of its server, `outage` how many outages there were before it."""
        self.connection, self.address, self.outage = connection, address, outage
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

    async def rows_within(
        self, seconds: float, name: str, args: tuple[Any, ...]
    ) -> list[Any] | None:
        """
        Return every row of a named statement, or None if the server needs longer for it.

        The timeout belongs to a transaction, so that a pooler between them passes it on to no
        other. Raises: Unavailable, StatementRefused, RetryableError.
        """
        try:
            statement = self._prepared.get(name) or await self._prepare(name)
            timeout = max(1, int(seconds * 1000))
            await self.connection.execute(
                f"BEGIN READ ONLY; SET LOCAL statement_timeout = {timeout}"
            )
            try:
                return await statement.fetch(*args)
            except asyncpg.QueryCanceledError:
                return None
            finally:
                await self.connection.execute("ROLLBACK")
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

    async def run_each(self, name: str, rows: Sequence[Sequence[Any]]) -> None:
        """
        Run a named statement for each row of arguments, without waiting in between.

        Raises: Unavailable, Conflict, StatementRefused, RetryableError.
        """
        try:
            statement = self._prepared.get(name) or await self._prepare(name)
            await statement.executemany(rows)
        except Exception as error:
            meant = fault(name, error)
            raise meant from meant.__cause__

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
    """
    A bounded number of connections, opened on demand and reused until they fail.

    Timers limit the waiting, not `asyncio.timeout`, which works in a task alone: a coroutine that
    uses the pool may be driven without one.
    """

    def __init__(
        self,
        url: str,
        statements: Mapping[str, str],
        *,
        size: int = CONNECTIONS,
        patience: float = PATIENCE,
        timeout: float = STATEMENT_TIMEOUT,
    ) -> None:
        """`timeout` is of each statement; both are in seconds."""
        self._addresses, self._statements = each(url, target_of(url)), statements
        self._size, self._patience, self._timeout = size, patience, timeout
        self._free = size
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._idle: list[PooledConnection] = []
        self._outage = 0
        self._closed = False
        self._checked = False

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[PooledConnection]:
        """
        Lend a connection; the pool takes it back only if it is in order.

        Raises: Unavailable if no connection is free or opens in time.
        """
        pooled = await self._check_out()
        try:
            yield pooled
        except Unavailable as fault:
            if isinstance(fault.__cause__, TimeoutError):
                self._ask_last(pooled.address)
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
            await self._take_slot(None)
        while self._idle:
            await _close(self._idle.pop())
        for _ in range(self._size):
            self._give_slot()

    async def _check_out(self) -> PooledConnection:
        if self._closed:
            raise Unavailable
        try:
            await self._take_slot(self._patience)
        except TimeoutError as error:
            raise Unavailable from error
        return self._first_idle() or await self._open()

    async def _take_slot(self, patience: float | None) -> None:
        """
        Take the right to one connection; callers get theirs in the order of their calls.

        Raises: TimeoutError after `patience` seconds.
        """
        if self._free:
            self._free -= 1
            return
        loop = asyncio.get_running_loop()
        turn: asyncio.Future[None] = loop.create_future()
        self._waiting.append(turn)
        timer = None if patience is None else loop.call_later(patience, _expire, turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled() and turn.exception() is None:
                self._give_slot()  # the caller was cancelled after the slot was given to it
            raise
        finally:
            if timer is not None:
                timer.cancel()

    def _give_slot(self) -> None:
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                return
        self._free += 1

    def _first_idle(self) -> PooledConnection | None:
        while self._idle:
            pooled = self._idle.pop()
            if not pooled.connection.is_closed():
                return pooled
        return None

    async def _open(self) -> PooledConnection:
        """Open a connection, in a task of its own; a failure gives its slot back."""
        try:
            outage = self._outage
            connection, address = await asyncio.create_task(self._connect_checked())
            return PooledConnection(connection, self._statements, address, outage)
        except Exception as error:
            self._give_slot()
            meant = fault("connect", error)
            raise meant from meant.__cause__
        except BaseException:
            self._give_slot()
            raise

    async def _connect_checked(self) -> tuple["Connection", str]:
        connection, address = await self._connect()
        if not self._checked:
            try:
                await check(connection, self._connect_another, self._patience)
            except BaseException:
                connection.terminate()
                raise
            self._checked = True
        return connection, address

    async def _connect_another(self) -> "Connection":
        return (await self._connect())[0]

    async def _connect(self) -> tuple["Connection", str]:
        """
        Connect to the first server that may be used, and ask it first from then on.

        Each has its share of the patience. The answer is a connection and the address of its
        server. Raises: the error of the last one.
        """
        *others, last = self._addresses
        share = self._patience / len(self._addresses)
        for address in others:
            with suppress(*NEXT):
                return await self._connect_to(address, share)
        return await self._connect_to(last, share)

    async def _connect_to(self, address: str, seconds: float) -> tuple["Connection", str]:
        connection = await asyncpg.connect(
            address, timeout=seconds, command_timeout=self._timeout, server_settings=_SETTINGS
        )
        self._addresses = [address, *(other for other in self._addresses if other != address)]
        return connection, address

    def _ask_last(self, address: str) -> None:
        """
        Try a server after all others, since a statement got no answer there.

        A primary whose standby was promoted still says that it takes writes, and they wait for ever
        if they are to wait for a standby.
        """
        self._addresses = [*(other for other in self._addresses if other != address), address]

    def _check_in(self, pooled: PooledConnection) -> None:
        if pooled.outage != self._outage:  # its server may be one that was left meanwhile
            self._drop(pooled)
            return
        self._idle.append(pooled)
        self._give_slot()

    def _drop(self, pooled: PooledConnection) -> None:
        pooled.connection.terminate()
        self._give_slot()

    def _drop_all(self, pooled: PooledConnection) -> None:
        """Drop a failed connection and every idle one: their server is gone."""
        self._outage += 1
        for other in self._idle:
            other.connection.terminate()
        self._idle.clear()
        self._drop(pooled)


def _expire(turn: "asyncio.Future[None]") -> None:
    if not turn.done():
        turn.set_exception(TimeoutError())


async def _close(pooled: PooledConnection) -> None:
    try:
        await pooled.connection.close(timeout=PATIENCE)
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
        pooled.connection.terminate()
