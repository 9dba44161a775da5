"""`sijill app install`, `uninstall` and `installs`: which app is in which store."""

from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from sijill.app import Register
from sijill.cli.app_webhooks import app_event, notify
from sijill.cli.apps import AppArgument, scopes_of
from sijill.cli.arguments import REGISTER, Json, settings_of, with_settings
from sijill.cli.output import USAGE, fail, say, show
from sijill.cli.register import find_app, find_store, on_register
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


@with_settings((*REGISTER, "access_lifetime", "refresh_lifetime", "webhook_body"))
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

    The app's webhook_url, if it has one, receives app.installed and this event too.
    """
    requested, settings = scopes_of(scope or []), settings_of(flags)

    async def work(register: Register) -> bytes:
        client, tenant = await find_app(register, app), await find_store(register, store)
        return await _issue(register, tenant, client, _granted(client, requested), settings)

    say(on_register(flags, work).decode())


@with_settings((*REGISTER, "webhook_body"))
def uninstall(app: AppArgument, *, store: StoreOption, **flags: Any) -> None:
    """
    Take an app out of a store; its tokens there are revoked, and its webhooks removed.

    The app's webhook_url, if it has one, receives app.uninstalled.
    """
    escaped = _escaped(settings_of(flags))

    async def work(register: Register) -> None:
        client, tenant = await find_app(register, app), await find_store(register, store)
        now = datetime.now(UTC)
        body = install_event(tenant, UNINSTALLED, now, client, client.scopes, escaped=escaped)
        event = app_event(tenant, client, UNINSTALLED, body, now) if client.webhook_url else None
        try:
            await register.installs.uninstall(tenant.id, client.id, now, event)
        except NotFound:
            fail(f"{client.name} is not in {tenant.name}: see sijill app installs")

    on_register(flags, work)


@with_settings()
def installs(*, as_json: Json = False, **flags: Any) -> None:
    """List which app is in which store, and the owner who let it in; yours have no owner."""

    async def work(register: Register) -> list[dict[str, Any]]:
        stores = {store.id: store.name for store in await register.stores.all()}
        apps = {app.id: app.name for app in await register.apps.all()}
        return [
            {
                "store_id": install.store_id,
                "store": stores[install.store_id],
                "app_id": install.app_id,
                "app": apps[install.app_id],
                "owner_id": install.owner_id,
                "installed_at": install.installed_at,
            }
            for install in await register.installs.all()
        ]

    show(on_register(flags, work), as_json=as_json)


def _granted(app: App, requested: frozenset[str]) -> frozenset[str]:
    """Return what an install grants: with a refresh token always, as Salla's easy mode does."""
    if not app.scopes:
        fail(f"{app.name} has no scopes: give it some with sijill app update")
    scopes = narrowed(app.scopes, requested or app.scopes)
    if scopes is None:
        fail("scope: the app may not have all of those", code=USAGE)
    return scopes | {OFFLINE}


async def _issue(
    register: Register, store: Store, app: App, scopes: frozenset[str], settings: Settings
) -> bytes:
    """Install the app, notify it, and return the event that holds its tokens."""
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
    await notify(register, store, app, [(INSTALLED, installed), (AUTHORIZED, authorized)], now)
    return authorized


def _escaped(settings: Settings) -> bool:
    return settings.webhook_body == "escaped"
