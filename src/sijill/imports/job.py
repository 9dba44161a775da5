"""Working off uploaded files in the background: batch after batch, in every server process."""

import asyncio
import secrets
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from sijill.customers.model import Customers
from sijill.errors import Unavailable
from sijill.imports.importing import import_customers
from sijill.imports.model import Import, Imports, Perform, Progress, RejectedRow
from sijill.imports.uploads import rows_of
from sijill.telemetry.logs import kinds, log, places

POLL = 1.0
"""Seconds between two looks at what other processes took in, or left."""

HELD = timedelta(seconds=5)
"""How long an import is one worker's: so long a dead one's rests. Each batch begins it anew."""

PAUSE = 0.005
"""Seconds between two batches: other writers, and this process's requests, get in between."""

TIDY = 600.0
"""Seconds between two looks for what is kept no longer."""


class Importer:
    """Takes uploaded files one at a time, oldest first; a file has one worker at a time."""

    def __init__(self, imports: Imports, clock: Callable[[], float]) -> None:
        """`clock` tells UTC epoch seconds."""
        self._imports, self._clock = imports, clock
        self._name = secrets.token_hex(8)
        self._awake = asyncio.Event()
        self._stopping = False
        self._tidied = 0.0
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to work, on the running event loop."""
        self._task = asyncio.create_task(self._run())

    def wake(self) -> None:
        """Look now: a file has come."""
        self._awake.set()

    async def stop(self) -> None:
        """Finish the batch at hand, and leave the rest to whoever comes next."""
        self._stopping = True
        self.wake()
        if self._task is not None:
            await self._task

    async def work(self) -> bool:
        """
        Take the next file and work it off; False if there was none.

        Raises: Unavailable.
        """
        now = self._now()
        job = await self._imports.next_import(self._name, now, now + HELD)
        if job is None:
            return False
        try:
            while await self._advance(job):
                pass
        except Unavailable:
            raise
        except Exception as fault:
            log.error("import_failed", import_id=job.id, fault=kinds(fault), at=places(fault))
            await self._imports.fail_import(job, self._name, self._now())
            return True
        if self._stopping:
            await self._imports.leave_import(job, self._name)
        return True

    async def _advance(self, job: Import) -> bool:
        await asyncio.sleep(PAUSE)
        now = self._now()
        return not self._stopping and await self._imports.advance_import(
            job, self._name, now, now + HELD, performing(job.store_id, now)
        )

    async def _run(self) -> None:
        while not self._stopping:
            try:
                await self._tidy()
                busy = await self.work()
            except Unavailable:
                busy = False  # the database is away: readiness says so already
            except Exception as fault:
                log.error("imports_failed", fault=kinds(fault), at=places(fault))
                busy = False
            if not busy and not self._stopping:
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._awake.wait(), POLL)
            self._awake.clear()

    async def _tidy(self) -> None:
        if self._clock() - self._tidied >= TIDY:
            await self._imports.forget_imports(self._now())
            self._tidied = self._clock()

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._clock(), UTC)


def performing(store_id: int, now: datetime) -> Perform:
    """Return what writes a batch of a file as customers of one store."""

    async def perform(customers: Customers, batch: str) -> Progress:
        rejected: list[RejectedRow] = []
        report = await import_customers(
            customers,
            store_id,
            rows_of(batch),
            now,
            on_reject=lambda row: rejected.append(RejectedRow(*row)),
        )
        return Progress(report.created, report.updated, rejected)

    return perform
