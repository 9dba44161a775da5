"""The events of customers: the writer that puts them into the outbox."""

from collections.abc import Callable, Iterable, Sequence

from sijill.customers.model import Customer
from sijill.customers.row import customer_with_extras
from sijill.database.driver import Transaction
from sijill.errors import NotFound
from sijill.stores.model import Store
from sijill.stores.table import store
from sijill.webhooks.event_rows import insert_events
from sijill.webhooks.events import CREATED, DELETED, ERASED, UPDATED, Event

Announce = Callable[[Store, str, Customer], Event]
"""From a store, the name of an event and a customer to the event; pure but for time and id."""


class CustomerEvents:
    """
    Writes the events of customers in the transaction of the write; without `make`, no event.

    `tells_erasures` says whether an erasure is an event too.
    """

    def __init__(self, make: Announce | None, *, tells_erasures: bool = False) -> None:
        self.make, self.tells_erasures = make, tells_erasures

    async def written(
        self, transaction: Transaction, store_id: int, written: Iterable[tuple[Customer, bool]]
    ) -> None:
        """
        Write one event for each customer that was created (True) or updated (False).

        A customer that was created and then updated is one `customer.created`, with its last state.
        Raises: NotFound if the store is gone.
        """
        latest: dict[int, tuple[Customer, bool]] = {}
        for customer, created in written:
            earlier = latest.get(customer.id)
            latest[customer.id] = (customer, created or (earlier is not None and earlier[1]))
        await self._tell(
            transaction,
            store_id,
            [(CREATED if created else UPDATED, customer) for customer, created in latest.values()],
        )

    async def deleted(self, transaction: Transaction, store_id: int, customer: Customer) -> None:
        """Write `customer.deleted`. Raises: NotFound if the store is gone."""
        await self._tell(transaction, store_id, [(DELETED, customer)])

    async def erased(self, transaction: Transaction, store_id: int, customer: Customer) -> None:
        """Write `customer.erased`, if that is told. Raises: NotFound if the store is gone."""
        if self.tells_erasures:
            await self._tell(transaction, store_id, [(ERASED, customer)])

    async def updated(
        self, transaction: Transaction, store_id: int, customer_ids: Iterable[int]
    ) -> None:
        """
        Write `customer.updated` for customers that the write of another noun changed.

        Raises: NotFound if the store is gone.
        """
        if self.make is None:
            return
        rows = [
            await transaction.one("customer_with_extras", store_id, customer_id)
            for customer_id in dict.fromkeys(customer_ids)
        ]
        customers = [customer_with_extras(row) for row in rows if row is not None]
        await self.written(transaction, store_id, [(customer, False) for customer in customers])

    async def _tell(
        self, transaction: Transaction, store_id: int, told: Sequence[tuple[str, Customer]]
    ) -> None:
        if self.make is None or not told:
            return
        rows = await transaction.kept("store", store_id)
        if not rows:
            raise NotFound
        owner, make = store(rows[0]), self.make
        await insert_events(transaction, [make(owner, name, customer) for name, customer in told])
