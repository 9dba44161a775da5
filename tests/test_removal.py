"""A store and an app are removed with everything of theirs, and with nothing of any other."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import apsw
import pytest
from database.canonical import Table, postgres_tables, sqlite_tables
from database.first_schema import AHMED, CRM, OTHER, SHOP, make_postgres, migrate, migrated_copy

from sijill.database.sql import statements, table_written
from sijill.errors import Held, NotFound
from sijill.privacy.holds import Hold
from sijill.register import SQL_LISTS, Register, open_register
from sijill.removal import MANY, OF_APPS, REST, remove_app, remove_store

pytestmark = pytest.mark.proves(
    "a store and an app are removed with everything that belongs to them, and nothing of others"
)

NOW = datetime(2026, 11, 25, tzinfo=UTC)

Remove = Callable[[Register], Awaitable[None]]
Change = Callable[[Remove], tuple[Sequence[Table], Sequence[Table]]]


@pytest.fixture(params=["file", pytest.param("postgres", marks=pytest.mark.postgres)])
def change(request: pytest.FixtureRequest, tmp_path: Path) -> Change:
    """Return a function that removes something, and returns every table before and after."""
    if request.param == "file":
        path = migrated_copy(tmp_path)

        async def tables() -> Sequence[Table]:
            return sqlite_tables(path)

        url = str(path)
    else:
        url = request.getfixturevalue("postgres_url")
        asyncio.run(_fill(url))

        async def tables() -> Sequence[Table]:
            return await postgres_tables(url)

    def changed(remove: Remove) -> tuple[Sequence[Table], Sequence[Table]]:
        async def whole() -> tuple[Sequence[Table], Sequence[Table]]:
            before = await tables()
            register = await open_register(url)
            try:
                await remove(register)
            finally:
                await register.close()
            return before, await tables()

        return asyncio.run(whole())

    return changed


async def _fill(url: str) -> None:
    await make_postgres(url)
    await migrate(url)


def rows(tables: Sequence[Table]) -> dict[str, list[dict[str, Any]]]:
    return {
        table.name: [dict(zip(table.columns, row, strict=True)) for row in table.rows]
        for table in tables
        if not table.name.startswith("customer_terms")
    }


def test_a_store_is_removed_with_every_row_of_it_alone(change: Change) -> None:
    before, after = map(rows, change(lambda register: remove_store(register, SHOP, NOW)))
    assert sum(row.get("store_id") == SHOP for name in before for row in before[name]) > 20
    webhooks = {row["id"] for row in before["webhooks"] if row["store_id"] == SHOP}
    families = {row["id"] for row in before["authorizations"] if row["store_id"] == SHOP}

    def stays(name: str, row: dict[str, Any]) -> bool:
        return (
            row.get("store_id") != SHOP
            and not (name == "stores" and row["id"] == SHOP)
            and row.get("webhook_id") not in webhooks
            and row.get("authorization_id") not in families
        )

    kept = {name: [row for row in before[name] if stays(name, row)] for name in before}
    assert after == kept
    assert [row["id"] for row in after["stores"]] == [OTHER]


def test_an_app_is_removed_from_every_store_and_ledgers_keep_what_it_moved(change: Change) -> None:
    before, after = map(rows, change(lambda register: remove_app(register, CRM)))
    assert sum(row.get("app_id") == CRM for name in before for row in before[name]) > 5
    assert [row for name in after for row in after[name] if row.get("app_id") == CRM] == []
    assert CRM not in {row["id"] for row in after["apps"]}
    for name in ("wallet_entries", "loyalty_entries"):
        moved = [row | {"app_id": None} if row["app_id"] == CRM else row for row in before[name]]
        assert sorted(map(str, after[name])) == sorted(map(str, moved))
    for name in ("stores", "customers", "owners", "customer_groups", "memberships"):
        assert after[name] == before[name]


def test_what_is_not_there_is_not_removed(change: Change) -> None:
    async def whole(register: Register) -> None:
        with pytest.raises(NotFound):
            await remove_store(register, 999, NOW)
        with pytest.raises(NotFound):
            await remove_app(register, 999)

    before, after = change(whole)
    assert rows(before) == rows(after)


def test_a_store_with_a_customer_on_hold_stays_until_the_hold_ends(change: Change) -> None:
    hold = Hold(SHOP, AHMED, "court", NOW, NOW + timedelta(days=1))

    async def whole(register: Register) -> None:
        await register.holds.set(hold)
        with pytest.raises(Held):
            await remove_store(register, SHOP, NOW)
        await remove_store(register, SHOP, hold.ends_at)

    _, after = change(whole)
    assert [row["id"] for row in rows(after)["stores"]] == [OTHER]


def test_every_table_of_a_store_is_cleared(tmp_path: Path) -> None:
    texts = statements("sqlite", SQL_LISTS)
    names = (*OF_APPS, *MANY, *REST, "remove_store")
    cleared = {table_written(texts[name]) for name in names}
    with closing(apsw.Connection(str(migrated_copy(tmp_path)))) as connection:
        references = connection.execute(REFERENCES).fetchall()
    for table, parent, on_delete in references:
        if parent in cleared and on_delete == "CASCADE":
            cleared.add(table)
    left = {table for table, parent, _ in references if parent in cleared} - cleared
    assert left == set()


REFERENCES = """
SELECT DISTINCT t.name, f."table", f.on_delete
FROM pragma_table_list AS t JOIN pragma_foreign_key_list(t.name) AS f ORDER BY 1
"""
