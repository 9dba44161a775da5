"""Loyalty points as Salla's JSON: a change in, a ledger's lines out."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from msgspec import UNSET

from sijill.errors import Invalid
from sijill.fields.form import Form, as_id
from sijill.http.bodies import Fields
from sijill.ledgers.loyalty import MOST_GIVEN, Change, PointsEntry, PointsRefused
from sijill.stores.model import Store
from sijill.values.dates import date_object

TYPES, CHANNELS = ("plus", "minus"), ("email", "sms")

REASON_LENGTH = 255
"""Characters of a reason at most."""

MOST_CUSTOMERS = 1_000
"""Customers that one change may name; all of them need no names."""

RESETS = ("reset_points", "reset_point")
"""Both spellings of one flag: that of Salla's list of keys, and that of its sample."""


class Wanted(NamedTuple):
    """A change of points, and whose: ids in the order they were sent, None for everybody."""

    change: Change
    customers: Sequence[int] | None


def read_change(fields: Fields, app_id: int, at: datetime) -> Wanted:
    """
    Return the change that a body asks for.

    `points` and `type` may be left out where the points are reset, and `customers` where
    `select_all` is set. `channel_send` is read, and nothing is sent.
    Raises: Invalid naming every faulty field. Source: Salla "Update Customer Loyalty Points".
    """
    form = Form(fields)
    everybody = _flag(form, fields, "select_all")
    reset = True in [_flag(form, fields, name) for name in RESETS]
    needed = [] if reset and not (form.has("points") or form.has("type")) else ["points", "type"]
    for name in [*needed, *([] if everybody else ["customers"])]:
        if not form.has(name):
            form.fault(name, "required")
    points: Any = form.integer("points", 1, MOST_GIVEN)
    sign: Any = form.one_of("type", TYPES)
    reason: Any = form.text("reason", REASON_LENGTH) if fields.get("reason") else ""
    if fields.get("channel_send"):
        form.each("channel_send", len(CHANNELS), _channel)
    customers: Any = None if everybody else form.each("customers", MOST_CUSTOMERS, as_id)
    form.check()
    signed = 0 if points is UNSET else points if sign == "plus" else -points
    return Wanted(Change(signed, reset, reason, app_id, at), customers)


def refusal_of(refused: PointsRefused, customers: Sequence[int] | None) -> Invalid:
    """Return what the fields of a body are told where its change could not be made."""
    faults: dict[str, list[str]] = {}
    if refused.full:
        faults["points"] = ["too_large"]
    elif refused.short or not refused.unknown:
        faults["points"] = ["insufficient"]
    for place, customer_id in enumerate(customers or ()):
        if customer_id in refused.unknown:
            faults[f"customers.{place}"] = ["invalid"]
        elif customer_id in refused.short:
            faults[f"customers.{place}"] = ["insufficient"]
    return Invalid(faults)


def item(entry: PointsEntry, store: Store) -> dict[str, Any]:
    """
    Return one line of a ledger; points that were taken away are below zero.

    There are no orders here, and no point expires: what belongs to them stands for none.
    Source: Salla "Customer Loyalty Points".
    """
    return {
        "name": "مخصصة",
        "points": entry.points,
        "used_points": 0,
        "status": "مؤكدة",
        "created_at": date_object(entry.at, store.timezone),
        "expiry_date": "",
        "order_id": None,
        "used_at": {},
        "notes": entry.reason,
        "reference_id": entry.number,
    }


def _flag(form: Form, fields: Fields, name: str) -> bool:
    match fields.get(name):
        case True | 1 | "1" | "true":
            return True
        case False | 0 | "0" | "false" | "" | None:
            return False
        case _:
            form.fault(name, "boolean")
            return False


def _channel(value: Any) -> str | None:
    return value if value in CHANNELS else None
