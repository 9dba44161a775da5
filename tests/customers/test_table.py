"""Keeping customers: one suite of behaviours, on SQLite in memory, in a file, and PostgreSQL."""

import asyncio
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import repeat
from typing import Any

import pytest
from fixtures.databases import Run
from fixtures.registers import AHMED, NOW, STORE, customer
from msgspec.structs import replace

from sijill.customers import table as module
from sijill.customers.model import Customer, CustomerFilter, Edit, EditOutcome, Extras
from sijill.customers.row import customer as without_extras
from sijill.customers.row import customer_with_extras
from sijill.customers.wire import EXTRAS as ALL_FIELDS
from sijill.customers.wire import body
from sijill.database.driver import StatementRefused
from sijill.errors import NotFound
from sijill.groups.model import Condition, Group
from sijill.http.envelope import success
from sijill.register import Register
from sijill.stores.model import Store

pytestmark = pytest.mark.proves(
    "SQLite and PostgreSQL keep, find and refuse alike; of fifty customers written "
    "with one mobile at once, one gets it"
)

OTHER = Store(2, "Other")

EXTRAS = Extras(
    is_blocked=True,
    is_whitelisted=True,
    block_reason="سبب",
    is_inactive=True,
    orders_count=3,
    orders_amount=1e15 + 0.25,
    orders_average=0.1,
    orders_complete_ratio=99.99,
    orders_cancel_ratio=0.01,
    orders_cancel=1,
    latest_purchase=datetime(1969, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
    abandoned_carts_items=[{"id": 1, "name": "عطر"}],
    wallet_balance=-2.5,
    total_points=2**40,
    country_id=1473353380,
    custom_fields=({"name": "x", "value": None},),
    current_store_customer={"orders": [1, 2], "ok": True},
    is_orders_rated=True,
    pending_rating_count=2,
    is_notifications_enabled=False,
)


def becomes(new: Customer) -> Callable[[Customer | None], Customer]:
    return lambda _: new


async def keep(register: Register, *people: Customer, store_id: int = STORE.id) -> list[int]:
    outcomes = await register.customers.change(
        store_id, [Edit(None, becomes(new)) for new in people]
    )
    assert all(outcome.created for outcome in outcomes)
    return [outcome.customer.id for outcome in outcomes]


async def refused(register: Register, edit: Edit, store_id: int = STORE.id) -> str | None:
    [outcome] = await register.customers.change(store_id, [edit])
    return outcome.refused and outcome.refused.field


def test_a_customer_is_found_as_it_was_kept(run: Run) -> None:
    new = replace(
        AHMED,
        id=2**31 - 1,
        birthday=date(1990, 2, 28),
        created_at=datetime(2020, 4, 2, 19, 43, 26, 1, tzinfo=UTC),
        updated_at=datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
        groups=(7, 11323141, 11323142, 2**40),
        extras=EXTRAS,
    )

    async def scenario(register: Register) -> None:
        assert await keep(register, new) == [new.id]
        assert await register.customers.find(STORE.id, new.id, extras=True) == replace(
            new, extras=replace(EXTRAS, abandoned_carts_items=({"id": 1, "name": "عطر"},))
        )
        assert await register.customers.find(STORE.id, new.id) == replace(new, extras=None)

    run(scenario)


def test_a_field_that_was_never_written_has_its_default(run: Run) -> None:
    async def scenario(register: Register) -> None:
        bare = replace(AHMED, mobile=None, mobile_code="", email="", gender=None)
        [customer_id] = await keep(register, bare)
        found = await register.customers.find(STORE.id, customer_id, extras=True)
        assert found == replace(bare, id=customer_id, extras=Extras())
        flags = (found.extras.is_blocked, found.extras.is_notifications_enabled)
        assert flags[0] is False
        assert flags[1] is True

    run(scenario)


def test_another_stores_customer_is_not_found(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await register.stores.create(OTHER)
        [customer_id] = await keep(register, AHMED)
        for store_id, wanted in ((OTHER.id, customer_id), (3, customer_id), (STORE.id, 2**63 - 1)):
            with pytest.raises(NotFound):
                await register.customers.find(store_id, wanted)
        page = await register.customers.page(OTHER.id, CustomerFilter(), offset=0, limit=10)
        assert (page.rows, page.total) == ([], 0)
        assert [found async for found in register.customers.each(OTHER.id)] == []

    run(scenario)


def test_two_stores_may_keep_the_same_customer_under_the_same_id(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await register.stores.create(OTHER)
        await keep(register, replace(AHMED, id=5, groups=(1,)))
        await keep(register, replace(AHMED, id=5, city="x", groups=(2,)), store_id=OTHER.id)
        assert (await register.customers.find(STORE.id, 5)).groups == (1,)
        assert (await register.customers.find(OTHER.id, 5)).groups == (2,)

    run(scenario)


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("mobile", {"mobile": 777777777, "mobile_code": "967"}),
        ("email", {"email": "Ahmed@Test.test"}),
        ("email", {"email": "aHMED@tEST.TEST"}),
        ("id", {"id": 5}),
    ],
)
def test_a_mobile_and_an_email_of_another_customer_are_taken(
    run: Run, field: str, changes: dict[str, Any]
) -> None:
    async def scenario(register: Register) -> None:
        await keep(register, replace(AHMED, id=5))
        wanted = Edit(None, becomes(customer(1, **changes)))
        assert await refused(register, wanted) == field
        page = await register.customers.page(STORE.id, CustomerFilter(), offset=0, limit=10)
        assert page.total == 1

    run(scenario)


def test_no_mobile_and_no_email_are_nobodys(run: Run) -> None:
    async def scenario(register: Register) -> None:
        nothing = {"mobile": None, "mobile_code": "966", "email": ""}
        await keep(register, customer(1, **nothing), customer(2, **nothing))

    run(scenario)


def test_a_mobile_of_another_country_is_another_mobile(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await keep(register, AHMED, customer(1, mobile=AHMED.mobile, mobile_code="966"))

    run(scenario)


def test_an_edit_gets_the_customer_as_kept_and_writes_what_it_returns(run: Run) -> None:
    seen: list[Customer | None] = []

    async def scenario(register: Register) -> None:
        [customer_id] = await keep(register, replace(AHMED, groups=(1, 2), extras=EXTRAS))

        def decide(old: Customer | None) -> Customer:
            seen.append(old)
            assert old is not None
            return replace(old, city="الرياض", groups=(2, 3), extras=None)

        outcomes = await register.customers.change(STORE.id, [Edit(customer_id, decide)])
        found = await register.customers.find(STORE.id, customer_id, extras=True)
        assert outcomes == [EditOutcome(found, written=True, before=seen[-1])]
        assert seen[-1] is not None
        assert seen[-1].groups == (1, 2)
        assert (found.city, found.groups) == ("الرياض", (2, 3))
        assert found.extras == seen[-1].extras

    run(scenario)


def test_an_edit_of_an_unknown_id_creates_it(run: Run) -> None:
    seen: list[Customer | None] = []

    def decide(old: Customer | None) -> Customer:
        seen.append(old)
        return replace(AHMED, id=77)

    async def scenario(register: Register) -> None:
        outcomes = await register.customers.change(STORE.id, [Edit(77, decide)])
        found = await register.customers.find(STORE.id, 77, extras=True)
        assert outcomes == [EditOutcome(found, created=True, written=True)]
        assert set(seen) == {None}
        assert found.first_name == AHMED.first_name

    run(scenario)


BIG_SPENDERS = (Condition("total_sales", ">", value=100),)


@pytest.mark.parametrize(
    ("changes", "by_hand"),
    [
        ({"city": "الرياض"}, None),
        ({"groups": (4, 9)}, None),
        ({"groups": ()}, None),
        ({}, (5,)),
        ({}, ()),
        ({"extras": replace(EXTRAS, orders_amount=500.5)}, None),
        ({"extras": replace(EXTRAS, orders_amount=1), "groups": (8,)}, None),
        ({"extras": replace(EXTRAS, orders_amount=500.5)}, (5,)),
    ],
)
def test_a_write_returns_the_customer_that_a_read_finds(
    run: Run, changes: dict[str, Any], by_hand: tuple[int, ...] | None
) -> None:
    async def scenario(register: Register) -> None:
        await register.groups.create(STORE.id, Group(3, "big", conditions=BIG_SPENDERS))
        await register.groups.create(STORE.id, Group(5, "by hand"))
        wanted = replace(customer(1), **changes)
        [made] = await register.customers.change(STORE.id, [Edit(None, lambda _: wanted, by_hand)])
        assert shown(made.customer) == shown(await found(register, made.customer.id))
        for extras in (EXTRAS, None):
            old = replace(customer(2, id=2), groups=(4, 7), extras=extras)
            [before] = await register.customers.change(STORE.id, [Edit(2, lambda _, old=old: old)])
            [after] = await register.customers.change(
                STORE.id, [Edit(2, lambda old: replace(old, **changes), by_hand)]
            )
            assert before.customer.id == after.customer.id == 2
            assert shown(after.customer) == shown(await found(register, 2))

    def shown(customer: Customer) -> bytes:
        return success(body(customer, STORE, ALL_FIELDS))

    async def found(register: Register, customer_id: int) -> Customer:
        return await register.customers.find(STORE.id, customer_id, extras=True)

    run(scenario)


def test_a_refused_edit_changes_nothing_and_the_others_stand(run: Run) -> None:
    async def scenario(register: Register) -> None:
        [first, second] = await keep(register, customer(1), customer(2, groups=(4,)))
        outcomes = await register.customers.change(
            STORE.id,
            [
                Edit(None, becomes(customer(3))),
                Edit(second, becomes(customer(1, city="lost", groups=(5,)))),
                Edit(first, becomes(customer(1, city="kept"))),
            ],
        )
        assert [bool(outcome.refused) for outcome in outcomes] == [False, True, False]
        assert (await register.customers.find(STORE.id, first)).city == "kept"
        assert await register.customers.find(STORE.id, second) == customer(
            2, id=second, groups=(4,)
        )
        assert (
            await register.customers.find(STORE.id, outcomes[0].customer.id)
        ).email == "c3@test.test"

    run(scenario)


def test_two_edits_of_one_call_see_each_other(run: Run) -> None:
    def more(old: Customer | None) -> Customer:
        return replace(old or AHMED, id=9, city=f"{old.city if old else ''}x")

    async def scenario(register: Register) -> None:
        await register.customers.change(STORE.id, [Edit(9, more)] * 3)
        assert (await register.customers.find(STORE.id, 9)).city == "xxx"

    run(scenario)


def test_a_decision_that_fails_undoes_the_whole_call(run: Run) -> None:
    def fail(old: Customer | None) -> Customer:
        raise NotFound

    async def scenario(register: Register) -> None:
        with pytest.raises(NotFound):
            await register.customers.change(
                STORE.id, [Edit(None, becomes(customer(1))), Edit(None, fail)]
            )
        assert (
            await register.customers.page(STORE.id, CustomerFilter(), offset=0, limit=1)
        ).total == 0
        await keep(register, customer(1))

    run(scenario)


def test_a_new_id_that_is_taken_is_drawn_again(run: Run) -> None:
    ids = iter([5, 5, 5, 6])

    async def scenario(register: Register) -> None:
        assert await keep(register, customer(1), customer(2)) == [5, 6]

    run(scenario, new_id=lambda: next(ids))


def test_drawing_an_id_gives_up_in_the_end(run: Run) -> None:
    ids = repeat(5)

    async def scenario(register: Register) -> None:
        await keep(register, customer(1))
        assert await refused(register, Edit(None, becomes(customer(2)))) == "id"

    run(scenario, new_id=lambda: next(ids))


def test_new_ids_fit_31_bits_and_do_not_follow_one_another(run: Run) -> None:
    async def scenario(register: Register) -> None:
        ids = await keep(register, *map(customer, range(20)))
        assert all(0 < customer_id < 2**31 for customer_id in ids)
        assert len(set(ids)) == 20
        assert ids != sorted(ids)

    run(scenario)


def test_a_page_is_newest_first_and_counts_all(run: Run) -> None:
    moments = [NOW + timedelta(microseconds=n // 2) for n in range(7)]
    people = [customer(n, id=n + 1, created_at=moment) for n, moment in enumerate(moments)]

    async def scenario(register: Register) -> None:
        await keep(register, *people)
        for offset, ids in ((0, [7, 6, 5]), (3, [4, 3, 2]), (6, [1]), (7, []), (2**37, [])):
            page = await register.customers.page(STORE.id, CustomerFilter(), offset=offset, limit=3)
            assert [row[0] for row in page.rows] == ids
            assert page.total == 7

    run(scenario)


@pytest.mark.parametrize(
    ("since", "until", "ids"),
    [(None, None, [3, 2, 1]), (1, None, [3, 2]), (None, 1, [1]), (1, 2, [2]), (2, 1, [])],
)
def test_a_filter_holds_from_since_to_before_until(
    run: Run, since: int | None, until: int | None, ids: list[int]
) -> None:
    def at(number: int | None) -> datetime | None:
        return None if number is None else NOW + timedelta(microseconds=number)

    async def scenario(register: Register) -> None:
        await keep(register, *(customer(n, id=n + 1, created_at=at(n)) for n in range(3)))
        page = await register.customers.page(
            STORE.id, CustomerFilter(at(since), at(until)), offset=0, limit=9, extras=True
        )
        assert [row[0] for row in page.rows] == ids
        assert page.total == len(ids)

    run(scenario)


def test_a_page_holds_extras_and_groups_where_they_are_asked_for(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await keep(register, customer(1, groups=(3,), extras=Extras(total_points=4)))
        for wanted in (False, True):
            page = await register.customers.page(
                STORE.id, CustomerFilter(), offset=0, limit=1, extras=wanted
            )
            [row] = page.rows
            read = customer_with_extras if wanted else without_extras
            assert read(row).groups == (3,)
            assert read(row).extras == (Extras(total_points=4) if wanted else None)

    run(scenario)


def test_every_customer_is_walked_over_once_by_id(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BATCH", 3)

    async def scenario(register: Register) -> None:
        ids = await keep(register, *map(customer, range(7)))
        found = [found async for found in register.customers.each(STORE.id)]
        assert [one.id for one in found] == sorted(ids)
        assert all(one.extras == Extras() for one in found)

    run(scenario)


def test_fifty_who_want_one_mobile_at_once_leave_one_with_it(run: Run) -> None:
    async def scenario(register: Register) -> None:
        for round_ in range(3):
            edits = [
                Edit(None, becomes(customer(n, mobile=round_ + 1, email=f"{round_}-{n}@x.test")))
                for n in range(50)
            ]
            outcomes = await asyncio.gather(
                *(register.customers.change(STORE.id, [e]) for e in edits)
            )
            refusals = [outcome.refused for [outcome] in outcomes]
            assert refusals.count(None) == 1
            assert {refusal.field for refusal in refusals if refusal} == {"mobile"}

    run(scenario)


def test_edits_of_one_customer_at_once_lose_nothing(run: Run) -> None:
    def add(group: int) -> Callable[[Customer | None], Customer]:
        def decide(old: Customer | None) -> Customer:
            assert old is not None
            points = (old.extras or Extras()).total_points + 1
            return replace(
                old,
                groups=tuple(sorted({*old.groups, group})),
                extras=replace(old.extras or Extras(), total_points=points),
            )

        return decide

    async def scenario(register: Register) -> None:
        [customer_id] = await keep(register, AHMED)
        await asyncio.gather(
            *(register.customers.change(STORE.id, [Edit(customer_id, add(n))]) for n in range(40))
        )
        found = await register.customers.find(STORE.id, customer_id, extras=True)
        assert found.groups == tuple(range(40))
        assert found.extras is not None
        assert found.extras.total_points == 40

    run(scenario)


def test_calls_that_want_the_same_customers_in_other_orders_all_succeed(run: Run) -> None:
    def next_city(old: Customer | None) -> Customer:
        assert old is not None
        return replace(old, city=f"{old.city}x")

    async def scenario(register: Register) -> None:
        ids = await keep(register, *(customer(n, city="") for n in range(4)))
        orders = [ids, ids[::-1], ids[2:] + ids[:2]] * 4
        await asyncio.gather(
            *(
                register.customers.change(STORE.id, [Edit(i, next_city) for i in order])
                for order in orders
            )
        )
        assert {(await register.customers.find(STORE.id, i)).city for i in ids} == {
            "x" * len(orders)
        }

    run(scenario)


@pytest.mark.parametrize(
    ("field", "text"),
    [("first_name", "a\0b"), ("city", "\0"), ("email", "a\ud800b")],
    ids=["nul", "only nul", "half a surrogate pair"],
)
def test_text_that_one_database_could_not_hold_is_refused_by_every_one(
    run: Run, field: str, text: str
) -> None:
    async def scenario(register: Register) -> None:
        with pytest.raises(StatementRefused) as refusal:
            await keep(register, customer(1, **{field: text}))
        assert text not in str(refusal.value)
        await keep(register, customer(1))

    run(scenario)


def test_a_customer_of_no_store_is_refused(run: Run) -> None:
    async def scenario(register: Register) -> None:
        with pytest.raises(StatementRefused) as refusal:
            await keep(register, customer(1), store_id=99)
        assert "c1@test.test" not in str(refusal.value)

    run(scenario)
