"""A file of the first schema is what today's migrations make of it, row by row."""

import asyncio
from contextlib import closing
from pathlib import Path

import apsw
import pytest
from database.canonical import ROW_NUMBERS, export, postgres_tables, sqlite_tables
from database.first_schema import (
    AHMED,
    EXPORT,
    FILE,
    SHOP,
    VIP,
    make_postgres,
    make_sqlite,
    migrate,
    migrated_copy,
)

from sijill.customers.model import CustomerFilter
from sijill.customers.search import query_of
from sijill.register import open_register

pytestmark = pytest.mark.proves(
    "a file of the first schema loses no value on its way to today's, on both databases"
)


def test_the_file_is_small_and_has_a_row_in_every_table() -> None:
    assert FILE.stat().st_size < 200_000
    tables = sqlite_tables(FILE)
    assert len(tables) > 20
    assert [table.name for table in tables if not table.rows] == []


def test_the_file_holds_what_its_script_makes(tmp_path: Path) -> None:
    make_sqlite(tmp_path / "x.db")
    assert export(sqlite_tables(tmp_path / "x.db")) == export(sqlite_tables(FILE))


def test_an_export_shows_every_column_of_every_table() -> None:
    for table in sqlite_tables(FILE):
        *others, last = table.rows
        for place, column in enumerate(table.columns):
            changed = (*last[:place], "changed", *last[place + 1 :])
            same = export([table._replace(rows=[*others, changed])]) == export([table])
            assert same == ((table.name, column) in ROW_NUMBERS)


def test_the_file_is_migrated_to_its_export(tmp_path: Path) -> None:
    copy = migrated_copy(tmp_path)
    assert export(sqlite_tables(copy)).encode() == EXPORT.read_bytes()
    with closing(apsw.Connection(str(copy))) as connection:
        assert connection.execute("PRAGMA integrity_check").get == "ok"
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        # This statement raises if the index and the terms disagree.
        connection.execute(
            "INSERT INTO customer_terms (customer_terms, rank) VALUES ('integrity-check', 1)"
        )


@pytest.mark.postgres
def test_the_same_rows_in_postgresql_are_migrated_to_the_same_export(postgres_url: str) -> None:
    async def scenario() -> str:
        await make_postgres(postgres_url)
        await migrate(postgres_url)
        return export(await postgres_tables(postgres_url))

    assert asyncio.run(scenario()).encode() == EXPORT.read_bytes()


def test_the_migrated_file_is_read_by_todays_code(tmp_path: Path) -> None:
    async def scenario(path: Path) -> None:
        register = await open_register(str(path))
        try:
            ahmed = await register.customers.find(SHOP, AHMED, extras=True)
            assert (ahmed.first_name, ahmed.mobile, VIP in ahmed.groups) == (
                "أحمد",
                777777777,
                True,
            )
            which = CustomerFilter(terms=query_of("احمد علي"))
            page = await register.customers.page(SHOP, which, offset=0, limit=9)
            assert [row[0] for row in page.rows] == [AHMED]
            points = await register.loyalty.page(SHOP, AHMED, offset=0, limit=9)
            assert [entry.points for entry in points.entries] == [-9, 30]
        finally:
            await register.close()

    asyncio.run(scenario(migrated_copy(tmp_path)))
