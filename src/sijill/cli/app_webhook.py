"""The webhook of an app itself, which gets the events of its installs."""

from collections.abc import Iterable
from datetime import UTC, datetime

from msgspec.structs import replace

from sijill.cli.output import USAGE, fail
from sijill.cli.register import Register
from sijill.oauth.apps import App
from sijill.settings import Settings
from sijill.stores.model import Store
from sijill.values.ids import new_event_id
from sijill.webhooks.events import Event
from sijill.webhooks.signing import new_secret


def with_secret(app: App) -> tuple[App, str | None]:
    """Return the app with the secret that its webhook needs, and the secret if it is new."""
    needs = bool(app.webhook_url) and app.webhook_strategy != "none"
    if not needs or app.webhook_secret is not None:
        return app, None
    minted = new_secret()
    return replace(app, webhook_secret=minted), minted


async def resubscribe(register: Register, app: App) -> None:
    """Subscribe an app, at its present address, in every store that has the app."""
    for install in await register.installs.all():
        if install.app_id == app.id:
            await register.installs.subscribe_app(app, install.store_id, datetime.now(UTC))


async def notify(
    register: Register, store: Store, app: App, bodies: Iterable[tuple[str, bytes]], at: datetime
) -> None:
    """Subscribe an app in a store, and send events to the app: names and bodies, in order."""
    await register.installs.subscribe_app(app, store.id, at)
    if app.webhook_url:
        for name, body in bodies:
            await register.outbox.append(app_event(store, app, name, body, at))


def app_event(store: Store, app: App, name: str, body: bytes, at: datetime) -> Event:
    """Return an event for one app alone."""
    return Event(new_event_id(at), store.id, name, at, body, app_id=app.id)


def target_of(url: str, settings: Settings) -> str:
    """Return the URL of an app's webhook, or end the command; "" is no webhook."""
    from sijill.egress.targets import BadTarget, parse_target  # help sends nothing

    try:
        if url:
            parse_target(url, local=settings.webhook_targets == "local")
    except BadTarget as fault:
        hint = "" if settings.webhook_targets == "local" else "; see the setting webhook_targets"
        fail(f"webhook_url: nothing can be sent there ({fault.reason}){hint}", code=USAGE)
    return url
