"""
The state of a namespace as a portable file: a line of JSON, then its database as SQLite has it.

A file may come from anybody: the database is read only after its tables are known to be ours, and
is used only after SQLite has found it sound.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Literal

import apsw
import msgspec
from msgspec import Meta, Struct

from sijill.database.migrate import migrations
from sijill.database.sqlite.pages import Pages, connect
from sijill.demo import APP
from sijill.sandbox.namespace import Snapshot
from sijill.sandbox.source import BEGUN
from sijill.stores.model import PLANS
from sijill.stores.profiles import PROFILES
from sijill.values.dates import zone

SCHEMA = migrations("sqlite")[-1].version
"""The version of the tables that this Sijill reads."""

_HEADER = b"SQLite format 3\0" + (4096).to_bytes(2)
"""How every database of ours begins. Source: SQLite "Database File Format"."""

_FIRST, _LAST = datetime(1970, 1, 1, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC)
"""The times of a clock that leave room for every lifetime."""

_TABLES = "SELECT type, name, tbl_name, sql FROM sqlite_schema"
_STORES = "SELECT timezone, profile, plan FROM stores"
_APPS = "SELECT count(*) FROM apps WHERE id = ? AND client_id = ?"
_TOKENS = "SELECT count(*) FROM tokens WHERE digest = ?"
_CUSTOMERS = "SELECT count(*) FROM customers"


class Head(Struct):
    """The first line of a file."""

    kind: Literal["sijill-state"]
    schema: int
    """The version of the tables."""
    at: datetime
    """The time of the namespace's clock."""
    drawn: dict[str, Annotated[int, Meta(ge=0, le=2**62)]]
    """The position of its source of ids and secrets."""


class BadState(ValueError):
    """Bytes that are no state of a namespace; the message says why."""


class OtherSchema(Exception):
    """A state with the tables of another Sijill."""


def written(snapshot: Snapshot) -> bytes:
    """Return the file of a snapshot."""
    at = datetime.fromtimestamp(snapshot.at, UTC)
    head = Head("sijill-state", SCHEMA, at, dict(snapshot.drawn))
    return msgspec.json.encode(head) + b"\n" + snapshot.image.image()


def read_state(content: bytes, ours: Pages, token: bytes) -> Snapshot:
    """
    Return the snapshot of a file.

    `ours` is a database with the tables of this Sijill, `token` the SHA-256 of the namespace's
    token: the state of another namespace does not go on with its ids.
    Raises: BadState; OtherSchema.
    """
    line, _, image = content.partition(b"\n")
    try:
        head = msgspec.json.decode(line, type=Head)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        raise BadState("it does not begin like the state of a namespace") from None
    if head.schema != SCHEMA:
        raise OtherSchema
    if head.at.tzinfo is None or not _FIRST <= head.at < _LAST:
        raise BadState("its time is not a moment of a clock")
    if not image.startswith(_HEADER):
        raise BadState("it holds no database of Sijill")
    pages = Pages(image)
    try:
        is_own, customers = _examined(pages.copy(), ours.copy(), token)
    except (apsw.Error, UnicodeError):
        raise BadState("its database is damaged") from None
    drawn: Mapping[str, int] = head.drawn if is_own else BEGUN
    return Snapshot(pages, head.at.timestamp(), drawn, customers)


def _examined(pages: Pages, ours: Pages, token: bytes) -> tuple[bool, int]:
    """
    Return whether a database is that of the namespace itself, and how many customers it has.

    Raises: BadState; apsw.Error and UnicodeError if it is damaged.
    """
    connection = connect(pages)
    try:
        connection.config(apsw.SQLITE_DBCONFIG_DEFENSIVE, 1)
        connection.config(apsw.SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0)
        connection.execute("PRAGMA cell_size_check = ON")
        if set(connection.execute(_TABLES)) != _tables(ours):
            raise BadState("its database has other tables than those of this Sijill")
        if connection.execute("PRAGMA integrity_check(1)").fetchall() != [("ok",)]:
            raise BadState("its database is damaged")
        if connection.execute("PRAGMA foreign_key_check").fetchone() is not None:
            raise BadState("its database has rows that refer to missing ones")
        _read_all(connection)
        _check_store(connection)
        is_own: int = connection.execute(_TOKENS, (token,)).get
        customers: int = connection.execute(_CUSTOMERS).get
        return bool(is_own), customers
    finally:
        connection.close()


def _tables(pages: Pages) -> set[tuple[object, ...]]:
    connection = connect(pages)
    try:
        return set(connection.execute(_TABLES))
    finally:
        connection.close()


def _read_all(connection: apsw.Connection) -> None:
    """Read every row: SQLite finds text sound that is no UTF-8. Raises: UnicodeError."""
    for kind, name, _, sql in connection.execute(_TABLES).fetchall():
        if kind == "table" and not str(sql).startswith("CREATE VIRTUAL"):
            for _ in connection.execute(f'SELECT * FROM "{name}"'):  # noqa: S608 - a table of ours
                pass


def _check_store(connection: apsw.Connection) -> None:
    """Raise BadState unless there are one store, with values that we know, and the app."""
    stores = connection.execute(_STORES).fetchall()
    if len(stores) != 1 or not connection.execute(_APPS, (APP.id, APP.client_id)).get:
        raise BadState("it does not have exactly one store and the app of a namespace")
    timezone, profile, plan = stores[0]
    try:
        zone(timezone)
    except (ValueError, OSError, KeyError):
        raise BadState("its store has an unknown time zone") from None
    if profile not in PROFILES or plan not in (None, *PLANS):
        raise BadState("its store has a profile or a plan that is not known")
