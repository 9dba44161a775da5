"""Loyalty points in the database; see `domain.loyalty.Loyalty`."""

from collections.abc import Sequence
from typing import NamedTuple

from sijill.database.columns import micros, moment
from sijill.database.driver import Driver, Transaction
from sijill.database.idempotency_keys import IdempotencyKey, claim, record_result
from sijill.errors import NotFound
from sijill.ledgers.loyalty import (
    MAX_POINTS,
    Change,
    PointsEntry,
    PointsPage,
    PointsRefused,
)
from sijill.values.ids import MAX_ID

BATCH = 1_000
"""Customers in one statement while all of a store's are changed."""

_DONE = 1
"""What is remembered of a change that was done: there is nothing to tell of it but that."""


class LoyaltyTable:
    """The points of every store's customers, each call within one of them."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver

    async def page(self, store_id: int, customer_id: int, *, offset: int, limit: int) -> PointsPage:
        """
        Return `limit` lines of a customer's ledger from `offset`, newest first.

        Raises: NotFound if the store has no such customer; Unavailable.
        """
        rows = await self._driver.all("points_page", store_id, customer_id, limit, offset)
        if not rows:
            raise NotFound
        entries = [
            PointsEntry(number, points, reason, moment(at))
            for _, number, points, reason, at in rows
            if number is not None  # an empty page is one row of NULLs
        ]
        return PointsPage(entries, rows[0][0])

    async def change(
        self,
        store_id: int,
        change: Change,
        customers: Sequence[int] | None,
        *,
        key: IdempotencyKey | None = None,
    ) -> bool:
        """
        Change the points of these customers, or of every one, all or none in one transaction.

        Return whether it was done before under the same key, and so not done again.
        Raises: PointsRefused; KeyReused; Unavailable. Then none of it happened.
        """

        async def work(transaction: Transaction) -> bool:
            if await claim(transaction, store_id, key) is not None:
                return True
            if customers is None:
                await _change_all(transaction, store_id, change)
            else:
                await _change_some(transaction, store_id, change, customers)
            await record_result(transaction, store_id, key, _DONE)
            return False

        return await self._driver.write(work)


class _Held(NamedTuple):
    """Customers who are held until the transaction ends: how many, their ids and balances."""

    customers: int
    last: int
    least: int
    most: int


async def _change_all(transaction: Transaction, store_id: int, change: Change) -> None:
    first = 1
    while (held := await _hold(transaction, store_id, first, MAX_ID, BATCH)) is not None:
        if change.after(held.least) < 0 or change.after(held.most) > MAX_POINTS:
            raise PointsRefused(full=change.points > 0)
        await _append(transaction, store_id, first, held.last, change)
        first = held.last + 1


async def _change_some(
    transaction: Transaction, store_id: int, change: Change, customers: Sequence[int]
) -> None:
    """Everybody is looked at before anything is said, so that a refusal names all of them."""
    ids = sorted(set(customers))  # one order for everybody: then no two changes wait for each other
    found = {id_: await _hold(transaction, store_id, id_, id_, 1) for id_ in ids}
    unknown = [id_ for id_, held in found.items() if held is None]
    short = [id_ for id_, held in found.items() if held and change.after(held.least) < 0]
    full = any(held and change.after(held.most) > MAX_POINTS for held in found.values())
    if unknown or short or full:
        raise PointsRefused(unknown=unknown, short=short, full=full)
    for id_ in ids:
        await _append(transaction, store_id, id_, id_, change)


async def _hold(
    transaction: Transaction, store_id: int, first: int, last: int, most: int
) -> _Held | None:
    """Return what stands in the first `most` customers between two ids; None if there is none."""
    row = await transaction.one("hold_points", store_id, first, last, most)
    return _Held(*row) if row and row[0] else None


async def _append(
    transaction: Transaction, store_id: int, first: int, last: int, change: Change
) -> None:
    """Write the lines and the balances of all customers between two ids; a reset is its own."""
    told = (change.reason, change.app_id, micros(change.at))
    steps = [(0, 0)] * change.reset + [(1, change.points)] * bool(change.points)
    for kept, added in steps:
        await transaction.run("append_points", store_id, first, last, kept, added, *told)
        await transaction.run("set_points", store_id, first, last)
