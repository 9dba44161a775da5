"""The types that PostgreSQL infers for the arguments of statements."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress

import asyncpg
import pytest

from sijill.database.sql import statements
from sijill.register import SQL_LISTS

pytestmark = pytest.mark.postgres

NARROW = {"int2", "int4"}
"""Types that hold no id above 2,147,483,647: `$1 = 0` infers one, `store_id = $1` a wide one."""


async def types(url: str, texts: Mapping[str, str]) -> dict[str, set[str]]:
    """Return the types of the arguments of each statement; parts of statements are left out."""
    connection, found = await asyncpg.connect(url), {}
    try:
        for name, text in texts.items():
            with suppress(asyncpg.PostgresSyntaxError, asyncpg.IndeterminateDatatypeError):
                prepared = await connection.prepare(text)
                found[name] = {one.name for one in prepared.get_parameters()}
    finally:
        await connection.close()
    return found


def test_no_argument_is_too_narrow_for_an_id(migrated_postgres_url: str) -> None:
    texts = statements("postgres", SQL_LISTS)
    found = asyncio.run(types(migrated_postgres_url, texts))
    assert len(found) > 200
    assert [name for name, kinds in found.items() if kinds & NARROW] == []


def test_a_narrow_argument_is_found(migrated_postgres_url: str) -> None:
    texts = {"narrow": "SELECT 1 FROM stores WHERE $1 = 0 OR id = $1", "part": "id = $1"}
    found = asyncio.run(types(migrated_postgres_url, texts))
    assert found == {"narrow": {"int4"}}
