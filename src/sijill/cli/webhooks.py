"""`sijill webhook`: subscriptions, their deliveries, and redelivery."""

from collections.abc import Awaitable
from datetime import UTC, datetime
from typing import Annotated, Any, get_args

import typer
from msgspec.structs import asdict

from sijill.app import Register
from sijill.cli.arguments import Json, checked, with_settings
from sijill.cli.output import USAGE, fail, show
from sijill.cli.register import find_store_id, on_register
from sijill.errors import NotFound
from sijill.settings.parsers import one_of
from sijill.webhooks.model import State, Webhook

webhook_commands = typer.Typer(
    help="Webhooks: subscriptions of apps, and their deliveries.", no_args_is_help=True
)

StoreFilter = Annotated[str, typer.Option("--store", help="Id or name; else every store.")]

STATES = get_args(State)


@webhook_commands.command("list")
@with_settings()
def webhook_list(*, store: StoreFilter = "", as_json: Json = False, **flags: Any) -> None:
    """List the webhooks; under the event app.* an app learns of its own installs."""

    async def work(register: Register) -> list[Webhook]:
        store_id = await find_store_id(register, store)
        hooks = await register.webhooks.all()
        return [hook for hook in hooks if store_id in (None, hook.store_id)]

    show([_row(hook) for hook in on_register(flags, work)], as_json=as_json)


@webhook_commands.command("deliveries")
@with_settings()
def webhook_deliveries(
    *,
    store: StoreFilter = "",
    state: Annotated[str, typer.Option(help=f"Only those that are {', '.join(STATES)}.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="How many at most.")] = 100,
    as_json: Json = False,
    **flags: Any,
) -> None:
    """List deliveries, newest first."""
    only: Any = checked("state:", one_of(*STATES), state) if state else None

    async def work(register: Register) -> list[dict[str, Any]]:
        store_id = await find_store_id(register, store)
        found = await register.deliveries.all(store_id=store_id, state=only, limit=limit)
        return [asdict(delivery) for delivery in found]

    show(on_register(flags, work), as_json=as_json)


@webhook_commands.command("redeliver")
@with_settings()
def webhook_redeliver(
    event_id: Annotated[
        str, typer.Argument(help="Id of an event: all its deliveries are repeated.")
    ] = "",
    *,
    dead: Annotated[
        bool, typer.Option("--dead", help="Repeat the deliveries that were given up.")
    ] = False,
    since: Annotated[str, typer.Option(help="ISO 8601: of those, only from this moment on.")] = "",
    until: Annotated[str, typer.Option(help="ISO 8601: of those, only before this moment.")] = "",
    **flags: Any,
) -> None:
    """Repeat deliveries, from the first attempt on; print their number."""
    if bool(event_id) == dead or (not dead and (since or until)):
        fail("redeliver: name an event, or --dead with or without --since and --until", code=USAGE)
    begin, end = (checked("time:", _moment, text) if text else None for text in (since, until))

    def work(register: Register) -> Awaitable[int]:
        return register.deliveries.redeliver(
            event_id=event_id or None, since=begin, until=end, at=datetime.now(UTC)
        )

    print(on_register(flags, work), flush=True)


@webhook_commands.command("resume")
@with_settings()
def webhook_resume(
    webhook_id: Annotated[int, typer.Argument(min=1, max=2**31 - 1, help="Id of a webhook.")],
    **flags: Any,
) -> None:
    """Resume a paused webhook; the deliveries that fell due meanwhile are sent."""

    async def work(register: Register) -> None:
        try:
            await register.webhooks.resume(webhook_id)
        except NotFound:
            fail(f"there is no webhook {webhook_id}: see sijill webhook list")

    on_register(flags, work)


def _moment(text: str) -> datetime:
    """Return a moment; without an offset it is UTC."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError("write ISO 8601, for example 2026-11-25T10:00 or …T10:00+03:00") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _row(hook: Webhook) -> dict[str, Any]:
    """Return what is shown: neither the secret nor the headers, which may hold a secret."""
    return {
        "id": hook.id,
        "store_id": hook.store_id,
        "app_id": hook.app_id,
        "name": hook.name,
        "event": hook.event,
        "url": hook.url,
        "rule": hook.rule,
        "strategy": hook.strategy if hook.secret else "none",
        "failing_since": hook.failing_since,
        "paused": hook.paused,
        "created_at": hook.created_at,
    }
