"""The tables of wallets and loyalty points: two ledgers beside the balances of customers."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sijill.audit.changes import Audited, Change, ChangeLog
from sijill.database.columns import micros, moment
from sijill.database.driver import Driver, Transaction
from sijill.database.idempotency_keys import IdempotencyKey, claim, record_result
from sijill.errors import NotFound
from sijill.ledgers.model import (
    MAX_BALANCE,
    MAX_POINTS,
    Movement,
    PointsChange,
    PointsEntry,
    PointsPage,
    PointsRefused,
    WalletEntry,
    moved,
)
from sijill.stores.model import Store
from sijill.stores.table import store
from sijill.values.ids import MAX_ID
from sijill.values.money import minor_digits, to_major, to_minor


class WalletTable(Audited):
    """The wallets of every store, each call within one of them."""

    def __init__(self, driver: Driver, audited: ChangeLog | None = None) -> None:
        self._driver, self._audited = driver, audited

    async def move(
        self, store: Store, movement: Movement, *, key: IdempotencyKey | None = None
    ) -> WalletEntry:
        """
        Write one movement to a customer's ledger and balance, and return the line.

        The customer's row is locked: the second of two movements sees the balance of the first.
        Raises: NotFound; Invalid as `ledgers.model.moved`; KeyReused; Unavailable.
        """

        async def work(transaction: Transaction) -> WalletEntry:
            replayed = await claim(transaction, store.id, key)
            number = replayed or await _append_movement(transaction, store, movement)
            if replayed is None:
                change = Change("customer.update", movement.customer_id, ("wallet_balance",))
                await self._record(transaction, store.id, [change])
                await record_result(transaction, store.id, key, number)
            return await _entry(transaction, store.id, movement.customer_id, number, bool(replayed))

        return await self._driver.write(work)


async def reconcile_wallet(
    transaction: Transaction, store: Store, customer_id: int, at: datetime
) -> tuple[int, int]:
    """
    Write the missing ledger line of a balance that was written with the customer, if any.

    Return the number of the ledger's last line and the balance, in smallest units.
    Raises: NotFound if the store has no such customer.
    """
    row = await transaction.one("wallet", store.id, customer_id)
    if row is None:
        raise NotFound
    balance = to_minor(row[0], minor_digits(store.currency))
    number, recorded = row[1] or 0, row[2] or 0
    if recorded != balance:
        number += 1
        entry = (number, balance - recorded, balance, None, micros(at))
        await transaction.run("insert_wallet_entry", store.id, customer_id, *entry)
    return number, balance


async def _append_movement(transaction: Transaction, store: Store, movement: Movement) -> int:
    """Write the line and the balance of a movement, and return the line's number."""
    key, at = (store.id, movement.customer_id), movement.at
    digits = minor_digits(store.currency)
    await transaction.one("lock_customer", *key)
    last, balance = await reconcile_wallet(transaction, store, movement.customer_id, at)
    after = moved(balance, movement.amount, MAX_BALANCE * 10**digits)
    entry = (last + 1, movement.amount, after, movement.app_id, micros(at))
    await transaction.run("insert_wallet_entry", *key, *entry)
    await transaction.run("set_wallet_balance", *key, float(to_major(after, digits)))
    return last + 1


async def _entry(
    transaction: Transaction, store_id: int, customer_id: int, number: int, replayed: bool
) -> WalletEntry:
    row = await transaction.one("wallet_entry", store_id, customer_id, number)
    if row is None:  # the line was deleted with its customer
        raise NotFound
    amount, balance, at, opened_at = row
    return WalletEntry(customer_id, amount, balance, moment(at), moment(opened_at), replayed)


