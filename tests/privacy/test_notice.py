"""An erasure is told to each endpoint of the store, once, by its id alone, if a setting says so."""

from pathlib import Path

import pytest
from fixtures.databases import Run
from fixtures.events import HOOK, OTHER, OTHER_APP, another, claim, feed, ready, settle
from fixtures.registers import NOW, STORE, customer
from msgspec import json

from sijill.customers.erasures import Known
from sijill.customers.model import Edit
from sijill.privacy.erasing import erase_returned
from sijill.register import Register
from sijill.settings import load
from sijill.webhooks.events import CREATED, DELETED, ERASED, UPDATED

pytestmark = pytest.mark.proves(
    "an erasure is sent to each endpoint of the store, once and by its id alone, if a setting says "
    "so, and else to nobody"
)

SARA = customer(5, id=5, first_name="Zqcanary")
URL = HOOK.url
HOOKS = (
    HOOK,
    another(101, url=URL, event=UPDATED),
    another(102, event=UPDATED, rule="first_name = nobody"),
    another(103, app_id=OTHER_APP.id, url=URL),
    another(104, store_id=OTHER.id),
)
"""An endpoint with two subscriptions, one with a rule, one of another app, one of another store."""


async def subscribed(register: Register, *, tells: bool) -> None:
    await ready(register, *HOOKS)
    register.customer_events.tells_erasures = tells
    await register.customers.change(STORE.id, [Edit(5, lambda _: SARA)])


def test_each_endpoint_is_told_once(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await subscribed(register, tells=True)
        await register.eraser.erase(STORE.id, 5, NOW)
        await settle(register)
        due = [one for one in await claim(register) if one.event.name == ERASED]
        assert sorted(one.webhook.id for one in due) == [100, 102, 103]
        assert len({one.event.id for one in due}) == 1
        told = json.decode(due[0].event.body)
        assert (told["event"], told["merchant"], told["data"]) == (ERASED, STORE.id, {"id": 5})
        assert b"zqcanary" not in due[0].event.body.lower()
        names = [one.name for one in await feed(register)]
        assert names[-2:] == [DELETED, ERASED]

    run(scenario)


def test_nobody_is_told_unless_the_setting_is_on(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await subscribed(register, tells=False)
        await register.eraser.erase(STORE.id, 5, NOW)
        await settle(register)
        assert {one.name for one in await feed(register)} == {CREATED, DELETED}
        assert await claim(register) == []

    run(scenario)


def test_a_deletion_and_an_old_copy_are_no_erasure(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await subscribed(register, tells=True)
        await register.customers.change(STORE.id, [Edit(6, lambda _: customer(6, id=6))])
        await register.customers.delete(STORE.id, 6, NOW)
        await register.driver.write(
            lambda transaction: register.erasures.record(transaction, STORE.id, Known(5), NOW)
        )
        parts = (register.driver, register.eraser, register.erasures, [STORE.id], NOW)
        await erase_returned(*parts)
        await settle(register)
        assert ERASED not in {one.name for one in await feed(register)}

    run(scenario)


def test_the_setting_is_off_unless_it_is_set() -> None:
    for flags, on in (({}, False), ({"erased_notice": "on"}, True)):
        settings, _ = load(flags, environ={}, folder=Path("/nonexistent"))
        assert settings.erased_notice is on
