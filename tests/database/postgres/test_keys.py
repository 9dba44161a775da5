"""Keys on PostgreSQL: how rows are told apart, and found where no key leads to them."""

import asyncio
from collections.abc import Sequence

import asyncpg
import pytest

from sijill.database.sql import statements
from sijill.register import SQL_LISTS

pytestmark = pytest.mark.postgres

FOUND: list[tuple[str, Sequence[str], str]] = [
    ("grant", ["bytea"], "tokens_digest"),
    ("authorization_of_code", ["bytea"], "authorizations_code"),
    ("authorization_of_refresh", ["bytea"], "refresh_tokens_digest"),
    ("use_refresh_tokens", ["bigint", "bigint", "bigint"], "refresh_tokens_id"),
    ("use_invitation", ["bytea"], "invitations_digest"),
    ("people_of_store", ["bigint"], "owner_stores_id"),
    ("stores_of", ["bigint"], "owner_stores_of_owner"),
    ("drop_events", ["text"], "events_number"),
]
"""Statements, the types of their arguments, and the index that finds their rows."""

_APART = """
SELECT c.relname FROM pg_class AS c
WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace AND NOT EXISTS (
  SELECT 1 FROM pg_index AS i WHERE i.indrelid = c.oid
    AND (i.indisreplident OR (i.indisprimary AND c.relreplident = 'd'))
)
"""


def test_every_table_tells_a_logical_replica_its_rows_apart(migrated_postgres_url: str) -> None:
    async def scenario() -> tuple[list[str], list[str]]:
        connection = await asyncpg.connect(migrated_postgres_url)
        try:
            found = [name for (name,) in await connection.fetch(_APART)]
            await connection.execute("CREATE TABLE bad (id BIGINT NOT NULL UNIQUE)")
            bad = [name for (name,) in await connection.fetch(_APART)]
            await connection.execute("DROP TABLE bad")
        finally:
            await connection.close()
        return found, bad

    assert asyncio.run(scenario()) == ([], ["bad"])


@pytest.mark.parametrize(("name", "types", "index"), FOUND, ids=[name for name, *_ in FOUND])
def test_a_row_is_found_by_one_index(
    migrated_postgres_url: str, name: str, types: Sequence[str], index: str
) -> None:
    text = statements("postgres", SQL_LISTS)[name]

    async def scenario() -> str:
        connection = await asyncpg.connect(migrated_postgres_url)
        try:
            await connection.execute("SET plan_cache_mode = force_generic_plan")
            await connection.execute("SET enable_seqscan = off")
            await connection.execute(f"PREPARE found ({', '.join(types)}) AS {text}")
            values = ", ".join("NULL" for _ in types)
            rows = await connection.fetch(f"EXPLAIN (COSTS OFF) EXECUTE found ({values})")
        finally:
            await connection.close()
        return "\n".join(row[0] for row in rows)

    plan = asyncio.run(scenario())
    assert f" {index}" in plan
    assert "Filter: (digest" not in plan
