"""`sijill webhook trigger`: an event about a real customer, whenever one is wanted."""

import asyncio
from datetime import UTC, datetime
from typing import Annotated, Any, NamedTuple

import typer

from sijill.cli.common import (
    WHERE,
    Json,
    fail,
    find_store,
    opened,
    settings_of,
    show,
    with_settings,
)
from sijill.cli.typed import checked
from sijill.customers.events import Source, event_body
from sijill.customers.model import Customer
from sijill.errors import NotFound
from sijill.settings.parsers import one_of
from sijill.stores.model import Store
from sijill.values.ids import MAX_ID, new_event_id
from sijill.webhooks.event_bodies import otp_body
from sijill.webhooks.events import EVENTS, LOGIN, OTP, Event

BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
"""What a customer who logs in would use."""


class _Typed(NamedTuple):
    source: Source
    code: str
    contact: str


@with_settings((*WHERE, "webhook_body"))
def trigger(
    event: Annotated[str, typer.Argument(help=f"One of {', '.join(EVENTS)}.")],
    *,
    customer: Annotated[int, typer.Option(min=1, max=MAX_ID, help="Id of a customer.")],
    store: Annotated[str, typer.Option(help="Id or name of a store.")],
    device: Annotated[str, typer.Option(help="Of a login.")] = "desktop",
    ip: Annotated[str, typer.Option(help="Of a login.")] = "127.0.0.1",
    code: Annotated[str, typer.Option(help="Of customer.otp.request.")] = "5331",
    contact: Annotated[
        str, typer.Option(help="The same; without one, the customer's mobile, else e-mail.")
    ] = "",
    as_json: Json = False,
    **flags: Any,
) -> None:
    """Let an event happen: the server, or sijill deliver, delivers it. Print its id."""
    name = checked("event:", one_of(*EVENTS), event)
    escaped = settings_of(flags).webhook_body == "escaped"
    typed = _Typed(Source(device, BROWSER, ip), code, contact)

    async def work() -> Event:
        async with opened(flags) as register:
            place = await find_store(register, store)
            try:
                kept = await register.customers.find(place.id, customer, extras=True)
            except NotFound:
                fail(f"there is no customer {customer} in {place.name}")
            at = datetime.now(UTC)
            body = _body(place, name, at, kept, typed, escaped=escaped)
            happened = Event(new_event_id(), place.id, name, at, body, kept.id)
            await register.outbox.append(happened)
            return happened

    happened = asyncio.run(work())
    if as_json:
        row = {"id": happened.id, "event": name, "store_id": happened.store_id, "at": happened.at}
        show([row], as_json=True)
    else:
        print(happened.id, flush=True)


def _body(
    store: Store, name: str, at: datetime, customer: Customer, typed: _Typed, *, escaped: bool
) -> bytes:
    if name == OTP:
        return otp_body(store, at, typed.code, _contact(customer, typed), escaped=escaped)
    source = typed.source if name == LOGIN else None
    return event_body(store, name, at, customer, source=source, escaped=escaped)


def _contact(customer: Customer, typed: _Typed) -> str:
    """Return to whom the code could not be brought."""
    mobile = f"+{customer.mobile_code}{customer.mobile}" if customer.mobile else None
    contact = typed.contact or mobile or customer.email
    if not contact:
        fail("the customer has neither mobile nor e-mail: give a --contact")
    return contact
