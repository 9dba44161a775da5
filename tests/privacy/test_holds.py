"""A customer on hold is neither erased nor deleted, and age clears nothing of theirs."""

from datetime import timedelta
from pathlib import Path

import pytest
from fixtures.databases import Run
from fixtures.events import announce, feed
from fixtures.registers import NOW, STORE, customer
from fixtures.world import World

from sijill.customers.model import Edit
from sijill.errors import Held, NotFound
from sijill.privacy.holds import Hold
from sijill.privacy.requests import opened
from sijill.register import Register
from sijill.removal import remove_store
from sijill.retention import Retention
from sijill.settings import load

pytestmark = pytest.mark.proves(
    "a customer on hold is neither erased nor deleted, and its events stay"
)

SETTINGS, _ = load({}, environ={}, folder=Path("/nonexistent"))
DAY = timedelta(days=1)
HOLD = Hold(STORE.id, 7, "court", NOW, NOW + 30 * DAY)


async def ready(register: Register) -> None:
    register.customer_events.make = announce
    people = [customer(number, id=number) for number in (7, 8)]
    edits = [Edit(one.id, lambda _, one=one: one) for one in people]
    await register.customers.change(STORE.id, edits)
    await register.holds.set(HOLD)


def test_a_hold_refuses_erasure_and_deletion_until_its_end(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await ready(register)
        late = HOLD.ends_at - timedelta(microseconds=1)
        for refused in (
            register.eraser.erase(STORE.id, 7, late),
            register.customers.delete(STORE.id, 7, late),
        ):
            with pytest.raises(Held) as held:
                await refused
            assert (held.value.reason, held.value.until) == ("court", HOLD.ends_at)
        await register.customers.delete(STORE.id, 8, late)
        await register.eraser.erase(STORE.id, 7, HOLD.ends_at)

    run(scenario)


def test_a_hold_that_was_ended_refuses_nothing(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await ready(register)
        await register.holds.end(STORE.id, 7, NOW + DAY)
        await register.customers.delete(STORE.id, 7, NOW + DAY)
        with pytest.raises(NotFound):
            await register.holds.end(STORE.id, 7, NOW + DAY)
        with pytest.raises(NotFound):
            await register.holds.set(HOLD)

    run(scenario)


def test_age_clears_no_event_of_a_customer_on_hold(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await ready(register)
        await feed(register)
        for days, kept in ((29, {7}), (31, {7}), (38, set())):
            clock = (NOW + days * DAY).timestamp
            await Retention(register, SETTINGS, clock).turn()
            await Retention(register, SETTINGS, clock).turn()
            rows = [
                id_
                for id_ in (7, 8)
                if await register.driver.all("events_of_person", STORE.id, id_)
            ]
            assert {*rows} == kept, days

    run(scenario)


def test_an_app_that_deletes_a_customer_on_hold_gets_a_409(world: World) -> None:
    customer_id = world.get("/customers").json["data"][0]["id"]
    hold = Hold(world.store.id, customer_id, "law", world.moment, world.moment + DAY)
    world.run(world.register.holds.set(hold))
    answer = world.send("DELETE", f"/customers/{customer_id}")
    assert (answer.status, answer.json["error"]["code"]) == (409, "held")
    assert world.get(f"/customers/{customer_id}").status == 200
    world.clock.now += DAY.total_seconds()
    assert world.send("DELETE", f"/customers/{customer_id}").status == 200


def test_a_store_is_removed_with_its_holds_requests_and_erasures(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await ready(register)
        await register.person_requests.add(opened(STORE.id, 1, 7, "access", NOW))
        await register.eraser.erase(STORE.id, 8, NOW)
        assert await register.erasures.all()
        with pytest.raises(Held):
            await remove_store(register, STORE.id, NOW)
        await remove_store(register, STORE.id, HOLD.ends_at)
        assert await register.erasures.all() == []
        assert await register.holds.all(STORE.id) == []
        assert await register.person_requests.all(STORE.id) == []

    run(scenario)
