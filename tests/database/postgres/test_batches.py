"""Point reads of one turn travel together, and none disturbs another."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import pytest
from fixtures.registers import STORE, customer, opened
from msgspec.structs import replace

from sijill.customers.model import Edit
from sijill.database.driver import Row, StatementRefused
from sijill.database.postgres.batches import Batches
from sijill.errors import NotFound, Unavailable
from sijill.register import Register
from sijill.stores.model import Store

OTHER = Store(2, "Other")
TOO_LARGE = 2**63
"""No id of PostgreSQL: the driver refuses it before it is sent."""

Reads = list[tuple[str, tuple[Any, ...]]]


def on(url: str, scenario: Callable[[Register, Reads], Awaitable[None]]) -> None:
    """Run a scenario on customers 1 to 9 of STORE; it gets the list of statements that are read."""

    async def whole() -> None:
        async with asyncio.timeout(30), opened(url) as register:
            edits = [Edit(None, lambda _, n=n: customer(n, id=n)) for n in range(1, 10)]
            await register.customers.change(STORE.id, edits)
            reads: Reads = []
            read = register.driver._read

            async def counted(name: str, args: tuple[Any, ...]) -> Sequence[Row]:
                reads.append((name, args))
                return await read(name, args)

            register.driver._batches._run = counted
            await scenario(register, reads)

    asyncio.run(whole())


@pytest.mark.postgres
def test_reads_of_one_turn_are_one_statement_and_each_gets_its_own_row(
    migrated_postgres_url: str,
) -> None:
    async def scenario(register: Register, reads: Reads) -> None:
        await register.stores.create(OTHER)
        theirs = customer(5, id=5, city="theirs")
        await register.customers.change(OTHER.id, [Edit(None, lambda _: theirs)])
        wanted = [(STORE.id, 5), (OTHER.id, 5), (STORE.id, 77), (OTHER.id, 1), (STORE.id, 5)]
        found = await asyncio.gather(
            *(register.customers.find(*key) for key in wanted), return_exceptions=True
        )
        assert found[0] == found[4] == customer(5, id=5)
        assert found[1] == theirs
        assert [type(one) for one in found[2:4]] == [NotFound, NotFound]
        assert [name for name, _ in reads] == ["customer_many"]

    on(migrated_postgres_url, scenario)


@pytest.mark.postgres
def test_a_batch_reads_what_the_read_alone_does(migrated_postgres_url: str) -> None:
    async def scenario(register: Register, reads: Reads) -> None:
        whole = customer(3, id=3, city="Riyadh", groups=(4, 9), birthday=None, gender=None)
        await register.customers.change(STORE.id, [Edit(3, lambda _: whole)])
        alone = await register.driver._read("customer", (STORE.id, 3))
        await asyncio.gather(*(register.customers.find(STORE.id, n) for n in range(1, 10)))
        together, other = await asyncio.gather(
            register.driver.one("customer", STORE.id, 3),
            register.driver.one("customer", STORE.id, 4),
        )
        assert tuple(alone[0]) == together != other
        assert await register.customers.find(STORE.id, 3) == replace(whole, extras=None)

    on(migrated_postgres_url, scenario)


@pytest.mark.postgres
def test_a_read_alone_is_the_statement_of_one(migrated_postgres_url: str) -> None:
    async def scenario(register: Register, reads: Reads) -> None:
        for number in (1, 2):
            await register.customers.find(STORE.id, number)
        assert reads == [("customer", (STORE.id, 1)), ("customer", (STORE.id, 2))]

    on(migrated_postgres_url, scenario)


@pytest.mark.postgres
def test_a_value_that_the_database_refuses_fails_its_own_read_alone(
    migrated_postgres_url: str,
) -> None:
    async def scenario(register: Register, reads: Reads) -> None:
        found = await asyncio.gather(
            *(register.customers.find(STORE.id, key) for key in (1, TOO_LARGE, 2)),
            return_exceptions=True,
        )
        assert isinstance(found[1], StatementRefused)
        assert [found[0], found[2]] == [customer(1, id=1), customer(2, id=2)]

    on(migrated_postgres_url, scenario)


class Held:
    """A database whose answers the test lets through: the place and the argument as a row."""

    def __init__(self) -> None:
        self.asked: Reads = []
        self.go = asyncio.Event()
        self.fault: Exception | None = None

    async def read(self, name: str, args: tuple[Any, ...]) -> Sequence[Row]:
        self.asked.append((name, args))
        await self.go.wait()
        if self.fault is not None:
            raise self.fault
        return [(place, value) for place, value in enumerate(args[0], 1) if value]


def held(scenario: Callable[[Held, Batches], Awaitable[None]]) -> None:
    async def whole() -> None:
        async with asyncio.timeout(30):
            database = Held()
            await scenario(database, Batches({"x": "", "x_many": "", "y": ""}, database.read))

    asyncio.run(whole())


def test_only_a_statement_with_a_form_for_many_is_batched() -> None:
    async def scenario(_database: Held, batches: Batches) -> None:
        assert "x" in batches
        assert "y" not in batches
        assert "x_many" not in batches

    held(scenario)


def test_a_statement_that_has_only_its_form_for_many_runs_so_alone_too() -> None:
    async def scenario() -> None:
        database = Held()
        database.go.set()
        batches = Batches({"x_many": ""}, database.read)
        assert await batches.one("x", (7,)) == (7,)
        assert database.asked == [("x_many", ([7],))]

    asyncio.run(scenario())


def test_calls_of_different_groups_travel_apart() -> None:
    async def scenario(database: Held, batches: Batches) -> None:
        database.go.set()
        calls = [batches.one("x", (n,), n % 2) for n in (1, 2, 3, 4)]
        assert await asyncio.gather(*calls) == [(1,), (2,), (3,), (4,)]
        assert database.asked == [("x_many", ([1, 3],)), ("x_many", ([2, 4],))]

    held(scenario)


def test_a_caller_who_gives_up_leaves_the_others_their_rows() -> None:
    async def scenario(database: Held, batches: Batches) -> None:
        calls = [asyncio.create_task(batches.one("x", (n,))) for n in range(4)]
        await asyncio.sleep(0)
        calls[1].cancel()  # before the statement is sent
        while not database.asked:
            await asyncio.sleep(0)
        calls[2].cancel()  # while the statement is under way
        database.go.set()
        answers = await asyncio.gather(*calls, return_exceptions=True)
        assert database.asked == [("x_many", ([0, 2, 3],))]
        assert [type(answers[1]), type(answers[2])] == [asyncio.CancelledError] * 2
        assert [answers[0], answers[3]] == [None, (3,)]

    held(scenario)


def test_reads_of_the_next_turn_wait_for_no_answer() -> None:
    async def scenario(database: Held, batches: Batches) -> None:
        first = [asyncio.create_task(batches.one("x", (n,))) for n in (1, 2)]
        while not database.asked:
            await asyncio.sleep(0)
        second = [asyncio.create_task(batches.one("x", (n,))) for n in (3, 4)]
        while len(database.asked) < 2:
            await asyncio.sleep(0)
        database.go.set()
        assert await asyncio.gather(*first, *second) == [(1,), (2,), (3,), (4,)]

    held(scenario)


def test_a_lost_connection_is_told_to_each_caller_by_an_exception_of_its_own() -> None:
    async def scenario(database: Held, batches: Batches) -> None:
        database.fault = Unavailable()
        database.fault.__cause__ = ConnectionResetError()
        database.go.set()
        calls = (batches.one("x", (n,)) for n in (1, 2))
        answers = await asyncio.gather(*calls, return_exceptions=True)
        assert [type(one) for one in answers] == [Unavailable] * 2
        assert answers[0] is not answers[1]
        assert {type(one.__cause__) for one in answers if isinstance(one, Unavailable)} == {
            ConnectionResetError
        }

    held(scenario)
