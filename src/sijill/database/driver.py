"""The interface of a database: drivers, transactions, and the faults of statements."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any, Protocol, TypeVar

from sijill.database.sql import Dialect

T = TypeVar("T")
Row = Sequence[Any]

CONNECTIONS = 10
"""Connections of a process to PostgreSQL, at most. PostgreSQL accepts 100 by default."""


class Conflict(Exception):
    """A unique constraint refused a row; `constraint` is the database's own text that names it."""

    def __init__(self, constraint: str) -> None:
        super().__init__(constraint)
        self.constraint = constraint


class StatementRefused(Exception):
    """
    The database refused a statement: a value that it cannot store, or a faulty statement.

    The message names the statement and the kind of error, never a value: values are people's data.
    """

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{name}: {reason}")


class DatabaseRefused(Exception):
    """The database answers, but cannot be used as it is; the message says what to change."""


def advice(fault: BaseException) -> str | None:
    """Return what to change, if the database refused to be used; else None."""
    link: BaseException | None = fault
    while link is not None:
        if isinstance(link, DatabaseRefused):
            return str(link)
        link = link.__cause__
    return None


class Transaction(Protocol):
    """Statements that commit or fail together. They are named in queries.sql of each noun."""

    async def one(self, name: str, *args: Any) -> Row | None:
        """Return the first row, or None."""

    async def all(self, name: str, *args: Any) -> Sequence[Row]:
        """Return every row."""

    async def run(self, name: str, *args: Any) -> int:
        """
        Run a statement and return how many rows it changed.

        Raises: Conflict, which ends the transaction.
        """

    async def run_each(self, name: str, rows: Sequence[Sequence[Any]]) -> None:
        """
        Run a statement for each row of arguments, all in one exchange with the database.

        Raises: Conflict, which ends the transaction.
        """

    async def attempt(self, name: str, *args: Any) -> int:
        """
        Run a statement as `run`, but after a Conflict the transaction is as before the statement.

        Raises: Conflict.
        """

    async def kept(self, name: str, *args: Any) -> Sequence[Row]:
        """
        Return every row as `all`, or as an earlier transaction of the same commit has read them.

        Writes to the tables that the statement reads make them be read again.
        """

    def at_end(self, name: str) -> None:
        """
        Run a statement before the commit, once for all transactions that share the commit.

        It must be right for all of them, and harmless if this transaction is undone. Where no
        commit is shared, as on PostgreSQL, each row's own write does the same, and nothing is run.
        """

    async def gather(self, name: str, *row: Any) -> None:
        """
        Write a row by a statement that takes a JSON list of rows.

        Transactions that share a commit write all such rows together before it, so none of them
        can read what it gathered. The rows of a transaction that is undone are not written.
        """

    async def script(self, text: str) -> None:
        """Run several statements, as a migration is written."""

    async def backup(self, label: str) -> None:
        """
        Copy a database file, as it was before this transaction, to a file beside it.

        An empty database is not copied, nor one in memory or on a server.
        """


Work = Callable[[Transaction], Awaitable[T]]


class Driver(Protocol):
    """
    A database. Every call raises Unavailable while it is away, and works again when it is back.

    A driver belongs to the event loop that first uses it.
    """

    dialect: Dialect
    newest: int | None
    """The newest schema that this program may write to; None while it migrates."""
    writes_failed: bool
    """Whether a write failed because the database was away; the next write resets it."""

    def check(self) -> None:
        """Raise Unavailable if the database is known to be damaged, though parts can be read."""

    async def one(self, name: str, *args: Any) -> Row | None:
        """Return the first row of a point read, or None."""

    async def few(self, name: str, *args: Any) -> Sequence[Row]:
        """Return every row of a statement that reads few rows, each by an index."""

    async def all(self, name: str, *args: Any) -> Sequence[Row]:
        """Return every row of a statement that may scan; the event loop never waits for it."""

    async def soon(self, seconds: float, name: str, *args: Any) -> Sequence[Row] | None:
        """Return every row as `all`, or None if that takes longer: the database stops then."""

    async def run(self, name: str, *args: Any) -> int:
        """
        Run a statement that writes, as a transaction of its own; return how many rows it changed.

        Raises: Conflict.
        """

    async def write(self, work: Work[T]) -> T:
        """
        Run `work` in a transaction and return its result once it is durable.

        `work` awaits only its transaction. It may run more than once, because a serialisation
        failure runs it again, so it must change nothing outside the transaction.
        """

    async def empty_log(self) -> bool:
        """
        Empty the log beside a database file, which still holds what was deleted from the file.

        Return whether it is empty now: a reader or a writer at this moment keeps it. There is
        nothing to do in memory, and a server looks after its own log.
        """

    async def vacuum(self) -> None:
        """
        Clear away the rows that were deleted, where the database leaves that for later.

        SQLite overwrites them at once; PostgreSQL does VACUUM, and samples its tables again.
        """

    async def remove_backups(self, before: datetime) -> int:
        """
        Remove the copies of a database file made before a time by `Transaction.backup`.

        Return their number.
        """

    async def close(self) -> None:
        """Finish the work that was begun, then close every connection."""


class TransactionDriver:
    """A driver within one transaction: a table over it writes within the transaction."""

    def __init__(self, transaction: Transaction, dialect: Dialect) -> None:
        self._transaction, self.dialect = transaction, dialect
        self.one, self.few, self.all = transaction.one, transaction.all, transaction.all
        self.run = transaction.run
        self.newest: int | None = None
        self.writes_failed = False

    async def soon(self, seconds: float, name: str, *args: Any) -> Sequence[Row] | None:
        """Return every row, however long it takes: what is stopped would end the transaction."""
        return await self.all(name, *args)

    def check(self) -> None:
        """Do nothing: a transaction meets damage itself."""

    async def write(self, work: Work[T]) -> T:
        """Run `work` as a part of the transaction; nothing is durable before its end."""
        return await work(self._transaction)

    async def empty_log(self) -> bool:
        """Do nothing: the log holds the transaction."""
        return False

    async def vacuum(self) -> None:
        """Do nothing: a transaction cannot."""

    async def remove_backups(self, before: datetime) -> int:
        """Do nothing: files are no part of a transaction."""
        return 0

    async def close(self) -> None:
        """Do nothing: the code that began the transaction ends it."""
