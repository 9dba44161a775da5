"""Customers of whom nothing happened for long are listed, and nobody else; some of them stay."""

from datetime import UTC, datetime, timedelta

import pytest
from fixtures.databases import Run
from fixtures.events import APP
from fixtures.registers import STORE, customer
from msgspec.structs import replace

from sijill.customers.model import Customer, Edit, Extras
from sijill.ledgers.model import Movement, PointsChange
from sijill.privacy import inactive as module
from sijill.privacy.holds import Hold
from sijill.privacy.inactive import Inactive, inactive
from sijill.register import Register

pytestmark = pytest.mark.proves(
    "exactly the customers of whom nothing happened since a moment are listed as inactive, and "
    "those with a hold or with money in the wallet are said to stay"
)

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
BEFORE = datetime(2023, 1, 1, tzinfo=UTC)
NOW = datetime(2026, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)


def person(number: int, changed: datetime = LONG_AGO, **extras: object) -> Customer:
    own = replace(customer(number, id=number), created_at=LONG_AGO, updated_at=changed)
    return replace(own, extras=Extras(**extras))  # type: ignore[arg-type]


async def keep(register: Register, *people: Customer) -> None:
    edits = [Edit(one.id, lambda _, one=one: one) for one in people]
    await register.customers.change(STORE.id, edits)


async def listed(register: Register, now: datetime = NOW) -> list[Inactive]:
    return [one async for one in inactive(register.driver, STORE.id, BEFORE, now)]


@pytest.fixture(autouse=True)
def _small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PAGE", 2)


def test_a_change_a_purchase_and_a_movement_are_activity(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await register.apps.create(APP)
        people = [person(number) for number in range(1, 8)]
        people[1] = person(2, BEFORE)
        people[2] = person(3, latest_purchase=BEFORE)
        people[3] = person(4, BEFORE - DAY, latest_purchase=LONG_AGO + DAY)
        await keep(register, *people)
        await register.wallets.move(STORE, Movement(5, 100, APP.id, NOW))
        points = PointsChange(5, False, "why", APP.id, NOW)
        await register.loyalty.change(STORE.id, points, [6])
        found = await listed(register)
        assert [(one.id, one.last_at) for one in found] == [
            (1, LONG_AGO),
            (4, BEFORE - DAY),
            (7, LONG_AGO),
        ]
        assert not any(one.stays for one in found)

    run(scenario)


def test_a_hold_is_a_reason_to_stay(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await keep(register, *(person(number) for number in range(1, 4)))
        await register.holds.set(Hold(STORE.id, 2, "court", LONG_AGO, NOW + DAY))
        assert [(one.id, one.stays) for one in await listed(register)] == [
            (1, False),
            (2, True),
            (3, False),
        ]
        after = await listed(register, NOW + DAY)  # the hold is over
        assert [one.stays for one in after] == [False] * 3

    run(scenario)


def test_money_in_the_wallet_is_a_reason_to_stay(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await keep(register, person(1, wallet_balance=7.5))
        (one,) = await listed(register)
        assert (one.wallet_balance, one.stays) == (7.5, True)

    run(scenario)
