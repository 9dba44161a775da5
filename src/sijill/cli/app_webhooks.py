"""The webhook of an app: where it learns of its own installs, its secret, and its events."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from msgspec.structs import replace

from sijill.app import Register
from sijill.cli.arguments import checked, read_secret
from sijill.cli.output import USAGE, fail
from sijill.egress.targets import BadTarget, check_url
from sijill.oauth.apps import App
from sijill.settings import Settings
from sijill.stores.model import Store
from sijill.values.ids import new_event_id
from sijill.webhooks.events import Event
from sijill.webhooks.signing import new_secret

WebhookUrl = Annotated[
    str | None, typer.Option(help="Where the app learns of its installs; '' is nowhere.")
]
WebhookSecret = Annotated[
    Path | None,
    typer.Option(help="File with the secret of those deliveries, or - for standard input."),
]

_SECRET = re.compile(r"[\x21-\x7e]{16,}", re.ASCII)


def webhook_options(url: str | None, file: Path | None, settings: Settings) -> dict[str, str]:
    """Return the options as fields of an app, or end the command."""
    fields = {} if url is None else {"webhook_url": _target(url, settings)}
    if file is not None:
        fields["webhook_secret"] = checked("webhook_secret:", parse_secret, read_secret(file))
    return fields


def with_secret(app: App) -> tuple[App, str | None]:
    """Return the app, with a new secret if it has a webhook without one, and that secret."""
    if not app.webhook_url or app.webhook_secret is not None:
        return app, None
    minted = new_secret()
    return replace(app, webhook_secret=minted), minted


async def resubscribe(register: Register, app: App) -> None:
    """Subscribe an app, at its present address, in every store that has it."""
    for install in await register.installs.all():
        if install.app_id == app.id:
            await register.installs.subscribe_app(app, install.store_id, datetime.now(UTC))


async def notify(
    register: Register, store: Store, app: App, bodies: Iterable[tuple[str, bytes]], at: datetime
) -> None:
    """Subscribe an app in a store, and send it events of that store: names and bodies, in order."""
    await register.installs.subscribe_app(app, store.id, at)
    if app.webhook_url:
        for name, body in bodies:
            await register.outbox.append(app_event(store, app, name, body, at))


def app_event(store: Store, app: App, name: str, body: bytes, at: datetime) -> Event:
    """Return an event that goes to one app alone."""
    return Event(new_event_id(), store.id, name, at, body, app_id=app.id)


def parse_secret(text: str) -> str:
    """Return a secret of 16 or more visible ASCII characters; raises ValueError."""
    if _SECRET.fullmatch(text) is None:
        raise ValueError("write 16 or more visible ASCII characters")
    return text


def _target(url: str, settings: Settings) -> str:
    try:
        return url and check_url(url, local=settings.webhook_targets == "local")
    except BadTarget as fault:
        hint = "" if settings.webhook_targets == "local" else "; see the setting webhook_targets"
        fail(f"webhook_url: nothing can be sent there ({fault.reason}){hint}", code=USAGE)
