"""Every column that may hold data of customers is declared, with its eraser."""

import asyncio
from typing import Any

import apsw
import pytest
from fixtures.postgres import PostgresServer
from fixtures.registers import opened

from sijill.privacy.inventory import ERASERS, INVENTORY, OF_POSTGRES, OF_SQLITE

pytestmark = pytest.mark.proves(
    "every column of every table is declared as erased or as holding no personal data"
)

OF_SQLITE_ITSELF = ("sqlite_", "customer_terms_")
"""Beginnings of the names of tables that SQLite makes for itself."""


def declared(without: dict[str, tuple[str, ...]]) -> set[tuple[str, str]]:
    gone = {(table, name) for table, names in without.items() for name in names}
    return {(table, name) for table, _, names in INVENTORY for name in names} - gone


def test_every_column_of_sqlite_is_declared_and_no_other(tmp_path: Any) -> None:
    async def make() -> None:
        async with opened(f"sqlite://{tmp_path}/sijill.db"):
            pass

    asyncio.run(make())
    database = apsw.Connection(str(tmp_path / "sijill.db"))
    rows = database.execute(
        "SELECT t.name, c.name FROM pragma_table_list AS t JOIN pragma_table_info(t.name) AS c "
        "WHERE t.schema = 'main' AND t.type IN ('table', 'virtual')"
    )
    found = {(t, c) for t, c in rows if not t.startswith(OF_SQLITE_ITSELF)}
    assert found == declared(OF_POSTGRES)


def test_every_column_of_postgresql_is_declared_and_no_other(
    migrated_postgres_url: str, postgres_server: PostgresServer
) -> None:
    name = migrated_postgres_url.partition("?")[0].rpartition("/")[2]

    async def columns() -> set[tuple[str, str]]:
        async with postgres_server.connected(name) as connection:
            rows = await connection.fetch(
                "SELECT c.table_name, c.column_name FROM information_schema.columns AS c "
                "JOIN information_schema.tables AS t USING (table_schema, table_name) "
                "WHERE table_schema = current_schema() AND t.table_type = 'BASE TABLE'"
            )
            return {(row[0], row[1]) for row in rows}

    assert asyncio.run(columns()) == declared(OF_SQLITE)


def test_a_column_is_declared_once_and_its_eraser_is_known() -> None:
    every = [(table, name) for table, _, names in INVENTORY for name in names]
    assert len(every) == len(set(every))
    assert {place.eraser for place in INVENTORY} == ERASERS.keys()
