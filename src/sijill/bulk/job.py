"""Makes changes of selections in the background, part by part, in every server process."""

import asyncio
import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sijill.bulk.model import BulkChange
from sijill.bulk.performing import performing
from sijill.bulk.table import BulkTable
from sijill.customers.browsing import Browser
from sijill.customers.selection import Exactly
from sijill.customers.table import CustomerTable
from sijill.errors import Unavailable
from sijill.groups.table import GroupTable
from sijill.job import Job
from sijill.stores.table import StoreTable
from sijill.telemetry.logs import kinds, log, places

HELD = timedelta(seconds=15)
"""How long a worker claims a change. Each part extends the claim; that of a dead worker ends."""

PAUSE = 0.005
"""Seconds between two parts, in which other writers and requests have their turn."""

SLICE = 20
"""Parts of one change before the turn of the next."""

EVERYBODY = 2**40
"""More customers than a store has: a count up to here is whole."""


class BulkWorker(Job):
    """Counts what waits to be counted, and makes what was confirmed; changes take turns."""

    FAULT = "bulk_changes_failed"

    def __init__(
        self,
        changes: BulkTable,
        customers: CustomerTable,
        groups: GroupTable,
        stores: StoreTable,
        browser: Browser,
        clock: Callable[[], float],
    ) -> None:
        """`clock` gives UTC epoch seconds."""
        super().__init__()
        self._changes, self._customers, self._groups = changes, customers, groups
        self._stores, self._browser, self._clock = stores, browser, clock
        self._name = secrets.token_hex(8)

    async def turn(self) -> bool:
        """
        Make the next slice of a change; return False if there is none.

        Raises: Unavailable.
        """
        now = self._now()
        change = await self._changes.next(self._name, now, now + HELD)
        if change is None:
            return False
        try:
            if change.state == "counting":
                await self._count(change)
            else:
                await self._make_slice(change)
        except Unavailable:
            raise
        except Exception as fault:
            log.error("bulk_change_failed", id=change.id, fault=kinds(fault), at=places(fault))
            await self._changes.fail(change, self._now())
        return True

    async def _count(self, change: BulkChange) -> None:
        store = await self._stores.find(change.store_id)
        counted = await self._browser.count(store, change.selection, EVERYBODY, change.cursor)
        if isinstance(counted, Exactly):
            await self._changes.counted(change, counted.number)

    async def _make_slice(self, change: BulkChange) -> None:
        store = await self._stores.find(change.store_id)
        for _ in range(SLICE):
            await asyncio.sleep(PAUSE)
            if self.stopping:
                break
            now = self._now()
            perform = performing(store, self._customers, self._groups, now)
            if not await self._changes.advance(change, self._name, now, now + HELD, perform):
                return
        await self._changes.leave(change, self._name)

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._clock(), UTC)
