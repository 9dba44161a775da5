"""
A pooler such as PgBouncer between Sijill and PostgreSQL: what it must keep, or is refused for.

In transaction mode a pooler gives each transaction another connection of the server. PgBouncer
keeps the prepared statements of a client over that from 1.21 on, if it is told to.
Source: PgBouncer "config.html", max_prepared_statements, ignore_startup_parameters.
"""

from collections.abc import Awaitable, Callable
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING

import asyncpg

from sijill.database.driver import DatabaseRefused

if TYPE_CHECKING:  # generic in the stubs alone
    Connection = asyncpg.Connection[asyncpg.Record]

_FORGETS = (
    "the pooler in front of PostgreSQL forgets prepared statements: use PgBouncer 1.21 or newer"
    " with max_prepared_statements = 200, or session mode, or the address of PostgreSQL itself"
)
_STARTUP = (
    "the pooler in front of PostgreSQL refuses the startup parameter jit: add it to PgBouncer's"
    " ignore_startup_parameters"
)


def refused(error: Exception) -> DatabaseRefused | None:
    """Return what a pooler lacks, if that is why `error` was raised."""
    if isinstance(
        error, asyncpg.InvalidSQLStatementNameError | asyncpg.DuplicatePreparedStatementError
    ):
        return DatabaseRefused(_FORGETS)
    if isinstance(error, asyncpg.ProtocolViolationError) and "startup parameter" in str(error):
        return DatabaseRefused(_STARTUP)
    return None


async def check(
    connection: "Connection", connect: Callable[[], Awaitable["Connection"]], patience: float
) -> None:
    """
    Try whether prepared statements last, if a pooler is behind `connection`.

    The process id that a pooler tells is not that of the server. A transaction of a second client
    takes the server's connection that the first has used, so the first gets another one. A pooler
    with a single connection lets the first wait, which `patience` ends: there statements last.
    Raises: the errors of asyncpg; `refused` knows what they mean.
    """
    if await connection.fetchval("SELECT pg_backend_pid()") == connection.get_server_pid():
        return
    with ExitStack() as ends, suppress(TimeoutError):
        ends.callback((first := await connect()).terminate)
        ends.callback((second := await connect()).terminate)
        statement = await first.prepare("SELECT 1")
        await statement.fetch()
        await second.execute("BEGIN")
        await statement.fetch(timeout=patience)
