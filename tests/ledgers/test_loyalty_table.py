"""Keeping loyalty points: a ledger beside each balance, all or none, on each database."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest
from fixtures.databases import Run
from fixtures.registers import NOW, STORE, customer

from sijill.customers.model import Edit, Extras
from sijill.database.idempotency_keys import IdempotencyKey, KeyReused
from sijill.errors import NotFound
from sijill.ledgers import table as module
from sijill.ledgers.model import MAX_POINTS, PointsChange, PointsEntry, PointsPage, PointsRefused
from sijill.oauth.apps import App
from sijill.register import Register
from sijill.stores.model import Store

OTHER = Store(2, "Other")
APP = App(9, "app", NOW, client_id="9")


def change(points: int = 0, **changes: Any) -> PointsChange:
    return PointsChange(points, False, "why", APP.id, NOW)._replace(**changes)


async def holders(register: Register, *points: int, store: Store = STORE) -> None:
    """Keep customers 1, 2, 3 … with so many points each."""
    if APP not in await register.apps.all():
        await register.apps.create(APP)
    for number, held in enumerate(points, 1):
        one = customer(number, id=number, extras=Extras(total_points=held))
        [outcome] = await register.customers.change(store.id, [Edit(None, lambda _, one=one: one)])
        assert outcome.created


async def points(register: Register, store: Store = STORE) -> list[int]:
    return [
        found.extras.total_points
        async for found in register.customers.each(store.id)
        if found.extras
    ]


async def ledger(register: Register, customer_id: int = 1, store: Store = STORE) -> list[int]:
    page = await register.loyalty.page(store.id, customer_id, offset=0, limit=60)
    return [entry.points for entry in page.entries]


async def explained(register: Register, store: Store = STORE) -> bool:
    """Return whether every balance is what its ledger adds up to."""
    return all(
        [
            sum(await ledger(register, found.id, store)) == found.extras.total_points
            async for found in register.customers.each(store.id)
            if found.extras
        ]
    )


def test_points_are_given_and_taken_and_told(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await holders(register, 0, 5)
        await register.loyalty.change(STORE.id, change(900), [1])
        await register.loyalty.change(STORE.id, change(-100, reason=""), [1])
        assert await points(register) == [800, 5]
        page = await register.loyalty.page(STORE.id, 1, offset=0, limit=30)
        assert page == PointsPage(
            [PointsEntry(2, -100, "", NOW), PointsEntry(1, 900, "why", NOW)], 2
        )
        assert await register.loyalty.page(STORE.id, 1, offset=1, limit=1) == PointsPage(
            page.entries[1:], 2
        )
        assert await register.loyalty.page(STORE.id, 1, offset=2, limit=1) == PointsPage([], 2)
        assert await ledger(register, 2) == [5]

    run(scenario)


def test_a_customer_who_is_named_twice_is_changed_once(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await holders(register, 0)
        await register.loyalty.change(STORE.id, change(10), [1, 1])
        assert await points(register) == [10]

    run(scenario)


@pytest.mark.parametrize("customers", [[3, 1], None])
def test_a_reset_empties_first_and_then_gives(run: Run, customers: Any) -> None:
    async def scenario(register: Register) -> None:
        await holders(register, 5, 0, 7)
        await register.loyalty.change(STORE.id, change(reset=True), customers)
        assert (await points(register))[::2] == [0, 0]
        assert await ledger(register) == [-5, 5]
        await register.loyalty.change(STORE.id, change(3, reset=True), customers)
        assert (await points(register))[::2] == [3, 3]
        assert await explained(register)

    run(scenario)


@pytest.mark.proves("points for all or for none")
@pytest.mark.parametrize(
    ("wanted", "customers", "unknown", "short", "full"),
    [
        (change(-6), [1, 2], [], [1], False),
        (change(-6), [9, 2, 1], [9], [1], False),
        (change(-1, reset=True), [2], [], [2], False),
        (change(-6), None, [], [], False),
        (change(MAX_POINTS), [1, 2], [], [], True),
        (change(MAX_POINTS), None, [], [], True),
    ],
)
def test_points_that_one_customer_cannot_take_change_no_customer(
    run: Run,
    wanted: PointsChange,
    customers: Sequence[int] | None,
    unknown: list[int],
    short: list[int],
    full: bool,
) -> None:
    async def scenario(register: Register) -> None:
        await holders(register, 5, 50)
        with pytest.raises(PointsRefused) as refused:
            await register.loyalty.change(STORE.id, wanted, customers)
        told = refused.value
        assert (told.unknown, told.short, told.full) == ({*unknown}, {*short}, full)
        assert await points(register) == [5, 50]
        assert await explained(register)

    run(scenario)


def test_everybody_is_changed_batch_by_batch_in_one_store_alone(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BATCH", 3)

    async def scenario(register: Register) -> None:
        await register.stores.create(OTHER)
        await holders(register, *range(8))
        await holders(register, 4, store=OTHER)
        await register.loyalty.change(STORE.id, change(10), None)
        assert await points(register) == [10 + n for n in range(8)]
        assert await points(register, OTHER) == [4]
        assert await explained(register)
        with pytest.raises(PointsRefused):  # the first batch could, the last cannot
            await register.loyalty.change(OTHER.id, change(-5), None)
        await register.loyalty.change(STORE.id, change(-10), None)
        with pytest.raises(PointsRefused):
            await register.loyalty.change(STORE.id, change(-1), None)
        assert await points(register) == [*range(8)]

    run(scenario)


def test_a_store_without_customers_is_changed_too(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await holders(register)
        assert await register.loyalty.change(STORE.id, change(10), None) is False

    run(scenario)


def test_another_stores_customer_is_unknown(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await register.stores.create(OTHER)
        await holders(register, 5)
        with pytest.raises(NotFound):
            await register.loyalty.page(OTHER.id, 1, offset=0, limit=1)
        with pytest.raises(PointsRefused) as refused:
            await register.loyalty.change(OTHER.id, change(1), [1])
        assert refused.value.unknown == {1}
        assert await points(register) == [5]

    run(scenario)


def test_changes_at_once_in_any_order_lose_nothing_and_never_go_below_zero(run: Run) -> None:
    async def take(register: Register, customers: list[int] | None) -> int:
        try:
            await register.loyalty.change(STORE.id, change(-10), customers)
        except PointsRefused:
            return 0
        return 1

    async def scenario(register: Register) -> None:
        await holders(register, 100, 100)
        wanted = [[1, 2], [2, 1], None] * 10
        done = await asyncio.gather(*(take(register, customers) for customers in wanted))
        assert sum(done) == 10
        assert await points(register) == [0, 0]
        assert await explained(register)

    run(scenario)


def test_a_key_changes_once(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await holders(register, 0)
        key = IdempotencyKey(APP.id, "k", b"f", NOW)
        done = await asyncio.gather(
            *(register.loyalty.change(STORE.id, change(10), [1], key=key) for _ in range(10))
        )
        assert sorted(done) == [False] + [True] * 9
        assert await points(register) == [10]
        other = key._replace(fingerprint=b"other")
        with pytest.raises(KeyReused):
            await register.loyalty.change(STORE.id, change(1), [1], key=other)

    run(scenario)


def test_points_that_were_written_with_the_customer_have_their_line(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await holders(register, 7)
        for held in (7, 3, 3):
            one = customer(1, id=1, extras=Extras(total_points=held))
            await register.customers.change(STORE.id, [Edit(1, lambda _, one=one: one)])
        assert await ledger(register) == [-4, 7]

    run(scenario)


def test_a_ledger_goes_with_its_customer(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await holders(register, 7)
        await register.customers.delete(STORE.id, 1, NOW)
        with pytest.raises(NotFound):
            await register.loyalty.page(STORE.id, 1, offset=0, limit=1)

    run(scenario)
