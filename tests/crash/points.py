"""
The named failpoints: where a process is killed in the middle of what it writes.

The program itself knows nothing of them: a child of the tests wraps its own functions before it
begins, so that what is served pays nothing. A point of both databases wraps those of both drivers.
"""

import asyncio
import os
import signal
from collections.abc import Callable
from functools import partial
from typing import Any, Literal, NamedTuple

from crash import shim
from crash.places import Kind
from sijill.backups import restoring, taking
from sijill.database.postgres.pool import PooledConnection
from sijill.database.sqlite.connection import Connection
from sijill.database.sqlite.driver import SQLite
from sijill.database.sqlite.transaction import SQLiteTransaction

When = Literal["before", "after"]


class Point(NamedTuple):
    """A place in the program, and the story in which it is met."""

    story: str
    install: Callable[[Callable[[], None]], None]
    """Lets a function be called whenever the place is met."""
    most: int = 12
    """The greatest number of the meeting at which the process is killed."""
    databases: tuple[Kind, ...] = ("sqlite", "postgres")


def install(point: Point, nth: int) -> None:
    """Kill this process when it meets the point for the nth time."""
    left = nth

    def met() -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    point.install(met)


def _call(owner: Any, name: str, when: When, met: Callable[[], None]) -> None:
    plain = getattr(owner, name)

    def wrapped(*args: Any, **given: Any) -> Any:
        if when == "before":
            met()
        result = plain(*args, **given)
        if when == "after":
            met()
        return result

    setattr(owner, name, wrapped)


def call(owner: Any, name: str, when: When) -> Callable[[Callable[[], None]], None]:
    """Return what installs a point before or after a function."""
    return partial(_call, owner, name, when)


def _statement(names: frozenset[str], met: Callable[[], None]) -> None:
    plain, pooled, each = Connection.rows, PooledConnection.rows, PooledConnection.run_each

    def rows(self: Connection, name: str, *args: Any) -> Any:
        result = plain(self, name, *args)
        if name in names:
            met()
        return result

    async def pooled_rows(self: PooledConnection, name: str, args: Any) -> Any:
        result = await pooled(self, name, args)
        if name in names:
            met()
        return result

    async def run_each(self: PooledConnection, name: str, many: Any) -> None:
        if name not in names:
            await each(self, name, many)
            return
        for args in many:  # one by one, so that the process can die between two
            await each(self, name, [args])
            met()

    Connection.rows = rows  # type: ignore[method-assign]
    PooledConnection.rows = pooled_rows  # type: ignore[method-assign]
    PooledConnection.run_each = run_each  # type: ignore[method-assign]


def statement(*names: str) -> Callable[[Callable[[], None]], None]:
    """Return what installs a point after named statements, within their transaction."""
    return partial(_statement, frozenset(names))


def _script(met: Callable[[], None]) -> None:
    """Install a point after a migration's own script, before it is recorded and committed."""
    plain, pooled = Connection.execute, PooledConnection.execute

    def execute(self: Connection, text: str) -> None:
        plain(self, text)
        if "TABLE" in text:
            met()

    async def pooled_execute(self: PooledConnection, text: str, *args: Any) -> None:
        await pooled(self, text, *args)
        if "TABLE" in text:
            met()

    Connection.execute = execute  # type: ignore[method-assign]
    PooledConnection.execute = pooled_execute  # type: ignore[method-assign]


def _transaction(word: str, when: When, met: Callable[[], None]) -> None:
    _call(SQLiteTransaction, word.lower(), when, met)
    plain = PooledConnection.execute

    async def execute(self: PooledConnection, text: str, *args: Any) -> None:
        if text == word and when == "before":
            met()
        await plain(self, text, *args)
        if text == word and when == "after":
            met()

    PooledConnection.execute = execute  # type: ignore[method-assign]


def transaction(word: str, when: When) -> Callable[[Callable[[], None]], None]:
    """Return what installs a point before or after the BEGIN or COMMIT of a transaction."""
    return partial(_transaction, word, when)


def _sent(name: str, met: Callable[[], None]) -> None:
    """Install a point at which the server has been sent a statement, and nobody has its answer."""
    execute, rows = PooledConnection.execute, PooledConnection.rows

    async def sending(work: Any) -> Any:
        task = asyncio.ensure_future(work)
        await asyncio.sleep(0)  # the task runs to its first wait, which is for the answer
        met()
        return await task

    async def sent_text(self: PooledConnection, text: str, *args: Any) -> Any:
        work = execute(self, text, *args)
        return await (sending(work) if text == name else work)

    async def sent_name(self: PooledConnection, named: str, args: Any) -> Any:
        work = rows(self, named, args)
        known = named in self._prepared  # else it is prepared first
        return await (sending(work) if named.startswith(name) and known else work)

    PooledConnection.execute = sent_text  # type: ignore[method-assign]
    PooledConnection.rows = sent_name  # type: ignore[method-assign]


def file_point(story: str, install: Callable[[Callable[[], None]], None], most: int = 12) -> Point:
    """Return a point that SQLite alone has: in its files, or in copies of them."""
    return Point(story, install, most, ("sqlite",))


def sent_point(story: str, name: str) -> Point:
    """Return a point after a statement was sent to PostgreSQL; SQLite answers at once."""
    return Point(story, partial(_sent, name), databases=("postgres",))


