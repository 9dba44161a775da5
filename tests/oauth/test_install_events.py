"""The events of an app's own installs, and the event of an uninstall in its transaction."""

from datetime import timedelta

import pytest
from fixtures.databases import Run
from fixtures.oauth_rows import APP, CONSENT, OTHER_APP, OTHER_STORE, pair, settled
from fixtures.registers import NOW, STORE
from msgspec.structs import replace

from sijill.errors import NotFound
from sijill.register import Register
from sijill.webhooks.events import CREATED, Event
from sijill.webhooks.model import INSTALLS, Webhook

HEARING = replace(APP, webhook_url="https://a.example/", webhook_secret="first")
LATER = NOW + timedelta(hours=1)


def gone(id_: str) -> Event:
    return Event(id_, STORE.id, "app.uninstalled", NOW, b"{}", app_id=APP.id)


async def pending(register: Register) -> list[str]:
    """Return the events that are to be delivered."""
    await register.outbox.sequence_events(lambda hook, event: True, NOW, 10)
    return [one.event_id for one in await register.deliveries.all(state="pending")]


def test_one_webhook_of_an_app_in_a_store_follows_its_address(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await settled(register)
        await register.installs.subscribe_app(HEARING, STORE.id, NOW)
        (first,) = await register.webhooks.all()
        assert (first.event, first.url, first.secret) == (INSTALLS, HEARING.webhook_url, "first")
        await register.outbox.append(gone("evt_1"))
        assert await pending(register) == ["evt_1"]

        moved = replace(
            HEARING,
            webhook_url="https://b.example/",
            webhook_secret="second",
            webhook_strategy="token",
        )
        await register.installs.subscribe_app(moved, STORE.id, LATER)
        (second,) = await register.webhooks.all()
        assert (second.id, second.url) == (first.id, "https://b.example/")
        assert (first.strategy, second.strategy) == ("signature", "token")
        assert second.secret == "second"
        assert await pending(register) == ["evt_1"]

        await register.installs.subscribe_app(APP, STORE.id, LATER)
        assert await register.webhooks.all() == []
        assert await pending(register) == []

    run(scenario)


def test_each_app_gets_its_own_events_in_each_store(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await settled(register)
        await register.installs.subscribe_app(HEARING, STORE.id, NOW)
        await register.installs.subscribe_app(HEARING, OTHER_STORE.id, NOW)
        other = replace(OTHER_APP, webhook_url=HEARING.webhook_url)
        await register.installs.subscribe_app(other, STORE.id, NOW)
        await register.outbox.append(gone("evt_1"))
        await pending(register)
        hooks = {hook.id: hook for hook in await register.webhooks.all()}
        assert len(hooks) == 3
        (delivery,) = await register.deliveries.all()
        told = hooks[delivery.webhook_id]
        assert (told.app_id, told.store_id) == (APP.id, STORE.id)

    run(scenario)


def test_an_uninstall_and_its_event_are_one_transaction(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await settled(register)
        await register.installs.subscribe_app(HEARING, STORE.id, NOW)
        (hidden,) = await register.webhooks.all()
        own = replace(hidden, id=5, event=CREATED)
        await register.webhooks.subscribe(own)
        elsewhere = replace(own, id=6, store_id=OTHER_STORE.id)
        await register.webhooks.subscribe(elsewhere)
        with pytest.raises(NotFound):
            await register.installs.uninstall(STORE.id, APP.id, NOW, gone("evt_0"))
        assert len(await register.webhooks.all()) == 3
        assert await pending(register) == []

        await register.grants.issue(CONSENT, pair())
        await register.installs.uninstall(STORE.id, APP.id, NOW, gone("evt_1"))
        left = await register.webhooks.all()
        assert sorted(left, key=ids) == sorted([hidden, elsewhere], key=ids)
        assert await pending(register) == ["evt_1"]

    run(scenario)


def ids(hook: Webhook) -> int:
    return hook.id
