"""`sijill app install`, `uninstall` and `installs`: which app is in which store."""

import asyncio
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from sijill.app import Register
from sijill.cli.apps import AppArgument, scopes_of
from sijill.cli.common import (
    USAGE,
    WHERE,
    Json,
    fail,
    find_app,
    find_store,
    opened,
    settings_of,
    show,
    with_settings,
)
from sijill.cli.installing import event, tell
from sijill.errors import NotFound
from sijill.oauth.apps import App
from sijill.oauth.grants import Consent, new_pair
from sijill.oauth.scopes import OFFLINE, narrowed, scope_text
from sijill.settings import Settings
from sijill.stores.model import Store
from sijill.values.ids import random_id
from sijill.webhooks.event_bodies import (
    AUTHORIZED,
    INSTALLED,
    UNINSTALLED,
    authorize_event,
    install_event,
)
from sijill.wiring import lifetimes

StoreOption = Annotated[str, typer.Option(help="Id or name of a store.")]


@with_settings((*WHERE, "access_lifetime", "refresh_lifetime", "webhook_body"))
def install(
    app: AppArgument,
    *,
    store: StoreOption,
    scope: Annotated[
        list[str] | None,
        typer.Option("--scope", help="A scope; may be repeated. Without any, all of the app's."),
    ] = None,
    **flags: Any,
) -> None:
    """
    Install an app without asking an owner, and print the event app.store.authorize.

    If the app has a webhook_url, it is told of app.installed and of this event there too.
    """
    asked, settings = scopes_of(scope or []), settings_of(flags)

    async def work() -> bytes:
        async with opened(flags) as register:
            client, place = await find_app(register, app), await find_store(register, store)
            return await _issue(register, place, client, _granted(client, asked), settings)

    print(asyncio.run(work()).decode(), flush=True)


@with_settings((*WHERE, "webhook_body"))
def uninstall(app: AppArgument, *, store: StoreOption, **flags: Any) -> None:
    """
    Take an app out of a store; its tokens there are revoked, and its webhooks removed.

    If the app has a webhook_url, it is told of app.uninstalled there.
    """
    escaped = _escaped(settings_of(flags))

    async def work() -> None:
        async with opened(flags) as register:
            client, place = await find_app(register, app), await find_store(register, store)
            now = datetime.now(UTC)
            body = install_event(place, UNINSTALLED, now, client, client.scopes, escaped=escaped)
            told = event(place, client, UNINSTALLED, body, now) if client.webhook_url else None
            try:
                await register.installs.uninstall(place.id, client.id, now, told)
            except NotFound:
                fail(f"{client.name} is not in {place.name}: see sijill app installs")

    asyncio.run(work())


@with_settings(WHERE)
def installs(*, as_json: Json = False, **flags: Any) -> None:
    """List which app is in which store, and which owner let it in; none where it was you."""

    async def work() -> list[dict[str, Any]]:
        async with opened(flags) as register:
            stores = {store.id: store.name for store in await register.stores.all()}
            apps = {app.id: app.name for app in await register.apps.all()}
            return [
                {
                    "store_id": one.store_id,
                    "store": stores[one.store_id],
                    "app_id": one.app_id,
                    "app": apps[one.app_id],
                    "owner_id": one.owner_id,
                    "installed_at": one.installed_at,
                }
                for one in await register.installs.all()
            ]

    show(asyncio.run(work()), as_json=as_json)


def _granted(app: App, asked: frozenset[str]) -> frozenset[str]:
    """Return what an install grants: with a refresh token always, as Salla's easy mode does."""
    if not app.scopes:
        fail(f"{app.name} has no scopes: give it some with sijill app update")
    scopes = narrowed(app.scopes, asked or app.scopes)
    if scopes is None:
        fail("scope: the app may not have one of those", code=USAGE)
    return scopes | {OFFLINE}


async def _issue(
    register: Register, store: Store, app: App, scopes: frozenset[str], settings: Settings
) -> bytes:
    """Install the app, tell it, and return the event that holds its tokens."""
    now, escaped = datetime.now(UTC), _escaped(settings)
    pair = new_pair(now, lifetimes(settings), random_id)
    await register.grants.issue(Consent(random_id(), store.id, app.id, None, scopes, now), pair)
    authorized = authorize_event(
        store,
        now,
        access=pair.access,
        refresh=pair.refresh,
        scope=scope_text(scopes),
        until=pair.access_until,
        escaped=escaped,
    )
    installed = install_event(store, INSTALLED, now, app, scopes - {OFFLINE}, escaped=escaped)
    await tell(register, store, app, [(INSTALLED, installed), (AUTHORIZED, authorized)], now)
    return authorized


def _escaped(settings: Settings) -> bool:
    return settings.webhook_body == "escaped"
