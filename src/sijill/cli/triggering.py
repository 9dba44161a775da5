"""`sijill webhook trigger`: an event about a real customer, at any time."""

from datetime import UTC, datetime
from typing import Annotated, Any, NamedTuple

import typer

from sijill.app import Register
from sijill.cli.arguments import REGISTER, Json, checked, settings_of, with_settings
from sijill.cli.output import fail, say, show
from sijill.cli.register import find_store, on_register
from sijill.customers.events import Source, event_body
from sijill.customers.model import Customer
from sijill.errors import NotFound
from sijill.settings.parsers import one_of
from sijill.stores.model import Store
from sijill.values.ids import MAX_ID, new_event_id
from sijill.webhooks.event_bodies import otp_body
from sijill.webhooks.events import EVENTS, LOGIN, OTP, Event

BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
"""The browser of a customer who logs in."""


class _Options(NamedTuple):
    source: Source
    code: str
    contact: str


@with_settings((*REGISTER, "webhook_body"))
def trigger(
    event: Annotated[str, typer.Argument(help=f"One of {', '.join(EVENTS)}.")],
    *,
    customer: Annotated[int, typer.Option(min=1, max=MAX_ID, help="Id of a customer.")],
    store: Annotated[str, typer.Option(help="Id or name of a store.")],
    device: Annotated[str, typer.Option(help="Device of a login.")] = "desktop",
    ip: Annotated[str, typer.Option(help="Address of a login.")] = "127.0.0.1",
    code: Annotated[str, typer.Option(help="Code of customer.otp.request.")] = "5331",
    contact: Annotated[
        str, typer.Option(help="Contact of the same; else the customer's mobile, else e-mail.")
    ] = "",
    as_json: Json = False,
    **flags: Any,
) -> None:
    """Add an event, which the server or sijill deliver delivers, and print its id."""
    name = checked("event:", one_of(*EVENTS), event)
    escaped = settings_of(flags).webhook_body == "escaped"
    options = _Options(Source(device, BROWSER, ip), code, contact)

    async def work(register: Register) -> Event:
        tenant = await find_store(register, store)
        try:
            found = await register.customers.find(tenant.id, customer, extras=True)
        except NotFound:
            fail(f"there is no customer {customer} in {tenant.name}")
        at = datetime.now(UTC)
        body = _body(tenant, name, at, found, options, escaped=escaped)
        triggered = Event(new_event_id(), tenant.id, name, at, body, found.id)
        await register.outbox.append(triggered)
        return triggered

    triggered = on_register(flags, work)
    if as_json:
        row = {"id": triggered.id, "event": name, "store_id": triggered.store_id}
        show([row | {"at": triggered.at}], as_json=True)
    else:
        say(triggered.id)


def _body(
    store: Store, name: str, at: datetime, customer: Customer, options: _Options, *, escaped: bool
) -> bytes:
    if name == OTP:
        return otp_body(store, at, options.code, _contact(customer, options), escaped=escaped)
    source = options.source if name == LOGIN else None
    return event_body(store, name, at, customer, source=source, escaped=escaped)


def _contact(customer: Customer, options: _Options) -> str:
    """Return the contact that the code could not reach."""
    mobile = f"+{customer.mobile_code}{customer.mobile}" if customer.mobile else None
    contact = options.contact or mobile or customer.email
    if not contact:
        fail("the customer has neither mobile nor e-mail: give a --contact")
    return contact
