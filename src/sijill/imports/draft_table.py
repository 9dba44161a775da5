"""The table of drafts: files that a person looks at, and tries, before they are imported."""

from collections.abc import Sequence
from datetime import datetime

from sijill.audit.changes import Audited
from sijill.database.columns import micros
from sijill.database.driver import Driver, Transaction
from sijill.imports.changes import Match
from sijill.imports.model import Import
from sijill.imports.rows import Reject, Row
from sijill.imports.shares import keep_rejects
from sijill.imports.table import ImportTable, import_of
from sijill.imports.uploads import BATCH, rows_of


class DraftTable(Audited):
    """The drafts of every store: each is an import that has not begun."""

    def __init__(self, driver: Driver, imports: ImportTable) -> None:
        self._driver, self._imports = driver, imports

    async def add(self, job: Import, batches: Sequence[str]) -> None:
        """
        Store a file that is not imported before `begin`. Raises: as `ImportTable.add`.

        As a file of which the import has ended, it is forgotten when KEPT is over.
        """
        await self._imports.by(self._cause).add(job, batches)
        end = (job.store_id, job.id, "draft", micros(job.created_at))
        await self._driver.write(lambda transaction: transaction.run("end_import", *end))

    async def first_rows(self, job: Import) -> list[Row]:
        """Return the first rows of a file that waits. Raises: Unavailable."""
        batch = await self._driver.one("import_batch", job.store_id, job.id)
        return [] if batch is None else rows_of(batch[1])

    async def batches(self, job: Import, rows: int) -> list[str]:
        """Return the first batches of a file that waits, with `rows` rows or more, as JSON."""
        found = await self._driver.all("import_batches", job.store_id, job.id, rows // BATCH + 1)
        return [content for (content,) in found]

    async def note_trial(
        self, job: Import, match: Match, created: int, updated: int, rejected: Sequence[Reject]
    ) -> bool:
        """
        Keep what an import of a draft would do, in place of an earlier trial.

        Return False if it is no draft. Raises: Unavailable.
        """
        key = (job.store_id, job.id)

        async def work(transaction: Transaction) -> bool:
            if not await transaction.run("reset_draft", *key, match):
                return False
            await transaction.run("delete_import_rejects", *key)
            size = await keep_rejects(transaction, *key, rejected) if rejected else 0
            done = created + updated + len(rejected)
            await transaction.run("count_import", *key, done, created, updated, len(rejected), size)
            return True

        return await self._driver.write(work)

    async def begin(self, job: Import, match: Match = "id") -> bool:
        """
        Let a draft be imported; return False if it is none, or its rows are forgotten.

        `match` is how its rows find customers.
        """
        key = (job.store_id, job.id)

        async def work(transaction: Transaction) -> bool:
            if await transaction.one("import_batch", *key) is None:
                return False
            if not await transaction.run("reset_draft", *key, match):
                return False
            await transaction.run("delete_import_rejects", *key)
            return bool(await transaction.run("begin_import", *key))

        return await self._driver.write(work)

    async def discard(self, job: Import, now: datetime) -> None:
        """Forget the rows of a draft; another import stays as it is. Raises: Unavailable."""
        key = (job.store_id, job.id)

        async def work(transaction: Transaction) -> None:
            row = await transaction.one("import", *key)
            if row is not None and import_of(row).state == "draft":
                await transaction.run("end_import", *key, "undone", micros(now))
                await transaction.run("delete_import_batches", *key)

        await self._driver.write(work)
