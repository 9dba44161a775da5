"""The table of apps, and their installs, on every database."""

from datetime import timedelta

import pytest
from fixtures.databases import Run
from fixtures.oauth_rows import (
    APP,
    CODE,
    CONSENT,
    EXCHANGE,
    OTHER_APP,
    OTHER_STORE,
    OWNER,
    PASSWORD,
    lives,
    pair,
    settled,
)
from fixtures.registers import NOW, STORE
from msgspec.structs import replace

from sijill.errors import NotFound, Taken
from sijill.oauth.apps import App
from sijill.oauth.people import Person
from sijill.oauth.refusals import OAuthRefused
from sijill.oauth.scopes import OFFLINE
from sijill.oauth.tokens import TokenInfo, digest
from sijill.register import Register
from sijill.webhooks.installs import Install

LATER = NOW + timedelta(days=1)
MADE = TokenInfo(5, STORE.id, APP.id, frozenset(), "a1b2", NOW, None, None)


def test_an_app_is_read_as_it_was_written(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await register.apps.create(APP)
        await register.apps.create(OTHER_APP)
        assert await register.apps.all() == [APP, OTHER_APP]
        assert await register.apps.find_client(APP.client_id) == APP
        assert await register.apps.find_client(OTHER_APP.client_id) == OTHER_APP

    run(scenario)


def test_the_id_of_an_app_is_its_client_id_by_default(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await register.apps.create(App(12, "Plain", NOW))
        plain = App(12, "Plain", NOW, client_id="12")
        assert await register.apps.find_client("12") == plain
        assert await register.apps.all() == [plain]

    run(scenario)


def test_an_unknown_client_id_finds_no_app(run: Run) -> None:
    unknown = ["", "nobody", "Loyalty", "loyalty ", "7", "%", "\0", "loyalty\0", "\ud800", "ل"]

    async def scenario(register: Register) -> None:
        await register.apps.create(APP)
        assert [one for one in unknown if await register.apps.find_client(one)] == []

    run(scenario)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"id": APP.id}, "id"),
        ({"name": APP.name}, "name"),
        ({"client_id": APP.client_id}, "client_id"),
    ],
)
def test_the_id_name_and_client_id_of_an_app_are_unique(
    run: Run, changes: dict[str, str], field: str
) -> None:
    async def scenario(register: Register) -> None:
        await register.apps.create(APP)
        with pytest.raises(Taken) as taken:
            await register.apps.create(replace(OTHER_APP, **changes))
        assert taken.value.field == field
        assert await register.apps.all() == [APP]
        if field != "id":
            await register.apps.create(OTHER_APP)
            with pytest.raises(Taken) as taken:
                await register.apps.update(replace(OTHER_APP, **changes))
            assert taken.value.field == field
            assert await register.apps.all() == [APP, OTHER_APP]

    run(scenario)


