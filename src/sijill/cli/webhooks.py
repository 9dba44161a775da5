"""`sijill webhook`: subscriptions, deliveries, redelivery, and events at any time."""

from datetime import UTC, datetime
from typing import Any, get_args

from msgspec.structs import asdict

from sijill.cli.arguments import ID, JSON, argument, command, moment, option, read_secret
from sijill.cli.loading import late
from sijill.cli.output import USAGE, columns, fail, say, warn
from sijill.cli.register import (
    REGISTER,
    STORE,
    Register,
    find_store,
    find_store_id,
    on_register,
    with_names,
)
from sijill.cli.showing import Shown, sentence, table
from sijill.errors import NotFound
from sijill.settings import Settings
from sijill.settings.parsers import one_of, whole
from sijill.webhooks.attempts import Attempt
from sijill.webhooks.events import EVENTS
from sijill.webhooks.model import NO_GRANT, State

_STATES = get_args(State)
_STORE = option("--store", "Id or name; else every store.", default="")


@on_register(_STORE, shown=table("id", "store", "app", "event", "url", "paused"))
async def list_command(register: Register, store: str) -> list[dict[str, Any]]:
    store_id = await find_store_id(register, store)
    hooks = [hook for hook in await register.webhooks.all() if store_id in (None, hook.store_id)]
    # Rows lack the secret, and the headers, which may contain a secret.
    rows = columns(
        hooks,
        *("id", "store_id", "app_id", "name", "event", "url", "rule", "strategy"),
        *("failing_since", "paused", "created_at"),
    )
    without_grant = await register.webhooks.without_grant(datetime.now(UTC), store_id)
    for hook, row in zip(hooks, rows, strict=True):
        if not hook.secret:
            row["strategy"] = "none"
        if hook.paused is None and hook.id in without_grant:
            row["paused"] = NO_GRANT
    return await with_names(register, rows)


@on_register(
    _STORE,
    option("--state", "Only those in this state.", default="", parse=one_of(*_STATES)),
    option("--limit", "The largest number of rows.", default=100, parse=whole(1, 100_000)),
    shown=table("event_id", "event", "state", "answer"),
)
async def deliveries_command(
    register: Register, store: str, state: State | None, limit: int
) -> list[dict[str, Any]]:
    store_id = await find_store_id(register, store)
    found = await register.deliveries.all(store_id=store_id, state=state, limit=limit)
    rows = [
        asdict(one) | {"answer": one.status or one.error, "tried": [*map(_tried, one.tried)]}
        for one in found
    ]
    return await with_names(register, rows)


@on_register(
    argument("event_id", "Id of an event."),
    shown=table("webhook_id", "at", "answer", "milliseconds", to_the_second=True),
)
async def attempts_command(register: Register, event_id: str) -> list[dict[str, Any]]:
    deliveries = await register.deliveries.of_event(event_id)
    if not deliveries:
        fail(f"there is no delivery of an event {event_id}: see sijill webhook deliveries")
    return [
        {"webhook_id": one.webhook_id, "event_id": event_id} | _tried(attempt)
        for one in deliveries
        for attempt in one.tried
    ]


def _tried(attempt: Attempt) -> dict[str, Any]:
    answer = attempt.status or attempt.error
    return {"at": attempt.at, "answer": answer, "milliseconds": attempt.took}


@on_register(
    argument("event_id", "Id of an event: all its deliveries are sent again.", default=""),
    option("--dead", "Send the deliveries again that were given up.", is_flag=True),
    option("--since", "Of those, only from this time on, in ISO 8601.", default="", parse=moment),
    option("--until", "Of those, only before this time, in ISO 8601.", default="", parse=moment),
    shown=sentence("{repeated}"),
)
async def redeliver_command(
    register: Register, event_id: str, dead: bool, since: datetime | None, until: datetime | None
) -> dict[str, int]:
    if bool(event_id) == dead or (not dead and (since or until)):
        fail("redeliver: name an event, or --dead with or without --since and --until", code=USAGE)
    repeated = await register.deliveries.redeliver(
        event_id=event_id or None, since=since, until=until, at=datetime.now(UTC)
    )
    return {"repeated": repeated}


@on_register(
    argument("webhook_id", "Id of a webhook.", parse=ID),
    shown=sentence("webhook {id} is resumed: what fell due meanwhile is sent"),
)
async def resume_command(register: Register, webhook_id: int) -> dict[str, int]:
    try:
        await register.webhooks.resume(webhook_id)
    except NotFound:
        fail(f"there is no webhook {webhook_id}: see sijill webhook list")
    return {"id": webhook_id}


@on_register(
    argument("event", "Name of the event.", parse=one_of(*EVENTS)),
    option(
        "--customer",
        "Id of the customer whom the event is about.",
        required=True,
        parse=ID,
    ),
    STORE,
    option("--device", "Device in customer.login.", default="desktop"),
    option("--ip", "Address of the client in customer.login.", default="127.0.0.1"),
    option("--code", "One-time code in customer.otp.request.", default="5331"),
    option(
        "--contact",
        "Mobile or e-mail in customer.otp.request; without it, those of the customer.",
        default="",
    ),
    settings=("webhook_body",),
    shown=Shown(lambda rows: say(rows[0]["id"])),
)
async def trigger_command(
    register: Register,
    event: str,
    customer: int,
    store: str,
    device: str,
    ip: str,
    code: str,
    contact: str,
    settings: Settings,
) -> list[dict[str, Any]]:
    from sijill.customers.triggering import Told, triggered  # help tells no event

    tenant = await find_store(register, store)
    told, escaped = Told(device, ip, code, contact), settings.webhook_body == "escaped"
    try:
        found = await register.customers.find(tenant.id, customer, extras=True)
        made = triggered(tenant, event, datetime.now(UTC), found, told, escaped=escaped)
        await register.note("customer.send", tenant.id, [found.id])
        await register.outbox.append(made)
        listening = {(hook.store_id, hook.event) for hook in await register.webhooks.all()}
        if (tenant.id, event) not in listening:
            warn(f"no webhook of {tenant.name} listens to {event}: nothing is sent")
    except NotFound:
        fail(f"there is no customer {customer} in {tenant.name}")
    except ValueError as fault:
        fail(f"{fault}: give a --contact")
    return columns([made], "id", "event=name", "store_id", "at")


listen_command = command(
    option("--port", "0 takes a free one.", default=0, parse=whole(0, 65535)),
    option(
        "--secret-file",
        "File with the secret that signatures are checked with, or - for standard input.",
        "secret",
        parse=read_secret,
    ),
    option(
        "--subscribe",
        "Subscribe to an event until the end; may be repeated.",
        multiple=True,
        parse=one_of(*EVENTS),
    ),
    option("--store", "Id or name, for the subscription.", default=""),
    option("--app", "Id or name, for the subscription.", default=""),
    option("--status", "Status of every answer.", default=200, parse=whole(200, 599)),
    JSON,
    settings=(*REGISTER, "webhook_targets"),
)(late("listening", "listen"))
