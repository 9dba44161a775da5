"""
Many customers in little time: a register of a few is multiplied by SQL, in the database itself.

A copy has the names, the terms, the groups and nearly the moment of its original, and an id, a
mobile and an e-mail of its own. Triggers and indexes take every copy in, as they do any customer.
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

_OWN = {
    "id": f"(c.id + {{copy}} * {STEP}) % {LARGEST_ID} + 1",
    "mobile": "c.mobile + CAST({copy} AS BIGINT) * 1000000000",
    "email": "'{copy}.' || c.email",
    "email_key": "'{copy}.' || c.email_key",
    "created_at": "c.created_at - {copy}",
}
"""What a copy has of its own; all else is that of its original."""

_NOT_COPIED = {"number"}
"""The place of a row in the file of SQLite, which it gets by itself."""

_MEMBERS = {
    "sqlite": """
        INSERT INTO memberships (store_id, member, group_id, source, created_at, is_blocked,
          customer_id)
        SELECT c.store_id, c.number, g.id, 'manual', c.created_at, c.is_blocked, c.id
        FROM customers AS c JOIN customer_groups AS g ON g.store_id = c.store_id AND g.is_default
        WHERE NOT EXISTS (SELECT 1 FROM memberships AS m WHERE m.member = c.number)
    """,
    "postgres": """
        INSERT INTO memberships (store_id, member, group_id, source, created_at, is_blocked)
        SELECT c.store_id, c.id, g.id, 'manual', c.created_at, c.is_blocked
        FROM customers AS c JOIN customer_groups AS g ON g.store_id = c.store_id AND g.is_default
        WHERE NOT EXISTS (
          SELECT 1 FROM memberships AS m WHERE m.store_id = c.store_id AND m.member = c.id
        )
    """,
}
"""Every copy joins the default group."""


def multiply(url: str, times: int) -> None:
    """Make `times` customers of each of a register: it and its copies."""
    say(f"making {times:,} of each customer in {url.partition(':')[0]} ...")
    if url.startswith("sqlite://"):
        _in_sqlite(url.removeprefix("sqlite://"), times)
    else:
        asyncio.run(_in_postgres(url, times))


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


def _in_sqlite(path: str, times: int) -> None:
    with closing(apsw.Connection(path)) as connection:
        connection.execute("PRAGMA synchronous = off; PRAGMA cache_size = -400000")
        columns = [row[1] for row in connection.execute("PRAGMA table_info(customers)")]
        (last,) = next(connection.execute("SELECT max(number) FROM customers"))
        for copy in range(1, times):
            connection.execute(_copied(columns, copy, f"c.number <= {last}"))
        connection.execute(_MEMBERS["sqlite"])
        connection.execute("UPDATE search_index SET newest = (SELECT max(number) FROM customers)")
        connection.execute("ANALYZE")


async def _in_postgres(url: str, times: int) -> None:
    connection = await asyncpg.connect(url)
    try:
        asked = "SELECT column_name FROM information_schema.columns WHERE table_name = 'customers'"
        columns = [row[0] for row in await connection.fetch(asked)]
        await connection.execute("CREATE TEMP TABLE originals AS SELECT id FROM customers")
        for copy in range(1, times):
            await connection.execute(
                _copied(columns, copy, "c.id IN (SELECT id FROM originals)"), timeout=600
            )
        await connection.execute(_MEMBERS["postgres"], timeout=600)
    finally:
        await connection.close()


def _copied(columns: Sequence[str], copy: int, originals: str) -> str:
    """Return the statement that makes the copies of one number; an id that is taken makes none."""
    names = [name for name in columns if name not in _NOT_COPIED]
    values = [_OWN.get(name, f"c.{name}").format(copy=copy) for name in names]
    return (
        f"INSERT INTO customers ({', '.join(names)}) SELECT {', '.join(values)} "
        f"FROM customers AS c WHERE {originals} ON CONFLICT DO NOTHING"
    )
