"""The fields of bodies that move money or change loyalty points."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any, NamedTuple

from msgspec import UNSET

from sijill.errors import Invalid
from sijill.fields.doors import body_id, exact_number
from sijill.fields.field import Field, Kind, Table
from sijill.fields.form import Fields, Form, Refused
from sijill.fields.lists import read_list
from sijill.fields.numbers import ids, integer, read_flag
from sijill.fields.texts import choice, text
from sijill.ledgers.model import MAX_AMOUNT, MAX_GIVEN, PointsChange, PointsRefused
from sijill.localized import Localized
from sijill.values.money import minor_digits
from sijill.values.texts import is_blank_text


def _read_customer_id(value: Any) -> int:
    customer_id = body_id(value)
    if customer_id is None:
        raise Refused("integer")
    return customer_id


_CUSTOMER_ID = Kind({"type": ["string", "integer"]}, _read_customer_id)

MOVEMENT = Table(
    Field("customer_id", _CUSTOMER_ID, sentence=Localized("رقم العميل.", "The customer's id.")),
    Field(
        "amount",
        Kind({"type": ["number", "string"]}),
        paired=True,  # with the store's currency
        sentence=Localized(
            "المبلغ، أكبر من صفر، بالخانات العشرية لعملة المتجر.",
            "The amount: above zero, with the decimal places of the store's currency.",
        ),
    ),
)


def read_movement(fields: Fields, currency: str) -> tuple[int, int]:
    """
    Return the customer's id and the amount, above zero, in the currency's smallest unit.

    Raises: Invalid naming every faulty field. Source: Salla "Deposit to Wallet".
    """
    form = Form(fields)
    form.require("customer_id", "amount")
    customer_id = form.read("customer_id", _CUSTOMER_ID.read)
    amount = form.read("amount", partial(_read_amount, digits=minor_digits(currency)))
    form.check()
    return customer_id, amount


def _read_amount(value: Any, *, digits: int) -> int:
    """Return the exact amount in smallest units: 0.1 in JSON is one tenth."""
    amount = exact_number(value)
    if amount is None:
        raise Refused("numeric")
    min_amount = Decimal(1).scaleb(-digits)
    if not min_amount <= amount <= MAX_AMOUNT:
        raise Refused(f"between:{min_amount} - {MAX_AMOUNT}")
    numerator, denominator = amount.as_integer_ratio()
    minor: int
    minor, rest = divmod(numerator * 10**digits, denominator)
    if rest:
        raise Refused(f"decimals:{digits}")
    return minor


TYPES, CHANNELS = ("plus", "minus"), ("email", "sms")

REASON_LENGTH = 255
"""Characters of a reason at most."""

MAX_CUSTOMERS = 1_000
"""Customers that one change names at most, without `select_all`."""

RESETS = ("reset_points", "reset_point")
"""Two spellings of one flag: the first from Salla's list of keys, the second from its sample."""

_CHANNEL = choice(CHANNELS)


def _read_channel(item: Any) -> str | None:
    try:
        channel: str = _CHANNEL.read(item)
    except Refused:
        return None
    return channel


_POINTS, _SIGN, _REASON = integer(1, MAX_GIVEN), choice(TYPES), text(REASON_LENGTH)
_CUSTOMERS = ids(MAX_CUSTOMERS)
_CHANNELS = Kind(
    {"type": "array", "items": {"enum": [*CHANNELS]}, "maxItems": len(CHANNELS)},
    lambda value: read_list(value, max_items=len(CHANNELS), read_item=_read_channel),
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
            "مع `true` يُصفَّر الرصيد أولًا، وحينها لا يلزم `points` ولا `type`. ويُقبل "
            "الاسم `reset_point` أيضًا.",
            "With `true` the balance is first set to zero, and `points` and `type` become "
            "optional. `reset_point` is another name of this field.",
        ),
    ),
    Field(
        "type",
        _SIGN,
        sentence=Localized("إضافة النقاط أو خصمها.", "Whether points are added or deducted."),
    ),
    Field(
        "reason",
        _REASON,
        clears=True,
        sentence=Localized("السبب، ويظهر في السجل.", "The reason; the ledger shows it."),
    ),
    Field(
        "channel_send",
        _CHANNELS,
        sentence=Localized(
            "تُفحص القيمة ولا يُرسل شيء.", "Sijill checks the value, and sends nothing."
        ),
    ),
    Field(
        "customers",
        _CUSTOMERS,
        sentence=Localized(
            "أرقام العملاء. لا تلزم مع `select_all`.",
            "Ids of customers. Not needed with `select_all`.",
        ),
    ),
    Field(
        "select_all",
        _FLAG,
        sentence=Localized("`true`: كل عملاء المتجر.", "`true`: every customer of the store."),
    ),
)


class PointsRequest(NamedTuple):
    """A change of points and its customers: ids in the order of the body, None for all."""

    change: PointsChange
    customers: Sequence[int] | None


def read_change(fields: Fields, app_id: int, at: datetime) -> PointsRequest:
    """
    Return the change that a body asks for.

    `points` and `type` are optional if the points are reset, and `customers` if `select_all` is
    set. `channel_send` is checked, and nothing is sent.
    Raises: Invalid naming every faulty field. Source: Salla "Update Customer Loyalty Points".
    """
    form = Form(fields)
    select_all = _flag(form, fields, "select_all")
    reset = True in [_flag(form, fields, name) for name in RESETS]
    needed = [] if reset and not (form.has("points") or form.has("type")) else ["points", "type"]
    form.require(*needed, *([] if select_all else ["customers"]))
    points = form.read("points", _POINTS.read)
    sign = form.read("type", _SIGN.read)
    reason = form.read("reason", _REASON.read) if fields.get("reason") else ""
    if fields.get("channel_send"):
        form.read("channel_send", _CHANNELS.read)
    customers = None if select_all else form.read("customers", _CUSTOMERS.read)
    form.check()
    signed = 0 if points is UNSET else points if sign == "plus" else -points
    change = PointsChange(signed, reset, reason, app_id, at)
    return PointsRequest(change, None if customers is None else [*customers])


def refusal_of(refused: PointsRefused, customers: Sequence[int] | None) -> Invalid:
    """Return the faulty fields of a body whose change was refused."""
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
    value = fields.get(name)
    flag = False if value is None or is_blank_text(value) else read_flag(value)
    if flag is None:
        form.fault(name, "boolean")
    return bool(flag)
