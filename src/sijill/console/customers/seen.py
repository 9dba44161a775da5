"""Customers as one person sees them: masked, or whole for a person who said why."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sijill.console.desk import Desk
from sijill.console.formats import moment
from sijill.console.forms import faults_of_reason
from sijill.customers.masking import shown
from sijill.customers.model import Customer
from sijill.customers.reveals import Revealed
from sijill.errors import Invalid
from sijill.oauth.visits import Visit

LISTED = ("id", "full_name", "email", "is_blocked")


class Listed(NamedTuple):
    """What a list prints of a customer: fields of `LISTED`, the mobile, when it was created."""

    id: int
    full_name: str
    email: str
    is_blocked: bool
    mobile: str
    created: str


async def revealed_to(desk: Desk, visit: Visit) -> Revealed:
    """Return whom the person sees whole at this moment. Raises: Unavailable."""
    return await desk.register.reveals.of(visit.person, visit.store.id, desk.now())


async def reveal(
    desk: Desk, visit: Visit, asked: Mapping[str, str], customer_id: int | None
) -> None:
    """
    Let the person see a customer whole for a while, with None every customer of the store.

    `asked` has the reason and the ticket. Raises: Invalid naming the faulty one; NotFound;
    Unavailable.
    """
    if wrong := faults_of_reason(asked):
        raise Invalid(wrong)
    reveals = desk.register.reveals.by(visit.cause)
    given = (asked["reason"], asked["ticket"], desk.now())
    await reveals.open(visit.person, visit.store.id, customer_id, *given)


def is_whole(customer_id: int, revealed: Revealed) -> bool:
    """Return whether the person sees a customer whole."""
    return revealed.everybody or customer_id in revealed.ids


def row(customer: Customer, visit: Visit, revealed: Revealed) -> dict[str, Any]:
    """Return what templates print of a customer: `masking.shown`, and the moments as text."""
    values = shown(customer, whole=is_whole(customer.id, revealed))
    values["address"] = visit.at(f"/customers/{customer.id}")
    for name in ("created_at", "updated_at"):
        values[name] = moment(getattr(customer, name), visit.store.timezone)
    return values


def rows(customers: Sequence[Customer], visit: Visit, revealed: Revealed) -> list[Listed]:
    """Return what a list prints of each customer, and note that the answer shows them."""
    if customers:
        visit.request.viewed = "customer.view", [one.id for one in customers]
    return [_listed(one, visit, revealed) for one in customers]


def _listed(customer: Customer, visit: Visit, revealed: Revealed) -> Listed:
    values = shown(customer, whole=is_whole(customer.id, revealed), names=LISTED)
    created = moment(customer.created_at, visit.store.timezone)
    return Listed(**values, created=created.text)
