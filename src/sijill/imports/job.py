"""Imports uploaded files in the background, batch by batch, in every server process."""

import asyncio
import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sijill.customers.erasures import NOBODY, Erased
from sijill.customers.table import CustomerTable
from sijill.errors import Unavailable
from sijill.imports.changes import RULES, Match
from sijill.imports.importing import import_customers
from sijill.imports.model import Import, Progress
from sijill.imports.rows import Reject
from sijill.imports.table import ImportTable, Perform
from sijill.imports.uploads import rows_of
from sijill.job import Job
from sijill.stores.model import Store
from sijill.stores.table import StoreTable
from sijill.telemetry.logs import kinds, log, places

HELD = timedelta(seconds=5)
"""How long a worker claims a file. Each batch extends the claim; that of a dead worker ends."""

PAUSE = 0.005
"""Seconds between two batches, in which other writers and requests have their turn."""

SLICE = 20
"""Batches of one store before the turn of the next."""


class Importer(Job):
    """
    Imports uploaded files in slices; stores take turns, and a file has one worker at a time.

    A store waits for one slice of each other store that has files, however many and large.
    """

    FAULT = "imports_failed"

    def __init__(
        self, imports: ImportTable, stores: StoreTable, clock: Callable[[], float]
    ) -> None:
        """`clock` gives UTC epoch seconds."""
        super().__init__()
        self._imports, self._stores, self._clock = imports, stores, clock
        self._name = secrets.token_hex(8)
        self._last = 0
        """The store that had the last turn."""

    async def turn(self) -> bool:
        """
        Import the next slice of a file; return False if there is none.

        Raises: Unavailable.
        """
        now = self._now()
        job = await self._imports.next(self._name, now, now + HELD, self._last)
        if job is None:
            return False
        self._last = job.store_id
        try:
            for _ in range(SLICE):
                if not await self._advance(job):
                    break
            else:
                await self._imports.leave(job, self._name)
        except Unavailable:
            raise
        except Exception as fault:
            log.error("import_failed", import_id=job.id, fault=kinds(fault), at=places(fault))
            await self._imports.fail(job, self._name, self._now())
            return True
        if self.stopping:
            await self._imports.leave(job, self._name)
        return True

    async def _advance(self, job: Import) -> bool:
        await asyncio.sleep(PAUSE)
        now = self._now()
        if self.stopping:
            return False
        store = await self._stores.find(job.store_id)
        erased = await self._imports.erased(job.store_id)
        perform = performing(store, now, erased, job.matched_by)
        return await self._imports.advance(job, self._name, now, now + HELD, perform)

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._clock(), UTC)


def performing(
    store: Store, now: datetime, erased: Erased = NOBODY, match: Match = "id"
) -> Perform:
    """Return the function that writes a batch of a file as customers of one store."""

    async def perform(customers: CustomerTable, batch: str) -> Progress:
        rejected: list[Reject] = []
        created: list[int] = []
        report = await import_customers(
            customers,
            store,
            rows_of(batch),
            now,
            rules=RULES._replace(erased=erased, match=match),
            on_reject=rejected.append,
            on_create=created.append,
        )
        return Progress(created, report.updated, rejected)

    return perform
