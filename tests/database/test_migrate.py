"""Migrations: once each, one process at a time, never backwards, with a copy made before."""

import asyncio
import multiprocessing
import os
import stat
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

import apsw
import pytest
from fixtures.events import APP
from fixtures.registers import NOW, STORE, customer, opened

from sijill.customers.model import Edit
from sijill.database import migrate as mechanism
from sijill.database.driver import Driver, StatementRefused, Transaction, advice
from sijill.database.migrate import (
    Migration,
    NewerSchema,
    SchemaRefused,
    UnreleasedSchema,
    migrate,
    migrations,
    pending,
)
from sijill.database.postgres import driver as postgres
from sijill.errors import Unavailable
from sijill.opening import open_register as open_by_settings
from sijill.register import Register, open_register
from sijill.settings import load

pytestmark = pytest.mark.proves(
    "a migration is made once, whole or not at all; a database with a newer or an "
    "unreleased schema is not written to"
)

NAMES = [step.label for step in migrations("sqlite")]
LATEST = migrations("sqlite")[-1].version

SECOND = Migration(9001, "second", "CREATE TABLE second (a BIGINT); CREATE TABLE third (b BIGINT)")
BROKEN = Migration(9001, "broken", "CREATE TABLE second (a BIGINT); SELECT nothing FROM nowhere")


RENAMED = "DELETE FROM schema_migrations; INSERT INTO schema_migrations VALUES (1, '0001_first', 0)"
"""The schema of an unreleased Sijill: a version is recorded under a name of its own."""
MORE = "; INSERT INTO schema_migrations VALUES (2, '0002_writes', 0), (8, '0008_webhooks', 0)"


def on(url: str, scenario: Callable[[Register], Awaitable[None]]) -> None:
    """Run a scenario on a register whose schema nobody has touched."""

    async def whole() -> None:
        register = await open_register(url)
        try:
            async with asyncio.timeout(30):
                await scenario(register)
        finally:
            await register.close()

    asyncio.run(whole())


def first(driver: Driver) -> list[Migration]:
    return migrations(driver.dialect)


def two(driver: Driver) -> list[Migration]:
    """Return more than one migration, so that processes may get in between."""
    return [*first(driver), SECOND]


def migrate_in_a_process(url: str, barrier: "multiprocessing.synchronize.Barrier") -> None:
    barrier.wait(20)
    on(url, lambda register: _count_made(register))


async def _count_made(register: Register) -> None:
    os._exit(10 + len(await migrate(register.driver, NOW, two(register.driver))))


def test_a_fresh_database_gets_every_migration_and_a_migrated_one_none(url: str) -> None:
    async def scenario(register: Register) -> None:
        assert await register.schema.version() == 0
        assert await register.schema.pending() == NAMES
        assert await register.schema.migrate(NOW) == NAMES
        assert await register.schema.migrate(NOW) == []
        assert await register.schema.pending() == []
        assert await register.schema.version() == LATEST

    on(url, scenario)


def test_a_register_without_a_schema_is_not_ready(url: str) -> None:
    async def scenario(register: Register) -> None:
        with pytest.raises(Unavailable):
            await register.schema.ping()
        await register.schema.migrate(NOW)
        await register.schema.ping()

    on(url, scenario)


def test_a_later_migration_is_made_alone(url: str) -> None:
    async def scenario(register: Register) -> None:
        steps = two(register.driver)
        await register.schema.migrate(NOW)
        assert await migrate(register.driver, NOW, steps) == ["9001_second"]
        assert await pending(register.driver, steps) == []

    on(url, scenario)


def test_a_running_server_writes_nothing_to_the_schema_of_a_newer_one(
    shared_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "LOOK", 0.0)

    async def scenario(register: Register) -> None:
        await register.schema.migrate(NOW)
        await register.stores.create(STORE)
        newer = await open_register(shared_url)
        await newer.driver.run("insert_migration", LATEST + 1, "newer", 0)
        for call in (
            lambda: register.apps.create(APP),
            lambda: register.customers.change(STORE.id, []),
            lambda: register.driver.run("delete_migration", LATEST + 1),
            register.schema.ping,
        ):
            with pytest.raises(Unavailable) as fault:
                await call()
            assert "start the newer Sijill" in str(advice(fault.value))
        assert await register.stores.all() == [STORE]  # reads go on
        await newer.driver.run("delete_migration", LATEST + 1)
        await newer.close()
        await register.schema.ping()
        await register.apps.create(APP)

    on(shared_url, scenario)


def test_the_version_is_looked_at_within_a_tenth_of_a_second(shared_url: str) -> None:
    """On SQLite with each write; on PostgreSQL, where a look is a round trip, not so often."""

    async def scenario(register: Register) -> None:
        await register.schema.migrate(NOW)
        await register.stores.create(STORE)
        newer = await open_register(shared_url)
        await newer.driver.run("insert_migration", LATEST + 1, "newer", 0)
        await newer.close()
        loop = asyncio.get_running_loop()
        begun = loop.time()
        with suppress(Unavailable):
            while loop.time() < begun + 5:
                await register.customers.change(STORE.id, [])
                await asyncio.sleep(0.01)
        assert loop.time() < begun + 5

    on(shared_url, scenario)


