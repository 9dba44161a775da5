"""
Usual new customers in one statement, where a round trip to the database costs more than the write.

The statement writes customers with their memberships and events, by what this process last read of
their stores' groups. It holds the revision of the groups against that of the database: if they have
changed since, it writes nothing. Every other creation is left to the transaction of
`CustomerTable`.
"""

from collections.abc import Callable

from msgspec import json
from msgspec.structs import replace

from sijill.audit.causes import Cause
from sijill.audit.changes import Change, ChangeLog
from sijill.customers.events import CustomerEvents
from sijill.customers.model import (
    Customer,
    Edit,
    EditOutcome,
    Extras,
    order_numbers,
    written_fields,
)
from sijill.customers.row import document
from sijill.database.columns import micros
from sijill.database.driver import Driver
from sijill.groups.memberships import BY_CONDITION, BY_HAND, KnownGroups, known_groups
from sijill.groups.model import DEFAULT_GROUP, matches
from sijill.stores.model import Store
from sijill.stores.table import store
from sijill.webhooks.events import CREATED

Nothing = tuple[None, None]

STORES = 10_000
"""Stores whose groups are remembered; beyond them all are read again."""


class OneStatementCreation:
    """Creates usual customers on a database that has the statement `create_customer_many`."""

    def __init__(
        self,
        driver: Driver,
        new_id: Callable[[], int],
        events: CustomerEvents,
        audited: ChangeLog | None = None,
    ) -> None:
        self._driver, self._new_id, self._events = driver, new_id, events
        self._audited = audited
        self._known: dict[int, tuple[Store, KnownGroups]] = {}

    async def create(self, store_id: int, edit: Edit, cause: Cause) -> EditOutcome | None:
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
        key, row = (store_id, customer.id), document(store_id, customer)
        joined = (groups.revision, json.encode(memberships).decode())
        told = (event.id, event.name, micros(event.at), event.body)
        line = self._line(cause, store_id, customer)
        if not await self._driver.run("create_customer", *key, row, *joined, *told, *line):
            self._known.pop(store_id, None)
            return None
        return EditOutcome(customer, created=True, written=True)

    def _line(self, cause: Cause, store_id: int, made: Customer) -> tuple[int, str] | Nothing:
        """Return the moment and the line of the entry of a new customer."""
        if self._audited is None:
            return None, None
        change = Change("customer.create", made.id, written_fields(None, made))
        return self._audited.line(cause, store_id, change)

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