def test_a_client_id_is_not_the_default_client_id_of_another_app(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await register.apps.create(App(12, "Plain", NOW))
        with pytest.raises(Taken) as taken:
            await register.apps.create(replace(APP, client_id="12"))
        assert taken.value.field == "client_id"

    run(scenario)


def test_an_update_changes_all_of_an_app_but_id_and_creation_time(run: Run) -> None:
    new = App(
        APP.id,
        "Renamed",
        LATER,
        wallets=False,
        client_id="renamed",
        client_secret=None,
        redirect_uris=("http://127.0.0.1/cb",),
        scopes=frozenset({"metadata.read"}),
    )

    async def scenario(register: Register) -> None:
        await register.apps.create(APP)
        await register.apps.create(OTHER_APP)
        await register.apps.update(new)
        assert await register.apps.all() == [replace(new, created_at=NOW), OTHER_APP]
        assert await register.apps.find_client(APP.client_id) is None
        await register.apps.update(new)
        await register.apps.update(replace(new, client_id=""))
        assert await register.apps.find_client(str(APP.id)) is not None

    run(scenario)


def test_an_update_of_an_unknown_app_is_not_found(run: Run) -> None:
    async def scenario(register: Register) -> None:
        with pytest.raises(NotFound):
            await register.apps.update(APP)
        assert await register.apps.all() == []

    run(scenario)


def test_a_consent_installs_an_app_in_its_store_alone(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await settled(register)
        assert await register.installs.all() == []
        elsewhere = replace(CONSENT, id=92, store_id=OTHER_STORE.id, owner_id=None, at=LATER)
        await register.grants.issue(elsewhere, pair())
        await register.grants.authorize(CONSENT, CODE)
        assert await register.installs.all() == [
            Install(STORE.id, APP.id, OWNER.id, NOW),
            Install(OTHER_STORE.id, APP.id, None, LATER),
        ]

    run(scenario)


OLDER = Person(72, "Older", "older@example.com", "", NOW - timedelta(days=1))
SAME_AGE = replace(OWNER, id=71, email="same@example.com")
OF_ANOTHER_STORE = replace(OLDER, id=1, email="elsewhere@example.com")


@pytest.mark.parametrize(
    ("people", "installer", "user"),
    [
        ((), None, None),
        ((OWNER,), None, OWNER),
        ((OWNER, OLDER), None, OLDER),
        ((OLDER, OWNER), None, OLDER),
        ((SAME_AGE, OWNER), None, OWNER),
        ((OWNER, OLDER), OWNER, OWNER),
        ((OWNER, OLDER), OLDER, OLDER),
    ],
)
def test_the_user_is_who_installed_an_app_or_the_oldest_owner_of_its_store(
    run: Run, people: tuple[Person, ...], installer: Person | None, user: Person | None
) -> None:
    async def scenario(register: Register) -> None:
        await register.stores.create(OTHER_STORE)
        await register.apps.create(APP)
        for person in people:
            await register.people.create(person, PASSWORD, [STORE.id])
        await register.people.create(OF_ANOTHER_STORE, PASSWORD, [OTHER_STORE.id])
        owner_id = None if installer is None else installer.id
        await register.grants.issue(replace(CONSENT, owner_id=owner_id), pair())
        assert await register.people.user_of(STORE.id, APP.id) == user
        assert await register.people.user_of(OTHER_STORE.id, APP.id) == OF_ANOTHER_STORE

    run(scenario)


def test_the_last_owner_to_consent_is_the_installer(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await settled(register)
        await register.grants.issue(replace(CONSENT, id=92, owner_id=None), pair())
        await register.grants.authorize(replace(CONSENT, at=LATER), CODE)
        assert await register.installs.all() == [Install(STORE.id, APP.id, OWNER.id, NOW)]

    run(scenario)


def test_an_uninstall_revokes_every_token_of_the_app_in_that_store(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await settled(register)
        mine, elsewhere, others = pair(), pair(), pair()
        await register.grants.issue(CONSENT, mine)
        await register.grants.issue(replace(CONSENT, id=92, store_id=OTHER_STORE.id), elsewhere)
        await register.grants.issue(replace(CONSENT, id=93, app_id=OTHER_APP.id), others)
        await register.tokens.add(digest("operators"), MADE)
        await register.grants.authorize(replace(CONSENT, id=94), CODE)

        await register.installs.uninstall(STORE.id, APP.id, NOW)
        assert not await lives(register, mine.access)
        assert not await lives(register, "operators")
        with pytest.raises(OAuthRefused) as refused:
            await register.grants.refresh(digest(mine.refresh), APP.id, frozenset(), pair())
        assert refused.value.status == 400
        with pytest.raises(OAuthRefused) as refused:
            await register.grants.exchange(CODE.digest, EXCHANGE, pair())
        assert refused.value.status == 400

        assert await lives(register, elsewhere.access)
        assert await lives(register, others.access)
        kept = [(install.store_id, install.app_id) for install in await register.installs.all()]
        assert kept == [(STORE.id, OTHER_APP.id), (OTHER_STORE.id, APP.id)]
        for app, left in ((APP, elsewhere), (OTHER_APP, others)):
            assert await register.grants.refresh(digest(left.refresh), app.id, frozenset(), pair())

    run(scenario)


def test_an_app_without_install_and_token_cannot_be_uninstalled(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await settled(register)
        with pytest.raises(NotFound):
            await register.installs.uninstall(STORE.id, APP.id, NOW)
        await register.tokens.add(digest("operators"), MADE)
        await register.installs.uninstall(STORE.id, APP.id, NOW)
        with pytest.raises(NotFound):
            await register.installs.uninstall(STORE.id, APP.id, NOW)
        issued = await register.grants.issue(CONSENT, pair())
        assert await lives(register, issued.pair.access)
        assert OFFLINE in issued.scopes
        await register.installs.uninstall(STORE.id, APP.id, NOW)
        assert not await lives(register, issued.pair.access)

    run(scenario)
