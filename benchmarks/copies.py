"""
Many customers in little time: a register of a few is multiplied by SQL, in the database itself.

A copy has the names, the places and the orders of its original, and an id, a mobile, an e-mail,
the terms of these and a moment of its own; every customer is in the default group. Indexes are
built at the end and are full: those that grow take half as much again. Nothing is safe against a
loss of power meanwhile.
"""

import asyncio
from collections.abc import Sequence
from contextlib import closing

import apsw
import asyncpg

from benchmarks.data import say

LARGEST_ID = 2**31 - 1
STEP = 40_000_003
"""How far the ids of two copies of a customer are apart, around the circle of ids."""

APART = 7_919_000_003
"""Microseconds between the moments of two copies of a customer: 2.2 hours."""

HOUR = 3600.0
"""Seconds that a statement on PostgreSQL may take."""

_ID = f"((c.id + {{ids}}) % {LARGEST_ID} + 1)"
_MOBILE = "(c.mobile + {mobiles})"
_TEXT = "CAST({} AS TEXT)"

_OWN = {
    "id": _ID,
    "mobile": _MOBILE,
    "email": f"replace(c.email, {_TEXT.format('c.id')}, {_TEXT.format(_ID)})",
    "email_key": f"replace(c.email_key, {_TEXT.format('c.id')}, {_TEXT.format(_ID)})",
    "created_at": "c.created_at - {moments}",
    "terms": (
        "replace(replace(replace(c.terms, ':mail', ':mail{copy}'), "
        f"{_TEXT.format('c.id')}, {_TEXT.format(_ID)}), "
        f"{_TEXT.format('c.mobile')}, {_TEXT.format(_MOBILE)})"
    ),
}
"""
What a copy has of its own; all else is that of its original.

A seeded customer's e-mail has the id in it. The term of the whole e-mail is a hash, which gets the
number of the copy before it: it is as rare as the true one, and finds nobody.
"""

_NOT_COPIED = {"number"}
"""The place of a row in the file of SQLite, which it gets by itself."""

_COPIED = """
INSERT INTO customers ({names}) SELECT {values}
FROM {originals} LIMIT {limit} ON CONFLICT DO NOTHING
"""
"""An id that is taken makes no copy."""

_MEMBERS = """
DELETE FROM memberships;
INSERT INTO memberships (store_id, member, group_id, source, created_at, is_blocked{more})
SELECT c.store_id, c.{member}, g.id, 'manual', c.created_at, c.is_blocked{values}
FROM customers AS c CROSS JOIN customer_groups AS g
WHERE g.store_id = c.store_id AND g.is_default {order}
"""
"""Every customer is in the default group, and in no other."""

_COUNTS = (
    "DELETE FROM customer_counts",
    """
    INSERT INTO customer_counts (store_id, shift, bucket, customers)
    SELECT store_id, 25, created_at >> 25, count(*) FROM customers GROUP BY 1, 3
    """,
    """
    INSERT INTO customer_counts (store_id, shift, bucket, customers)
    SELECT n.store_id, l.shift, n.bucket >> (l.shift - 25), sum(n.customers)
    FROM customer_counts AS n CROSS JOIN customer_count_levels AS l
    WHERE n.shift = 25 AND l.shift > 25 GROUP BY 1, 2, 3
    """,
)
"""What the trigger of SQLite would have counted, which takes longer than all else."""

_SQLITE_PARTS = """
SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL AND (
  type = 'index' AND tbl_name IN ('customers', 'memberships') OR name = 'customers_counted'
)
"""

_POSTGRES_PARTS = """
SELECT i.indexrelid::regclass::text AS name, pg_get_indexdef(i.indexrelid) AS made
FROM pg_index AS i
WHERE NOT i.indisprimary AND i.indrelid IN ('customers'::regclass, 'memberships'::regclass)
"""
_POSTGRES_KEY = (
    "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'memberships_id'"
)

_QUICKLY = """
SET maintenance_work_mem = '512MB';
SET session_replication_role = replica; -- copies refer to what their originals refer to
ALTER TABLE customers SET (autovacuum_enabled = off), ENABLE ALWAYS TRIGGER customers_counted;
ALTER TABLE memberships SET (autovacuum_enabled = off), DROP CONSTRAINT memberships_id
"""
_AS_BEFORE = """
ALTER TABLE customers RESET (autovacuum_enabled), ENABLE TRIGGER customers_counted;
ALTER TABLE memberships RESET (autovacuum_enabled), ADD CONSTRAINT memberships_id {}
"""


