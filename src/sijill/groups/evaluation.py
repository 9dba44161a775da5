"""
Changed conditions, brought to every customer of a store: a few at a time, wherever it was left.

How far a group has come is kept with it, in the transaction that writes what was found. So a
restart goes on where it stopped, several servers share the work, and other writes go in between.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress

from sijill.customers.model import Extras
from sijill.database.driver import Driver, Row, Transaction
from sijill.errors import Unavailable
from sijill.groups.memberships import BY_CONDITION
from sijill.groups.model import Conditions, matches
from sijill.groups.row import conditions

STEP = 500
"""Customers in one transaction: others that write wait for it some milliseconds."""

PAUSE = 1.0
"""Seconds between two looks for groups whose conditions changed."""


async def evaluate_some(driver: Driver) -> bool:
    """
    Evaluate a group's changed conditions for the next customers; False if no group waits for it.

    Raises: Unavailable if the database is away.
    """
    row = await driver.one("pending_group")
    if row is None:
        return False
    store_id, group_id, after = row
    await driver.write(lambda transaction: _step(transaction, store_id, group_id, after))
    return True


class Evaluator:
    """Evaluates whatever waits, in the background, in every server process."""

    def __init__(
        self, driver: Driver, on_fault: Callable[[Exception], None], pause: float = PAUSE
    ) -> None:
        self._driver, self._on_fault, self._pause = driver, on_fault, pause
        self._stopping = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to work, on the running event loop."""
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Finish the step at hand; the rest is done by whoever comes next."""
        self._stopping.set()
        if self._task is not None:
            await self._task

    async def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                more = await evaluate_some(self._driver)
            except Unavailable:
                more = False  # the database is away: readiness says so already
            except Exception as fault:
                self._on_fault(fault)
                more = False
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), 0 if more else self._pause)


async def _step(transaction: Transaction, store_id: int, group_id: int, after: int) -> None:
    customers = await transaction.all("customers_to_evaluate", store_id, after, STEP)
    await transaction.one("share_groups", store_id)
    row = await transaction.one("group_to_evaluate", store_id, group_id)
    if row is None or row[1] != after:
        return  # it is gone, has other conditions by now, or another server was faster
    last = customers[-1][0] if customers else after
    rows = await transaction.all("members_between", store_id, group_id, BY_CONDITION, after, last)
    members = {customer_id for (customer_id,) in rows}
    await _settle(transaction, store_id, group_id, conditions(row[0]), customers, members)
    reached = last if len(customers) == STEP else None
    await transaction.run("evaluated", store_id, group_id, reached)


async def _settle(
    transaction: Transaction,
    store_id: int,
    group_id: int,
    rules: Conditions,
    customers: Sequence[Row],
    members: set[int],
) -> None:
    for customer_id, orders_count, orders_amount in customers:
        extras = Extras(orders_count=orders_count, orders_amount=orders_amount)
        holds = matches(rules, extras)
        if holds != (customer_id in members):
            name = "insert_membership" if holds else "delete_membership"
            await transaction.run(name, store_id, customer_id, group_id, BY_CONDITION)
