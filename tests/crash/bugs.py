"""Bugs that are planted, one at a time, to show that a run of failpoints would find them."""

import os
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

from msgspec.structs import replace

from crash.points import POINTS
from sijill.backups import restoring, taking
from sijill.customers.examples import AHMED
from sijill.customers.row import own_columns
from sijill.customers.table import CustomerTable
from sijill.database.sqlite.connection import Connection
from sijill.database.sqlite.writer import WriterThread, resolve
from sijill.errors import NotFound
from sijill.webhooks.model import AttemptResult
from sijill.webhooks.worker import Deliverer


class Bug(NamedTuple):
    """A bug: a point at which a kill shows it, and what plants it in this process."""

    point: str
    plant: Callable[[], None]

    @property
    def story(self) -> str:
        """The story that meets the bug."""
        return POINTS[self.point].story


def _acknowledge_early() -> None:
    """Answer from memory, and commit afterwards; the first commits, of tokens, are as they were."""
    plain, row, begun = WriterThread._commit, CustomerTable.row, count()

    async def remembered(self: Any, store_id: int, customer_id: int, **more: Any) -> Any:
        try:
            return await row(self, store_id, customer_id, **more)
        except NotFound:
            return own_columns(replace(AHMED, id=customer_id))

    def commit(self: Any, batch: Any) -> None:
        if next(begun) < 6:
            plain(self, batch)
            return
        self._transaction.begin()
        for job in batch:
            self._run_job(job)
        resolve(batch)
        time.sleep(0.01)
        self._transaction.commit()

    WriterThread._commit = commit  # type: ignore[method-assign]
    CustomerTable.row = remembered  # type: ignore[method-assign]


def _tear() -> None:
    """Commit after each statement that writes: no two of them belong together."""
    plain = Connection.rows

    def rows(self: Connection, name: str, *args: Any) -> Any:
        result = plain(self, name, *args)
        handle = self.handle
        if handle.in_transaction and name.split("_")[0] in _WRITES:
            handle.execute("COMMIT; BEGIN IMMEDIATE")
        return result

    Connection.rows = rows  # type: ignore[method-assign]


_WRITES = {
    "insert",
    "update",
    "delete",
    "use",
    "revoke",
    "claim",
    "record",
    "advance",
    "erase",
    "add",
}


def _mark_before_sending() -> None:
    outcome = Deliverer._outcome

    async def marked(self: Any, due: Any) -> AttemptResult:
        now = self._now()
        await self._deliveries.finish(due, AttemptResult("done", 200, None, now), now)
        return await outcome(self, due)

    Deliverer._outcome = marked  # type: ignore[method-assign]


def _migrate_in_steps() -> None:
    """Commit a migration's script before it is recorded."""
    plain = Connection.execute

    def execute(self: Connection, text: str) -> None:
        plain(self, text)
        if "TABLE" in text:
            self.handle.execute("COMMIT; BEGIN IMMEDIATE")

    Connection.execute = execute  # type: ignore[method-assign]


def _back_up_in_place() -> None:
    """Write the manifest into the final folder first, and the copy afterwards."""
    copy, write = taking._copy, taking.write

    def early(settings: Any, staged: Path, now: Any, pg_bin: Any) -> Any:
        manifest = copy(settings, staged, now, pg_bin)
        final = staged.parents[2] / staged.name
        final.mkdir()
        write(final, manifest)
        return manifest

    taking._copy = early


def _restore_through_a_gap() -> None:
    """Take the old file away before the new one is there."""

    def replaced(location: Any, fresh: Path, now: Any) -> None:
        beside = location.path.with_name("old.db")
        os.link(location.path, beside)  # the point stands behind this call
        location.path.unlink()
        os.link(fresh, location.path)

    def gap(location: Any, fresh: Path, now: Any) -> None:
        location.path.unlink()
        os.link(fresh, fresh.with_name("same"))
        replaced(location, fresh, now)

    restoring.put_in_place = gap  # type: ignore[assignment]


BUGS = {
    "acknowledges before it commits": Bug("before COMMIT", _acknowledge_early),
    "commits half a request": Bug("after the row of a customer", _tear),
    "marks before it sends": Bug("before a delivery is sent", _mark_before_sending),
    "commits half a batch": Bug("mid-import, a row", _tear),
    "commits half a renewal": Bug("a token, in use", _tear),
    "commits half an erasure": Bug("an erasure, the customer gone", _tear),
    "commits half a migration": Bug("a migration, its script", _migrate_in_steps),
    "commits half of the numbers": Bug("numbers of requests, a row", _tear),
    "a backup without its copy": Bug("mid-backup, the copy", _back_up_in_place),
    "a restore through a gap": Bug("mid-restore, the old file beside", _restore_through_a_gap),
}