def multiply(url: str, count: int) -> None:
    """Make a register of a few customers one of `count`, by copies of each in turn."""
    say(f"making {count:,} customers of a few in {url.partition(':')[0]} ...")
    if url.startswith("sqlite://"):
        _in_sqlite(url.removeprefix("sqlite://"), count)
    else:
        asyncio.run(_in_postgres(url, count))


def place_at(url: str, share: float) -> tuple[int, int, int]:
    """Return how many customers there are, and the moment and the id behind a share of them."""
    if url.startswith("sqlite://"):
        with closing(apsw.Connection(url.removeprefix("sqlite://"))) as connection:
            (count,) = next(connection.execute(_COUNT))
            at, customer_id = next(connection.execute(_PLACE.format(int(count * share))))
            return count, at, customer_id
    return asyncio.run(_place_in_postgres(url, share))


_COUNT = "SELECT count(*) FROM customers"
_PLACE = "SELECT created_at, id FROM customers ORDER BY created_at DESC, id DESC LIMIT 1 OFFSET {}"


async def _place_in_postgres(url: str, share: float) -> tuple[int, int, int]:
    connection = await asyncpg.connect(url)
    try:
        count = await connection.fetchval(_COUNT)
        at, customer_id = await connection.fetchrow(_PLACE.format(int(count * share)))
        return count, at, customer_id
    finally:
        await connection.close()


def _in_sqlite(path: str, count: int) -> None:
    with closing(apsw.Connection(path)) as connection:
        connection.execute("PRAGMA journal_mode = off; PRAGMA synchronous = off")
        connection.execute("PRAGMA cache_size = -1500000; PRAGMA temp_store = memory; BEGIN")
        columns = [row[1] for row in connection.execute("PRAGMA table_info(customers)")]
        parts = connection.execute(_SQLITE_PARTS).fetchall()
        for kind, name, _ in parts:
            connection.execute(f"DROP {kind} {name}")
        made, last = next(connection.execute("SELECT count(*), max(number) FROM customers"))
        originals, copy = f"customers AS c WHERE c.number <= {last}", 0
        while made < count:
            copy += 1
            connection.execute(_copied(columns, copy, originals, count - made))
            made += connection.changes()
        members = {"more": ", customer_id", "member": "number", "values": ", c.id"}
        connection.execute(_MEMBERS.format(**members, order="ORDER BY c.number"))
        connection.execute("UPDATE search_index SET newest = (SELECT max(number) FROM customers)")
        for statement in (*_COUNTS, *(text for _, _, text in parts)):
            connection.execute(statement)
        connection.execute("COMMIT; PRAGMA journal_mode = wal")


async def _in_postgres(url: str, count: int) -> None:
    connection = await asyncpg.connect(url, command_timeout=HOUR)
    try:
        asked = "SELECT column_name FROM information_schema.columns WHERE table_name = 'customers'"
        columns = [row[0] for row in await connection.fetch(asked)]
        parts, key = (
            await connection.fetch(_POSTGRES_PARTS),
            await connection.fetchval(_POSTGRES_KEY),
        )
        await connection.execute(_QUICKLY)
        for part in parts:
            await connection.execute(f"DROP INDEX {part['name']}")
        await connection.execute("CREATE TEMP TABLE originals AS TABLE customers")
        made, copy = await connection.fetchval(_COUNT), 0
        while made < count:
            copy += 1
            said = await connection.execute(_copied(columns, copy, "originals AS c", count - made))
            made += int(said.rpartition(" ")[2])
        members = {"more": "", "member": "id", "values": "", "order": ""}
        await connection.execute(_MEMBERS.format(**members))
        for part in parts:
            await connection.execute(part["made"])
        await connection.execute(_AS_BEFORE.format(key))
    finally:
        await connection.close()


def _copied(columns: Sequence[str], copy: int, originals: str, limit: int) -> str:
    """Return the statement that makes the copies of one number, `limit` at most."""
    own = {
        "copy": copy,
        "ids": copy * STEP % LARGEST_ID,
        "mobiles": copy * 1_000_000_000,
        "moments": copy * APART,
    }
    names = [name for name in columns if name not in _NOT_COPIED]
    values = [_OWN.get(name, f"c.{name}").format(**own) for name in names]
    return _COPIED.format(
        names=", ".join(names), values=", ".join(values), originals=originals, limit=limit
    )
