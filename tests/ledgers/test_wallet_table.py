"""Keeping wallets: a ledger beside each balance, one movement after another, on each database."""

import asyncio
from typing import Any

import pytest
from fixtures.databases import Run
from fixtures.registers import NOW, STORE, customer
from msgspec.structs import replace

from sijill.customers.model import Edit, Extras
from sijill.database.idempotency_keys import IdempotencyKey, KeyReused
from sijill.errors import Invalid, NotFound
from sijill.ledgers.model import MAX_BALANCE, Movement, WalletEntry
from sijill.oauth.apps import App
from sijill.register import Register
from sijill.stores.model import Store

OTHER = Store(2, "Other", currency="KWD")
APP = App(9, "app", NOW, client_id="9")
LATER = NOW.replace(year=2027)


def idempotency_key(key: str = "k", fingerprint: bytes = b"f") -> IdempotencyKey:
    return IdempotencyKey(APP.id, key, fingerprint, NOW)


def movement(amount: int, customer_id: int = 1, **changes: Any) -> Movement:
    return Movement(customer_id, amount, APP.id, LATER)._replace(**changes)


async def holder(register: Register, balance: float = 0, store: Store = STORE) -> None:
    """Keep customer 1 with a balance."""
    if store == OTHER:
        await register.stores.create(OTHER)
    if APP not in await register.apps.all():
        await register.apps.create(APP)
    one = customer(1, id=1, extras=Extras(wallet_balance=balance))
    [outcome] = await register.customers.change(store.id, [Edit(None, lambda _: one)])
    assert outcome.created


async def balance(register: Register, store: Store = STORE) -> float:
    found = await register.customers.find(store.id, 1, extras=True)
    assert found.extras is not None
    return found.extras.wallet_balance


async def ledger(register: Register) -> list[tuple[int, int]]:
    """Return amount and balance of every line."""
    lines: list[tuple[int, int]] = []
    while row := await register.driver.one("wallet_entry", STORE.id, 1, len(lines) + 1):
        lines.append((row[0], row[1]))
    return lines