CREATE = ("create_customer", "create_customer_many")
"""How PostgreSQL creates a customer by itself, in one statement that is its own transaction."""

POINTS = {
    "before BEGIN": Point("requests", transaction("BEGIN", "before")),
    "after BEGIN": Point("requests", transaction("BEGIN", "after")),
    "after the row of a customer": Point("requests", statement("insert_customer", *CREATE)),
    "after a change of a customer": Point("requests", statement("update_customer")),
    "after a deletion": Point("requests", statement("delete_customer")),
    "after the row of the outbox": Point("requests", statement("insert_event")),
    "after an entry of the audit log": Point("requests", statement("insert_audit_entries")),
    "after an entry of a wallet": Point("requests", statement("insert_wallet_entry")),
    "after an idempotency key": Point("requests", statement("claim_idempotency_key")),
    "after an idempotency result": Point("requests", statement("record_idempotency_result")),
    "before COMMIT": Point("requests", transaction("COMMIT", "before")),
    "after COMMIT": Point("requests", transaction("COMMIT", "after")),
    "a create is sent": sent_point("requests", "create_customer"),
    "COMMIT is sent": sent_point("requests", "COMMIT"),
    "a page of the log, torn": file_point("requests", shim.torn("-wal"), 60),
    "a sync of the log": file_point("requests", shim.sync("-wal"), 30),
    "mid-checkpoint": file_point("requests", shim.torn(".db"), 40),
    "a sync of the file": file_point("requests", shim.sync(".db"), 4),
    "before a delivery is sent": Point("deliveries", shim.hook("send", "before")),
    "after a delivery is sent": Point("deliveries", shim.hook("send", "after")),
    "before a delivery is marked": Point("deliveries", shim.hook("mark", "before")),
    "after the mark of a delivery": Point("deliveries", statement("finish_delivery")),
    "after the positions of events": Point("deliveries", statement("insert_deliveries"), 4),
    "mid-import, a row": Point("imports", statement("insert_customer"), 300),
    "mid-import, a refused row": Point("imports", statement("insert_import_reject"), 6),
    "mid-import, COMMIT": Point("imports", transaction("COMMIT", "before"), 8),
    "an upload, its row": Point("uploads", statement("insert_import"), 6),
    "an upload, its rows": Point("uploads", statement("insert_import_batch"), 8),
    "an upload, before COMMIT": Point("uploads", transaction("COMMIT", "before"), 20),
    "an upload, after COMMIT": Point("uploads", transaction("COMMIT", "after"), 20),
    "a webhook heard, its row": Point("heard", statement("hear_mirror_webhook")),
    "a webhook heard, before COMMIT": Point("heard", transaction("COMMIT", "before")),
    "a webhook heard, after COMMIT": Point("heard", transaction("COMMIT", "after")),
    "a webhook heard, the customer": Point("heard", statement("put_mirror_customer")),
    "a webhook heard, its body empty": Point("heard", statement("empty_mirror_webhook")),
    "a token, in use": Point("tokens", statement("use_refresh_token")),
    "a token, issued": Point("tokens", statement("insert_token")),
    "a token, COMMIT is sent": sent_point("tokens", "COMMIT"),
    "a token, before COMMIT": Point("tokens", transaction("COMMIT", "before")),
    "a token, after COMMIT": Point("tokens", transaction("COMMIT", "after")),
    "an erasure, the customer gone": Point("erasures", statement("delete_customer"), 3),
    "an erasure, the mark": Point("erasures", statement("insert_erasure"), 6),
    "an erasure, after COMMIT": Point("erasures", transaction("COMMIT", "after"), 3),
    "an erasure, the log emptied": file_point("erasures", call(SQLite, "_empty_log", "after"), 3),
    "a migration, its script": Point("migrations", _script, 6),
    "a migration, recorded": Point("migrations", statement("insert_migration"), 6),
    "a migration, after COMMIT": Point("migrations", transaction("COMMIT", "after"), 6),
    "numbers of requests, a row": Point("usage", statement("add_limit_usage"), 30),
    "numbers of requests, COMMIT": Point("usage", transaction("COMMIT", "before")),
    "numbers of requests, after it": Point("usage", transaction("COMMIT", "after")),
    "mid-backup, a page": file_point("backups", shim.torn("register.db"), 60),
    "mid-backup, the copy": file_point("backups", call(taking, "_copy", "after"), 2),
    "mid-backup, the manifest": file_point("backups", call(taking, "write", "after"), 2),
    "mid-backup, a sync": file_point("backups", call(taking, "sync", "after"), 6),
    "mid-backup, in place": file_point("backups", call(taking, "note", "before"), 2),
    "mid-restore, migrated": file_point("restores", call(restoring, "put_in_place", "before"), 1),
    "mid-restore, the old file beside": file_point("restores", call(os, "link", "after"), 1),
    "mid-restore, in place": file_point("restores", call(restoring, "put_in_place", "after"), 1),
}
"""Every writer has its points. A story that does not meet one as often ends by itself."""


def points_of(kind: Kind) -> dict[str, Point]:
    """Return the points of a database."""
    return {name: point for name, point in POINTS.items() if kind in point.databases}
