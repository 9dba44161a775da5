"""Bans of customers: the change of a customer, and the reason that a ban needs."""

from datetime import datetime

from msgspec.structs import replace

from sijill.customers.model import Customer, Extras, changed_at
from sijill.fields.field import Field, Table
from sijill.fields.form import Fields
from sijill.fields.texts import text
from sijill.localized import Localized

REASON_LENGTH = 255
"""The largest length of a reason, in characters."""


def banned(customer: Customer, reason: str, now: datetime) -> Customer:
    """Return the customer banned for a reason, which replaces another one of an earlier ban."""
    extras = replace(customer.extras or Extras(), is_blocked=True, block_reason=reason)
    return changed_at(now, customer, replace(customer, extras=extras))


def unbanned(customer: Customer, now: datetime) -> Customer:
    """Return the customer without ban and reason; unchanged if it has neither."""
    old = customer.extras or Extras()
    extras = replace(old, is_blocked=False, block_reason=None)
    return customer if extras == old else replace(customer, extras=extras, updated_at=now)


BAN = Table(
    Field(
        "reason",
        text(REASON_LENGTH),
        sentence=Localized("سبب الحظر.", "Why the customer is banned."),
    )
)


def read_reason(fields: Fields) -> str:
    """
    Return the reason of a ban. Source: Salla "Ban Customer".

    Raises: Invalid if it is missing or unstorable.
    """
    form, values = BAN.read({"reason": fields.get("reason")})  # an absent reason is as an empty one
    form.check()
    reason: str = values["reason"]
    return reason
