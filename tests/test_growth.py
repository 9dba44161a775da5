"""The benchmark of growth: every query finds somebody, and pages and sizes are those read."""

import asyncio
from pathlib import Path

import pytest
from fixtures.registers import STORE, customer, opened

from benchmarks.growth import QUERIES, Cost, Measured, of_postgres, of_sqlite, told
from benchmarks.outbox import fill_outbox
from sijill.customers.model import Edit
from sijill.groups.model import DEFAULT_GROUP

SOME = 30


async def fill(url: str) -> None:
    async with opened(url) as register:
        for number in range(1, SOME + 1):
            edit = Edit(None, lambda _, number=number: customer(number), DEFAULT_GROUP)
            (outcome,) = await register.customers.change(STORE.id, [edit])
            assert outcome.created


def is_whole(measured: Measured) -> None:
    assert measured.sizes["customers"] > 0
    assert [*measured.costs] == [query.title for query in QUERIES]
    assert all(cost.pages > 0 and cost.milliseconds > 0 for cost in measured.costs.values())
    assert measured.costs["List, page 1"].pages > measured.costs["Details"].pages


def test_sqlite_is_measured(tmp_path: Path) -> None:
    path = str(tmp_path / "sijill.db")
    asyncio.run(fill(path))
    fill_outbox(f"sqlite://{path}", SOME)
    is_whole(of_sqlite(path))


@pytest.mark.postgres
def test_postgres_is_measured(migrated_postgres_url: str) -> None:
    asyncio.run(fill(migrated_postgres_url))
    fill_outbox(migrated_postgres_url, SOME)
    is_whole(asyncio.run(of_postgres(migrated_postgres_url)))


def test_what_is_measured_is_told_for_each_customer() -> None:
    measured = Measured({"customers": 500, "small": 9, "index": 20}, {"Details": Cost(7, 0.25)})
    assert told("SQLite", 10, measured).splitlines() == [
        "SQLite, 10 customers: 0 MB",
        "  customers                                    50.0 bytes",
        "  index                                         2.0 bytes",
        "  Details                                         7 pages     0.250 ms",
    ]
