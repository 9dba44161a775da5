"""
What PostgreSQL and asyncpg say, as ours: away, taken, again, or refused.

Their texts can quote a row, so none of them leaves here but where the server itself is away.
Source: PostgreSQL "Appendix A. Error Codes".
"""

import asyncpg

from sijill.database.driver import Conflict, Refused
from sijill.errors import Unavailable

AWAY = (
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
"""Starts of the SQLSTATEs that mean: not now. The connection is not used again."""

AGAIN = ("40001", "40P01")
"""A serialisation failure, a deadlock: nothing happened, and the same may work a moment later."""

LOST = (OSError, asyncpg.InterfaceError, asyncpg.InternalClientError)
"""The connection failed on our side. OSError is also the timeouts."""


class Again(Exception):
    """The server undid the transaction because of another; it may be run again."""


def fault(name: str, error: Exception) -> Exception:
    """Return what `error`, raised by the statement of this name, means to us, with its cause."""
    if isinstance(error, asyncpg.PostgresError):
        state: str = error.sqlstate or ""
        if state in AGAIN:
            return Again()
        if isinstance(error, asyncpg.UniqueViolationError):
            return Conflict(error.constraint_name or "")
        if state.startswith(AWAY) or isinstance(error, asyncpg.InvalidCachedStatementError):
            return _because(error)
        return Refused(name, type(error).__name__)
    if isinstance(error, LOST) and not isinstance(error, asyncpg.DataError):
        return _because(error)
    return Refused(name, type(error).__name__)


def _because(error: Exception) -> Unavailable:
    ours = Unavailable()
    ours.__cause__ = error
    return ours
