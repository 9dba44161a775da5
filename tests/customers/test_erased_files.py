"""Of deleted customers no byte is left in any file, wherever their values were written to."""

import asyncio
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from fixtures.databases import SECONDS
from fixtures.events import APP, HOOK, happened, ready, settle
from fixtures.postgres import PostgresServer
from fixtures.registers import NOW, STORE, customer, opened
from msgspec import json
from msgspec.structs import fields, replace

from sijill.customers.model import Customer, Edit, Extras
from sijill.database.sqlite.connection import Location
from sijill.imports.job import HELD, performing
from sijill.imports.model import KEPT, Import
from sijill.ledgers.model import PointsChange
from sijill.register import Register
from sijill.retention import Retention
from sijill.settings import load
from sijill.webhooks.events import UPDATED

pytestmark = pytest.mark.proves(
    "of deleted customers no byte is left in a SQLite file or its log, nor in the tables of a "
    "PostgreSQL that VACUUM FULL rewrote"
)

SETTINGS, _ = load({}, environ={}, folder=Path("/nonexistent"))
MARK = "zqmark"
PEOPLE = 120
MOBILE = 77_100_000_000
"""The first mobile: a number of six bytes, which no other six bytes are likely to be."""


def text(number: int, name: str) -> str:
    return f"{MARK}{number}{name}"


def marked(number: int, **changes: Any) -> Customer:
    """Return a customer with a text of its own in each field that holds a text."""
    plain = customer(number, id=number, mobile=MOBILE + number)
    own = {one.name: text(number, one.name) for one in fields(plain) if one.type is str}
    own |= {"email": f"{text(number, 'email')}@test.test", "mobile_code": "966"}
    extras = Extras(
        is_blocked=True,
        block_reason=text(number, "ban"),
        custom_fields=[{"id": 1, "value": text(number, "custom")}],
        abandoned_carts_items=[{"name": text(number, "cart")}],
        current_store_customer={"name": text(number, "current")},
        total_points=number,
        wallet_balance=number,
    )
    return replace(plain, extras=extras, gender=text(number, "gender"), **(own | changes))


def uploaded(number: int, **cells: str) -> list[Any]:
    return [number, {"email": f"{text(number, 'upload')}@test.test"} | cells, None]


async def write(register: Register) -> list[int]:
    """Write customers in every way there is, and return their ids."""
    await ready(register, HOOK, replace(HOOK, id=101, event=UPDATED))
    people = [marked(number) for number in range(1, PEOPLE + 1)]
    for one in people:
        await register.customers.change(STORE.id, [Edit(one.id, lambda _, one=one: one)])
        later = replace(one, city=text(one.id, "moved"), location="x" * 5_000 + text(one.id, "far"))
        await register.customers.change(STORE.id, [Edit(one.id, lambda _, new=later: new)])
    ids = [one.id for one in people]
    await register.loyalty.change(
        STORE.id, PointsChange(5, False, text(0, "points"), APP.id, NOW), ids
    )
    await settle(register)
    assert len(await register.deliveries.all(limit=1_000)) == 2 * PEOPLE
    return ids + await upload(register)


async def upload(register: Register) -> list[int]:
    """Import a file of which half of the rows are refused, and return the new ids."""
    rows = [uploaded(n, **({"birthday": text(n, "day")} if n % 2 else {})) for n in range(900, 940)]
    job = Import(STORE.id, 7, APP.id, f"{MARK}.csv", "ar", "queued", 40, 0, 0, 0, 0, NOW)
    await register.imports.add(job, [json.encode(rows).decode()])
    assert await register.imports.next("one", NOW, NOW + HELD)
    while await register.imports.advance(job, "one", NOW, NOW + HELD, performing(STORE, NOW)):
        pass
    assert len(await register.imports.rejects(STORE.id, 7)) == 20
    rows_of_import = await register.driver.all("import_created", STORE.id, 7)
    return [row[0] for row in rows_of_import]


async def delete_all(register: Register, ids: list[int]) -> None:
    await asyncio.gather(*(register.customers.delete(STORE.id, id_, NOW) for id_ in ids))
    await Retention(register, SETTINGS, (NOW + 2 * KEPT).timestamp).turn()


def holding_marks(folder: Path) -> list[str]:
    """Return the files that hold a text or a mobile of a customer."""
    mobiles = [(MOBILE + number).to_bytes(6, "big") for number in range(1, PEOPLE + 1)]
    contents = {file: file.read_bytes().lower() for file in folder.rglob("*") if file.is_file()}
    sought = [MARK.encode(), b"%d" % (MOBILE // 1_000), *mobiles]
    return [file.name for file, data in contents.items() if any(one in data for one in sought)]


def test_no_file_of_sqlite_holds_anything_of_deleted_customers(tmp_path: Path) -> None:
    folder = tmp_path / "data"

    async def scenario() -> None:
        async with opened(f"sqlite://{folder}/sijill.db") as register:
            ids = await write(register)
            assert await register.driver.empty_log()
            assert holding_marks(folder) == ["sijill.db"]
            await delete_all(register, ids)
            assert (folder / "sijill.db-wal").stat().st_size == 0
            assert holding_marks(folder) == []
        assert holding_marks(folder) == []

    asyncio.run(asyncio.wait_for(scenario(), SECONDS))


def test_no_table_of_postgresql_holds_anything_of_deleted_customers(
    migrated_postgres_url: str, postgres_server: PostgresServer
) -> None:
    async def scenario() -> None:
        async with opened(migrated_postgres_url) as register:
            ids = await write(register)
            await administer("CHECKPOINT")
            assert holding_marks(folder) != []
            await delete_all(register, ids)
        await administer("VACUUM FULL", "CHECKPOINT")
        assert holding_marks(folder) == []

    async def administer(*texts: str) -> None:
        async with postgres_server.connected(name) as connection:
            for text in texts:
                await connection.execute(text, timeout=SECONDS)

    async def oid() -> int:
        async with postgres_server.connected(name) as connection:
            found: int = await connection.fetchval(
                "SELECT CAST(oid AS BIGINT) FROM pg_database WHERE datname = current_database()"
            )
            return found

    name = migrated_postgres_url.partition("?")[0].rpartition("/")[2]
    folder = postgres_server.data / "base" / str(asyncio.run(oid()))
    asyncio.run(asyncio.wait_for(scenario(), SECONDS))


def test_the_log_is_left_alone_while_others_use_it(tmp_path: Path) -> None:
    folder = tmp_path / "data"

    async def scenario() -> None:
        async with opened(f"sqlite://{folder}/sijill.db") as register:
            await ready(register, HOOK)
            location = Location(str(folder / "sijill.db"))
            with closing(location.connect(writable=False, patience=0.0)) as reader:
                reader.execute("BEGIN; SELECT count(*) FROM stores").fetchall()
                await register.outbox.append(happened(1))
                assert not await register.driver.empty_log()
                reader.execute("COMMIT")
            assert await register.driver.empty_log()

    asyncio.run(asyncio.wait_for(scenario(), SECONDS))
