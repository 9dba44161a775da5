"""Where an app hears of its own installs, how that proves itself, and what it is told."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from msgspec.structs import replace

from sijill.app import Register
from sijill.cli.common import USAGE, fail
from sijill.cli.typed import checked, read_secret
from sijill.egress.targets import BadTarget, check_url
from sijill.oauth.apps import App
from sijill.settings import Settings
from sijill.stores.model import Store
from sijill.values.ids import new_event_id
from sijill.webhooks.events import Event
from sijill.webhooks.signing import new_secret

WebhookUrl = Annotated[
    str | None, typer.Option(help="Where it hears of its installs; '' is nowhere.")
]
WebhookSecret = Annotated[
    Path | None,
    typer.Option(help="File with the secret of those deliveries, or - for standard input."),
]

_SECRET = re.compile(r"[\x21-\x7e]{16,}", re.ASCII)


def wished(url: str | None, file: Path | None, settings: Settings) -> dict[str, str]:
    """Return what was typed as fields of an app, or end the command."""
    fields = {} if url is None else {"webhook_url": _target(url, settings)}
    return fields if file is None else fields | {"webhook_secret": _secret_in(file)}


def with_secret(app: App) -> tuple[App, str | None]:
    """Return the app, with a new secret if it hears somewhere and has none, and that secret."""
    if not app.webhook_url or app.webhook_secret is not None:
        return app, None
    minted = new_secret()
    return replace(app, webhook_secret=minted), minted


async def rehear(register: Register, app: App) -> None:
    """Let an app hear of its installs at its address as it is now, in every store that has it."""
    for install in await register.installs.all():
        if install.app_id == app.id:
            await register.installs.subscribe_app(app, install.store_id, datetime.now(UTC))


async def tell(
    register: Register, store: Store, app: App, bodies: Iterable[tuple[str, bytes]], at: datetime
) -> None:
    """Tell an app of what befell it in a store: names of events and their bodies, in order."""
    await register.installs.subscribe_app(app, store.id, at)
    if app.webhook_url:
        for name, body in bodies:
            await register.outbox.append(event(store, app, name, body, at))


def event(store: Store, app: App, name: str, body: bytes, at: datetime) -> Event:
    """Return an event that is told to one app alone."""
    return Event(new_event_id(), store.id, name, at, body, app_id=app.id)


def _target(url: str, settings: Settings) -> str:
    try:
        return url and check_url(url, local=settings.webhook_targets == "local")
    except BadTarget as fault:
        hint = "" if settings.webhook_targets == "local" else "; see the setting webhook_targets"
        fail(f"webhook_url: nothing can be sent there ({fault.reason}){hint}", code=USAGE)


def _secret_in(file: Path) -> str:
    return checked("webhook_secret:", _secret, read_secret(file))


def _secret(text: str) -> str:
    if _SECRET.fullmatch(text) is None:
        raise ValueError("write 16 or more visible ASCII characters")
    return text
