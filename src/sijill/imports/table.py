"""The table of imports, and the transaction that imports one batch."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any, TypeVar

import msgspec

from sijill.customers.model import Customer
from sijill.customers.table import CustomerTable
from sijill.database.columns import json_text, maybe_moment, micros, moment
from sijill.database.conflicts import taken
from sijill.database.driver import Conflict, Driver, Row, Transaction
from sijill.database.idempotency_keys import IdempotencyKey, claim, record_result
from sijill.errors import Fault, NotFound
from sijill.imports.model import (
    KEPT,
    Import,
    Perform,
    Progress,
    State,
    StillRunning,
    TooLate,
    Undone,
)
from sijill.imports.rows import Reject

T = TypeVar("T")


class ImportTable:
    """The uploaded files of every store, until they are imported."""

    def __init__(self, driver: Driver, customers: CustomerTable) -> None:
        self._driver, self._customers = driver, customers

    async def add(
        self, job: Import, batches: Sequence[str], *, key: IdempotencyKey | None = None
    ) -> bool:
        """
        Keep a file to be worked off; False if this was done before under the same key.

        Raises: Taken if its id is another's; KeyReused; Unavailable.
        """

        async def work(transaction: Transaction) -> bool:
            if await claim(transaction, job.store_id, key) is not None:
                return False
            await transaction.run("insert_import", *_arguments(job))
            for number, content in enumerate(batches):
                await transaction.run("insert_import_batch", job.store_id, job.id, number, content)
            await record_result(transaction, job.store_id, key, job.id)
            return True

        try:
            return await self._driver.write(work)
        except Conflict as conflict:
            raise taken(conflict) from None

    async def find(self, store_id: int, import_id: int) -> Import:
        """
        Return one import of a store.

        Raises: NotFound; Unavailable.
        """
        row = await self._driver.one("import", store_id, import_id)
        if row is None:
            raise NotFound
        return _import(row)

    async def all(self, store_id: int) -> list[Import]:
        """
        Return every import of a store, newest first.

        Raises: Unavailable.
        """
        return [_import(row) for row in await self._driver.all("imports", store_id)]

    async def rejects(self, store_id: int, import_id: int) -> list[Reject]:
        """
        Return the refused rows of an import that are still kept, in the file's order.

        Raises: Unavailable.
        """
        rows = await self._driver.all("import_rejects", store_id, import_id)
        return [Reject(line, why, msgspec.json.decode(cells)) for line, why, cells in rows]

    async def next(self, worker: str, now: datetime, until: datetime) -> Import | None:
        """
        Take the oldest open import that no other worker holds, until a moment; None for none.

        Raises: Unavailable.
        """
        row = await self._driver.one("next_import", micros(now))
        if row is None:
            return None
        job = _import(row)
        mine = (job.store_id, job.id, worker, micros(now), micros(until))

        async def work(transaction: Transaction) -> int:
            return await transaction.run("take_import", *mine)

        return job if await self._driver.write(work) else None

    async def advance(
        self, job: Import, worker: str, now: datetime, until: datetime, perform: Perform
    ) -> bool:
        """
        Work off the next batch in one transaction, and hold the import until another moment.

        Raises: Unavailable, or whatever `perform` raises: then none of it happened.
        """
        key = (job.store_id, job.id)

        async def work(transaction: Transaction) -> bool:
            if not await transaction.run("hold_import", *key, worker, micros(until)):
                return False
            batch = await transaction.one("import_batch", *key)
            if batch is None:
                await transaction.run("end_import", *key, "done", micros(now))
                return False
            done = await perform(self._customers.within(transaction), batch[1])
            await _note(transaction, job, done)
            await transaction.run("delete_import_batch", *key, batch[0])
            return True

        return await self._driver.write(work)

    async def leave(self, job: Import, worker: str) -> None:
        """
        Let another worker take the import at once.

        Raises: Unavailable.
        """

        async def work(transaction: Transaction) -> None:
            await transaction.run("hold_import", job.store_id, job.id, worker, 0)

        await self._driver.write(work)

    async def fail(self, job: Import, worker: str, now: datetime) -> None:
        """
        Give an import up; what was worked off stays, what was not is deleted.

        Raises: Unavailable.
        """
        key = (job.store_id, job.id)

        async def work(transaction: Transaction) -> None:
            if await transaction.run("hold_import", *key, worker, 0):
                await transaction.run("end_import", *key, "failed", micros(now))
                await transaction.run("delete_import_batches", *key)

        await self._driver.write(work)

    async def forget(self, now: datetime) -> None:
        """
        Delete what is kept of imports that ended longer than KEPT ago, but for their counts.

        Raises: Unavailable.
        """

        async def work(transaction: Transaction) -> None:
            await transaction.run("forget_import_rejects", micros(now - KEPT))
            await transaction.run("forget_import_created", micros(now - KEPT))

        await self._driver.write(work)

    async def undo(self, store_id: int, import_id: int, now: datetime) -> Undone:
        """
        Delete the customers that an import made and that nobody has changed since.

        Those it changed stay as they are. Each is a transaction of its own: what was cut short can
        be called again. Raises: NotFound; StillRunning; TooLate; Unavailable.
        """
        job = await self.find(store_id, import_id)
        if job.state in ("queued", "running"):
            raise StillRunning
        if job.finished_at is not None and job.finished_at < now - KEPT:
            raise TooLate
        removed = kept = 0
        for customer_id, written_at in await self._driver.all(
            "import_created", store_id, import_id
        ):
            if await self._remove(store_id, customer_id, written_at, now):
                removed += 1
            else:
                kept += 1
        await self._end(job, "undone", now)
        return Undone(removed, kept)

    async def rehearse(self, work: Callable[[CustomerTable], Awaitable[T]]) -> T:
        """
        Return what `work` does with customers, in one transaction that is undone.

        `work` awaits nothing but the customers, and may be called more than once. No other write
        passes meanwhile on SQLite. Raises: Unavailable; whatever `work` raises.
        """

        async def rehearsal(transaction: Transaction) -> T:
            result = await work(self._customers.within(transaction))
            raise _Rehearsed(result)

        try:
            return await self._driver.write(rehearsal)
        except _Rehearsed as end:
            result: T = end.result
            return result

    async def _remove(
        self, store_id: int, customer_id: int, written_at: int, now: datetime
    ) -> bool:
        """Delete a customer unless it was changed or is gone, which a second call tells too."""

        def permit(customer: Customer) -> None:
            if micros(customer.updated_at) != written_at:
                raise _Changed

        try:
            await self._customers.delete(store_id, customer_id, now, permit)
        except (_Changed, NotFound):
            return False
        return True

    async def _end(self, job: Import, state: State, now: datetime) -> None:
        async def work(transaction: Transaction) -> None:
            await transaction.run("end_import", job.store_id, job.id, state, micros(now))
            await transaction.run("delete_import_created", job.store_id, job.id)

        await self._driver.write(work)


class _Changed(Fault):
    """Somebody has changed this customer since."""


class _Rehearsed(Exception):
    """Undoes a rehearsal, and carries what came of it."""

    def __init__(self, result: Any) -> None:
        super().__init__()
        self.result = result


async def _note(transaction: Transaction, job: Import, done: Progress) -> None:
    key = (job.store_id, job.id)
    for customer_id in done.created:
        await transaction.run("insert_import_created", *key, customer_id)
    for line, reason, cells in done.rejected:
        await transaction.run("insert_import_reject", *key, line, reason, json_text(cells))
    counts = (done.done, len(done.created), done.updated, len(done.rejected))
    await transaction.run("count_import", *key, *counts)


def _import(row: Row) -> Import:
    values = dict(zip(Import.__struct_fields__, row, strict=True))
    values["created_at"] = moment(values["created_at"])
    values["finished_at"] = maybe_moment(values["finished_at"])
    return Import(**values)


def _arguments(job: Import) -> tuple[Any, ...]:
    values = msgspec.structs.astuple(job)[:-1]  # a new one is not finished
    return (*values[:-1], micros(job.created_at))
