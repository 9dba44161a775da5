"""A webhook hears of a store only while its app has a living grant there."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import pytest
from fixtures.databases import Run
from fixtures.events import HOOK, claim, grant, happened, names, settle
from fixtures.oauth_rows import (
    APP,
    CODE,
    CONSENT,
    OTHER_APP,
    OTHER_STORE,
    SECOND,
    pair,
    renewed,
    settled,
)
from fixtures.registers import NOW, STORE
from msgspec.structs import replace

from sijill.oauth.scopes import OFFLINE
from sijill.register import Register

pytestmark = pytest.mark.proves("a webhook hears of nothing once its app has no living grant")

ACCESS, REFRESH = timedelta(days=14), timedelta(days=30)
OWN = replace(HOOK, app_id=APP.id)

Steps = Callable[[Register], Awaitable[object]]


async def nothing(register: Register) -> None:
    """Without any grant."""


async def operators_token(register: Register) -> None:
    await grant(register)


async def token_that_ends(register: Register) -> None:
    await grant(register, until=NOW + SECOND)


async def revoked_token(register: Register) -> None:
    info = await grant(register)
    await register.tokens.revoke(info.id, NOW)


async def one_of_two_revoked(register: Register) -> None:
    await revoked_token(register)
    await grant(register)


async def another_apps(register: Register) -> None:
    await grant(register, OTHER_APP.id)


async def another_stores(register: Register) -> None:
    await grant(register, APP.id, OTHER_STORE.id)


async def issued(register: Register) -> None:
    await register.grants.issue(CONSENT, pair())


async def issued_without_refresh(register: Register) -> None:
    await register.grants.issue(replace(CONSENT, scopes=CONSENT.scopes - {OFFLINE}), pair())


async def only_a_code(register: Register) -> None:
    await register.grants.authorize(CONSENT, CODE)


async def refreshed(register: Register) -> None:
    tokens = await register.grants.issue(CONSENT, pair())
    assert not isinstance(await renewed(register, tokens.pair.refresh), int)


async def reused(register: Register) -> None:
    tokens = await register.grants.issue(CONSENT, pair())
    await renewed(register, tokens.pair.refresh)
    assert isinstance(await renewed(register, tokens.pair.refresh), int)


async def family_ended(register: Register) -> None:
    tokens = await register.grants.issue(CONSENT, pair())
    await register.grants.end_family(tokens.pair.id, NOW, reused=False)


async def access_expired(register: Register) -> None:
    tokens = await register.grants.issue(CONSENT, pair())
    await register.grants.expire(tokens.pair.id, NOW)


async def access_and_refresh_used(register: Register) -> None:
    tokens = await register.grants.issue(CONSENT, pair())
    await register.grants.end_family(tokens.pair.id, NOW, reused=True)


@pytest.mark.parametrize(
    ("steps", "at", "living"),
    [
        (nothing, NOW, False),
        (operators_token, NOW, True),
        (operators_token, NOW + 365 * REFRESH, True),
        (token_that_ends, NOW, True),
        (token_that_ends, NOW + SECOND, False),
        (revoked_token, NOW, False),
        (one_of_two_revoked, NOW, True),
        (another_apps, NOW, False),
        (another_stores, NOW, False),
        (issued, NOW, True),
        (issued, NOW + REFRESH - SECOND, True),
        (issued, NOW + REFRESH, False),
        (issued_without_refresh, NOW + ACCESS - SECOND, True),
        (issued_without_refresh, NOW + ACCESS, False),
        (only_a_code, NOW, False),
        (refreshed, NOW + ACCESS, True),
        (reused, NOW, False),
        (family_ended, NOW, False),
        (access_expired, NOW, True),
        (access_and_refresh_used, NOW, False),
    ],
)
def test_an_app_is_sent_events_while_it_has_a_living_grant(
    run: Run, steps: Steps, at: datetime, living: bool
) -> None:
    async def scenario(register: Register) -> None:
        await settled(register)
        await register.webhooks.subscribe(OWN)
        await steps(register)
        await register.outbox.append(happened(1))
        await settle(register, at)
        wanted = [(OWN.id, "evt_0001")] if living else []
        assert names(await claim(register, at)) == wanted
        assert await register.webhooks.without_grant(at) == (
            {OWN.id} - {hook for hook, _ in wanted}
        )

    run(scenario)


def test_what_is_due_when_a_grant_ends_waits_and_what_happens_then_is_in_the_feed_alone(
    run: Run,
) -> None:
    async def scenario(register: Register) -> None:
        await settled(register)
        await register.webhooks.subscribe(OWN)
        first = await grant(register)
        await register.outbox.append(happened(1))
        await settle(register)
        await register.tokens.revoke(first.id, NOW)
        await register.outbox.append(happened(2))
        await settle(register)
        assert await claim(register) == []
        assert [one.state for one in await register.deliveries.all()] == ["pending"]

        await grant(register)
        await register.outbox.append(happened(3))
        await settle(register)
        assert names(await claim(register)) == [(OWN.id, "evt_0001"), (OWN.id, "evt_0003")]
        feed = await register.outbox.changes(STORE.id, after=0, names=(), limit=9)
        assert [one.event.id for one in feed] == ["evt_0001", "evt_0002", "evt_0003"]

    run(scenario)


def test_an_app_hears_of_its_own_installs_without_a_grant(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await settled(register)
        told = replace(APP, webhook_url="https://a.example/", webhook_secret="theirs")
        await register.installs.subscribe_app(told, STORE.id, NOW)
        await register.webhooks.subscribe(OWN)
        await register.grants.issue(CONSENT, pair())
        gone = happened(1, name="app.uninstalled", app_id=APP.id, customer_id=None)
        await register.installs.uninstall(STORE.id, APP.id, NOW, gone)
        await settle(register)
        assert [one.event.id for one in await claim(register)] == ["evt_0001"]
        assert await register.webhooks.without_grant(NOW) == frozenset()

    run(scenario)


def test_the_webhooks_without_a_grant_are_those_of_a_store_or_of_all(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await settled(register)
        elsewhere = replace(OWN, id=101, store_id=OTHER_STORE.id)
        for hook in (OWN, elsewhere):
            await register.webhooks.subscribe(hook)
        assert await register.webhooks.without_grant(NOW) == {OWN.id, elsewhere.id}
        assert await register.webhooks.without_grant(NOW, STORE.id) == {OWN.id}
        await grant(register)
        assert await register.webhooks.without_grant(NOW) == {elsewhere.id}

    run(scenario)
