"""What a driver is: how the one store talks to a database."""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol, TypeVar

from sijill.database.sql import Dialect

T = TypeVar("T")
Row = Sequence[Any]


class Conflict(Exception):
    """A unique constraint refused a row; `what` is the database's own words, naming it."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


class Refused(Exception):
    """
    The database is there and will not do this: a value it cannot hold, or a faulty statement.

    Says which statement and which kind of error, never a value: those are people's data.
    """

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"{name}: {why}")


class Transaction(Protocol):
    """Statements that stand or fall together. Statements are named: see queries.sql."""

    async def one(self, name: str, *args: Any) -> Row | None:
        """Return the first row, or None."""

    async def all(self, name: str, *args: Any) -> Sequence[Row]:
        """Return every row."""

    async def run(self, name: str, *args: Any) -> int:
        """
        Run a statement and return how many rows it changed.

        Raises: Conflict if a unique constraint refuses; inside a savepoint the rest stands.
        """

    def savepoint(self) -> AbstractAsyncContextManager[None]:
        """A part that is undone alone when an exception leaves it."""

    async def script(self, text: str) -> None:
        """Run several statements, as a migration is written."""

    async def backup(self, label: str) -> None:
        """
        Keep a copy beside the database, as it was before this transaction, if it is a file.

        A database that is empty or no file is left to its operator's own backups.
        """


Work = Callable[[Transaction], Awaitable[T]]


class Driver(Protocol):
    """
    A database. Every call raises Unavailable while it is away, and works again when it is back.

    It belongs to the event loop that first uses it.
    """

    dialect: Dialect

    async def one(self, name: str, *args: Any) -> Row | None:
        """Return the first row of a point read, or None."""

    async def all(self, name: str, *args: Any) -> Sequence[Row]:
        """Return every row of a statement that may scan; it never holds up the event loop."""

    async def write(self, work: Work[T]) -> T:
        """
        Run `work` in a transaction and return its result once it is durable.

        `work` awaits nothing but its transaction, and may run more than once (it is run again
        when the database reports a serialisation failure), so it must not change anything else.
        """

    async def close(self) -> None:
        """Let go of every connection, after what was begun is done."""
