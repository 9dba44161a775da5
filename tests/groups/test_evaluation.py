"""Conditions of groups: evaluated when a customer changes, and for everybody when they change."""

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import Any

import pytest
from fixtures.databases import Run
from fixtures.registers import NOW, STORE, customer, opened
from groups.test_table import BIG, bought, custom, groups_of, keep, make, put
from msgspec.structs import replace

from sijill.audit.search import EntryFilter
from sijill.customers.model import Edit, Extras, order_numbers
from sijill.customers.row import arguments
from sijill.database.driver import Transaction
from sijill.groups import evaluation
from sijill.groups.evaluation import Evaluation, evaluate_some
from sijill.groups.memberships import Memberships
from sijill.groups.model import NO_ORDERS, Condition, Conditions, Group
from sijill.register import Register
from sijill.stores.model import Store

pytestmark = pytest.mark.proves(
    "changed conditions survive a restart and let other writes in between"
)

OTHER = Store(2, "Other")
VIP = Group(5, "VIP", conditions=BIG)


@pytest.fixture(autouse=True)
def _small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evaluation, "STEP", 3)


async def evaluate(register: Register) -> int:
    """Evaluate all that waits, and return in how many steps."""
    steps = 0
    while await evaluate_some(register.driver, register.audit.changes):
        steps += 1
    return steps


async def ask_for(register: Register, group_id: int, conditions: Conditions) -> None:
    await register.groups.change(
        STORE.id, group_id, lambda old: replace(old, conditions=conditions)
    )


async def members(register: Register, group_id: int, people: Sequence[int]) -> list[int]:
    return [n for n in people if group_id in await groups_of(register, n)]


async def until(register: Register, group_id: int, wanted: list[int], people: Any) -> None:
    while await members(register, group_id, people) != wanted:
        await asyncio.sleep(0.01)


