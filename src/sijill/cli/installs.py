"""`sijill app install`, `uninstall` and `installs`: which app is in which store."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from msgspec import Raw

from sijill.cli.app_webhook import app_event, notify
from sijill.cli.apps import APP, scopes_option
from sijill.cli.output import USAGE, columns, fail, say
from sijill.cli.register import STORE, Register, find_app, find_store, on_register, with_names
from sijill.cli.showing import Shown, sentence, table
from sijill.errors import NotFound
from sijill.oauth.apps import App
from sijill.oauth.grants import Consent, lifetimes, new_pair
from sijill.oauth.scopes import OFFLINE, narrowed, scope_text
from sijill.settings import Settings
from sijill.stores.model import Store
from sijill.values.ids import random_id
from sijill.webhooks.events import (
    AUTHORIZED,
    INSTALLED,
    UNINSTALLED,
    authorize_event,
    install_event,
)


@on_register(
    APP,
    STORE,
    scopes_option("A scope; may be repeated. Without any, all of the app's."),
    settings=("access_lifetime", "refresh_lifetime", "webhook_body"),
    shown=Shown(lambda event: say(bytes(event).decode())),
)
async def install_command(
    register: Register, app: str, store: str, scope: Sequence[frozenset[str]], settings: Settings
) -> Raw:
    client, tenant = await find_app(register, app), await find_store(register, store)
    scopes = _granted(client, frozenset().union(*scope))
    return Raw(await _issue(register, tenant, client, scopes, settings))


@on_register(
    APP,
    STORE,
    settings=("webhook_body",),
    shown=sentence("{app} is taken out of {store}: its tokens are revoked, its webhooks removed"),
)
async def uninstall_command(
    register: Register, app: str, store: str, settings: Settings
) -> dict[str, Any]:
    client, tenant = await find_app(register, app), await find_store(register, store)
    now, escaped = datetime.now(UTC), _escaped(settings)
    body = install_event(tenant, UNINSTALLED, now, client, client.scopes, escaped=escaped)
    event = app_event(tenant, client, UNINSTALLED, body, now) if client.webhook_url else None
    try:
        await register.installs.uninstall(tenant.id, client.id, now, event)
    except NotFound:
        fail(f"{client.name} is not in {tenant.name}: see sijill app installs")
    return {"app_id": client.id, "app": client.name, "store_id": tenant.id, "store": tenant.name}


@on_register(shown=table("store", "app", "owner", "installed_at"))
async def installs_command(register: Register) -> list[dict[str, Any]]:
    owners = {owner.id: owner.name for owner in await register.people.all()}
    if owners:
        await register.note("person.view", ids=[*owners])
    rows = columns(
        await register.installs.all(),
        *("store_id", "app_id", "owner_id", "owner=owner_id", "installed_at"),
    )
    return await with_names(register, [row | {"owner": owners.get(row["owner"])} for row in rows])


def _granted(app: App, requested: frozenset[str]) -> frozenset[str]:
    """Return the scopes of an install, with a refresh token, as in Salla's easy mode."""
    if not app.scopes:
        fail(f"{app.name} has no scopes: give it some with sijill app update")
    scopes = narrowed(app.scopes, requested or app.scopes)
    if scopes is None:
        fail("scope: the app may not have all of those", code=USAGE)
    return scopes | {OFFLINE}


async def _issue(
    register: Register, store: Store, app: App, scopes: frozenset[str], settings: Settings
) -> bytes:
    """Install the app, notify it, and return the event with its tokens."""
    now, escaped = datetime.now(UTC), _escaped(settings)
    pair = new_pair(now, lifetimes(settings))
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
