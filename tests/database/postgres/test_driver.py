"""The promises of PostgreSQL alone: kept connections, recovery, transactions run again."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import asyncpg
import pytest
import uvloop
from fixtures.postgres import PostgresServer
from fixtures.registers import NOW, STORE, customer

from sijill.customers.model import Edit
from sijill.database.driver import Conflict, StatementRefused, Transaction
from sijill.database.postgres.driver import TRIES, Postgres
from sijill.database.postgres.errors import RetryableError
from sijill.errors import NotFound, Unavailable
from sijill.oauth.apps import App
from sijill.register import SQL_LISTS, Register

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.proves("a PostgreSQL that stops is a 503 at once, and works again"),
]

Loop = Callable[[Any], None]
T = TypeVar("T")


@asynccontextmanager
async def on(url: str, **options: Any) -> AsyncIterator[Register]:
    register = Register(Postgres(url, SQL_LISTS, **options))
    try:
        async with asyncio.timeout(30):
            await register.schema.migrate(NOW)
            await register.stores.create(STORE)
            yield register
    finally:
        await register.close()


async def until(works: Callable[[], Awaitable[object]], seconds: float = 10.0) -> None:
    deadline = time.monotonic() + seconds
    while True:
        try:
            await works()
            return
        except Unavailable:
            assert time.monotonic() < deadline
            await asyncio.sleep(0.02)


async def sessions(url: str) -> int:
    connection = await asyncpg.connect(url)
    count: int = await connection.fetchval(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE application_name = 'sijill' AND datname = current_database()"
    )
    await connection.close()
    return count


@pytest.mark.parametrize("loop", [asyncio.run, uvloop.run])
def test_it_works_behind_either_loop(migrated_postgres_url: str, loop: Loop) -> None:
    async def scenario() -> None:
        async with on(migrated_postgres_url) as register:
            edits = [Edit(None, lambda _, n=n: customer(n, id=n)) for n in range(1, 40)]
            await asyncio.gather(*(register.customers.change(STORE.id, [edit]) for edit in edits))
            found = await asyncio.gather(
                *(register.customers.find(STORE.id, n) for n in range(1, 40))
            )
            assert [one.id for one in found] == list(range(1, 40))

    loop(scenario())


def test_connections_are_kept_and_no_more_than_allowed(migrated_postgres_url: str) -> None:
    async def scenario() -> None:
        async with on(migrated_postgres_url, size=3) as register:
            for _ in range(3):
                await asyncio.gather(*(register.stores.find(STORE.id) for _ in range(50)))
                assert await sessions(migrated_postgres_url) == 3
        assert await sessions(migrated_postgres_url) == 0

    asyncio.run(scenario())


def test_a_server_that_stops_is_unavailable_at_once_and_then_works(
    postgres_server: PostgresServer, migrated_postgres_url: str
) -> None:
    async def scenario() -> None:
        async with on(migrated_postgres_url) as register:
            await asyncio.gather(*(register.stores.find(STORE.id) for _ in range(20)))
            await asyncio.to_thread(postgres_server.stop)
            try:
                for call in (
                    register.stores.find,
                    register.customers.find,
                    register.customers.change,
                ):
                    started = time.monotonic()
                    with pytest.raises(Unavailable) as away:
                        await call(*{register.stores.find: (1,)}.get(call, (1, ())))
                    assert time.monotonic() - started < 2
                    assert away.value.__cause__ is not None
            finally:
                await asyncio.to_thread(postgres_server.start)
            await until(lambda: register.stores.find(STORE.id))
            await register.customers.change(STORE.id, [Edit(None, lambda _: customer(1))])

    asyncio.run(scenario())


def test_connections_the_server_ended_are_replaced(
    postgres_server: PostgresServer, migrated_postgres_url: str
) -> None:
    async def scenario() -> None:
        async with on(migrated_postgres_url) as register:
            await asyncio.gather(*(register.stores.find(STORE.id) for _ in range(20)))
            await asyncio.to_thread(
                postgres_server.execute,
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE application_name = 'sijill'",
            )
            while not all(idle.connection.is_closed() for idle in register.driver._pool._idle):
                await asyncio.sleep(0.01)
            await asyncio.gather(*(register.stores.find(STORE.id) for _ in range(20)))

    asyncio.run(scenario())


def test_nobody_waits_long_for_a_connection(migrated_postgres_url: str) -> None:
    async def scenario() -> None:
        async with on(migrated_postgres_url, size=1, patience=0.2) as register:
            entered, leave = asyncio.Event(), asyncio.Event()

            async def hold(transaction: Transaction) -> None:
                entered.set()
                await leave.wait()

            held = asyncio.create_task(register.driver.write(hold))
            await entered.wait()
            with pytest.raises(Unavailable):
                await register.stores.find(STORE.id)
            leave.set()
            await held
            assert await register.stores.find(STORE.id) == STORE

    asyncio.run(scenario())


def test_a_slot_is_not_lost_when_its_caller_gives_up_as_it_gets_it(
    migrated_postgres_url: str,
) -> None:
    async def scenario() -> None:
        async with on(migrated_postgres_url, size=1) as register:
            pool = register.driver._pool
            async with pool.connection():
                waiting = asyncio.create_task(register.stores.find(STORE.id))
                while not pool._waiting:
                    await asyncio.sleep(0)
            waiting.cancel()  # the slot was given to it a moment ago
            await asyncio.wait([waiting])
            assert waiting.cancelled()
            assert await register.stores.find(STORE.id) == STORE

    asyncio.run(scenario())


def stepped(work: Coroutine[Any, Any, T], answer: asyncio.Future[T]) -> None:
    """Run a coroutine to its next wait, and go on when that is over: without a task."""
    try:
        waited = work.send(None)
    except StopIteration as end:
        answer.set_result(end.value)
    except Exception as fault:
        answer.set_exception(fault)
    else:
        waited._asyncio_future_blocking = False
        waited.add_done_callback(lambda _: stepped(work, answer))


@pytest.mark.parametrize("size", [1, 3])
def test_no_call_needs_a_task(migrated_postgres_url: str, size: int) -> None:
    async def scenario() -> None:
        async with on(migrated_postgres_url):
            pass  # the connections of the register below are not open yet
        register = Register(Postgres(migrated_postgres_url, SQL_LISTS, size=size))
        async with asyncio.timeout(30):
            loop = asyncio.get_running_loop()
            edit = Edit(None, lambda _: customer(1, id=1))
            work: list[Coroutine[Any, Any, Any]] = [
                register.stores.find(STORE.id),
                register.customers.change(STORE.id, [edit]),
                register.stores.find(STORE.id),
                register.customers.find(STORE.id, 77),
            ]
            answers = [loop.create_future() for _ in work]
            for coroutine, answer in zip(work, answers, strict=True):
                loop.call_soon(stepped, coroutine, answer)
            found = await asyncio.gather(*answers, return_exceptions=True)
            assert found[0] == found[2] == STORE
            assert isinstance(found[3], NotFound)
            assert await register.customers.find(STORE.id, 1) == customer(1, id=1)
            await register.close()

    asyncio.run(scenario())


def test_a_caller_who_gives_up_leaves_no_connection_in_disorder(migrated_postgres_url: str) -> None:
    async def scenario() -> None:
        async with on(migrated_postgres_url, size=1) as register:
            for delay in (0, 0.0001, 0.0005, 0.001, 0.002):
                edit = Edit(None, lambda _: customer(1, email="", mobile=None))
                task = asyncio.create_task(register.customers.change(STORE.id, [edit]))
                await asyncio.sleep(delay)
                task.cancel()
                await asyncio.wait([task])
                assert await register.stores.find(STORE.id) == STORE

    asyncio.run(scenario())


def test_a_deadlock_is_run_again(migrated_postgres_url: str) -> None:
    runs = 0

    async def scenario() -> None:
        async with on(migrated_postgres_url) as register:
            await register.apps.create(App(1, "one", NOW))
            edits = [Edit(None, lambda _, n=n: customer(n, id=n)) for n in (1, 2)]
            await register.customers.change(STORE.id, edits)
            both = asyncio.Barrier(2)

            def locking(first: int, second: int) -> Callable[[Transaction], Awaitable[None]]:
                met = False

                async def work(transaction: Transaction) -> None:
                    nonlocal runs, met
                    runs += 1
                    await transaction.one("lock_customer", STORE.id, first)
                    if not met:
                        met = True
                        await both.wait()
                    await transaction.one("lock_customer", STORE.id, second)

                return work

            write = register.driver.write
            await asyncio.gather(write(locking(1, 2)), write(locking(2, 1)))
            assert runs > 2

    asyncio.run(scenario())


def test_running_again_ends(migrated_postgres_url: str) -> None:
    runs = 0

    async def work(transaction: Transaction) -> None:
        nonlocal runs
        runs += 1
        raise RetryableError

    async def scenario() -> None:
        async with on(migrated_postgres_url) as register:
            with pytest.raises(Unavailable):
                await register.driver.write(work)
            assert runs == TRIES == 4

    asyncio.run(scenario())


def test_a_commit_whose_answer_is_lost_is_not_run_again(
    migrated_postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = 0
    execute = asyncpg.Connection.execute

    async def cut(self: Any, text: str, **options: Any) -> str:
        if text == "COMMIT" and runs:
            await execute(self, text, **options)
            raise ConnectionResetError
        return await execute(self, text, **options)

    async def work(transaction: Transaction) -> None:
        nonlocal runs
        runs += 1
        await transaction.run(
            "insert_app", 1, "one", 0, True, "1", None, "[]", "", "", "signature", None
        )

    async def scenario() -> None:
        async with on(migrated_postgres_url) as register:
            monkeypatch.setattr(asyncpg.Connection, "execute", cut)
            with pytest.raises(Unavailable):
                await register.driver.write(work)
            assert runs == 1
            assert len(await register.apps.all()) == 1

    asyncio.run(scenario())


def test_a_conflict_says_the_constraint_and_nobodys_data(migrated_postgres_url: str) -> None:
    async def work(transaction: Transaction) -> None:
        await transaction.run("insert_store", 2, STORE.name, *[""] * 9, 0)

    async def scenario() -> None:
        async with on(migrated_postgres_url) as register:
            with pytest.raises(Conflict) as conflict:
                await register.driver.write(work)
            assert conflict.value.constraint == "stores_name"
            assert conflict.value.__cause__ is None
            assert conflict.value.__suppress_context__

    asyncio.run(scenario())


def test_a_refusal_says_the_statement_and_nobodys_data(migrated_postgres_url: str) -> None:
    async def scenario() -> None:
        async with on(migrated_postgres_url) as register:
            with pytest.raises(StatementRefused, match=r"^store: DataError$") as refusal:
                await register.driver.one("store", "a@test.test")
            assert refusal.value.__suppress_context__

    asyncio.run(scenario())


@pytest.mark.parametrize(
    "url",
    ["postgresql://x@127.0.0.1:1/x", "postgresql://x@/x?host=/nowhere", "{url}&user=nobody_here"],
)
def test_a_server_that_does_not_let_us_in_is_unavailable(
    migrated_postgres_url: str, url: str
) -> None:
    async def scenario() -> None:
        address = url.replace("{url}", migrated_postgres_url).replace("postgres@", "")
        driver = Postgres(address, SQL_LISTS)
        started = time.monotonic()
        with pytest.raises(Unavailable) as away:
            await driver.one("newest_migration")
        assert time.monotonic() - started < 3
        assert away.value.__cause__ is not None
        await driver.close()

    asyncio.run(scenario())
