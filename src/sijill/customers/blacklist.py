"""Who is banned: what a ban and its end make of a customer."""

from datetime import datetime

from msgspec.structs import replace

from sijill.customers.model import Customer, Extras

REASON_LENGTH = 255
"""Characters in the reason of a ban at most."""


def banned(customer: Customer, reason: str, now: datetime) -> Customer:
    """Return the customer banned for a reason; that of an earlier ban is replaced."""
    extras = replace(customer.extras or Extras(), is_blocked=True, block_reason=reason)
    return replace(customer, extras=extras, updated_at=now)


def unbanned(customer: Customer, now: datetime) -> Customer:
    """Return the customer without ban and reason; one who has neither is left as it is."""
    kept = customer.extras or Extras()
    extras = replace(kept, is_blocked=False, block_reason=None)
    return customer if extras == kept else replace(customer, extras=extras, updated_at=now)
