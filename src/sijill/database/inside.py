"""A transaction that looks like a database: what is written through it is part of the whole."""

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from sijill.customers.model import Edit, Outcome
from sijill.customers.store import CustomerTable
from sijill.database.driver import Driver, Row, T, Transaction, Work
from sijill.database.idempotency_keys import Once
from sijill.database.sealing import Sealing
from sijill.database.sql import Dialect
from sijill.webhooks.events import Announce


class Inside:
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


class Tells(Protocol):
    """Whoever gives ids to customers, and tells of them."""

    _new_id: Callable[[], int]
    sealing: Sealing
    announce: Announce | None


class NotingCustomers(CustomerTable):
    """Another's customers over any driver; the ids of those that are made are in `created`."""

    def __init__(self, driver: Driver, others: Tells) -> None:
        self.driver, self._new_id = driver, others._new_id
        self.sealing, self.announce = others.sealing, others.announce
        self.created: list[int] = []

    async def change(
        self, store_id: int, edits: Sequence[Edit], *, once: Once | None = None
    ) -> list[Outcome]:
        """Make the edits; see `CustomerTable.change`."""
        outcomes = await super().change(store_id, edits, once=once)
        self.created += [outcome.customer_id for outcome in outcomes if outcome.created]
        return outcomes
