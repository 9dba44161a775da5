"""
A usual new customer in one statement, where a round trip to the database costs more than the write.

The statement writes the customer, its memberships and its event, by what this process last read of
the store's groups. It holds their revision against that of the database: if the groups have changed
since, it writes nothing. Whatever is not usual is left to the transaction of `CustomerTable`.
"""

from collections.abc import Callable

from msgspec import json
from msgspec.structs import replace

from sijill.customers.events import CustomerEvents
from sijill.customers.model import Customer, Edit, EditOutcome, Extras, order_numbers
from sijill.customers.row import arguments
from sijill.database.columns import micros
from sijill.database.driver import Conflict, Driver
from sijill.groups.memberships import BY_CONDITION, BY_HAND, KnownGroups, known_groups
from sijill.groups.model import DEFAULT_GROUP, matches
from sijill.stores.model import Store
from sijill.stores.table import store
from sijill.webhooks.events import CREATED

STORES = 10_000
"""Stores whose groups are remembered; beyond them all are read anew."""


class OneStatementCreation:
    """Creates usual customers on a database that has the statement `create_customer`."""

    def __init__(self, driver: Driver, new_id: Callable[[], int], events: CustomerEvents) -> None:
        self._driver, self._new_id, self._events = driver, new_id, events
        self._known: dict[int, tuple[Store, KnownGroups]] = {}

    async def create(self, store_id: int, edit: Edit) -> EditOutcome | None:
        """
        Create the customer of an edit, or return None, with nothing written.

        None leaves the edit to a transaction: it is no usual one, its values are another
        customer's, or the groups have changed. Raises: any error of `decide`; Unavailable.
        """
        make = self._events.make
        if edit.customer_id is not None or edit.groups != DEFAULT_GROUP or make is None:
            return None
        new = edit.decide(None)
        extras = new.extras or Extras()
        known = await self._read(store_id)
        if new.id or known is None or extras.total_points or extras.wallet_balance:
            return None
        owner, groups = known
        by_hand = {groups.default}
        holding = {id_ for id_, rule in groups.conditions if matches(rule, order_numbers(extras))}
        member_of = tuple(sorted(by_hand | holding))
        customer = replace(new, id=self._new_id(), groups=member_of, extras=extras)
        event = make(owner, CREATED, customer)
        memberships = [(id_, BY_HAND) for id_ in by_hand] + [(id_, BY_CONDITION) for id_ in holding]
        told = (event.id, event.name, micros(event.at), event.body)
        if not await self._write(store_id, customer, groups.revision, memberships, told):
            self._known.pop(store_id, None)
            return None
        return EditOutcome(customer, created=True, written=True)

    async def _write(
        self,
        store_id: int,
        customer: Customer,
        revision: int,
        memberships: list[tuple[int, str]],
        told: tuple[str, str, int, bytes],
    ) -> bool:
        row = arguments(store_id, customer)
        joined = json.encode(memberships).decode()
        args = (*row[:4], revision, joined, *told, *row[4:])
        try:
            return bool(await self._driver.run("create_customer", *args))
        except Conflict:
            return False

    async def _read(self, store_id: int) -> tuple[Store, KnownGroups] | None:
        """Return the store, which never changes, and its groups as they were when first read."""
        known = self._known.get(store_id)
        if known is None:
            row = await self._driver.one("store", store_id)
            groups = await known_groups(self._driver, store_id)
            if row is None or groups is None:
                return None
            if len(self._known) >= STORES:
                self._known.clear()
            known = self._known[store_id] = store(row), groups
        return known
