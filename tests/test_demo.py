"""The demo's folder, its token, its customer, and what logging in to it takes."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from traceback import format_exception
from typing import TypeVar

import pytest
from msgspec.structs import asdict, astuple, replace

from sijill.customers.examples import AHMED
from sijill.demo import APP, OWNER, Ready, demo_folder, demo_store, prepare
from sijill.demo_credentials import FILE
from sijill.oauth.apps import App
from sijill.oauth.grants import Consent, Lifetimes, new_pair
from sijill.oauth.passwords import Passwords
from sijill.oauth.people import PersonAccount
from sijill.oauth.redirects import is_registered, registrable
from sijill.oauth.scopes import KNOWN
from sijill.oauth.tokens import digest
from sijill.opening import open_register
from sijill.register import Register
from sijill.settings import Settings, load
from sijill.stores.model import SHOP, Store

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def settings(folder: Path, **changes: str) -> Settings:
    return load({"data_dir": str(folder), **changes}, {}, folder)[0]


def start(folder: Path, *, keep: bool = False, **changes: str) -> Ready:
    wanted = settings(folder, **changes)
    with demo_folder(wanted, keep=keep) as place:
        return asyncio.run(prepare(wanted, place, NOW, lambda _: None))


T = TypeVar("T")


def ask_demo(ready: Ready, ask: Callable[[Register], Awaitable[T]]) -> T:
    """Return the answer of the register of a demo."""

    async def whole() -> T:
        register = await open_register(ready.settings)
        try:
            return await ask(register)
        finally:
            await register.close()

    return asyncio.run(whole())


def logging_in(ready: Ready) -> tuple[App, PersonAccount, list[Store]]:
    """Return the demo's app, its owner, and the owner's stores."""

    async def ask(register: Register) -> tuple[App, PersonAccount, list[Store]]:
        app = await register.apps.find_client("demo")
        known = await register.people.find_by_email("owner@demo.test")
        assert app is not None
        assert known is not None
        return app, known, await register.people.stores_of(known.person.id)

    return ask_demo(ready, ask)


def opens(password: str, known: PersonAccount) -> bool:
    return asyncio.run(Passwords().matches(password, known.password))


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
    assert start(tmp_path, demo_token="!\"#$%&'()*+,-./:").credentials.token == "!\"#$%&'()*+,-./:"
    with pytest.raises(ValueError, match="begins with sjl_at_"):
        start(tmp_path, demo_token="sjl_at_0123456789")


def test_a_kept_demo_keeps_what_logs_in_to_it_and_a_clean_one_has_all_anew(tmp_path: Path) -> None:
    first = start(tmp_path).credentials
    assert start(tmp_path, keep=True).credentials == first
    kept = start(tmp_path, keep=True)
    assert kept.credentials == first
    app, known, _ = logging_in(kept)
    assert app.client_secret == digest(first.client_secret)
    assert opens(first.password, known)
    clean = start(tmp_path).credentials
    assert not set(astuple(first)) & set(astuple(clean))


CHOSEN = {
    "demo_token": "chosen-token-0123",
    "demo_client_secret": "chosen-secret-0123",
    "demo_password": "كلمة مرور طويلة",
}


@pytest.mark.parametrize("name", CHOSEN)
def test_each_of_them_can_be_fixed_and_the_others_stay(tmp_path: Path, name: str) -> None:
    first = start(tmp_path).credentials
    fixed = start(tmp_path, keep=True, **{name: CHOSEN[name]})
    field = name.removeprefix("demo_")
    assert fixed.credentials == replace(first, **{field: CHOSEN[name]})
    app, known, _ = logging_in(fixed)
    assert app.client_secret == digest(fixed.credentials.client_secret)
    assert opens(fixed.credentials.password, known)
    assert start(tmp_path, keep=True).credentials == fixed.credentials
    assert asdict(start(tmp_path, **{name: CHOSEN[name]}).credentials)[field] == CHOSEN[name]


def test_they_lie_in_a_file_for_their_owner_alone(tmp_path: Path) -> None:
    with demo_folder(settings(tmp_path), keep=True) as folder:
        pass
    for keep in (False, True):
        start(tmp_path, keep=keep)
        assert oct((folder / FILE).stat().st_mode)[-3:] == "600"


@pytest.mark.parametrize(
    "text", [b"", b"{}", b'{"token":7}', b"\xff", b'{"token":"sjl_at_secret"}']
)
def test_a_damaged_file_is_named_and_not_quoted(tmp_path: Path, text: bytes) -> None:
    with demo_folder(settings(tmp_path), keep=True) as folder:
        (folder / FILE).write_bytes(text)
    with pytest.raises(ValueError, match=r"credentials\.json is damaged") as refused:
        start(tmp_path, keep=True)
    assert "sjl_at_secret" not in "".join(format_exception(refused.value, chain=False))
    start(tmp_path)


@pytest.mark.parametrize("password", ["eleven char", "x" * 257])
def test_a_password_that_no_form_takes_is_refused(tmp_path: Path, password: str) -> None:
    with pytest.raises(ValueError, match=r"^demo_password: write 12 to"):
        start(tmp_path, demo_password=password)


def grants(ready: Ready, *tokens: str) -> list[bool]:
    """Return which tokens still work."""

    async def ask(register: Register) -> list[bool]:
        found = [await register.tokens.grant(digest(token)) for token in tokens]
        return [grant is not None and not grant.revoked for grant in found]

    return ask_demo(ready, ask)


def test_a_token_that_another_one_replaces_ends_and_those_of_apps_stay(tmp_path: Path) -> None:
    first = start(tmp_path)
    old = first.credentials.token

    async def install(register: Register) -> str:
        pair = new_pair(NOW, Lifetimes())
        consent = Consent(9, SHOP.id, APP.id, OWNER.id, APP.scopes, NOW)
        await register.grants.issue(consent, pair)
        return pair.access

    installed = ask_demo(first, install)
    second = start(tmp_path, keep=True, demo_token="b" * 16)
    assert grants(second, old, "b" * 16, installed) == [False, True, True]
    with pytest.raises(ValueError, match="was used before and has ended"):
        start(tmp_path, keep=True, demo_token=old)


def test_a_kept_token_that_was_revoked_or_has_expired_is_replaced(tmp_path: Path) -> None:
    ready = start(tmp_path)
    tokens = [ready.credentials.token]
    for end in ("revoke", "expire"):

        async def ended(register: Register, end: str = end) -> None:
            grant = await register.tokens.grant(digest(tokens[-1]))
            assert grant is not None
            table = register.tokens if end == "revoke" else register.grants
            await getattr(table, end)(grant.token_id, NOW)

        ask_demo(ready, ended)
        tokens.append(start(tmp_path, keep=True).credentials.token)
    assert len(set(tokens)) == 3
    assert grants(ready, tokens[-1]) == [True]


def test_a_kept_demo_keeps_what_was_changed_of_its_app_and_its_sessions(tmp_path: Path) -> None:
    first = start(tmp_path)
    url = "http://127.0.0.1:3000/hooks"

    async def change(register: Register) -> None:
        apps = await register.apps.all()
        await register.apps.update(replace(apps[0], webhook_url=url))
        await register.sessions.open(digest("cookie"), OWNER.id, NOW)

    async def look(register: Register) -> tuple[str, bool]:
        apps = await register.apps.all()
        return apps[0].webhook_url, await register.sessions.find(digest("cookie")) is not None

    ask_demo(first, change)
    assert ask_demo(start(tmp_path, keep=True), look) == (url, True)
    assert ask_demo(start(tmp_path, keep=True, demo_password="x" * 12), look) == (url, False)


def test_the_demo_ignores_the_real_database(tmp_path: Path) -> None:
    ready = start(tmp_path, database_url="postgresql://127.0.0.1:1/real")
    assert ready.settings.database_url == ""
    assert AHMED.id == 2075683582


def test_an_app_may_log_in_from_any_port_and_the_owner_owns_the_store(tmp_path: Path) -> None:
    ready = start(tmp_path)
    app, known, stores = logging_in(ready)
    assert app.client_secret == digest(ready.credentials.client_secret)
    assert app.scopes == KNOWN
    assert [registrable(uri) for uri in app.redirect_uris] == list(app.redirect_uris)
    for uri in (
        "http://127.0.0.1:41234/callback",
        "http://localhost:41234/callback",
        "http://localhost:8000/oauth/callback",
        "http://127.0.0.1:8000/oauth/callback",
        "http://localhost:8081/oauth/callback",
    ):
        assert is_registered(uri, app.redirect_uris)
    assert known.person == OWNER
    assert opens(ready.credentials.password, known)
    assert [store.id for store in stores] == [demo_store("documented").id]


def test_its_first_customers_are_no_events(tmp_path: Path) -> None:
    async def ask(register: Register) -> int:
        return await register.outbox.sequence_events(lambda hook, event: True, NOW, 100)

    assert ask_demo(start(tmp_path, keep=True, demo_customers="3"), ask) == 0
