"""The copies of a measured register: each is found, counted and a member, as any other is."""

import asyncio
from contextlib import closing
from pathlib import Path

import apsw
import pytest
from fixtures.registers import STORE, opened
from fixtures.templates import NOW

from benchmarks.copies import multiply
from benchmarks.outbox import NEW, fill_outbox
from sijill.customers.model import Customer, CustomerFilter
from sijill.customers.search import query_of
from sijill.imports.seed import seed_customers
from sijill.oauth.apps import App
from sijill.register import Register

SEEDED, ALL, EVENTS = 30, 100, 60


async def seed(url: str) -> None:
    async with opened(url) as register:
        await register.apps.create(App(11, "bench", NOW))
        await seed_customers(register.customers, STORE.id, SEEDED, 1, NOW)


async def found(register: Register, keyword: str) -> list[int]:
    filters = CustomerFilter(terms=query_of(keyword))
    page = await register.customers.page(STORE.id, filters, offset=0, limit=ALL)
    return [row[0] for row in page.rows]


async def check(url: str) -> None:
    """Expect so many customers, in the list and its counts, and each of them alone by its terms."""
    async with opened(url) as register:
        page = await register.customers.page(STORE.id, CustomerFilter(), offset=0, limit=ALL)
        assert page.total == len({row[0] for row in page.rows}) == ALL
        half = CustomerFilter(since=NOW.replace(year=NOW.year - 1))
        recent = await register.customers.page(STORE.id, half, offset=0, limit=ALL)
        assert recent.total == len(recent.rows) > 0
        everybody = [await register.customers.find(STORE.id, row[0]) for row in page.rows]
        assert len({one.created_at for one in everybody}) == ALL
        for one in everybody:
            assert await found(register, str(one.mobile)) == [one.id]
            assert await found(register, str(one.id)) == [one.id]
            assert len(one.groups) == 1
        await check_outbox(register, everybody)


async def check_outbox(register: Register, everybody: list[Customer]) -> None:
    changes = await register.outbox.changes(STORE.id, after=0, names=(), limit=EVENTS)
    assert [one.position for one in changes] == [*range(1, EVENTS - NEW + 1)]
    assert {one.event.customer_id for one in changes} <= {one.id for one in everybody}


def test_copies_in_sqlite_are_customers_like_any_other(tmp_path: Path) -> None:
    path = tmp_path / "sijill.db"
    url = f"sqlite://{path}"
    asyncio.run(seed(url))
    with closing(apsw.Connection(str(path))) as connection:
        schema = connection.execute(_SCHEMA).fetchall()
    multiply(url, ALL)
    fill_outbox(url, EVENTS)
    with closing(apsw.Connection(str(path))) as connection:
        assert connection.execute(_SCHEMA).fetchall() == schema
        assert connection.execute("PRAGMA integrity_check").get == "ok"
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    asyncio.run(check(url))


_SCHEMA = "SELECT type, name, sql FROM sqlite_master ORDER BY name"


@pytest.mark.postgres
def test_copies_in_postgres_are_customers_like_any_other(migrated_postgres_url: str) -> None:
    asyncio.run(seed(migrated_postgres_url))
    multiply(migrated_postgres_url, ALL)
    fill_outbox(migrated_postgres_url, EVENTS)
    asyncio.run(check(migrated_postgres_url))
