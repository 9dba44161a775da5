"""One part of a change of a selection, by the rules, the events and the audit log of the API."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

from msgspec import json

from sijill.audit.causes import Cause
from sijill.bulk.model import Action, BulkChange
from sijill.bulk.table import Perform, Step
from sijill.customers.bans import banned, unbanned
from sijill.customers.browsing import Browser, place_of
from sijill.customers.model import Customer, Edit
from sijill.customers.table import CustomerTable
from sijill.database.driver import Transaction, TransactionDriver
from sijill.errors import Held, NotFound
from sijill.groups.table import GroupTable
from sijill.stores.model import Store

BATCH = 50
"""Customers in one transaction, for which other writers wait."""


def performing(
    store: Store, customers: CustomerTable, groups: GroupTable, now: datetime
) -> Perform:
    """Return the function that makes the next part of a change of one store."""

    async def perform(transaction: Transaction, change: BulkChange) -> Step | None:
        browser = Browser(TransactionDriver(transaction, customers.dialect))
        size = min(BATCH, change.left)
        page = await browser.page(store, change.selection, change.cursor, size)
        if not page.rows:
            return None
        cause = Cause("person", change.person_id, through="page", by=f"bulk {change.id}")
        acting = _Acting(
            transaction,
            customers.within(transaction).by(cause),
            groups.within(transaction).by(cause),
            change,
            now,
        )
        ids = [one.id for one in page.rows]
        listed = json.encode(ids).decode()
        # Nobody deletes one of them from here on.
        rows = await transaction.all("lock_customers", store.id, listed)
        changed, refused = await _ACTIONS[change.action](acting, [id_ for (id_,) in rows])
        return Step(len(ids), changed, refused, place_of(page.rows[-1], "newest"))

    return perform


class _Acting:
    """The tools of the actions: the tables within a transaction, the change, and the time."""

    def __init__(
        self,
        transaction: Transaction,
        customers: CustomerTable,
        groups: GroupTable,
        change: BulkChange,
        now: datetime,
    ) -> None:
        self.transaction, self.customers, self.groups = transaction, customers, groups
        self.change, self.now = change, now

    async def edit(self, ids: Sequence[int], decide: Callable[[Customer], Customer]) -> int:
        """Change customers that are there, and return how many of them were written."""
        edits = [Edit(id_, _of_somebody(decide)) for id_ in ids]
        outcomes = await self.customers.change(self.change.store_id, edits)
        return sum(one.written for one in outcomes)


def _of_somebody(decide: Callable[[Customer], Customer]) -> Callable[[Customer | None], Customer]:
    def decided(old: Customer | None) -> Customer:
        if old is None:
            raise NotFound  # its row is locked: it cannot be gone
        return decide(old)

    return decided


async def _ban(acting: _Acting, ids: Sequence[int]) -> tuple[int, int]:
    reason, now = acting.change.reason, acting.now
    return await acting.edit(ids, lambda old: banned(old, reason, now)), 0


async def _unban(acting: _Acting, ids: Sequence[int]) -> tuple[int, int]:
    return await acting.edit(ids, lambda old: unbanned(old, acting.now)), 0


async def _add_to_group(acting: _Acting, ids: Sequence[int]) -> tuple[int, int]:
    change, listed = acting.change, json.encode(ids).decode()
    group_id = change.group_id or 0
    joining = await acting.transaction.all("not_in_group", change.store_id, listed, group_id)
    if ids:
        await acting.groups.add_customers(change.store_id, group_id, ids)
    return len(joining), 0


async def _delete(acting: _Acting, ids: Sequence[int]) -> tuple[int, int]:
    refused = 0
    for customer_id in ids:
        try:
            await acting.customers.delete(acting.change.store_id, customer_id, acting.now)
        except Held:
            refused += 1
    return len(ids) - refused, refused


_ACTIONS: dict[Action, Callable[[_Acting, Sequence[int]], Awaitable[tuple[int, int]]]] = {
    "ban": _ban,
    "unban": _unban,
    "add_to_group": _add_to_group,
    "delete": _delete,
}
"""The function of each action; it returns how many customers were changed, and refused."""
