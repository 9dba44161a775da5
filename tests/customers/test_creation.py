"""A usual new customer is made alike on every database, and on PostgreSQL in one statement."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from fixtures.databases import SECONDS, Run
from fixtures.events import announce, feed
from fixtures.registers import NOW, STORE, customer, opened
from msgspec.structs import replace

from sijill.customers.event_body import event_body
from sijill.customers.model import CustomerFilter, Edit, EditOutcome, Extras
from sijill.customers.search import query_of
from sijill.database.driver import Transaction
from sijill.database.postgres.pool import PooledConnection
from sijill.errors import Taken
from sijill.groups.model import DEFAULT_GROUP, Condition, Group
from sijill.register import Register
from sijill.stores.model import Store
from sijill.webhooks.events import CREATED

FEW = Group(id=40, name="Few", conditions=(Condition("total_sales", "<", 100),))


async def create(register: Register, number: int, **changes: Any) -> EditOutcome:
    """Create a customer as a request without groups does."""
    edit = Edit(None, lambda _: customer(number, **changes), DEFAULT_GROUP)
    (outcome,) = await register.customers.change(STORE.id, [edit])
    return outcome


async def told(register: Register) -> int:
    """Announce writes from here on, and return the id of the default group."""
    register.customer_events.make = announce
    return (await register.groups.find(STORE.id)).id


def drawing(*ids: int) -> Iterator[int]:
    """Return a source of ids: those that stand here, then large ones."""
    yield from ids
    yield from range(1_000_000, 2_000_000)


def test_a_new_customer_is_stored_found_counted_and_announced(run: Run) -> None:
    async def scenario(register: Register) -> None:
        default = await told(register)
        await register.groups.create(STORE.id, FEW)
        made = [await create(register, number, first_name=f"Name{number}") for number in (1, 2)]
        for number, outcome in enumerate(made, 1):
            expected = customer(number, first_name=f"Name{number}", id=outcome.customer.id)
            groups = tuple(sorted((default, FEW.id)))
            expected = replace(expected, groups=groups, extras=Extras())
            assert outcome == EditOutcome(expected, created=True, written=True)
            stored = await register.customers.find(STORE.id, outcome.customer.id, extras=True)
            assert stored == expected
            which = CustomerFilter(terms=query_of(f"name{number}"))
            page = await register.customers.page(STORE.id, which, offset=0, limit=9)
            assert [row[0] for row in page.rows] == [stored.id]
        page = await register.customers.page(STORE.id, CustomerFilter(), offset=0, limit=9)
        assert page.total == 2
        for event, outcome in zip(await feed(register), made, strict=True):
            body = event_body(STORE, CREATED, NOW, outcome.customer)
            assert (event.body, event.customer_id) == (body, outcome.customer.id)

    run(scenario)


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"email": "C1@Test.test"}, ("email",)),
        ({"mobile": 500_000_001}, ("mobile",)),
        ({"email": "c1@test.test", "mobile": 500_000_001}, ("email", "mobile")),
    ],
)
def test_a_taken_value_is_named_field_by_field_and_nothing_is_written(
    run: Run, changes: dict[str, Any], fields: tuple[str, ...]
) -> None:
    async def scenario(register: Register) -> None:
        await told(register)
        await create(register, 1)
        refused = (await create(register, 2, **changes)).refused
        assert isinstance(refused, Taken)
        assert set(refused.fields) == set(fields)
        page = await register.customers.page(STORE.id, CustomerFilter(), offset=0, limit=9)
        assert (page.total, len(await feed(register))) == (1, 1)

    run(scenario)


def test_no_customer_gets_the_id_of_another_or_of_a_deleted_one(run: Run) -> None:
    ids = drawing(10, 501, 10, 502, 502, 502, 503)

    async def scenario(register: Register) -> None:
        await told(register)
        first, second = await create(register, 1), await create(register, 2)
        await register.customers.delete(STORE.id, first.customer.id, NOW)
        third = await create(register, 3)
        gone = first.customer.id
        assert len({gone, second.customer.id, third.customer.id}) == 3

    run(scenario, lambda: next(ids))


def test_a_customer_is_judged_by_conditions_that_changed_since_the_last_one(run: Run) -> None:
    async def scenario(register: Register) -> None:
        default = await told(register)
        assert (await create(register, 1)).customer.groups == (default,)
        await register.groups.create(STORE.id, FEW)
        both = tuple(sorted((default, FEW.id)))
        assert (await create(register, 2)).customer.groups == both
        await register.groups.change(STORE.id, FEW.id, lambda old: replace(old, conditions=()))
        assert (await create(register, 3)).customer.groups == (default,)
        await register.groups.delete(STORE.id, FEW.id)
        assert (await create(register, 4)).customer.groups == (default,)

    run(scenario)


def test_points_of_a_new_customer_stand_in_its_ledger(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await told(register)
        made = await create(register, 1, extras=Extras(total_points=7))
        page = await register.loyalty.page(STORE.id, made.customer.id, offset=0, limit=9)
        assert [entry.points for entry in page.entries] == [7]

    run(scenario)


def test_many_at_once_are_all_made_and_of_equals_one(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await told(register)
        numbers = [*range(1, 21), *[7] * 5]
        made = await asyncio.gather(*(create(register, number) for number in numbers))
        assert sum(outcome.created for outcome in made) == 20
        page = await register.customers.page(STORE.id, CustomerFilter(), offset=0, limit=60)
        assert (page.total, len(await feed(register))) == (20, 20)

    run(scenario)


@pytest.mark.postgres
def test_on_postgresql_it_is_one_statement(
    migrated_postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[str] = []
    rows, execute = PooledConnection.rows, PooledConnection.execute

    async def counted(self: PooledConnection, name: str, args: tuple[Any, ...]) -> list[Any]:
        if name != "newest_migration":  # the clock decides when that is asked
            sent.append(name)
        return await rows(self, name, args)

    async def executed(self: PooledConnection, text: str, *args: Any) -> None:
        sent.append(text)
        await execute(self, text, *args)

    async def scenario() -> None:
        async with asyncio.timeout(SECONDS), opened(migrated_postgres_url) as register:
            await told(register)
            await create(register, 1)
            monkeypatch.setattr(PooledConnection, "rows", counted)
            monkeypatch.setattr(PooledConnection, "execute", executed)
            await create(register, 2)
            assert sent == ["create_customer_many"]
            sent.clear()
            made = await asyncio.gather(*(create(register, number) for number in range(3, 30)))
            assert sent == ["create_customer_many"]
            assert all(outcome.created for outcome in made)
            sent.clear()
            made = await asyncio.gather(*(create(register, number) for number in (30, 7, 31)))
            assert [outcome.created for outcome in made] == [True, False, True]
            assert sent[0] == "create_customer_many"
            assert sent.count("insert_customer") == 1, "the taken one alone is tried again"

    asyncio.run(scenario())


@pytest.mark.postgres
def test_a_create_does_not_wait_for_the_groups_of_another_store(
    migrated_postgres_url: str,
) -> None:
    async def scenario() -> None:
        async with asyncio.timeout(SECONDS), opened(migrated_postgres_url) as register:
            await told(register)
            other = Store(2, "Other")
            await register.stores.create(other)
            edit = Edit(None, lambda _: customer(1), DEFAULT_GROUP)
            await register.customers.change(other.id, [edit])
            await create(register, 2)
            held, leave = asyncio.Event(), asyncio.Event()

            async def hold(transaction: Transaction) -> None:
                await transaction.one("hold_groups", other.id)
                held.set()
                await leave.wait()

            holding = asyncio.create_task(register.driver.write(hold))
            await held.wait()
            again = Edit(None, lambda _: customer(3), DEFAULT_GROUP)
            waiting = asyncio.create_task(register.customers.change(other.id, [again]))
            assert (await create(register, 4)).created
            assert not waiting.done()
            leave.set()
            await holding
            assert (await waiting)[0].created

    asyncio.run(scenario())


@pytest.mark.postgres
def test_a_create_waits_for_groups_that_are_changing_and_takes_the_new_ones(
    migrated_postgres_url: str,
) -> None:
    async def scenario() -> None:
        async with asyncio.timeout(SECONDS), opened(migrated_postgres_url) as register:
            default = await told(register)
            await register.groups.create(STORE.id, FEW)
            await create(register, 1)
            held, leave = asyncio.Event(), asyncio.Event()

            async def forget(transaction: Transaction) -> None:
                await transaction.one("hold_groups", STORE.id)
                await transaction.run("delete_members", STORE.id, FEW.id)
                await transaction.run("delete_group", STORE.id, FEW.id)
                held.set()
                await leave.wait()

            changing = asyncio.create_task(register.driver.write(forget))
            await held.wait()
            creating = asyncio.create_task(create(register, 2))
            waits = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
            async with register.driver._pool.connection() as connection:
                while not (await connection.connection.fetchval(waits)):
                    await asyncio.sleep(0.005)
            leave.set()
            await changing
            assert (await creating).customer.groups == (default,)

    asyncio.run(scenario())
