"""The demo's folder, its token, its customer, and what logging in to it takes."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sijill.customers.examples import AHMED
from sijill.demo import OWNER, Ready, demo_folder, demo_store, prepare
from sijill.oauth.apps import App
from sijill.oauth.owners import OwnerAccount
from sijill.oauth.passwords import Passwords
from sijill.oauth.redirects import is_registered, registrable
from sijill.oauth.scopes import SCOPES
from sijill.oauth.tokens import digest
from sijill.opening import open_register
from sijill.settings import Settings, load
from sijill.stores.model import Store

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def settings(folder: Path, **changes: str) -> Settings:
    return load({"data_dir": str(folder), **changes}, {}, folder)[0]


def start(folder: Path, *, keep: bool = False, **changes: str) -> Ready:
    wanted = settings(folder, **changes)
    with demo_folder(wanted, keep=keep) as place:
        return asyncio.run(prepare(wanted, place, NOW, lambda _: None))


def test_the_folder_is_emptied_unless_it_is_kept(tmp_path: Path) -> None:
    wanted = settings(tmp_path)
    with demo_folder(wanted, keep=False) as place:
        (place / "file").touch()
    with demo_folder(wanted, keep=True) as place:
        assert (place / "file").exists()
    with demo_folder(wanted, keep=False) as place:
        assert list(place.iterdir()) == []
        assert oct(place.stat().st_mode)[-3:] == "700"


def test_a_second_demo_at_the_same_time_has_a_folder_that_goes(tmp_path: Path) -> None:
    wanted = settings(tmp_path)
    with demo_folder(wanted, keep=True) as first:
        with demo_folder(wanted, keep=True) as second:
            assert second != first
            assert second.is_dir()
        assert not second.exists()


def test_profiles_are_kept_apart(tmp_path: Path) -> None:
    with (
        demo_folder(settings(tmp_path), keep=True) as first,
        demo_folder(settings(tmp_path, demo_profile="observed"), keep=True) as second,
    ):
        assert first.parent == second.parent == tmp_path
        assert first != second


def test_a_chosen_token_may_be_any_sixteen_visible_characters(tmp_path: Path) -> None:
    assert start(tmp_path, demo_token="!\"#$%&'()*+,-./:").token == "!\"#$%&'()*+,-./:"
    with pytest.raises(ValueError, match="begins with sjl_at_"):
        start(tmp_path, demo_token="sjl_at_0123456789")


def test_a_kept_demo_gets_a_new_token_and_a_revoked_one_stays_so(tmp_path: Path) -> None:
    chosen = "a" * 16
    start(tmp_path, demo_token=chosen)
    assert start(tmp_path, keep=True, demo_token=chosen).token == chosen
    minted = start(tmp_path, keep=True).token
    assert minted != start(tmp_path, keep=True).token
    with pytest.raises(ValueError, match="revoked"):
        start(tmp_path, keep=True, demo_token=chosen)


def test_the_demo_ignores_the_real_database(tmp_path: Path) -> None:
    ready = start(tmp_path, database_url="postgresql://127.0.0.1:1/real")
    assert ready.settings.database_url == ""
    assert AHMED.id == 2075683582


def logging_in(ready: Ready) -> tuple[App, OwnerAccount, list[Store]]:
    """Return the demo's app, its owner, and the owner's stores."""

    async def whole() -> tuple[App, OwnerAccount, list[Store]]:
        register = await open_register(ready.settings)
        try:
            app = await register.apps.find_client("demo")
            known = await register.owners.find_by_email("owner@demo.test")
            assert app is not None
            assert known is not None
            return app, known, await register.owners.stores_of(known.owner.id)
        finally:
            await register.close()

    return asyncio.run(whole())


def opens(password: str, known: OwnerAccount) -> bool:
    return asyncio.run(Passwords().matches(password, known.password))


def test_an_app_may_log_in_from_any_port_and_the_owner_owns_the_store(tmp_path: Path) -> None:
    ready = start(tmp_path)
    app, known, stores = logging_in(ready)
    assert app.client_secret == digest(ready.client_secret)
    assert app.scopes == set(SCOPES)
    assert [registrable(uri) for uri in app.redirect_uris] == list(app.redirect_uris)
    assert is_registered("http://127.0.0.1:41234/callback", app.redirect_uris)
    assert known.owner == OWNER
    assert opens(ready.password, known)
    assert [store.id for store in stores] == [demo_store("documented").id]


def test_a_kept_demo_has_a_new_secret_and_a_new_password(tmp_path: Path) -> None:
    before = start(tmp_path)
    after = start(tmp_path, keep=True)
    app, known, _ = logging_in(after)
    assert app.client_secret == digest(after.client_secret) != digest(before.client_secret)
    assert opens(after.password, known)
    assert not opens(before.password, known)


def test_its_first_customers_are_no_events(tmp_path: Path) -> None:
    async def ask(ready: Ready) -> int:
        register = await open_register(ready.settings)
        try:
            return await register.outbox.sequence_events(lambda hook, event: True, NOW, 100)
        finally:
            await register.close()

    assert asyncio.run(ask(start(tmp_path, keep=True, demo_customers="3"))) == 0
