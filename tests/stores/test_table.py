"""Keeping stores, apps and tokens, on every database."""

from datetime import UTC, datetime, timedelta

import pytest
from fixtures.databases import Run
from fixtures.registers import NOW, STORE
from msgspec.structs import replace

from sijill.errors import NotFound, Taken
from sijill.oauth.apps import App
from sijill.oauth.tokens import Grant, TokenInfo
from sijill.register import Register
from sijill.stores.model import Store

FULL = Store(
    2**31,
    "متجر",
    "pro",
    "observed",
    "Asia/Aden",
    "en",
    "YER",
    "https://shop.test/{id}",
    "https://admin.test/{id}",
    "https://m.test/a.png",
    "https://f.test/a.png",
    NOW.replace(microsecond=1),
)
APP = App(7, "Reader", NOW, client_id="7")
LATER = datetime(2027, 1, 1, 0, 0, 0, 1, tzinfo=UTC)
DIGEST = bytes(range(32))
TOKEN = TokenInfo(
    3, STORE.id, APP.id, frozenset({"customers.read", "customers.read_write"}), "a1b2", NOW, LATER,
    None,
)  # fmt: skip


def test_a_store_is_read_as_it_was_kept(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await register.stores.create(FULL)
        assert await register.stores.find(FULL.id) == FULL
        assert await register.stores.all() == [STORE, FULL]

    run(scenario)


@pytest.mark.parametrize(
    ("other", "field"),
    [(replace(STORE, name="New"), "id"), (replace(STORE, id=9), "name")],
)
def test_a_stores_id_and_name_are_its_own(run: Run, other: Store, field: str) -> None:
    async def scenario(register: Register) -> None:
        with pytest.raises(Taken) as taken:
            await register.stores.create(other)
        assert taken.value.field == field
        assert await register.stores.all() == [STORE]

    run(scenario)


def test_tokens_that_work_come_first_and_of_these_the_newest(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await register.apps.create(APP)
        for number, changes in enumerate(
            (
                {"revoked_at": NOW, "expires_at": None},
                {"created_at": NOW - timedelta(days=1), "expires_at": None},
                {"expires_at": NOW + timedelta(microseconds=1)},
                {"expires_at": NOW},
            ),
            1,
        ):
            info = replace(TOKEN, **{"id": number, "created_at": NOW} | changes)
            await register.tokens.add(bytes([number]) * 32, info)
        newest = await register.tokens.newest(STORE.id, NOW, 4)
        assert [info.id for info in newest] == [3, 2, 4, 1]
        assert await register.tokens.newest(STORE.id, NOW, 2) == newest[:2]
        assert await register.tokens.newest(STORE.id + 1, NOW, 4) == []
        assert await register.tokens.apps(STORE.id, NOW) == [APP.id]
        assert await register.tokens.apps(STORE.id, LATER) == [APP.id]
        await register.tokens.revoke(2, NOW)
        assert await register.tokens.apps(STORE.id, LATER) == []

    run(scenario)


def test_a_store_nobody_created_is_not_found(run: Run) -> None:
    async def scenario(register: Register) -> None:
        with pytest.raises(NotFound):
            await register.stores.find(404)

    run(scenario)


@pytest.mark.parametrize(
    ("other", "field"),
    [(replace(APP, name="New"), "id"), (replace(APP, id=9, client_id="9"), "name")],
)
def test_an_apps_id_and_name_are_its_own(run: Run, other: App, field: str) -> None:
    async def scenario(register: Register) -> None:
        await register.apps.create(APP)
        with pytest.raises(Taken) as taken:
            await register.apps.create(other)
        assert taken.value.field == field
        assert await register.apps.all() == [APP]

    run(scenario)


def test_a_token_grants_what_it_was_made_for(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await register.apps.create(APP)
        await register.tokens.add(DIGEST, TOKEN)
        assert await register.tokens.grant(DIGEST) == Grant(
            TOKEN.id, APP.id, STORE, TOKEN.scopes, LATER.timestamp(), revoked=False
        )
        assert await register.tokens.all() == await register.tokens.all(STORE.id) == [TOKEN]

    run(scenario)


def test_an_unknown_digest_grants_nothing(run: Run) -> None:
    async def scenario(register: Register) -> None:
        assert await register.tokens.grant(DIGEST) is None

    run(scenario)


def test_tokens_are_listed_by_id_within_a_store(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await register.apps.create(APP)
        await register.stores.create(FULL)
        second = replace(TOKEN, id=2, scopes=frozenset(), expires_at=None)
        other = replace(TOKEN, id=1, store_id=FULL.id)
        for number, info in enumerate((TOKEN, second, other)):
            await register.tokens.add(bytes([number]) * 32, info)
        assert await register.tokens.all(STORE.id) == [second, TOKEN]
        assert await register.tokens.all(FULL.id) == [other]
        assert await register.tokens.all() == [other, second, TOKEN]

    run(scenario)


@pytest.mark.parametrize(
    ("digest", "info", "field"),
    [(DIGEST, replace(TOKEN, id=4), "token"), (bytes(32), TOKEN, "id")],
)
def test_a_token_is_kept_once(run: Run, digest: bytes, info: TokenInfo, field: str) -> None:
    async def scenario(register: Register) -> None:
        await register.apps.create(APP)
        await register.tokens.add(DIGEST, TOKEN)
        with pytest.raises(Taken) as taken:
            await register.tokens.add(digest, info)
        assert taken.value.field == field

    run(scenario)


@pytest.mark.parametrize("info", [replace(TOKEN, store_id=9), replace(TOKEN, app_id=9)])
def test_a_token_needs_its_store_and_its_app(run: Run, info: TokenInfo) -> None:
    async def scenario(register: Register) -> None:
        await register.apps.create(APP)
        with pytest.raises(NotFound):
            await register.tokens.add(DIGEST, info)
        assert await register.tokens.all() == []

    run(scenario)


def test_a_token_is_revoked_once_for_good(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await register.apps.create(APP)
        await register.tokens.add(DIGEST, TOKEN)
        await register.tokens.revoke(TOKEN.id, NOW)
        await register.tokens.revoke(TOKEN.id, LATER)
        grant = await register.tokens.grant(DIGEST)
        assert grant is not None
        assert grant.revoked
        assert await register.tokens.all() == [replace(TOKEN, revoked_at=NOW)]
        with pytest.raises(NotFound):
            await register.tokens.revoke(404, NOW)

    run(scenario)
