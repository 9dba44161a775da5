"""
From every schema that there ever was, each later one is reached, and no value is lost.

The rows of the first schema are migrated step by step. At each step another process may have
stopped, and an older program finds a newer schema: it reads, and writes nothing.
"""

import asyncio
from pathlib import Path

import pytest
from database.canonical import Table, export, postgres_tables, sqlite_tables
from database.first_schema import EXPORT, MOMENT, make_postgres, make_sqlite
from database.first_schema import migrate as migrate_whole

from sijill.database.columns import moment
from sijill.database.driver import advice
from sijill.database.migrate import NewerSchema, migrate, migrations, pending
from sijill.database.postgres import driver as postgres
from sijill.errors import Unavailable
from sijill.register import open_register

pytestmark = pytest.mark.proves(
    "from every schema each later one is reached without a loss, on both databases, and a program "
    "that is older than the schema reads it and writes nothing"
)

VERSIONS = [step.version for step in migrations("sqlite")]


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def first(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the address of a database of the first schema with rows in every table."""
    if request.param == "sqlite":
        path = tmp_path / "sijill.db"
        make_sqlite(path)
        return str(path)
    url: str = request.getfixturevalue("postgres_url")
    asyncio.run(make_postgres(url))
    return url


def tables_of(url: str) -> list[Table]:
    if url.startswith("postgresql:"):
        return asyncio.run(postgres_tables(url))
    return sqlite_tables(Path(url))


async def up_to(url: str, version: int) -> list[str]:
    """Migrate as the program did whose newest schema this was."""
    register = await open_register(url)
    try:
        steps = [s for s in migrations(register.driver.dialect) if s.version <= version]
        return await migrate(register.driver, moment(MOMENT), steps)
    finally:
        await register.close()


def test_each_schema_leads_to_todays(first: str) -> None:
    """One step at a time, each by a process of its own, as if every release had been installed."""
    for version in VERSIONS[1:]:
        assert [name[:4] for name in asyncio.run(up_to(first, version))] == [f"{version:04}"]
    asyncio.run(migrate_whole(first))
    assert export(tables_of(first)).encode() == EXPORT.read_bytes()


@pytest.mark.parametrize("version", VERSIONS[1:-1])
def test_one_jump_from_a_schema_is_the_same_as_every_step(first: str, version: int) -> None:
    asyncio.run(up_to(first, version))
    asyncio.run(migrate_whole(first))
    assert export(tables_of(first)).encode() == EXPORT.read_bytes()


@pytest.mark.parametrize("version", VERSIONS[1:])
def test_an_older_program_reads_a_newer_schema_and_writes_nothing(
    first: str, version: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "LOOK", 0.0)
    asyncio.run(up_to(first, version - 1))

    async def story() -> None:
        older = await open_register(first)
        steps = [s for s in migrations(older.driver.dialect) if s.version < version]
        try:
            assert await migrate(older.driver, moment(MOMENT), steps) == []
            await up_to(first, version)
            with pytest.raises(NewerSchema):
                await pending(older.driver, steps)
            assert await older.driver.all("recorded_migrations")
            with pytest.raises(Unavailable) as fault:
                await older.driver.run("delete_migration", -1)
            assert "start the newer Sijill" in str(advice(fault.value))
        finally:
            await older.close()

    asyncio.run(story())
