"""
Evaluates changed conditions of groups for every customer of a store, some customers at a time.

The transaction that writes memberships also records the last customer evaluated. So a restart
continues there, several servers share the work, and other writes have their turn.
"""

from collections.abc import Sequence

from sijill.audit.causes import Cause
from sijill.audit.changes import Change, ChangeLog
from sijill.database.driver import Driver, Row, Transaction
from sijill.groups.memberships import BY_CONDITION
from sijill.groups.model import Conditions, OrderNumbers, matches
from sijill.groups.row import conditions
from sijill.job import Job

STEP = 500
"""Customers in one transaction, for which other writers wait some milliseconds."""


async def evaluate_some(driver: Driver, audited: ChangeLog | None = None) -> bool:
    """
    Evaluate a group's changed conditions for the next customers; return False if no group waits.

    `audited` is told who joined and who left.
    Raises: Unavailable if the database is away.
    """
    row = await driver.one("pending_group")
    if row is None:
        return False
    store_id, group_id, after = row

    async def work(transaction: Transaction) -> None:
        moved = await _step(transaction, store_id, group_id, after)
        if moved and audited is not None:
            cause = Cause("server", by=f"group {group_id}")
            changes = (Change("customer.update", id_, ("groups",)) for id_ in moved)
            await audited.record(transaction, cause, store_id, changes)

    await driver.write(work)
    return True


class Evaluation(Job):
    """Evaluates changed conditions until it is stopped; every server process runs one."""

    FAULT = "evaluation_failed"

    def __init__(self, driver: Driver, audited: ChangeLog | None = None) -> None:
        """`audited` is told who joined and who left."""
        super().__init__()
        self._driver, self._audited = driver, audited

    async def turn(self) -> bool:
        """Evaluate one group for the next customers; return False if none waits."""
        return await evaluate_some(self._driver, self._audited)


async def _step(
    transaction: Transaction, store_id: int, group_id: int, after: int
) -> Sequence[int]:
    """Evaluate the next customers, and return those who joined or left."""
    customers = await transaction.all("customers_to_evaluate", store_id, after, STEP)
    await transaction.one("share_groups", store_id)
    row = await transaction.one("group_to_evaluate", store_id, group_id)
    if row is None or row[1] != after:
        return ()  # the group is deleted, its conditions changed again, or another server was here
    last = customers[-1][0] if customers else after
    rows = await transaction.all("members_between", store_id, group_id, BY_CONDITION, after, last)
    members = {customer_id for (customer_id,) in rows}
    rules = conditions(row[0])
    moved = await _join_or_leave(transaction, store_id, group_id, rules, customers, members)
    reached = last if len(customers) == STEP else None
    await transaction.run("evaluated", store_id, group_id, reached)
    return moved


async def _join_or_leave(
    transaction: Transaction,
    store_id: int,
    group_id: int,
    rules: Conditions,
    customers: Sequence[Row],
    members: set[int],
) -> Sequence[int]:
    """Move the customers for whom the rules changed, and return them."""
    moved = []
    for customer_id, orders_count, orders_amount in customers:
        holds = matches(rules, OrderNumbers(orders_count, orders_amount))
        if holds != (customer_id in members):
            name = "insert_membership" if holds else "delete_membership"
            await transaction.run(name, store_id, customer_id, group_id, BY_CONDITION)
            moved.append(customer_id)
    return moved
