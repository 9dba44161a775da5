"""A transaction as a driver: a table over it writes within the transaction."""

from collections.abc import Sequence
from typing import Any

from sijill.database.driver import Row, T, Transaction, Work
from sijill.database.sql import Dialect


class TransactionDriver:
    """A driver within one transaction; see `driver.Driver`. Nothing is durable before its end."""

    def __init__(self, transaction: Transaction, dialect: Dialect) -> None:
        self._transaction = transaction
        self.dialect = dialect

    async def one(self, name: str, *args: Any) -> Row | None:
        """Return the first row, or None."""
        return await self._transaction.one(name, *args)

    async def all(self, name: str, *args: Any) -> Sequence[Row]:
        """Return every row."""
        return await self._transaction.all(name, *args)

    async def write(self, work: Work[T]) -> T:
        """Run `work` as a part of the transaction."""
        return await work(self._transaction)

    async def close(self) -> None:
        """Nothing to do: whoever began the transaction ends it."""
