"""The table of imports, and the transaction that imports one batch."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any

import msgspec

from sijill.audit.changes import Audited, Change, ChangeLog
from sijill.customers.erasures import Erased, ErasureTable
from sijill.customers.model import Customer
from sijill.customers.table import CustomerTable
from sijill.database.columns import maybe_moment, micros, moment
from sijill.database.conflicts import taken
from sijill.database.driver import Conflict, Driver, Row, Transaction
from sijill.database.idempotency_keys import IdempotencyKey, claim, record_result
from sijill.errors import Fault, Held, NotFound
from sijill.imports.model import (
    KEPT,
    Import,
    Progress,
    StillRunning,
    TooLate,
    Undone,
)
from sijill.imports.rows import Reject
from sijill.imports.shares import admit, keep_rejects

Perform = Callable[[CustomerTable, str], Awaitable[Progress]]
"""
Writes one batch of a file as customers.

It awaits nothing but the customers that it gets, and may be called again with the same batch.
"""


class ImportTable(Audited):
    """The uploaded files of every store, until they are imported."""

    def __init__(
        self,
        driver: Driver,
        customers: CustomerTable,
        erasures: ErasureTable,
        audited: ChangeLog | None = None,
    ) -> None:
        self._driver, self._customers = driver, customers
        self._erasures, self._audited = erasures, audited

    async def add(
        self, job: Import, batches: Sequence[str], *, key: IdempotencyKey | None = None
    ) -> bool:
        """
        Store a file to be imported; return False if an earlier request with the key did so.

        Raises: TooManyImports if the store has its share of files or of bytes that wait; Taken if
        its id is another's; KeyReused; Unavailable.
        """
        size = sum(len(content.encode()) for content in batches)

        async def work(transaction: Transaction) -> bool:
            if await claim(transaction, job.store_id, key) is not None:
                return False
            await admit(transaction, job.store_id, size)
            await transaction.run("insert_import", *_arguments(job), size)
            rows = [(job.store_id, job.id, *numbered) for numbered in enumerate(batches)]
            await transaction.run_each("insert_import_batch", rows)
            await self._record(transaction, job.store_id, [Change("import.create", job.id)])
            await record_result(transaction, job.store_id, key, job.id)
            return True

        try:
            return await self._driver.write(work)
        except Conflict as conflict:
            raise taken(conflict) from None

    async def erased(self, store_id: int) -> Erased:
        """Return whom no file brings back into a store. Raises: Unsealable; Unavailable."""
        return await self._erasures.of_store(store_id)

    async def find(self, store_id: int, import_id: int) -> Import:
        """Return one import of a store. Raises: NotFound; Unavailable."""
        row = await self._driver.one("import", store_id, import_id)
        if row is None:
            raise NotFound
        return import_of(row)

    async def all(self, store_id: int) -> list[Import]:
        """Return every import of a store, newest first. Raises: Unavailable."""
        return [import_of(row) for row in await self._driver.all("imports", store_id)]

    async def rejects(self, store_id: int, import_id: int) -> list[Reject]:
        """Return the stored refused rows of an import, in its order. Raises: Unavailable."""
        rows = await self._driver.all("import_rejects", store_id, import_id)
        return [Reject(line, why, msgspec.json.decode(cells)) for line, why, cells in rows]

    async def next(
        self, worker: str, now: datetime, until: datetime, after: int = 0
    ) -> Import | None:
        """
        Claim an unfinished import for a worker, until a moment; None if there is none.

        It is the oldest one of the first store whose id is above `after`, or of the first of all.
        Raises: Unavailable.
        """
        row = await self._driver.one("next_import", micros(now), after)
        if row is None:
            return None
        job = import_of(row)
        claimed = (job.store_id, job.id, worker, micros(now), micros(until))
        return job if await self._run("take_import", *claimed) else None

    async def advance(
        self, job: Import, worker: str, now: datetime, until: datetime, perform: Perform
    ) -> bool:
        """
        Import the next batch in one transaction, and extend the worker's claim.

        Return False if no batch is left, or another worker has the claim.
        Raises: Unavailable, or as `perform`; nothing is written then.
        """
        key = (job.store_id, job.id)

        async def work(transaction: Transaction) -> bool:
            if not await transaction.run("hold_import", *key, worker, micros(until)):
                return False
            batch = await transaction.one("import_batch", *key)
            if batch is None:
                await transaction.run("end_import", *key, "done", micros(now))
                return False
            customers = self._customers.within(transaction).by(job.cause)
            done = await perform(customers, batch[1])
            await _note(transaction, job, done)
            await transaction.run("delete_import_batch", *key, batch[0])
            return True

        return await self._driver.write(work)

    async def leave(self, job: Import, worker: str) -> None:
        """End the claim of a worker. Raises: Unavailable."""
        await self._run("hold_import", job.store_id, job.id, worker, 0)

    async def fail(self, job: Import, worker: str, now: datetime) -> None:
        """End an import early: delete the batches that are left. Raises: Unavailable."""
        key = (job.store_id, job.id)

        async def work(transaction: Transaction) -> None:
            if await transaction.run("hold_import", *key, worker, 0):
                await transaction.run("end_import", *key, "failed", micros(now))
                await transaction.run("delete_import_batches", *key)

        await self._driver.write(work)

    async def undo(
        self, store_id: int, import_id: int, now: datetime, most: int | None = None
    ) -> Undone:
        """
        Delete the customers that an import created, unless they have changed since: `most` at once.

        Each deletion is a transaction, so an interrupted call can be repeated.
        Raises: NotFound; StillRunning; TooLate; Unavailable.
        """
        job = await self.find(store_id, import_id)
        key = (store_id, import_id)
        if job.state in ("draft", "queued", "running"):
            raise StillRunning
        if job.finished_at is not None and job.finished_at < now - KEPT:
            raise TooLate
        every = await self._driver.all("import_created", *key)
        created = every[:most]
        removed = [await self._remove(store_id, id_, written, now) for id_, written in created]

        left = len(every) - len(created)

        async def end(transaction: Transaction) -> None:
            if not left:
                await transaction.run("end_import", *key, "undone", micros(now))
            for customer_id, _ in created:
                await transaction.run("delete_import_created", *key, customer_id)

        await self._driver.write(end)
        return Undone(removed.count(True), removed.count(False), left)

    async def _run(self, name: str, *args: Any) -> int:
        """Run one statement in a transaction, and return the number of rows that it changed."""
        return await self._driver.write(lambda transaction: transaction.run(name, *args))

    async def _remove(
        self, store_id: int, customer_id: int, written_at: int, now: datetime
    ) -> bool:
        """Delete a customer, and return whether the customer was there, unchanged."""

        def permit(customer: Customer) -> None:
            if micros(customer.updated_at) != written_at:
                raise _Changed

        try:
            await self._customers.by(self._cause).delete(store_id, customer_id, now, permit)
        except (_Changed, Held, NotFound):
            return False
        return True


class _Changed(Fault):
    """The customer has changed since the import."""


async def _note(transaction: Transaction, job: Import, done: Progress) -> None:
    key = (job.store_id, job.id)
    for customer_id in done.created:
        await transaction.run("insert_import_created", *key, customer_id)
    size = await keep_rejects(transaction, *key, done.rejected) if done.rejected else 0
    counts = (done.done, len(done.created), done.updated, len(done.rejected))
    await transaction.run("count_import", *key, *counts, size)


def import_of(row: Row) -> Import:
    """Return the import of a row."""
    values = dict(zip(Import.__struct_fields__, row, strict=True))
    values["created_at"] = moment(values["created_at"])
    values["finished_at"] = maybe_moment(values["finished_at"])
    return Import(**values)


def _arguments(job: Import) -> tuple[Any, ...]:
    *values, created_at, _finished_at, person_id, matched_by = msgspec.structs.astuple(job)
    return (*values, micros(created_at), person_id, matched_by)
