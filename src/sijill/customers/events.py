"""The events of customers: their bodies, and the writer that puts them into the outbox."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

import msgspec
from msgspec import UNSET

from sijill.customers.model import Customer, Extras
from sijill.customers.row import customer_with_extras
from sijill.customers.wire import body
from sijill.database.driver import Transaction
from sijill.errors import NotFound
from sijill.openapi.keys import Json
from sijill.stores.model import Store
from sijill.stores.table import store
from sijill.webhooks.events import CREATED, DELETED, UPDATED, Event, event_document, script_date
from sijill.webhooks.outbox import insert_events
from sijill.webhooks.rule import Attributes, compared_values

Announce = Callable[[Store, str, Customer], Event]
"""From a store, the name of an event and a customer to the event; pure but for time and id."""


class Source(msgspec.Struct, frozen=True, rename={"user_agent": "user-agent"}):
    """The device of a customer; an unknown value is None."""

    device: str | None = None
    user_agent: str | None = None
    ip: str | None = None


def event_body(
    store: Store,
    name: str,
    at: datetime,
    customer: Customer,
    *,
    source: Source | None = None,
    escaped: bool = False,
) -> bytes:
    """
    Return the body of an event of one customer: the bytes that are signed and sent.

    Only a login has a `source`; of a deleted customer only the id is told; `escaped` as for
    `event_document`.
    Source: Salla "Customer webhook events".
    """
    if name == DELETED:
        return event_document(
            store, name, script_date(at, store), {"id": customer.id}, escaped=escaped
        )
    data = _data(customer, store)
    if source is not None:
        data["source"] = source
    extras = customer.extras or Extras()
    data["is_notifications_enabled"] = extras.is_notifications_enabled
    return event_document(store, name, script_date(at, store), data, escaped=escaped)


def attributes(customer: Customer, store: Store) -> Attributes:
    """
    Return the values of a customer that rules compare: those in the body of an event.

    A mobile is text, and a date object of a day is that day alone.
    """
    return compared_values(_data(customer, store))


def _data(customer: Customer, store: Store) -> Json:
    """Return the customer as in Customer Details, but for three things; see `stores.profiles`."""
    answer = body(customer, store)
    answer.full_name = answer.lang = answer.created_at = UNSET  # the observed profile's own
    if answer.mobile_code:
        answer.mobile_code = f"+{customer.mobile_code}"
    answer.country_code = customer.country_code
    data: Json = msgspec.to_builtins(answer)
    return data


class CustomerEvents:
    """Writes the events of customers in the transaction of the write; without `make`, none."""

    def __init__(self, make: Announce | None) -> None:
        self.make = make

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
