"""`sijill webhook`: what is subscribed to, what became of each delivery, and a second try."""

import asyncio
from datetime import UTC, datetime
from typing import Annotated, Any, get_args

import typer
from msgspec.structs import asdict

from sijill.cli.common import (
    USAGE,
    WHERE,
    Json,
    fail,
    find_store,
    opened,
    show,
    with_settings,
)
from sijill.cli.typed import checked
from sijill.errors import NotFound
from sijill.settings.parsers import one_of
from sijill.webhooks.model import State, Webhook

webhook_commands = typer.Typer(
    help="Webhooks: what apps are told, and what became of it.", no_args_is_help=True
)

StoreFilter = Annotated[str, typer.Option("--store", help="Id or name; else every store.")]

STATES = get_args(State)


@webhook_commands.command("list")
@with_settings(WHERE)
def webhook_list(*, store: StoreFilter = "", as_json: Json = False, **flags: Any) -> None:
    """List the webhooks; the event app.* is where an app hears of its own installs."""

    async def work() -> list[Webhook]:
        async with opened(flags) as register:
            wanted = (await find_store(register, store)).id if store else None
            return [
                hook for hook in await register.webhooks.all() if wanted in (None, hook.store_id)
            ]

    show([_row(hook) for hook in asyncio.run(work())], as_json=as_json)


@webhook_commands.command("deliveries")
@with_settings(WHERE)
def webhook_deliveries(
    *,
    store: StoreFilter = "",
    state: Annotated[str, typer.Option(help=f"Only those that are {', '.join(STATES)}.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="How many at most.")] = 100,
    as_json: Json = False,
    **flags: Any,
) -> None:
    """List deliveries, newest first."""
    wanted: Any = checked("state:", one_of(*STATES), state) if state else None

    async def work() -> list[dict[str, Any]]:
        async with opened(flags) as register:
            store_id = (await find_store(register, store)).id if store else None
            found = await register.deliveries.all(store_id=store_id, state=wanted, limit=limit)
            return [asdict(delivery) for delivery in found]

    show(asyncio.run(work()), as_json=as_json)


@webhook_commands.command("redeliver")
@with_settings(WHERE)
def webhook_redeliver(
    event_id: Annotated[
        str, typer.Argument(help="Id of an event, whose deliveries are all made again.")
    ] = "",
    *,
    dead: Annotated[bool, typer.Option("--dead", help="Those that were given up.")] = False,
    since: Annotated[str, typer.Option(help="ISO 8601: of those, made from then on.")] = "",
    until: Annotated[str, typer.Option(help="ISO 8601: of those, made before then.")] = "",
    **flags: Any,
) -> None:
    """Deliver again, from the first attempt on; print how many deliveries that are."""
    if bool(event_id) == dead or (not dead and (since or until)):
        fail("redeliver: name an event, or --dead with or without --since and --until", code=USAGE)
    begin, end = (checked("time:", _moment, text) if text else None for text in (since, until))

    async def work() -> int:
        async with opened(flags) as register:
            return await register.deliveries.redeliver(
                event_id=event_id or None, since=begin, until=end, at=datetime.now(UTC)
            )

    print(asyncio.run(work()), flush=True)


@webhook_commands.command("resume")
@with_settings(WHERE)
def webhook_resume(
    webhook_id: Annotated[int, typer.Argument(min=1, max=2**31 - 1, help="Id of a webhook.")],
    **flags: Any,
) -> None:
    """Let a paused webhook go on; what was due meanwhile is sent."""

    async def work() -> None:
        async with opened(flags) as register:
            try:
                await register.webhooks.resume(webhook_id)
            except NotFound:
                fail(f"there is no webhook {webhook_id}: see sijill webhook list")

    asyncio.run(work())


def _moment(text: str) -> datetime:
    """Return a moment; without an offset it is UTC."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError("write ISO 8601, for example 2026-11-25T10:00 or …T10:00+03:00") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _row(hook: Webhook) -> dict[str, Any]:
    """Return what is shown: neither the secret nor the headers, which may hold one."""
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
