"""`sijill webhook`: subscriptions, their deliveries, and redelivery."""

from datetime import UTC, datetime
from typing import Any, get_args

import click
from msgspec.structs import asdict

from sijill.cli.arguments import Parsed, argument, option, optional
from sijill.cli.output import USAGE, columns, fail, say
from sijill.cli.register import find_store_id, on_register
from sijill.errors import NotFound
from sijill.register import Register
from sijill.settings.parsers import one_of
from sijill.webhooks.model import State

_STATES = get_args(State)
_STORE = option("--store", "Id or name; else every store.", default="")


def _moment(text: str) -> datetime:
    """Return a moment; without an offset it is UTC."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError("write ISO 8601, for example 2026-11-25T10:00 or …T10:00+03:00") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


@on_register(_STORE, rows=True)
async def list_command(register: Register, store: str) -> list[dict[str, Any]]:
    store_id = await find_store_id(register, store)
    hooks = [hook for hook in await register.webhooks.all() if store_id in (None, hook.store_id)]
    # Rows lack the secret, and the headers, which may contain a secret.
    rows = columns(
        hooks,
        *("id", "store_id", "app_id", "name", "event", "url", "rule", "strategy"),
        *("failing_since", "paused", "created_at"),
    )
    return [
        row if hook.secret else row | {"strategy": "none"}
        for hook, row in zip(hooks, rows, strict=True)
    ]


@on_register(
    _STORE,
    option(
        "--state",
        f"Only those that are {', '.join(_STATES)}.",
        default="",
        type=Parsed(optional(one_of(*_STATES))),
    ),
    option("--limit", "How many at most.", default=100, type=click.IntRange(1, 100_000)),
    rows=True,
)
async def deliveries_command(
    register: Register, store: str, state: State | None, limit: int
) -> list[dict[str, Any]]:
    store_id = await find_store_id(register, store)
    found = await register.deliveries.all(store_id=store_id, state=state, limit=limit)
    return [asdict(delivery) for delivery in found]


_TIME = Parsed(optional(_moment))


@on_register(
    argument("event_id", "Id of an event: all its deliveries are repeated.", default=""),
    option("--dead", "Repeat the deliveries that were given up.", is_flag=True),
    option("--since", "ISO 8601: of those, only from this moment on.", default="", type=_TIME),
    option("--until", "ISO 8601: of those, only before this moment.", default="", type=_TIME),
)
async def redeliver_command(
    register: Register,
    event_id: str,
    dead: bool,
    since: datetime | None,
    until: datetime | None,
) -> None:
    if bool(event_id) == dead or (not dead and (since or until)):
        fail("redeliver: name an event, or --dead with or without --since and --until", code=USAGE)
    repeated = await register.deliveries.redeliver(
        event_id=event_id or None, since=since, until=until, at=datetime.now(UTC)
    )
    say(str(repeated))


@on_register(argument("webhook_id", "Id of a webhook.", type=click.IntRange(1, 2**31 - 1)))
async def resume_command(register: Register, webhook_id: int) -> None:
    try:
        await register.webhooks.resume(webhook_id)
    except NotFound:
        fail(f"there is no webhook {webhook_id}: see sijill webhook list")
