"""The change of loyalty points that a body asks for."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from msgspec import UNSET

from sijill.errors import Invalid
from sijill.fields.field import Field, Kind, Table
from sijill.fields.form import Fields, Form
from sijill.fields.lists import read_list
from sijill.fields.numbers import ids, integer
from sijill.fields.texts import choice, text
from sijill.ledgers.loyalty import MAX_GIVEN, Change, PointsRefused
from sijill.localized import Localized

TYPES, CHANNELS = ("plus", "minus"), ("email", "sms")

REASON_LENGTH = 255
"""Characters of a reason at most."""

MAX_CUSTOMERS = 1_000
"""Customers that one change may name; all of them need no names."""

RESETS = ("reset_points", "reset_point")
"""Both spellings of one flag: that of Salla's list of keys, and that of its sample."""


_POINTS, _SIGN, _REASON = integer(1, MAX_GIVEN), choice(TYPES), text(REASON_LENGTH)
_CUSTOMERS = ids(MAX_CUSTOMERS)
_CHANNELS = Kind(
    {"type": "array", "items": {"enum": [*CHANNELS]}, "maxItems": len(CHANNELS)},
    lambda value: read_list(
        value,
        max_items=len(CHANNELS),
        read_item=lambda item: item if item in CHANNELS else None,
    ),
)
_FLAG = Kind({"type": ["boolean", "integer", "string", "null"]})

POINTS_CHANGE = Table(
    Field(
        "points",
        _POINTS,
        sentence=Localized(f"النقاط، 1 إلى {MAX_GIVEN}.", f"Points, 1 to {MAX_GIVEN}."),
    ),
    Field(
        "reset_points",
        _FLAG,
        sentence=Localized(
            "`true`: يُصفّر الرصيد أولًا، وعندها لا تلزم `points` ولا `type`. "
            "وتُقبل `reset_point` أيضًا.",
            "`true`: the balance goes to zero first, and `points` and `type` may be left out. "
            "`reset_point` does as well.",
        ),
    ),
    Field("type", _SIGN, sentence=Localized("تُعطى أو تُخصم.", "Whether they are given or taken.")),
    Field(
        "reason",
        _REASON,
        clears=True,
        sentence=Localized("السبب، ويظهر في السجل.", "The reason; the ledger shows it."),
    ),
    Field(
        "channel_send",
        _CHANNELS,
        sentence=Localized("تُقرأ ولا يُرسل شيء.", "It is read, and nothing is sent."),
    ),
    Field(
        "customers",
        _CUSTOMERS,
        sentence=Localized(
            "أرقام العملاء؛ لا تلزم مع `select_all`.",
            "Ids of customers; not needed with `select_all`.",
        ),
    ),
    Field(
        "select_all",
        _FLAG,
        sentence=Localized("`true`: كل عملاء المتجر.", "`true`: every customer of the store."),
    ),
)


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
    form.require(*needed, *([] if everybody else ["customers"]))
    points = form.read("points", _POINTS.read)
    sign = form.read("type", _SIGN.read)
    reason = form.read("reason", _REASON.read) if fields.get("reason") else ""
    if fields.get("channel_send"):
        form.read("channel_send", _CHANNELS.read)
    customers = None if everybody else form.read("customers", _CUSTOMERS.read)
    form.check()
    signed = 0 if points is UNSET else points if sign == "plus" else -points
    change = Change(signed, reset, reason, app_id, at)
    return Wanted(change, None if customers is None else [*customers])


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


def _flag(form: Form, fields: Fields, name: str) -> bool:
    match fields.get(name):
        case True | 1 | "1" | "true":
            return True
        case False | 0 | "0" | "false" | "" | None:
            return False
        case _:
            form.fault(name, "boolean")
            return False
