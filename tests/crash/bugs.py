"""Bugs that are planted, one at a time, to show that a run of failpoints would find them."""

import asyncio
import os
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

from msgspec.structs import replace

from crash.places import Kind
from crash.points import POINTS
from sijill.backups import restoring, taking
from sijill.customers.examples import AHMED
from sijill.customers.row import own_columns
from sijill.customers.table import CustomerTable
from sijill.database.postgres.driver import Postgres
from sijill.database.postgres.pool import PooledConnection
from sijill.database.sqlite.connection import Connection
from sijill.database.sqlite.writer import WriterThread, resolve
from sijill.errors import NotFound
from sijill.mirror.heard.table import HeardTable
from sijill.webhooks.model import AttemptResult
from sijill.webhooks.worker import Deliverer


class Bug(NamedTuple):
    """A bug: a point at which a kill shows it, and what plants it in this process."""

    point: str
    plant: Callable[[], None]
    databases: tuple[Kind, ...] = ("sqlite", "postgres")

    @property
    def story(self) -> str:
        """The story that meets the bug."""
        return POINTS[self.point].story

    def is_of(self, kind: Kind) -> bool:
        """Whether a database can have the bug."""
        return kind in self.databases and kind in POINTS[self.point].databases


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
    pooled, each = PooledConnection.rows, PooledConnection.run_each

    async def part(self: PooledConnection, name: str) -> None:
        if self.connection.is_in_transaction() and name.split("_")[0] in _WRITES:
            await self.connection.execute("COMMIT")
            await self.connection.execute("BEGIN")

    async def pooled_rows(self: PooledConnection, name: str, args: Any) -> Any:
        result = await pooled(self, name, args)
        await part(self, name)
        return result

    async def run_each(self: PooledConnection, name: str, many: Any) -> None:
        for args in many:
            await each(self, name, [args])
            await part(self, name)

    PooledConnection.rows = pooled_rows  # type: ignore[method-assign]
    PooledConnection.run_each = run_each  # type: ignore[method-assign]


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


def _answer_before_it_is_stored() -> None:
    """Take a webhook in, and store it afterwards."""
    plain, under_way = HeardTable.hear, set[asyncio.Task[bool]]()

    async def hear(self: HeardTable, store_id: int, body: bytes, at: int) -> bool:
        under_way.add(asyncio.ensure_future(plain(self, store_id, body, at)))
        return True

    HeardTable.hear = hear  # type: ignore[method-assign]


def _migrate_in_steps() -> None:
    """Commit a migration's script before it is recorded."""
    plain = Connection.execute

    def execute(self: Connection, text: str) -> None:
        plain(self, text)
        if "TABLE" in text:
            self.handle.execute("COMMIT; BEGIN IMMEDIATE")

    Connection.execute = execute  # type: ignore[method-assign]
    pooled = PooledConnection.execute

    async def pooled_execute(self: PooledConnection, text: str, *args: Any) -> None:
        await pooled(self, text, *args)
        if "TABLE" in text:
            await pooled(self, "COMMIT")
            await pooled(self, "BEGIN")

    PooledConnection.execute = pooled_execute  # type: ignore[method-assign]


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


def _answer_before_it_asks() -> None:
    """Answer a create of PostgreSQL while its statement is still under way."""
    plain, under_way = Postgres.run, set[asyncio.Task[int]]()

    async def run(self: Postgres, name: str, *args: Any) -> int:
        if name != "create_customer":
            return await plain(self, name, *args)
        under_way.add(asyncio.ensure_future(plain(self, name, *args)))
        return 1

    Postgres.run = run  # type: ignore[method-assign]


BUGS: dict[str, Bug] = {
    "acknowledges before it commits": Bug("before COMMIT", _acknowledge_early, ("sqlite",)),
    "commits half a request": Bug("after the row of a customer", _tear, ("sqlite",)),
    "acknowledges before it asks": Bug("before BEGIN", _answer_before_it_asks, ("postgres",)),
    "marks before it sends": Bug("before a delivery is sent", _mark_before_sending),
    "commits half a batch": Bug("mid-import, a row", _tear),
    "commits half an upload": Bug("an upload, its row", _tear),
    "answers before it stores": Bug("a webhook heard, before COMMIT", _answer_before_it_is_stored),
    "commits half a renewal": Bug("a token, in use", _tear),
    "commits half an erasure": Bug("an erasure, the customer gone", _tear),
    "commits half a migration": Bug("a migration, its script", _migrate_in_steps),
    "commits half of the numbers": Bug("numbers of requests, a row", _tear),
    "a backup without its copy": Bug("mid-backup, the copy", _back_up_in_place),
    "a restore through a gap": Bug("mid-restore, the old file beside", _restore_through_a_gap),
}