def test_an_older_database_is_announced_before_it_is_migrated(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen, _ = load({"data_dir": str(tmp_path)}, environ={}, folder=tmp_path)

    def said_at_a_start() -> tuple[str, str]:
        async def start() -> None:
            await (await open_by_settings(chosen)).close()

        asyncio.run(start())
        return capsys.readouterr()

    assert said_at_a_start() == ("", "")  # a new database has nothing that takes long
    steps = [*migrations("sqlite"), SECOND]
    monkeypatch.setattr(mechanism, "migrations", lambda dialect: steps)
    assert said_at_a_start() == ("", "sijill: migrating 9001_second\n")
    assert said_at_a_start() == ("", "")


def test_a_migration_that_fails_leaves_nothing_behind(url: str) -> None:
    async def scenario(register: Register) -> None:
        steps = first(register.driver)
        await register.schema.migrate(NOW)
        with pytest.raises(StatementRefused):
            await migrate(register.driver, NOW, [*steps, BROKEN])
        assert await migrate(register.driver, NOW, [*steps, SECOND]) == ["9001_second"]

    on(url, scenario)


def test_a_newer_database_is_refused_and_not_written_to(url: str) -> None:
    async def scenario(register: Register) -> None:
        steps = first(register.driver)
        await migrate(register.driver, NOW, [*steps, SECOND])
        for refused in (register.schema.migrate(NOW), register.schema.pending()):
            with pytest.raises(NewerSchema, match=f"schema 9001, this Sijill knows {LATEST}"):
                await refused
        assert await register.schema.version() == 9001

    on(url, scenario)


async def script(register: Register, text: str) -> None:
    async def work(transaction: Transaction) -> None:
        await transaction.script(text)

    await register.driver.write(work)


@pytest.mark.parametrize("recorded", [RENAMED, RENAMED + MORE])
def test_an_unreleased_database_is_refused_and_not_written_to(url: str, recorded: str) -> None:
    sentence = r"unreleased Sijill.* \(sijill export\) .*\(sijill import\)"

    async def scenario(register: Register) -> None:
        await register.schema.migrate(NOW)
        await script(register, recorded)
        before = await register.driver.all("recorded_migrations")
        with pytest.raises(UnreleasedSchema, match=sentence):
            await register.schema.pending()
        with pytest.raises(UnreleasedSchema, match=sentence):
            await migrate(register.driver, NOW, two(register.driver))
        assert await register.driver.all("recorded_migrations") == before
        with pytest.raises(StatementRefused):
            await script(register, "SELECT a FROM second")

    on(url, scenario)


def test_a_later_migration_of_another_name_is_an_unreleased_one(url: str) -> None:
    other = SECOND._replace(name="other")

    async def scenario(register: Register) -> None:
        await migrate(register.driver, NOW, [*first(register.driver), other])
        with pytest.raises(UnreleasedSchema):
            await migrate(register.driver, NOW, two(register.driver))

    on(url, scenario)


async def make_newer(register: Register) -> None:
    await migrate(register.driver, NOW, two(register.driver))


async def make_unreleased(register: Register) -> None:
    await register.schema.migrate(NOW)
    await script(register, RENAMED + MORE)


@pytest.mark.parametrize("prepare", [make_newer, make_unreleased])
def test_a_refused_file_keeps_every_byte(
    tmp_path: Path, prepare: Callable[[Register], Awaitable[None]]
) -> None:
    path = tmp_path / "x.db"

    async def scenario(register: Register) -> None:
        with pytest.raises(SchemaRefused):
            await register.schema.migrate(NOW)

    on(str(path), prepare)
    before = path.read_bytes()
    on(str(path), scenario)
    assert path.read_bytes() == before
    assert not sum(log.stat().st_size for log in tmp_path.glob("*-wal"))
    assert list(tmp_path.glob("*before*")) == []


def test_many_who_migrate_at_once_make_each_migration_once(url: str) -> None:
    async def scenario(register: Register) -> None:
        steps = two(register.driver)
        made = await asyncio.gather(*(migrate(register.driver, NOW, steps) for _ in range(8)))
        assert sorted(name for names in made for name in names) == [*NAMES, "9001_second"]

    on(url, scenario)


@pytest.mark.parametrize(
    "url", ["file", pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True
)
def test_processes_that_start_at_once_make_each_migration_once(url: str) -> None:
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(3)
    processes = [
        context.Process(target=migrate_in_a_process, args=(url, barrier)) for _ in range(3)
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join(30)
    made = [(process.exitcode or 0) - 10 for process in processes]
    assert min(made) >= 0
    assert sum(made) == len(NAMES) + 1


def test_a_file_with_data_is_copied_before_it_is_migrated(tmp_path: Path) -> None:
    path = tmp_path / "shop.db"

    async def scenario() -> None:
        async with opened(str(path)) as register:
            await register.customers.change(1, [Edit(None, lambda _: customer(1))])
            assert list(tmp_path.glob("*before*")) == []
            await migrate(register.driver, NOW, two(register.driver))

    asyncio.run(scenario())
    copy = tmp_path / "shop.before-9001.db"
    assert list(tmp_path.glob("*before*")) == [copy]
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    connection = apsw.Connection(str(copy), apsw.SQLITE_OPEN_READONLY)
    assert connection.execute("SELECT max(version) FROM schema_migrations").get == LATEST
    assert connection.execute("SELECT email FROM customers").get == "c1@test.test"
    connection.close()


def test_a_copy_that_cannot_be_made_stops_the_migration(tmp_path: Path) -> None:
    path = tmp_path / "shop.db"
    (tmp_path / "shop.before-9001.db.part").mkdir()

    async def scenario(register: Register) -> None:
        await register.schema.migrate(NOW)
        with pytest.raises(Unavailable):
            await migrate(register.driver, NOW, two(register.driver))
        assert await register.schema.version() == LATEST

    on(str(path), scenario)
