"""Webhooks in the database: each app's own, one for an address and an event, secrets sealed."""

import asyncio
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fixtures.databases import SECONDS, Run
from fixtures.events import (
    APP,
    HOOK,
    HOUR,
    OTHER,
    OTHER_APP,
    another,
    append,
    claim,
    everything,
    happened,
    names,
    ready,
)
from fixtures.registers import NOW, STORE, opened, rekey
from msgspec.structs import replace

from sijill.database.sealing import KEY_BYTES, Sealer, Unsealable
from sijill.errors import NotFound, Taken
from sijill.register import Register
from sijill.webhooks.events import UPDATED
from sijill.webhooks.model import INSTALLS, Webhook


def unchanged(webhook: Webhook) -> Webhook:
    return webhook


def renamed(**changes: Any) -> Callable[[Webhook], Webhook]:
    return lambda old: replace(old, **changes)


async def ids(register: Register, app_id: int = APP.id, store_id: int = STORE.id) -> list[int]:
    page = await register.webhooks.page(store_id, app_id, offset=0, limit=100)
    assert page.total == len(page.webhooks)
    return [hook.id for hook in page.webhooks]


def test_a_webhook_is_found_as_it_was_kept(run: Run) -> None:
    full = replace(
        HOOK,
        rule="city = `الرياض`",
        headers=(("X-Key", "ق"), ("X-Key", "two"), ("Accept", "")),
        failing_since=NOW - HOUR,
        paused="gone",
    )
    bare = another(101, headers=(), secret=None, strategy="none", version=1)

    async def scenario(register: Register) -> None:
        await ready(register)
        for hook in (full, bare):
            assert await register.webhooks.subscribe(hook) == hook
            assert await register.webhooks.find(hook.id) == hook
        assert await register.webhooks.all() == [full, bare]
        with pytest.raises(NotFound):
            await register.webhooks.find(999)

    run(scenario)


