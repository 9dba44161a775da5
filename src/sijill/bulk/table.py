"""The table of changes of selections, and the transaction that makes a part of one."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, NamedTuple

from msgspec import json

from sijill.bulk.model import BulkChange, check_confirmation
from sijill.customers.selection import Place, Selection
from sijill.database.columns import maybe_micros, maybe_moment, micros, moment
from sijill.database.driver import Driver, Row, Transaction
from sijill.errors import NotFound


class Step(NamedTuple):
    """The result of a part of a change: customers dealt with, and the place of the last one."""

    done: int
    changed: int
    refused: int
    place: Place


Perform = Callable[[Transaction, BulkChange], Awaitable[Step | None]]
"""Deals with the next customers of a change, within a transaction; None if there are none."""


class BulkTable:
    """The changes of selections of every store. Every method may raise Unavailable."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver

    async def add(self, change: BulkChange) -> None:
        """Store a new change."""
        await self._driver.run("insert_bulk_change", *_arguments(change))

    async def find(self, store_id: int, change_id: int) -> BulkChange:
        """Return one change of a store. Raises: NotFound."""
        row = await self._driver.one("bulk_change", store_id, change_id)
        if row is None:
            raise NotFound
        return _change(row)

    async def newest(self, store_id: int, most: int) -> list[BulkChange]:
        """Return the newest changes of a store."""
        return [_change(row) for row in await self._driver.all("bulk_changes", store_id, most)]

    async def confirm(
        self, store_id: int, change_id: int, number: int | None, now: datetime
    ) -> BulkChange:
        """
        Let a change begin, for the number of its customers.

        Raises: NotFound; NotWaiting; Invalid on `number`.
        """

        async def work(transaction: Transaction) -> BulkChange:
            change = await _locked(transaction, store_id, change_id)
            check_confirmation(change, number, now)
            await transaction.run("set_bulk_state", store_id, change_id, "running", None)
            return change

        return await self._driver.write(work)

    async def stop(self, store_id: int, change_id: int, now: datetime) -> None:
        """
        End a change that is open; what is done stays done.

        Raises: NotFound.
        """

        async def work(transaction: Transaction) -> None:
            change = await _locked(transaction, store_id, change_id)
            if change.finished_at is None:
                key = (store_id, change_id)
                await transaction.run("set_bulk_state", *key, "stopped", micros(now))

        await self._driver.write(work)

    async def next(self, worker: str, now: datetime, until: datetime) -> BulkChange | None:
        """Claim the oldest change with work to do, until a moment; None if there is none."""
        row = await self._driver.one("next_bulk_change", micros(now))
        if row is None:
            return None
        change = _change(row)
        claim = (change.store_id, change.id, worker, micros(now), micros(until))
        return change if await self._driver.run("take_bulk_change", *claim) else None

    async def counted(self, change: BulkChange, total: int) -> None:
        """Note how many customers a change is about."""
        await self._driver.run("count_bulk_change", change.store_id, change.id, total)

    async def advance(
        self, change: BulkChange, worker: str, now: datetime, until: datetime, perform: Perform
    ) -> bool:
        """
        Make the next part of a change in one transaction with its progress.

        Return False if no part is left, or another worker has the claim.
        Raises: as `perform`; nothing is written then.
        """
        key = (change.store_id, change.id)

        async def work(transaction: Transaction) -> bool:
            if not await transaction.run("hold_bulk_change", *key, worker, micros(until)):
                return False
            present = await _locked(transaction, *key)
            step = await perform(transaction, present) if present.left > 0 else None
            if step is None:
                await transaction.run("set_bulk_state", *key, "done", micros(now))
                return False
            await transaction.run("advance_bulk_change", *key, *step[:3], *step.place)
            return True

        return await self._driver.write(work)

    async def leave(self, change: BulkChange, worker: str) -> None:
        """End the claim of a worker."""
        await self._driver.run("hold_bulk_change", change.store_id, change.id, worker, 0)

    async def fail(self, change: BulkChange, now: datetime) -> None:
        """End a change early; what is done stays done."""
        key = (change.store_id, change.id)
        await self._driver.run("set_bulk_state", *key, "failed", micros(now))


async def _locked(transaction: Transaction, store_id: int, change_id: int) -> BulkChange:
    row = await transaction.one("lock_bulk_change", store_id, change_id)
    if row is None:
        raise NotFound
    return _change(row)


def _change(row: Row) -> BulkChange:
    *front, place_at, place_id, created_at, finished_at = row
    values = [*front, Place(place_at, place_id), moment(created_at), maybe_moment(finished_at)]
    found = dict(zip(BulkChange.__struct_fields__, values, strict=True))
    return BulkChange(**found | {"selection": json.decode(found["selection"], type=Selection)})


def _arguments(change: BulkChange) -> tuple[Any, ...]:
    return (
        *(change.store_id, change.id, change.person_id, change.action),
        *(json.encode(change.selection).decode(), change.reason, change.group_id),
        *(change.state, change.total, change.done, change.changed, change.refused),
        *(*change.place, micros(change.created_at), maybe_micros(change.finished_at)),
    )
