"""The movement of a wallet that a body asks for."""

import re
from decimal import Decimal
from functools import partial
from typing import Any

from sijill.fields.doors import body_id
from sijill.fields.field import Field, Kind, Table
from sijill.fields.form import Fields, Form, Refused
from sijill.ledgers.wallets import MAX_AMOUNT
from sijill.localized import Localized
from sijill.values.money import minor_digits

_NUMBER = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,30})?([eE][+-]?[0-9]{1,3})?", re.ASCII)
"""How an amount may be written; JSON numbers, as Python writes them, are among these."""


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
            "المبلغ، فوق الصفر وبخانات عملة المتجر.",
            "The amount, above zero, with the decimals of the store's currency.",
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
    """Return an amount exactly: the 0.1 of JSON is one tenth."""
    if isinstance(value, bool) or not _NUMBER.fullmatch(_written(value)):
        raise Refused("numeric")
    amount = Decimal(value if isinstance(value, int) else str(value))
    min_amount = Decimal(1).scaleb(-digits)
    if not min_amount <= amount <= MAX_AMOUNT:
        raise Refused(f"between:{min_amount} - {MAX_AMOUNT}")
    numerator, denominator = amount.as_integer_ratio()
    minor: int
    minor, rest = divmod(numerator * 10**digits, denominator)
    if rest:
        raise Refused(f"decimals:{digits}")
    return minor


def _written(value: Any) -> str:
    """Return how a number is written; of a whole one only that it is one, however long it is."""
    return "0" if isinstance(value, int) else str(value)
