"""The bodies of the events of customers, and the values in them that rules compare."""

from datetime import datetime

import msgspec
from msgspec import UNSET

from sijill.customers.model import Customer, Extras
from sijill.customers.wire import body
from sijill.openapi.keys import Json
from sijill.stores.model import Store
from sijill.webhooks.events import DELETED, ERASED, event_document, script_date
from sijill.webhooks.rule import Attributes, compared_values


class Source(msgspec.Struct, frozen=True, rename={"user_agent": "user-agent"}):
    """The device of a customer; an unknown value is None."""

    device: str | None = None
    user_agent: str | None = None
    ip: str | None = None


def event_body(
    store: Store,
    name: str,
    at: datetime,
    customer: Customer,
    *,
    source: Source | None = None,
    escaped: bool = False,
) -> bytes:
    """
    Return the body of an event of one customer: the bytes that are signed and sent.

    Only a login has a `source`; of a customer who is gone only the id is told; `escaped` as for
    `event_document`.
    Source: Salla "Customer webhook events".
    """
    if name in (DELETED, ERASED):
        return event_document(
            store, name, script_date(at, store), {"id": customer.id}, escaped=escaped
        )
    data = _data(customer, store)
    if source is not None:
        data["source"] = source
    extras = customer.extras or Extras()
    data["is_notifications_enabled"] = extras.is_notifications_enabled
    return event_document(store, name, script_date(at, store), data, escaped=escaped)


def attributes(customer: Customer, store: Store) -> Attributes:
    """
    Return the values of a customer that rules compare: those in the body of an event.

    A mobile is text, and a date object of a day is that day alone.
    """
    return compared_values(_data(customer, store))


def _data(customer: Customer, store: Store) -> Json:
    """Return the customer as in Customer Details, but for three things; see `stores.profiles`."""
    answer = body(customer, store)
    answer.full_name = answer.lang = answer.created_at = UNSET  # the observed profile's own
    if answer.mobile_code:
        answer.mobile_code = f"+{customer.mobile_code}"
    answer.country_code = customer.country_code
    data: Json = msgspec.to_builtins(answer)
    return data
