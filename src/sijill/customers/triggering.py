"""Events that an operator or a person lets happen: a test of those who listen."""

from datetime import datetime
from typing import NamedTuple

from sijill.customers.event_body import Source, event_body
from sijill.customers.model import Customer
from sijill.stores.model import Store
from sijill.values.ids import new_event_id
from sijill.webhooks.events import LOGIN, OTP, Event, otp_body

BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
"""The browser of the customer in customer.login."""


class Told(NamedTuple):
    """What the events of a login and of a one-time code tell beside the customer."""

    device: str = "desktop"
    ip: str = "127.0.0.1"
    code: str = "5331"
    contact: str = ""
    """Where the code goes; "" for the mobile of the customer, or else the e-mail."""


def triggered(
    store: Store, name: str, at: datetime, customer: Customer, told: Told, *, escaped: bool
) -> Event:
    """
    Return an event of a customer, as if it had just happened; `escaped` as for `event_document`.

    Raises: ValueError for a one-time code without a contact.
    """
    if name == OTP:
        contact = told.contact or contact_of(customer)
        if not contact:
            raise ValueError("the customer has neither mobile nor e-mail")
        body = otp_body(store, at, told.code, contact, escaped=escaped)
    else:
        source = Source(told.device, BROWSER, told.ip) if name == LOGIN else None
        body = event_body(store, name, at, customer, source=source, escaped=escaped)
    return Event(new_event_id(at), store.id, name, at, body, customer.id)


def contact_of(customer: Customer) -> str:
    """Return the mobile of a customer, or else the e-mail; "" for one with neither."""
    return f"+{customer.mobile_code}{customer.mobile}" if customer.mobile else customer.email or ""
