"""What Salla tells an app about itself: where it was let in, by which tokens, and taken out."""

from collections.abc import Iterable
from datetime import datetime

from sijill.oauth.apps import App
from sijill.stores.model import Store
from sijill.values.dates import wall_text
from sijill.webhooks.event_bodies import app_event_body

INSTALLED, UNINSTALLED = "app.installed", "app.uninstalled"
AUTHORIZED = "app.store.authorize"

_DATES = {INSTALLED: "installation_date", UNINSTALLED: "uninstallation_date"}


def install_event(
    store: Store,
    name: str,
    at: datetime,
    app: App,
    scopes: Iterable[str],
    *,
    escaped: bool = True,
) -> bytes:
    """
    Return the event INSTALLED or UNINSTALLED of an app, with what it was granted.

    Source: Salla "App Events" for the first; the second is shaped after it.
    """
    data = {
        "id": app.id,
        "app_name": app.name,
        "app_description": "",
        "app_type": "app",
        "app_scopes": sorted(scopes),
        _DATES[name]: wall_text(at, store.timezone),
    }
    return app_event_body(store, name, at, data, escaped=escaped)


def authorize_event(
    store: Store,
    at: datetime,
    *,
    access: str,
    refresh: str,
    scope: str,
    until: datetime,
    escaped: bool = True,
) -> bytes:
    """
    Return the event AUTHORIZED, as Salla posts it to an app in easy mode.

    `expires` is the Unix time of `until`, when the access token ends.
    Source: Salla "Authorization", the sample of app.store.authorize.
    """
    data = {
        "access_token": access,
        "expires": int(until.timestamp()),
        "refresh_token": refresh,
        "scope": scope,
        "token_type": "bearer",
    }
    return app_event_body(store, AUTHORIZED, at, data, escaped=escaped)