def test_the_same_address_and_event_is_the_same_webhook_renewed(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await ready(register, replace(HOOK, paused="gone", failing_since=NOW))
        new = replace(HOOK, id=555, name="new", secret="new", created_at=NOW + HOUR, headers=())
        kept = replace(new, id=HOOK.id, created_at=HOOK.created_at)
        assert await register.webhooks.subscribe(new) == kept
        assert await register.webhooks.all() == [kept]

    run(scenario)


@pytest.mark.parametrize(
    "changes",
    [{"event": UPDATED}, {"url": "https://b.example"}, {"app_id": OTHER_APP.id}],
    ids=["event", "url", "app"],
)
def test_another_event_address_or_app_is_another_webhook(run: Run, changes: dict[str, Any]) -> None:
    async def scenario(register: Register) -> None:
        await ready(register, HOOK)
        new = replace(HOOK, id=101, **changes)
        assert await register.webhooks.subscribe(new) == new
        assert sorted(hook.id for hook in await register.webhooks.all()) == [HOOK.id, 101]

    run(scenario)


def test_of_many_who_subscribe_the_same_at_once_one_id_stands(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await ready(register)
        hooks = [replace(HOOK, id=200 + number) for number in range(8)]
        kept = await asyncio.gather(*(register.webhooks.subscribe(hook) for hook in hooks))
        assert {hook.id for hook in kept} == {hook.id for hook in await register.webhooks.all()}
        assert len({hook.id for hook in kept}) == 1

    run(scenario)


def test_a_change_is_kept_and_lets_a_paused_webhook_go_on(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await ready(register, replace(HOOK, paused="failing", failing_since=NOW))
        decide = renamed(url="https://new.example", secret=None, headers=(("A", "b"),))
        new = await register.webhooks.change(STORE.id, APP.id, HOOK.id, decide)
        assert new == decide(HOOK)
        assert await register.webhooks.find(HOOK.id) == new

    run(scenario)


def test_an_address_of_another_webhook_is_taken(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await ready(register, HOOK, another(101))
        with pytest.raises(Taken) as refused:
            await register.webhooks.change(STORE.id, APP.id, 101, renamed(url=HOOK.url))
        assert refused.value.field == "url"
        assert await register.webhooks.find(101) == another(101)

    run(scenario)


def test_a_change_that_is_refused_changes_nothing(run: Run) -> None:
    def refusing(_: Webhook) -> Webhook:
        raise LookupError

    async def scenario(register: Register) -> None:
        await ready(register, replace(HOOK, paused="gone"))
        with pytest.raises(LookupError):
            await register.webhooks.change(STORE.id, APP.id, HOOK.id, refusing)
        assert (await register.webhooks.find(HOOK.id)).paused == "gone"

    run(scenario)


def test_another_apps_or_stores_webhook_is_out_of_reach(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await ready(register, HOOK, replace(HOOK, id=101, event=INSTALLS))
        strangers = [(STORE.id, OTHER_APP.id, 100), (OTHER.id, APP.id, 100), (STORE.id, APP.id, 9)]
        for store_id, app_id, webhook_id in [*strangers, (STORE.id, APP.id, 101)]:
            with pytest.raises(NotFound):
                await register.webhooks.change(store_id, app_id, webhook_id, unchanged)
            gone = await register.webhooks.unsubscribe(
                store_id, app_id, webhook_id=webhook_id, url=None
            )
            assert gone == 0
        for store_id, app_id, _ in strangers[:2]:
            assert await ids(register, app_id, store_id) == []
            assert (
                await register.webhooks.unsubscribe(store_id, app_id, webhook_id=None, url=HOOK.url)
                == 0
            )
        assert await ids(register) == [HOOK.id]

    run(scenario)


def test_pages_are_by_age_then_id_and_count_all(run: Run) -> None:
    async def scenario(register: Register) -> None:
        old = another(900, created_at=NOW - HOUR)
        await ready(register, another(103), another(102), another(101), old)
        first = await register.webhooks.page(STORE.id, APP.id, offset=0, limit=3)
        assert ([hook.id for hook in first.webhooks], first.total) == ([900, 101, 102], 4)
        last = await register.webhooks.page(STORE.id, APP.id, offset=3, limit=3)
        assert ([hook.id for hook in last.webhooks], last.total) == ([103], 4)
        beyond = await register.webhooks.page(STORE.id, APP.id, offset=9, limit=3)
        assert beyond == ([], 4)

    run(scenario)


@pytest.mark.parametrize(
    ("webhook_id", "address", "left"),
    [
        (100, None, [101, 102]),
        (None, HOOK.url, [102]),
        (100, HOOK.url, [102]),
        (102, HOOK.url, []),
        (None, None, [100, 101, 102]),
        (None, "https://nobody.example", [100, 101, 102]),
    ],
)
def test_an_unsubscribed_webhook_is_gone_with_its_pending_deliveries(
    run: Run, webhook_id: int | None, address: str | None, left: list[int]
) -> None:
    async def scenario(register: Register) -> None:
        await ready(register, HOOK, replace(HOOK, id=101, event=UPDATED), another(102))
        await append(register, happened(1), happened(2, name=UPDATED))
        gone = await register.webhooks.unsubscribe(
            STORE.id, APP.id, webhook_id=webhook_id, url=address
        )
        assert gone == 3 - len(left)
        assert await ids(register) == left
        assert sorted({hook_id for hook_id, _ in names(await claim(register))}) == left
        assert sorted({one.webhook_id for one in await register.deliveries.all()}) == left

    run(scenario)


def test_a_webhook_unsubscribed_while_events_settle_disturbs_no_other(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await ready(register)
        for number in range(20):
            await register.webhooks.subscribe(another(100 + number))
            await register.outbox.append(happened(number))
            await asyncio.gather(
                register.outbox.sequence_events(everything, NOW, 100),
                register.webhooks.unsubscribe(STORE.id, APP.id, webhook_id=100 + number, url=None),
            )
        assert await register.outbox.newest(STORE.id) == 20
        assert await register.deliveries.all() == []

    run(scenario)


SECRETS = ("a secret of theirs", "a header of theirs", "whsec-of-the-app", "an-access-token")


async def filled(path: Path, key: bytes) -> bytes:
    """Keep secrets of every kind, and return all that stands in the files meanwhile and after."""
    async with opened(str(path)) as register:
        rekey(register, Sealer(key))
        await ready(register, HOOK, another(101, event=INSTALLS))
        await register.apps.update(replace(APP, webhook_secret="whsec-of-the-app"))
        told = happened(1, app_id=APP.id, body=b'{"access_token":"an-access-token"}')
        await append(register, told)
        [due] = await claim(register)
        assert due.event == told
        read = b"".join(file.read_bytes() for file in sorted(path.parent.glob("*")))
    return read + b"".join(file.read_bytes() for file in sorted(path.parent.glob("*")))


def test_no_secret_header_or_token_stands_in_the_files(tmp_path: Path) -> None:
    key = secrets.token_bytes(KEY_BYTES)
    read = asyncio.run(asyncio.wait_for(filled(tmp_path / "x.db", key), SECONDS))
    assert HOOK.url.encode() in read, "the newest writes are among what was read"
    assert [secret for secret in SECRETS if secret.encode() in read] == []


def test_under_another_key_nothing_opens_and_nothing_is_lost(tmp_path: Path) -> None:
    key = secrets.token_bytes(KEY_BYTES)

    async def scenario() -> None:
        await filled(tmp_path / "x.db", key)
        async with opened(str(tmp_path / "x.db")) as register:
            await register.outbox.append(happened(2))
            for asked in (register.webhooks.all(), register.apps.all()):
                with pytest.raises(Unsealable):
                    await asked
            bare = replace(HOOK, secret=None, headers=())
            assert await register.webhooks.find(HOOK.id) == bare
            page = await register.webhooks.page(STORE.id, APP.id, offset=0, limit=9)
            assert page.webhooks == [bare]
            assert (await register.apps.find_client(APP.client_id)) is not None
            rekey(register, Sealer(key))
            assert await register.outbox.sequence_events(everything, NOW, 10) == 1
            assert len(await claim(register, NOW + HOUR)) == 2

    asyncio.run(asyncio.wait_for(scenario(), SECONDS))


def test_a_secret_moved_to_another_webhook_does_not_open(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await ready(register, HOOK, another(101))
        moved = f"UPDATE webhooks SET {{}} = (SELECT {{}} FROM webhooks WHERE id = {HOOK.id})"
        for column in ("secret", "headers"):
            text = moved.format(column, column)
            await register.driver.write(lambda transaction, text=text: transaction.script(text))
            assert await register.webhooks.find(HOOK.id) == HOOK
            assert (await register.webhooks.find(101)).secret is None

    run(scenario)