def test_a_movement_changes_balance_and_ledger_together(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await holder(register)
        first = await register.wallets.move(STORE, movement(1_250, at=NOW))
        assert first == WalletEntry(1, 1_250, 1_250, NOW, NOW)
        second = await register.wallets.move(STORE, movement(-250))
        assert second == WalletEntry(1, -250, 1_000, LATER, NOW)
        assert await balance(register) == 10.0
        assert await ledger(register) == [(1_250, 1_250), (-250, 1_000)]

    run(scenario)


@pytest.mark.parametrize(
    ("held", "amount", "rule"),
    [
        (10.0, -1_001, "insufficient"),
        (-2.5, -1, "insufficient"),
        (MAX_BALANCE, 1, "too_large"),
    ],
)
def test_a_refused_movement_changes_nothing(run: Run, held: float, amount: int, rule: str) -> None:
    async def scenario(register: Register) -> None:
        await holder(register, held)
        before = await ledger(register)
        with pytest.raises(Invalid) as refused:
            await register.wallets.move(STORE, movement(amount), key=idempotency_key())
        assert refused.value.fields == {"amount": [rule]}
        assert await balance(register) == held
        assert await ledger(register) == before
        # Its key is free again.
        await register.wallets.move(STORE, movement(-amount), key=idempotency_key())

    run(scenario)


def test_all_of_a_balance_can_be_taken_and_no_more(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await holder(register, 10.0)
        await register.wallets.move(STORE, movement(-1_000))
        assert await balance(register) == 0.0
        with pytest.raises(Invalid):
            await register.wallets.move(STORE, movement(-1))

    run(scenario)


@pytest.mark.proves("no balance below zero under withdrawals at once")
def test_fifty_withdrawals_at_once_of_a_balance_for_ten_are_ten(run: Run) -> None:
    async def one(register: Register) -> bool:
        try:
            await register.wallets.move(STORE, movement(-100))
        except Invalid:
            return False
        return True

    async def scenario(register: Register) -> None:
        await holder(register, 10.0)
        done = await asyncio.gather(*(one(register) for _ in range(50)))
        assert (done.count(True), done.count(False)) == (10, 40)
        assert await balance(register) == 0.0
        assert await ledger(register) == [
            (1_000, 1_000),
            *((-100, 1_000 - 100 * n) for n in range(1, 11)),
        ]

    run(scenario)


def test_deposits_and_other_writes_at_once_lose_nothing(run: Run) -> None:
    def renamed(number: int) -> Edit:
        return Edit(1, lambda old: replace(old, city=f"{number}") if old else customer(1))

    async def scenario(register: Register) -> None:
        await holder(register)
        await asyncio.gather(
            *(register.wallets.move(STORE, movement(n)) for n in range(1, 21)),
            *(register.customers.change(STORE.id, [renamed(n)]) for n in range(20)),
        )
        assert await balance(register) == 2.1
        assert len(await ledger(register)) == 20

    run(scenario)


def test_another_stores_wallet_is_none(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await holder(register, 5.0)
        await register.stores.create(OTHER)
        for store, customer_id in ((OTHER, 1), (STORE, 2)):
            with pytest.raises(NotFound):
                await register.wallets.move(store, movement(100, customer_id))
        assert await balance(register) == 5.0

    run(scenario)


def test_each_store_counts_in_its_own_currency(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await holder(register, 1.5)
        await holder(register, 1.5, OTHER)
        await register.wallets.move(STORE, movement(1))
        await register.wallets.move(OTHER, movement(1))
        assert (await balance(register), await balance(register, OTHER)) == (1.51, 1.501)

    run(scenario)


def test_a_key_moves_once_and_tells_the_same_line_again(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await holder(register)
        first = await register.wallets.move(STORE, movement(100), key=idempotency_key())
        await register.wallets.move(STORE, movement(5))
        again = await register.wallets.move(STORE, movement(100, at=NOW), key=idempotency_key())
        assert again == first._replace(replayed=True)
        assert await balance(register) == 1.05
        with pytest.raises(KeyReused):
            await register.wallets.move(
                STORE, movement(200), key=idempotency_key(fingerprint=b"other")
            )

    run(scenario)


def test_one_key_sent_by_many_at_once_moves_once(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await holder(register)
        made = await asyncio.gather(
            *(register.wallets.move(STORE, movement(100), key=idempotency_key()) for _ in range(20))
        )
        assert sum(not entry.replayed for entry in made) == 1
        assert await balance(register) == 1.0

    run(scenario)


def test_a_balance_that_was_written_with_the_customer_has_its_line(run: Run) -> None:
    def holding(amount: float) -> Edit:
        one = customer(1, id=1, extras=Extras(wallet_balance=amount))
        return Edit(1, lambda _: one)

    async def scenario(register: Register) -> None:
        await holder(register, 2.5)
        assert await ledger(register) == [(250, 250)]
        await register.wallets.move(STORE, movement(50))
        await register.customers.change(STORE.id, [holding(10.0)])
        await register.customers.change(STORE.id, [holding(10.004)])  # less than a halala
        await register.wallets.move(STORE, movement(-50))
        assert await ledger(register) == [(250, 250), (50, 300), (700, 1_000), (-50, 950)]
        assert await balance(register) == 9.5

    run(scenario)


@pytest.mark.parametrize("amount", [1e308, -1e308, 5e-324])
def test_any_number_an_import_may_hold_is_kept_as_it_is(run: Run, amount: float) -> None:
    async def scenario(register: Register) -> None:
        await holder(register, amount)
        assert await balance(register) == amount

    run(scenario)


def test_a_ledger_goes_with_its_customer(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await holder(register, 2.5)
        await register.wallets.move(STORE, movement(50), key=idempotency_key())
        await register.customers.delete(STORE.id, 1, NOW)
        assert await ledger(register) == []
        with pytest.raises(NotFound):
            await register.wallets.move(STORE, movement(50), key=idempotency_key())

    run(scenario)
