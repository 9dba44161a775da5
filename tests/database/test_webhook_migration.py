"""Webhooks come to a database that knew none, and nothing is lost."""

import asyncio

from fixtures.databases import SECONDS
from fixtures.events import APP, HOOK, announce, claim, feed, names
from fixtures.registers import NOW, STORE, customer
from msgspec.structs import replace

from sijill.customers.model import Edit
from sijill.database.columns import micros
from sijill.database.driver import Driver, Transaction
from sijill.database.migrate import migrate, migrations
from sijill.register import open_register
from sijill.webhooks.events import UPDATED

BEFORE = f"""
INSERT INTO stores VALUES
  (1, 'Demo', NULL, 'documented', 'Asia/Riyadh', 'ar', 'SAR', '', '', '', '');
INSERT INTO apps (id, name, created_at, client_id) VALUES (7, 'CRM', {micros(NOW)}, '7');
INSERT INTO installs (store_id, app_id, owner_id, installed_at) VALUES (1, 7, NULL, {micros(NOW)})
"""


async def fill(driver: Driver) -> None:
    """Bring a database to the version before webhooks, and keep something in it."""
    steps = migrations(driver.dialect)
    assert steps[7].name == "0008_webhooks"
    await migrate(driver, NOW, steps[:7])

    async def work(transaction: Transaction) -> None:
        await transaction.script(BEFORE)

    await driver.write(work)


def test_what_was_there_before_webhooks_is_kept_and_can_be_told(url: str) -> None:
    async def scenario() -> None:
        register = await open_register(url)
        await fill(register.driver)
        assert "0008_webhooks" in await register.schema.migrate(NOW)
        assert await register.stores.all() == [STORE]
        assert await register.apps.all() == [APP]
        assert [(one.store_id, one.app_id) for one in await register.installs.all()] == [
            (1, APP.id)
        ]
        assert (await register.outbox.newest(), await register.outbox.dropped()) == (0, 0)
        assert await register.webhooks.all() == []
        assert await register.deliveries.all() == []
        assert await register.schema.migrate(NOW) == []
        await register.close()

    asyncio.run(asyncio.wait_for(scenario(), SECONDS))


def test_a_customer_from_before_webhooks_is_told_of_once_it_changes(url: str) -> None:
    async def scenario() -> None:
        register = await open_register(url)
        await fill(register.driver)
        old = customer(5, id=5)
        await register.schema.migrate(NOW)
        await register.customers.change(STORE.id, [Edit(5, lambda _: old)])
        register.customer_events.make = announce
        assert await feed(register) == []
        await register.webhooks.subscribe(replace(HOOK, event=UPDATED))
        await register.customers.change(STORE.id, [Edit(5, lambda _: replace(old, city="x"))])
        [event] = await feed(register)
        assert names(await claim(register)) == [(HOOK.id, event.id)]
        await register.close()

    asyncio.run(asyncio.wait_for(scenario(), SECONDS))
