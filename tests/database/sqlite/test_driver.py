"""The promises of SQLite alone: shared commits, waiting for locks, files."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, closing
from pathlib import Path

import apsw
import pytest
from fixtures.registers import NOW, STORE, customer, opened

from sijill.customers.model import CustomerFilter, Edit, EditOutcome
from sijill.database.driver import Conflict, Transaction, advice
from sijill.database.open import location_of
from sijill.database.sqlite.driver import SQLite
from sijill.database.sqlite.writer import MAX_BATCH
from sijill.errors import Unavailable
from sijill.opening import open_register
from sijill.register import SQL_LISTS, Register
from sijill.settings import load

pytestmark = pytest.mark.proves(
    "a write is acknowledged after its commit; a locked or damaged file is a 503 and works again"
)

SHORT = 0.05
"""Seconds of patience where a lock is never let go."""


@asynccontextmanager
async def on(path: Path, patience: float = 5.0) -> AsyncIterator[Register]:
    register = Register(SQLite(location_of(str(path)), SQL_LISTS, patience=patience))
    try:
        async with asyncio.timeout(30):
            await register.schema.migrate(NOW)
            if not await register.stores.all():
                await register.stores.create(STORE)
            yield register
    finally:
        await register.close()


def keep(register: Register, number: int) -> "asyncio.Task[list[EditOutcome]]":
    edit = Edit(None, lambda _: customer(number, id=number))
    return asyncio.create_task(register.customers.change(STORE.id, [edit]))


def adding(number: int) -> Callable[[Transaction], Awaitable[int]]:
    async def work(transaction: Transaction) -> int:
        await transaction.run(
            "insert_app",
            number,
            f"app {number}",
            0,
            True,
            str(number),
            None,
            "[]",
            "",
            "",
            "none",
            None,
        )
        return number

    return work


def connected(path: Path) -> apsw.Connection:
    return apsw.Connection(str(path), apsw.SQLITE_OPEN_READWRITE)


def commits(path: Path) -> int:
    """Count the commits in a log. Source: SQLite "WAL-mode File Format", frame header."""
    log = path.with_name(f"{path.name}-wal").read_bytes()
    page = int.from_bytes(log[8:12], "big")
    frames = range(32, len(log), 24 + page)
    return sum(log[at + 4 : at + 8] != bytes(4) for at in frames)


def test_writers_who_wait_together_share_a_commit(tmp_path: Path) -> None:
    path = tmp_path / "x.db"

    async def scenario() -> None:
        async with on(path) as register:
            before = commits(path)
            with closing(connected(path)) as other:
                other.execute("BEGIN IMMEDIATE")
                tasks = [keep(register, number) for number in range(1, 101)]
                await asyncio.sleep(0)
                other.execute("ROLLBACK")
            await asyncio.gather(*tasks)
            assert commits(path) - before <= 3
            assert (
                await register.customers.page(1, CustomerFilter(), offset=0, limit=1)
            ).total == 100

    asyncio.run(scenario())


def test_one_commit_gathers_only_so_many(tmp_path: Path) -> None:
    path = tmp_path / "x.db"

    async def scenario() -> None:
        async with on(path) as register:
            before = commits(path)
            await asyncio.gather(
                *(register.driver.write(adding(n)) for n in range(2 * MAX_BATCH + 1))
            )
            assert commits(path) - before >= 3

    asyncio.run(scenario())


def test_a_write_is_acknowledged_after_its_commit_and_not_before(tmp_path: Path) -> None:
    path = tmp_path / "x.db"

    async def scenario() -> None:
        async with on(path) as register:
            with closing(connected(path)) as other:
                other.execute("BEGIN IMMEDIATE")
                task = keep(register, 1)
                done, _ = await asyncio.wait([task], timeout=0.1)
                assert not done
                assert other.execute("SELECT count(*) FROM customers").get == 0
                other.execute("ROLLBACK")
                await task
                assert other.execute("SELECT count(*) FROM customers").get == 1

    asyncio.run(scenario())


@pytest.mark.parametrize("url", ["sqlite://FOLDER/x.db", "sqlite://:memory:"])
def test_a_job_that_fails_is_undone_alone(tmp_path: Path, url: str) -> None:
    async def failing(transaction: Transaction) -> None:
        await transaction.run(
            "insert_app", 100, "lost", 0, True, "100", None, "[]", "", "", "signature", None
        )
        raise LookupError

    async def scenario() -> None:
        async with opened(url.replace("FOLDER", str(tmp_path))) as register:
            write = register.driver.write
            results = await asyncio.gather(
                write(adding(1)),
                write(failing),
                write(adding(2)),
                write(adding(1)),
                write(adding(3)),
                return_exceptions=True,
            )
            assert [type(result) for result in results] == [int, LookupError, int, Conflict, int]
            assert [app.id for app in await register.apps.all()] == [1, 2, 3]

    asyncio.run(scenario())


def test_a_commit_that_fails_fails_every_job_in_it(tmp_path: Path) -> None:
    async def broken(transaction: Transaction) -> None:
        await transaction.script(
            "PRAGMA defer_foreign_keys = ON;"
            "INSERT INTO memberships (store_id, member, group_id) VALUES (1, 404, 404)"
        )

    async def scenario() -> None:
        async with on(tmp_path / "x.db") as register:
            write = register.driver.write
            jobs = [write(adding(1)), write(broken), write(adding(2))]
            results = await asyncio.gather(*jobs, return_exceptions=True)
            assert [type(result) for result in results] == [Unavailable] * 3
            assert await register.apps.all() == []
            await write(adding(4))
            assert [app.id for app in await register.apps.all()] == [4]

    asyncio.run(scenario())


def test_work_that_waits_for_something_else_is_an_error_and_writes_nothing(tmp_path: Path) -> None:
    async def work(transaction: Transaction) -> None:
        await transaction.run(
            "insert_app", 1, "one", 0, True, "1", None, "[]", "", "", "signature", None
        )
        await asyncio.sleep(0)

    async def scenario() -> None:
        async with on(tmp_path / "x.db") as register:
            with pytest.raises(RuntimeError, match="nothing but its transaction"):
                await register.driver.write(work)
            assert await register.apps.all() == []

    asyncio.run(scenario())


def test_a_write_that_was_given_up_before_its_turn_is_not_made(tmp_path: Path) -> None:
    path = tmp_path / "x.db"

    async def scenario() -> None:
        async with on(path) as register:
            with closing(connected(path)) as other:
                other.execute("BEGIN IMMEDIATE")
                first = keep(register, 1)
                await asyncio.sleep(0.05)
                second = keep(register, 2)
                await asyncio.sleep(0)
                second.cancel()
                await asyncio.wait([second])
                other.execute("ROLLBACK")
            await first
            await keep(register, 3)
            assert [found.id async for found in register.customers.each(STORE.id)] == [1, 3]

    asyncio.run(scenario())


def test_closing_finishes_the_writes_that_were_begun(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with on(tmp_path / "x.db") as register:
            tasks = [keep(register, number) for number in range(1, 11)]
            await asyncio.sleep(0)
            await register.close()
            assert all(outcome.created for [outcome] in await asyncio.gather(*tasks))
            for call in (
                register.customers.find(1, 1),
                register.stores.all(),
                register.customers.change(1, []),
            ):
                with pytest.raises(Unavailable):
                    await call
            await register.close()

    asyncio.run(scenario())


def test_a_locked_database_is_unavailable_and_then_works(tmp_path: Path) -> None:
    path = tmp_path / "x.db"

    async def scenario() -> None:
        async with on(path, SHORT) as register:
            with closing(connected(path)) as other:
                other.execute("BEGIN IMMEDIATE")
                started = time.monotonic()
                with pytest.raises(Unavailable) as away:
                    await keep(register, 1)
                assert time.monotonic() - started < 3
                assert isinstance(away.value.__cause__, Unavailable)
                assert isinstance(away.value.__cause__.__cause__, apsw.BusyError)
                await register.schema.ping()  # a writer does not stop readers
            await keep(register, 1)

    asyncio.run(scenario())


def test_a_read_meets_an_exclusive_lock_and_waits_off_the_loop(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            ticks += 1
            await asyncio.sleep(0.001)

    async def scenario() -> None:
        with closing(connected(path)) as other:
            other.execute("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; COMMIT").fetchall()
            register = Register(SQLite(location_of(str(path)), SQL_LISTS, patience=0.2))
            ticking = asyncio.create_task(tick())
            with pytest.raises(Unavailable):
                await register.stores.find(STORE.id)
            ticking.cancel()
        assert ticks > 20
        assert await register.stores.find(STORE.id) == STORE
        await register.close()

    async def prepare() -> None:
        async with on(path):
            pass

    asyncio.run(prepare())
    asyncio.run(scenario())


def test_a_file_that_is_no_database_is_unavailable_and_then_works(tmp_path: Path) -> None:
    path, good = tmp_path / "x.db", tmp_path / "good.db"

    async def scenario() -> None:
        async with on(good):
            pass
        path.write_bytes(b"this is no database" * 100)
        register = Register(SQLite(location_of(str(path)), SQL_LISTS, patience=SHORT))
        for call in (
            register.schema.ping(),
            register.stores.all(),
            register.customers.change(1, []),
        ):
            with pytest.raises(Unavailable):
                await call
        good.replace(path)
        await register.schema.ping()
        assert await register.stores.all() == [STORE]
        await register.customers.change(1, [])
        await register.close()

    asyncio.run(scenario())


def test_a_file_that_went_away_is_unavailable_and_then_works(tmp_path: Path) -> None:
    path = tmp_path / "x.db"

    async def scenario() -> None:
        register = Register(SQLite(location_of(str(path)), SQL_LISTS, patience=SHORT))
        path.unlink()
        for call in (
            register.schema.ping(),
            register.stores.all(),
            register.customers.change(1, []),
        ):
            with pytest.raises(Unavailable):
                await call
        assert not path.exists()
        path.touch()
        await register.schema.migrate(NOW)
        await register.close()

    asyncio.run(scenario())


def put_aside(path: Path) -> None:
    path.rename(path.with_name("aside.db"))


def replace(path: Path) -> None:
    copy = path.with_name("copy.db")
    copy.write_bytes(path.read_bytes())
    copy.replace(path)


def empty(path: Path) -> None:
    path.unlink()
    path.touch()


@pytest.mark.parametrize("remove", [put_aside, Path.unlink, replace, empty])
def test_a_file_that_is_gone_while_in_use_takes_no_write_and_is_not_made_anew(
    tmp_path: Path, remove: Callable[[Path], None]
) -> None:
    path = tmp_path / "x.db"

    async def scenario() -> None:
        async with on(path) as register:
            await keep(register, 1)
            remove(path)
            was_there = path.exists()
            for call in (
                register.schema.ping(),
                register.stores.find(STORE.id),
                register.customers.find(1, 1),
                register.customers.page(1, CustomerFilter(), offset=0, limit=1),
                keep(register, 2),
            ):
                with pytest.raises(Unavailable) as away:
                    await call
                assert "put it back, or restart" in str(advice(away.value))
            assert path.exists() is was_there

    asyncio.run(scenario())


def test_a_file_that_is_put_back_is_used_again(tmp_path: Path) -> None:
    path, aside = tmp_path / "x.db", tmp_path / "aside.db"

    async def scenario() -> None:
        async with on(path) as register:
            path.rename(aside)
            with pytest.raises(Unavailable):
                await keep(register, 1)
            aside.rename(path)
            await register.schema.ping()
            assert [outcome.created for outcome in await keep(register, 1)] == [True]

    asyncio.run(scenario())


def test_a_file_that_goes_away_before_the_commit_gets_none(tmp_path: Path) -> None:
    path, aside = tmp_path / "x.db", tmp_path / "aside.db"

    async def moving(transaction: Transaction) -> None:
        await adding(1)(transaction)
        path.rename(aside)

    async def scenario() -> None:
        async with on(path) as register:
            with pytest.raises(Unavailable):
                await register.driver.write(moving)
            aside.rename(path)
            assert await register.apps.all() == []

    asyncio.run(scenario())


@pytest.mark.parametrize("there", [False, True])
def test_only_a_first_start_makes_a_database(tmp_path: Path, there: bool) -> None:
    path = tmp_path / "x.db"
    if there:
        path.touch()

    async def scenario() -> None:
        settings, _ = load({"database_url": f"sqlite://{path}"}, environ={}, folder=tmp_path)
        with pytest.raises(Unavailable):
            await open_register(settings, create=False)
        assert path.exists() is there
        assert not there or path.read_bytes() == b""
        await (await open_register(settings)).close()
        await (await open_register(settings, create=False)).close()

    asyncio.run(scenario())


def test_two_registers_use_one_file_at_once(tmp_path: Path) -> None:
    path = tmp_path / "x.db"

    async def scenario() -> None:
        async with on(path) as one, on(path) as two:
            tasks = [keep((one, two)[n % 2], n) for n in range(1, 201)]
            outcomes = await asyncio.gather(*tasks)
            assert all(outcome.created for [outcome] in outcomes)
            assert (await one.customers.find(1, 2)).id == 2
            assert (await two.customers.find(1, 1)).id == 1

    asyncio.run(scenario())


def test_every_connection_that_writes_is_durable_and_checks_references(tmp_path: Path) -> None:
    seen: list[object] = []

    async def scenario() -> None:
        async with on(tmp_path / "x.db") as register:

            async def work(transaction: Transaction) -> None:
                connection = transaction._connection._handle
                pragmas = ("journal_mode", "synchronous", "foreign_keys")
                seen.extend(connection.pragma(name) for name in pragmas)

            await register.driver.write(work)

    asyncio.run(scenario())
    assert seen == ["wal", 2, 1]
