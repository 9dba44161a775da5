"""
The named failpoints: where a process is killed in the middle of what it writes.

The program itself knows nothing of them: a child of the tests wraps its own functions before it
begins, so that what is served pays nothing.
"""

import os
import signal
from collections.abc import Callable
from functools import partial
from typing import Any, Literal, NamedTuple

from crash import shim
from sijill.backups import restoring, taking
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


def _statement(name: str, met: Callable[[], None]) -> None:
    plain = Connection.rows

    def rows(self: Connection, named: str, *args: Any) -> Any:
        result = plain(self, named, *args)
        if named == name:
            met()
        return result

    Connection.rows = rows  # type: ignore[method-assign]


def statement(name: str) -> Callable[[Callable[[], None]], None]:
    """Return what installs a point after a named statement, within its transaction."""
    return partial(_statement, name)


def _script(met: Callable[[], None]) -> None:
    """Install a point after a migration's own script, before it is recorded and committed."""
    plain = Connection.execute

    def execute(self: Connection, text: str) -> None:
        plain(self, text)
        if "TABLE" in text:
            met()

    Connection.execute = execute  # type: ignore[method-assign]


POINTS = {
    "before BEGIN": Point("requests", call(SQLiteTransaction, "begin", "before")),
    "after BEGIN": Point("requests", call(SQLiteTransaction, "begin", "after")),
    "after the row of a customer": Point("requests", statement("insert_customer")),
    "after a change of a customer": Point("requests", statement("update_customer")),
    "after a deletion": Point("requests", statement("delete_customer")),
    "after the row of the outbox": Point("requests", statement("insert_event")),
    "after an entry of the audit log": Point("requests", statement("insert_audit_entries")),
    "after an entry of a wallet": Point("requests", statement("insert_wallet_entry")),
    "after an idempotency key": Point("requests", statement("claim_idempotency_key")),
    "after an idempotency result": Point("requests", statement("record_idempotency_result")),
    "before COMMIT": Point("requests", call(SQLiteTransaction, "commit", "before")),
    "after COMMIT": Point("requests", call(SQLiteTransaction, "commit", "after")),
    "a page of the log, torn": Point("requests", shim.torn("-wal"), 60),
    "a sync of the log": Point("requests", shim.sync("-wal"), 30),
    "mid-checkpoint": Point("requests", shim.torn(".db"), 40),
    "a sync of the file": Point("requests", shim.sync(".db"), 4),
    "before a delivery is sent": Point("deliveries", shim.hook("send", "before")),
    "after a delivery is sent": Point("deliveries", shim.hook("send", "after")),
    "before a delivery is marked": Point("deliveries", shim.hook("mark", "before")),
    "after the mark of a delivery": Point("deliveries", statement("finish_delivery")),
    "after the positions of events": Point("deliveries", statement("insert_deliveries"), 4),
    "mid-import, a row": Point("imports", statement("insert_customer"), 300),
    "mid-import, a refused row": Point("imports", statement("insert_import_reject"), 6),
    "mid-import, COMMIT": Point("imports", call(SQLiteTransaction, "commit", "before"), 8),
    "a token, in use": Point("tokens", statement("use_refresh_token")),
    "a token, issued": Point("tokens", statement("insert_token")),
    "a token, before COMMIT": Point("tokens", call(SQLiteTransaction, "commit", "before")),
    "a token, after COMMIT": Point("tokens", call(SQLiteTransaction, "commit", "after")),
    "an erasure, the customer gone": Point("erasures", statement("delete_customer"), 3),
    "an erasure, the mark": Point("erasures", statement("insert_erasure"), 6),
    "an erasure, after COMMIT": Point("erasures", call(SQLiteTransaction, "commit", "after"), 3),
    "an erasure, the log emptied": Point("erasures", call(SQLite, "_empty_log", "after"), 3),
    "a migration, its script": Point("migrations", _script, 6),
    "a migration, recorded": Point("migrations", statement("insert_migration"), 6),
    "a migration, after COMMIT": Point("migrations", call(SQLiteTransaction, "commit", "after"), 6),
    "numbers of requests, a row": Point("usage", statement("add_limit_usage"), 30),
    "numbers of requests, COMMIT": Point("usage", call(SQLiteTransaction, "commit", "before")),
    "numbers of requests, after it": Point("usage", call(SQLiteTransaction, "commit", "after")),
    "mid-backup, a page": Point("backups", shim.torn("register.db"), 60),
    "mid-backup, the copy": Point("backups", call(taking, "_copy", "after"), 2),
    "mid-backup, the manifest": Point("backups", call(taking, "write", "after"), 2),
    "mid-backup, a sync": Point("backups", call(taking, "sync", "after"), 6),
    "mid-backup, in place": Point("backups", call(taking, "note", "before"), 2),
    "mid-restore, migrated": Point("restores", call(restoring, "put_in_place", "before"), 1),
    "mid-restore, the old file beside": Point("restores", call(os, "link", "after"), 1),
    "mid-restore, in place": Point("restores", call(restoring, "put_in_place", "after"), 1),
}
"""Every writer has its points. A story that does not meet one as often ends by itself."""
