"""`sijill webhook trigger`: an event about a real customer, at any time."""

from datetime import UTC, datetime
from typing import NamedTuple

import click

from sijill.cli.arguments import JSON, Parsed, argument, option
from sijill.cli.output import fail, say, show
from sijill.cli.register import STORE, find_store, on_register
from sijill.customers.events import Source, event_body
from sijill.customers.model import Customer
from sijill.errors import NotFound
from sijill.register import Register
from sijill.settings import Settings
from sijill.settings.parsers import one_of
from sijill.stores.model import Store
from sijill.values.ids import MAX_ID, new_event_id
from sijill.webhooks.events import EVENTS, LOGIN, OTP, Event, otp_body

BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
"""The browser of the customer in customer.login."""


class _Options(NamedTuple):
    source: Source
    code: str
    contact: str


@on_register(
    argument("event", f"One of {', '.join(EVENTS)}.", type=Parsed(one_of(*EVENTS))),
    option("--customer", "Id of a customer.", required=True, type=click.IntRange(1, MAX_ID)),
    STORE,
    option("--device", "Device of a login.", default="desktop"),
    option("--ip", "Address of a login.", default="127.0.0.1"),
    option("--code", "Code of customer.otp.request.", default="5331"),
    option(
        "--contact",
        "Contact of the same; else the customer's mobile, else e-mail.",
        default="",
    ),
    JSON,
    settings=("webhook_body",),
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
    as_json: bool,
    settings: Settings,
) -> None:
    tenant = await find_store(register, store)
    try:
        found = await register.customers.find(tenant.id, customer, extras=True)
    except NotFound:
        fail(f"there is no customer {customer} in {tenant.name}")
    at = datetime.now(UTC)
    options = _Options(Source(device, BROWSER, ip), code, contact)
    body = _body(tenant, event, at, found, options, escaped=settings.webhook_body == "escaped")
    triggered = Event(new_event_id(at), tenant.id, event, at, body, found.id)
    await register.outbox.append(triggered)
    if as_json:
        row = {"id": triggered.id, "event": event, "store_id": triggered.store_id}
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
    """Return the contact of the code: the given one, else the mobile, else the e-mail."""
    mobile = f"+{customer.mobile_code}{customer.mobile}" if customer.mobile else None
    contact = options.contact or mobile or customer.email
    if not contact:
        fail("the customer has neither mobile nor e-mail: give a --contact")
    return contact