async def record_adjustment(
    transaction: Transaction,
    store_id: int,
    customer_id: int,
    at: datetime,
    *,
    points: tuple[int, int],
    balances: tuple[float, float],
) -> None:
    """
    Write the ledger lines of a balance that was written with its customer: by an import, the seed
    or an operator. Shape of `points` and `balances`: before, after.
    """
    before, after = points
    if after != before:
        line = (after - before, after, micros(at))
        await transaction.run("insert_points_entry", store_id, customer_id, *line)
    if balances[1] != balances[0]:
        for row in await transaction.kept("store", store_id):
            await reconcile_wallet(transaction, store(row), customer_id, at)


BATCH = 1_000
"""Customers in one statement of a change of all customers."""

_DONE = 1
"""The result of a change of points under an idempotency key."""


class LoyaltyTable(Audited):
    """The points of every store's customers, each call within one of them."""

    def __init__(self, driver: Driver, audited: ChangeLog | None = None) -> None:
        self._driver, self._audited = driver, audited

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
        change: PointsChange,
        customers: Sequence[int] | None,
        *,
        key: IdempotencyKey | None = None,
    ) -> bool:
        """
        Change the points of these customers, or of all (None), in one transaction.

        Return whether an earlier request with the key made the change; nothing is written then.
        Raises: PointsRefused; KeyReused; Unavailable; nothing is written then.
        """

        async def work(transaction: Transaction) -> bool:
            if await claim(transaction, store_id, key) is not None:
                return True
            if customers is None:
                await _change_all(transaction, store_id, change)
            else:
                await _change_some(transaction, store_id, change, customers)
            changed = [None] if customers is None else customers
            changes = (Change("customer.update", id_, ("total_points",)) for id_ in changed)
            await self._record(transaction, store_id, changes)
            await record_result(transaction, store_id, key, _DONE)
            return False

        return await self._driver.write(work)


class _LockedPoints(NamedTuple):
    """Customers locked until the transaction ends: how many, the last id, the extreme balances."""

    customers: int
    last: int
    min_balance: int
    max_balance: int


async def _change_all(transaction: Transaction, store_id: int, change: PointsChange) -> None:
    first = 1
    while (locked := await _lock(transaction, store_id, first, MAX_ID, BATCH)) is not None:
        if change.after(locked.min_balance) < 0 or change.after(locked.max_balance) > MAX_POINTS:
            raise PointsRefused(full=change.points > 0)
        await _append_points(transaction, store_id, first, locked.last, change)
        first = locked.last + 1


async def _change_some(
    transaction: Transaction, store_id: int, change: PointsChange, customers: Sequence[int]
) -> None:
    """Check every customer before the first write, so that a refusal names all of them."""
    ids = sorted(set(customers))  # changes that lock in one order cannot wait for each other
    found = {id_: await _lock(transaction, store_id, id_, id_, 1) for id_ in ids}
    unknown = [id_ for id_, row in found.items() if row is None]
    short = [id_ for id_, row in found.items() if row and change.after(row.min_balance) < 0]
    full = any(row and change.after(row.max_balance) > MAX_POINTS for row in found.values())
    if unknown or short or full:
        raise PointsRefused(unknown=unknown, short=short, full=full)
    for id_ in ids:
        await _append_points(transaction, store_id, id_, id_, change)


async def _lock(
    transaction: Transaction, store_id: int, first: int, last: int, limit: int
) -> _LockedPoints | None:
    """Lock the first `limit` customers between two ids; None if the store has no such customer."""
    row = await transaction.one("hold_points", store_id, first, last, limit)
    return _LockedPoints(*row) if row and row[0] else None


async def _append_points(
    transaction: Transaction, store_id: int, first: int, last: int, change: PointsChange
) -> None:
    """Write the lines and balances of all customers between two ids; a reset has its own line."""
    cause = (change.reason, change.app_id, micros(change.at))
    steps = [(0, 0)] * change.reset + [(1, change.points)] * bool(change.points)
    for factor, points in steps:  # the new balance is the old one times the factor, plus points
        await transaction.run("append_points", store_id, first, last, factor, points, *cause)
        await transaction.run("set_points", store_id, first, last)
