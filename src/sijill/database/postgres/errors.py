"""
Errors of PostgreSQL and asyncpg as Sijill's own: unavailable, conflict, retryable, or refused.

Their texts can quote a row, so no text leaves this module except where the server is away.
Source: PostgreSQL "Appendix A. Error Codes".
"""

import asyncpg

from sijill.database.driver import Conflict, DatabaseRefused, StatementRefused
from sijill.database.postgres.pooler import refused
from sijill.errors import Unavailable

UNAVAILABLE = (
    "08",  # the connection is lost
    "25006",  # the server became a replica
    "28",  # it does not let us in
    "3D",  # it has no such database
    "53",  # it is out of connections, memory or disk
    "57",  # it is stopping, starting, or cancelled a statement
    "58",  # its machine failed
    "F0",  # its configuration is broken
    "XX",  # it is broken
)
"""Starts of the SQLSTATEs of a server that is away. The connection is not used again."""

RETRYABLE = ("40001", "40P01")
"""A serialisation failure, a deadlock: nothing was written, and another attempt may work."""

CONNECTION_FAULTS = (OSError, asyncpg.InterfaceError, asyncpg.InternalClientError)
"""The connection failed on our side. Timeouts are OSErrors too."""


_NO_PRIMARY = "none of its servers takes writes: start the primary, or promote a standby"


class RetryableError(Exception):
    """The server undid the transaction because of another; it may be run again."""


def fault(name: str, error: Exception) -> Exception:
    """Return the exception of Sijill for `error`, which the statement of this name raised."""
    if lacking := refused(error):
        return _unavailable(lacking)
    if isinstance(error, asyncpg.PostgresError):
        state: str = error.sqlstate or ""
        if state in RETRYABLE:
            return RetryableError()
        if isinstance(error, asyncpg.UniqueViolationError):
            return Conflict(error.constraint_name or "")
        if state.startswith(UNAVAILABLE) or isinstance(error, asyncpg.InvalidCachedStatementError):
            return _unavailable(error)
        return StatementRefused(name, type(error).__name__)
    if isinstance(error, asyncpg.TargetServerAttributeNotMatched):
        return _unavailable(DatabaseRefused(_NO_PRIMARY))
    if isinstance(error, CONNECTION_FAULTS) and not isinstance(error, asyncpg.DataError):
        return _unavailable(error)
    return StatementRefused(name, type(error).__name__)


def _unavailable(error: Exception) -> Unavailable:
    unavailable = Unavailable()
    unavailable.__cause__ = error
    return unavailable