def test_those_who_join_and_leave_by_changed_conditions_are_in_the_audit_log(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await make(register, VIP)
        await evaluate(register)
        await keep(register, *(bought(n, 100 * n) for n in range(1, 8)))
        await ask_for(register, 5, (Condition("total_sales", "<", 350),))
        joined, left = [1, 2, 3], [4, 5, 6, 7]
        before = await members(register, 5, range(1, 8))
        assert await evaluate(register) == 3
        assert await members(register, 5, range(1, 8)) == joined
        await register.audit.seal_waiting()
        moves = EntryFilter(kind="server", action="customer.update")
        told = [one async for one in register.audit.entries(moves) if one.by == "group 5"]
        assert {id_ for one in told for id_ in one.ids} == {*before} ^ {*joined}
        assert {*before} == {2, 3, *left}
        assert {(one.fields, one.store) for one in told} == {(("groups",), STORE.id)}
        assert await evaluate(register) == 0

    run(scenario, audit="changes")


@pytest.mark.proves("conditions, when a customer's numbers change")
def test_a_customer_joins_and_leaves_as_its_numbers_change(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await make(register, VIP, Group(6, conditions=(*BIG, Condition("total_orders", "<", 3))))
        await evaluate(register)
        await keep(register, bought(1, 100), bought(2, 101))
        assert (await groups_of(register, 1), await groups_of(register, 2)) == ((), (5, 6))
        await keep(register, bought(1, 500), bought(2, 0))
        assert (await groups_of(register, 1), await groups_of(register, 2)) == ((5, 6), ())
        more = Extras(orders_amount=500, orders_count=3)
        await keep(register, customer(1, id=1, extras=more, groups=(5, 6)))
        assert await groups_of(register, 1) == (5,)

    run(scenario)


@pytest.mark.proves("conditions, when they change themselves")
def test_new_conditions_reach_every_customer_in_steps(run: Run) -> None:
    async def scenario(register: Register) -> None:
        people = range(1, 11)
        await keep(register, *(bought(n, n * 30) for n in people))
        await make(register, VIP)
        assert await members(register, 5, people) == []
        assert await evaluate(register) == 4
        assert await members(register, 5, people) == list(range(4, 11))
        await ask_for(register, 5, (Condition("total_sales", "<", 100),))
        await evaluate(register)
        assert await members(register, 5, people) == [1, 2, 3]
        await ask_for(register, 5, ())
        await evaluate(register)
        assert await members(register, 5, people) == []
        assert await evaluate(register) == 0

    run(scenario)


def test_a_store_without_customers_has_nothing_to_wait_for(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await make(register, VIP)
        assert await evaluate(register) == 1
        assert await evaluate(register) == 0

    run(scenario)


def test_conditions_touch_nobody_who_was_put_in_by_hand(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await keep(register, bought(1, 0), bought(2, 500), bought(3, 500))
        await make(register, VIP)
        await register.groups.add_customers(STORE.id, 5, [1, 2])
        await evaluate(register)
        assert await members(register, 5, [1, 2, 3]) == [1, 2, 3]
        await ask_for(register, 5, ())
        await evaluate(register)
        assert await members(register, 5, [1, 2, 3]) == [1, 2]

    run(scenario)


def test_leaving_by_hand_leaves_who_is_in_by_condition(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await make(register, VIP)
        await keep(register, bought(1, 500))
        await register.groups.add_customers(STORE.id, 5, [1])
        await put(register, 1, [])
        assert await groups_of(register, 1) == (5,)

    run(scenario)


def test_another_stores_customers_are_never_evaluated(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await register.stores.create(OTHER)
        await keep(register, bought(1, 500), store_id=OTHER.id)
        await make(register, VIP)
        await evaluate(register)
        await keep(register, bought(2, 500), store_id=OTHER.id)
        assert [await groups_of(register, n, OTHER.id) for n in (1, 2)] == [(), ()]

    run(scenario)


def test_a_new_name_alone_is_no_reason_to_evaluate(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await make(register, VIP)
        await evaluate(register)
        await register.groups.change(STORE.id, 5, lambda old: replace(old, name="New"))
        assert await evaluate(register) == 0
        await ask_for(register, 5, (Condition(NO_ORDERS),))
        await register.groups.change(STORE.id, 5, lambda old: replace(old, name="Newer"))
        assert await evaluate(register) == 1

    run(scenario)


def test_a_customer_made_in_the_middle_is_evaluated_all_the_same(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await keep(register, *(bought(n, 500) for n in range(10, 20)))
        await make(register, VIP)
        await evaluate_some(register.driver)
        await keep(register, bought(1, 500), bought(30, 500), bought(10, 0, groups=(5,)))
        await evaluate(register)
        people = [1, *range(10, 20), 30]
        assert await members(register, 5, people) == [1, *range(11, 20), 30]

    run(scenario)


@pytest.mark.parametrize(
    "register_url", ["file", pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True
)
def test_a_restart_goes_on_where_it_stopped(register_url: str) -> None:
    people = range(1, 11)

    async def first() -> None:
        async with opened(register_url) as register:
            await keep(register, *(bought(n, 500) for n in people))
            await make(register, VIP)
            await evaluate_some(register.driver)
            assert await members(register, 5, people) == [1, 2, 3]

    async def second() -> None:
        async with opened(register_url) as register:
            assert await evaluate(register) == 3
            assert await members(register, 5, people) == list(people)

    asyncio.run(first())
    asyncio.run(second())


def test_two_servers_share_one_evaluation_and_changes_go_in_between(run: Run) -> None:
    async def scenario(register: Register) -> None:
        people = list(range(1, 31))
        await keep(register, *(bought(n, 500) for n in people))
        await make(register, VIP)
        changes = [keep(register, bought(n, 0)) for n in people[::3]]
        again = [ask_for(register, 5, (Condition("total_sales", ">", 100 + n),)) for n in (1, 2)]
        await asyncio.gather(evaluate(register), evaluate(register), *changes, *again)
        await evaluate(register)
        rich = [n for n in people if n not in people[::3]]
        assert await members(register, 5, people) == rich

    run(scenario)


def test_a_group_that_goes_while_it_is_evaluated_leaves_nothing(run: Run) -> None:
    async def scenario(register: Register) -> None:
        people = list(range(1, 31))
        await keep(register, *(bought(n, 500) for n in people))
        await make(register, VIP)
        await asyncio.gather(
            evaluate(register),
            evaluate(register),
            register.groups.delete(STORE.id, 5),
            *(register.customers.delete(STORE.id, n, NOW) for n in people[:9]),
        )
        assert await members(register, 5, people[9:]) == []
        assert await custom(register) == []

    run(scenario)


def test_numbers_of_a_customer_who_is_changed_at_once_decide_as_they_end(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await make(register, VIP)
        await keep(register, bought(1, 0))

        def buy(amount: float) -> Edit:
            return Edit(1, lambda old: replace(old, extras=Extras(orders_amount=amount)))

        edits = [buy(amount) for amount in (0, 200, 50, 300) * 5]
        work = [register.customers.change(STORE.id, [edit]) for edit in edits]
        await asyncio.gather(*work, evaluate(register))
        found = await register.customers.find(STORE.id, 1, extras=True)
        assert found.extras is not None
        assert (5 in found.groups) == (found.extras.orders_amount > 100)

    run(scenario)


def test_a_step_that_comes_late_does_nothing(run: Run) -> None:
    async def scenario(register: Register) -> None:
        people = range(1, 11)
        await keep(register, *(bought(n, n * 30) for n in people))
        await make(register, VIP)
        await evaluate_some(register.driver)
        late = partial(evaluation._step, store_id=STORE.id, group_id=5, after=3)
        await ask_for(register, 5, (Condition("total_sales", "<", 100),))
        await register.driver.write(late)
        await evaluate(register)
        assert await members(register, 5, people) == [1, 2, 3]

    run(scenario)


@pytest.mark.parametrize(
    "register_url", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True
)
def test_a_step_waits_for_writers_of_its_customers(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await keep(register, bought(1, 500))
        await make(register, VIP)
        changing, seen = asyncio.Event(), asyncio.Event()

        async def change(transaction: Transaction) -> None:
            await transaction.one("lock_customer", STORE.id, 1)
            poor = bought(1, 0)
            await transaction.run("update_customer", *arguments(STORE.id, poor))
            await Memberships(transaction, STORE.id).follow(
                1,
                None,
                before=(),
                after=(),
                numbers=order_numbers(poor.extras or Extras()),
                old_numbers=order_numbers(bought(1, 500).extras or Extras()),
            )
            changing.set()
            await asyncio.wait_for(seen.wait(), 10)

        writer = asyncio.create_task(register.driver.write(change))
        await changing.wait()
        walker = asyncio.create_task(evaluate_some(register.driver))
        done, _ = await asyncio.wait([walker], timeout=0.2)
        assert not done
        seen.set()
        await asyncio.gather(writer, walker)
        assert await groups_of(register, 1) == ()

    run(scenario)


def test_the_worker_does_what_waits(run: Run) -> None:
    async def scenario(register: Register) -> None:
        people = range(1, 11)
        await keep(register, *(bought(n, 500) for n in people))
        worker = Evaluation(register.driver)
        worker.start()
        await make(register, VIP)
        worker.wake()
        await until(register, 5, list(people), people)
        await worker.stop()

    run(scenario)
