"""Keeping groups: one suite of behaviours, on SQLite in memory, in a file, and PostgreSQL."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import timedelta
from itertools import repeat
from typing import Any

import pytest
from fixtures.databases import Run
from fixtures.registers import AHMED, NOW, STORE, customer
from msgspec.structs import replace

from sijill.customers.model import Customer, CustomerFilter, Edit, Extras
from sijill.database.idempotency_keys import IdempotencyKey, KeyReused
from sijill.errors import Invalid, NotFound, Taken
from sijill.groups.model import Condition, Features, Group
from sijill.oauth.apps import App
from sijill.register import Register
from sijill.stores.model import Store

pytestmark = pytest.mark.proves(
    "customers are added to a group all or none, and nobody is in a group that goes"
)

OTHER = Store(2, "Other", locale="en")
BIG = (Condition("total_sales", ">", value=100),)
ONCE = IdempotencyKey(app_id=9, key="k", fingerprint=b"one", at=NOW)


def becomes(new: Customer) -> Callable[[Customer | None], Customer]:
    return lambda _: new


def bought(number: int, amount: float, **more: Any) -> Customer:
    return customer(number, id=number, extras=Extras(orders_amount=amount), **more)


async def keep(register: Register, *people: Customer, store_id: int = STORE.id) -> None:
    outcomes = await register.customers.change(
        store_id, [Edit(p.id or None, becomes(p)) for p in people]
    )
    assert all(outcome.refused is None for outcome in outcomes)


async def put(register: Register, customer_id: int, groups: Sequence[int]) -> None:
    edit = Edit(customer_id, lambda old: old or AHMED, groups)
    await register.customers.change(STORE.id, [edit])


async def groups_of(register: Register, customer_id: int, store_id: int = STORE.id) -> Any:
    return (await register.customers.find(store_id, customer_id)).groups


async def make(register: Register, *groups: Group, store_id: int = STORE.id) -> None:
    for group in groups:
        await register.groups.create(store_id, group)


async def custom(register: Register, store_id: int = STORE.id) -> list[Group]:
    """Return the groups of a store but its default one."""
    page = await register.groups.page(store_id, offset=0, limit=100)
    return [group for group in page.groups if not group.is_default]


@pytest.mark.parametrize(
    ("store", "name"), [(STORE, "المجموعة الافتراضية"), (OTHER, "Default")], ids=["ar", "en"]
)
def test_a_store_is_made_with_one_default_group(run: Run, store: Store, name: str) -> None:
    async def scenario(register: Register) -> None:
        if store is OTHER:
            await register.stores.create(store)
        found = await register.groups.find(store.id)
        assert (found.name, found.is_default, found.conditions) == (name, True, ())
        assert 0 < found.id < 2**31
        page = await register.groups.page(store.id, offset=0, limit=9)
        assert (page.groups, page.total) == ([found], 1)

    run(scenario)


def test_a_group_is_found_as_it_was_kept(run: Run) -> None:
    group = Group(
        5,
        "عملاء",
        conditions=(*BIG, Condition("total_orders", "between", min_value=1, max_value=2.5)),
        features=Features(("mada",), ("all", "aramex")),
    )

    async def scenario(register: Register) -> None:
        await make(register, group)
        assert await register.groups.find(STORE.id, 5) == group

    run(scenario)


def test_pages_of_groups_are_by_id_and_count_all(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await make(register, *map(Group, (30, 10, 20)))
        default = await register.groups.find(STORE.id)
        everyone = sorted([10, 20, 30, default.id])
        for offset, wanted in ((0, everyone[:2]), (2, everyone[2:]), (4, []), (2**37, [])):
            page = await register.groups.page(STORE.id, offset=offset, limit=2)
            assert [group.id for group in page.groups] == wanted
            assert page.total == 4

    run(scenario)


def test_groups_of_another_store_are_absent_ones(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await register.stores.create(OTHER)
        await make(register, Group(5, "Ours"))
        await keep(register, customer(1, id=1))
        assert await custom(register, OTHER.id) == []
        for refused in (
            register.groups.find(OTHER.id, 5),
            register.groups.change(OTHER.id, 5, lambda old: replace(old, name="Theirs")),
            register.groups.delete(OTHER.id, 5),
        ):
            with pytest.raises(NotFound):
                await refused
        with pytest.raises(Invalid) as theirs:
            await register.groups.add_customers(OTHER.id, 5, [1])
        assert theirs.value.fields == {"group_id": ["invalid"], "customers.0": ["invalid"]}
        assert await custom(register) == [Group(5, "Ours")]

    run(scenario)


def test_the_same_id_in_two_stores_is_two_groups(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await register.stores.create(OTHER)
        await make(register, Group(5, "Ours"))
        await make(register, Group(5, "Theirs"), store_id=OTHER.id)
        await keep(register, customer(1, id=1, groups=(5,)))
        await register.groups.delete(OTHER.id, 5)
        assert await custom(register) == [Group(5, "Ours")]
        assert await groups_of(register, 1) == (5,)

    run(scenario)


def test_a_new_id_that_is_taken_is_drawn_again(run: Run) -> None:
    ids = iter([1, 5, 5, 1, 6])

    async def scenario(register: Register) -> None:
        await make(register, Group(0, "A"), Group(0, "B"))
        assert [group.id for group in await custom(register)] == [5, 6]
        with pytest.raises(Taken):
            await make(register, Group(5))

    run(scenario, new_id=lambda: next(ids))


def test_drawing_an_id_gives_up_in_the_end(run: Run) -> None:
    ids = repeat(5)

    async def scenario(register: Register) -> None:
        with pytest.raises(Taken):
            await make(register, Group(0))

    run(scenario, new_id=lambda: next(ids))


def test_a_decision_changes_a_group_and_never_its_kind_or_id(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await make(register, Group(5, "Old", features=Features(("cod",))))
        await register.groups.change(
            STORE.id, 5, lambda old: replace(old, id=6, name="New", is_default=True)
        )
        assert await custom(register) == [Group(5, "New", features=Features(("cod",)))]
        await register.groups.change(
            STORE.id, None, lambda old: replace(old, features=Features((), ("all",)))
        )
        assert (await register.groups.find(STORE.id)).features == Features((), ("all",))

    run(scenario)


def test_a_deleted_group_takes_its_memberships_and_no_customer(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await make(register, Group(5, conditions=BIG), Group(6))
        await keep(register, bought(1, 200), customer(2, id=2))
        await register.groups.add_customers(STORE.id, 6, [1, 2])
        await register.groups.add_customers(STORE.id, 5, [1, 2])
        await register.groups.delete(STORE.id, 5)
        assert (await groups_of(register, 1), await groups_of(register, 2)) == ((6,), (6,))
        with pytest.raises(NotFound):
            await register.groups.delete(STORE.id, 5)

    run(scenario)


def test_the_default_group_cannot_be_deleted(run: Run) -> None:
    async def scenario(register: Register) -> None:
        default = await register.groups.find(STORE.id)
        with pytest.raises(Invalid):
            await register.groups.delete(STORE.id, default.id)
        assert await register.groups.find(STORE.id) == default

    run(scenario)


def test_customers_are_added_all_or_none(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await make(register, Group(5))
        await keep(register, *(customer(n, id=n) for n in (1, 2)))
        with pytest.raises(Invalid) as refused:
            await register.groups.add_customers(STORE.id, 5, [1, 8, 2, 9])
        assert refused.value.fields == {"customers.1": ["invalid"], "customers.3": ["invalid"]}
        assert await groups_of(register, 1) == ()
        for _ in range(2):
            await register.groups.add_customers(STORE.id, 5, [2, 1, 2])
        assert (await groups_of(register, 1), await groups_of(register, 2)) == ((5,), (5,))

    run(scenario)


def test_an_edit_replaces_the_groups_chosen_by_hand_alone(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await make(register, Group(5, conditions=BIG), Group(6), Group(7))
        await keep(register, bought(1, 200, groups=(6,)))
        assert await groups_of(register, 1) == (5, 6)
        await put(register, 1, [7])
        assert await groups_of(register, 1) == (5, 7)
        await put(register, 1, [7, 5])
        assert await groups_of(register, 1) == (5, 7)  # by hand and by condition: once
        await keep(register, bought(1, 0, groups=(5, 7)))
        assert await groups_of(register, 1) == (5, 7)  # by hand now, whatever it buys
        await put(register, 1, [])
        assert await groups_of(register, 1) == ()

    run(scenario)


def test_an_edit_that_names_no_groups_leaves_them(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await make(register, Group(5, conditions=BIG), Group(6))
        await keep(register, bought(1, 200, groups=(6,)))
        rename = Edit(1, lambda old: replace(old or AHMED, first_name="New"))
        await register.customers.change(STORE.id, [rename])
        await keep(register, replace(await register.customers.find(STORE.id, 1), extras=Extras()))
        assert await groups_of(register, 1) == (6,)

    run(scenario)


def test_groups_of_an_edit_must_be_there_and_are_named_by_place(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await register.stores.create(OTHER)
        await make(register, Group(5))
        await make(register, Group(8), store_id=OTHER.id)
        for customer_id in (None, 1):
            await keep(register, customer(1, id=1))
            new = customer(2, id=customer_id or 0)
            with pytest.raises(Invalid) as refused:
                await register.customers.change(
                    STORE.id, [Edit(customer_id, becomes(new), [8, 5, 7])]
                )
            assert refused.value.fields == {"groups.0": ["invalid"], "groups.2": ["invalid"]}
        assert (
            await register.customers.page(STORE.id, CustomerFilter(), offset=0, limit=9)
        ).total == 1
        assert (await register.customers.find(STORE.id, 1)).email == "c1@test.test"

    run(scenario)


def test_a_group_that_only_a_file_names_is_made_and_named_by_its_id(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await make(register, Group(5, "Named"))
        await keep(register, customer(1, id=1, groups=(5, 2**62)))
        assert await custom(register) == [Group(5, "Named"), Group(2**62, str(2**62))]
        assert await groups_of(register, 1) == (5, 2**62)

    run(scenario)


def test_a_deleted_customer_leaves_every_group(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await make(register, Group(5, conditions=BIG))
        await keep(register, bought(1, 200, groups=(6,)))
        await register.customers.delete(STORE.id, 1, NOW)
        assert [group.id for group in await custom(register)] == [5, 6]
        with pytest.raises(Invalid):
            await register.groups.add_customers(STORE.id, 5, [1])

    run(scenario)


def test_a_request_with_a_key_is_done_once(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await register.apps.create(App(9, "nine", NOW))
        await keep(register, customer(1, id=1))
        first = await register.groups.create(STORE.id, Group(0, "A"), key=ONCE)
        again = await register.groups.create(STORE.id, Group(0, "A"), key=ONCE)
        assert again == (first.group, True)
        assert len(await custom(register)) == 1
        with pytest.raises(KeyReused):
            await register.groups.add_customers(
                STORE.id, first.group.id, [1], key=ONCE._replace(fingerprint=b"two")
            )
        added = ONCE._replace(key="l")
        with pytest.raises(Invalid):
            await register.groups.add_customers(STORE.id, first.group.id, [2], key=added)
        assert not (
            await register.groups.add_customers(STORE.id, first.group.id, [1], key=added)
        ).replayed
        assert (
            await register.groups.add_customers(STORE.id, first.group.id, [1], key=added)
        ).replayed
        later = ONCE._replace(at=NOW + timedelta(hours=25))
        assert not (await register.groups.create(STORE.id, Group(0, "A"), key=later)).replayed

    run(scenario)


def test_adders_at_once_put_everybody_in_once(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await make(register, Group(5))
        people = list(range(1, 31))
        await keep(register, *(customer(n, id=n) for n in people))
        orders = [people, people[::-1], people[10:] + people[:10]] * 3
        await asyncio.gather(
            *(register.groups.add_customers(STORE.id, 5, order) for order in orders)
        )
        assert {await groups_of(register, n) for n in people} == {(5,)}

    run(scenario)


def test_adding_while_the_group_goes_is_done_or_refused_and_leaves_nothing(run: Run) -> None:
    async def scenario(register: Register) -> None:
        people = list(range(1, 9))
        await keep(register, *(customer(n, id=n) for n in people))
        for round_ in range(10, 15):
            await make(register, Group(round_))
            adders = [register.groups.add_customers(STORE.id, round_, [n]) for n in people]
            puts = [put(register, n, [round_]) for n in people]
            work = [*adders, register.groups.delete(STORE.id, round_), *puts]
            ends = await asyncio.gather(*work, return_exceptions=True)
            assert {type(end) for end in ends if isinstance(end, Exception)} <= {Invalid}
            assert {await groups_of(register, n) for n in people} == {()}
        assert await custom(register) == []

    run(scenario)


def test_adding_customers_who_are_being_deleted_is_done_or_refused(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await make(register, Group(5), Group(6))
        people = list(range(1, 9))
        await keep(register, *(customer(n, id=n, groups=(6,)) for n in people))
        deletes = [register.customers.delete(STORE.id, n, NOW) for n in people]
        adders = [register.groups.add_customers(STORE.id, 5, people[i:]) for i in range(8)]
        work = [one for pair in zip(adders, deletes, strict=True) for one in pair]
        ends = await asyncio.gather(*work, return_exceptions=True)
        assert {type(end) for end in ends if isinstance(end, Exception)} <= {Invalid}
        for group_id in (5, 6):
            await register.groups.delete(STORE.id, group_id)

    run(scenario)


@pytest.mark.parametrize(
    ("most", "counts"),
    [(100, (2, 3, 4, 0)), (4, (2, 3, 4, 0)), (3, (2, 3, 4, 0)), (2, (2, 3, 3, 0))],
)
def test_members_by_hand_by_condition_and_by_both_are_counted_once(
    run: Run, most: int, counts: tuple[int, ...]
) -> None:
    async def scenario(register: Register) -> None:
        await make(register, Group(5), Group(6, "", conditions=BIG))
        await make(register, Group(7, "", conditions=BIG), Group(8))
        people = [bought(number, 500) for number in (1, 2, 3)] + [bought(4, 1)]
        await keep(register, *people)
        await put(register, 1, [5])
        await put(register, 2, [5, 7])
        await put(register, 4, [7])
        found = [await register.groups.count_members(STORE.id, id_, most) for id_ in (5, 6, 7, 8)]
        assert [min(number, most + 1) for number in found] == [min(n, most + 1) for n in counts]
        assert await register.groups.count_members(OTHER.id, 5, most) == 0

    run(scenario)
