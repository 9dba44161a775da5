"""A wallet's movements as Salla's JSON, both ways."""

import re
from decimal import Decimal
from functools import partial
from typing import Any

from sijill.fields.doors import body_id
from sijill.fields.field import Field, Kind, Table
from sijill.fields.form import Fields, Form, Refused
from sijill.ledgers.wallets import MAX_AMOUNT, Entry
from sijill.localized import Localized
from sijill.stores.model import Store
from sijill.values.dates import date_object, zone
from sijill.values.money import minor_digits, to_major

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


def body(entry: Entry, store: Store) -> dict[str, Any]:
    """
    Return the `data` of a movement; what was taken out is below zero, and is there twice.

    Source: Salla "Deposit to Wallet", "Withdraw from Wallet": the latter has `amount` in its list
    of keys, and `amount_float` in its sample.
    """
    digits = minor_digits(store.currency)
    amount = to_major(entry.amount, digits)
    opened = entry.opened_at.astimezone(zone(store.timezone)).replace(tzinfo=None)
    return {
        "status": "confirmed",
        "amount": amount,
        **({"amount_float": amount} if amount < 0 else {}),
        "date": date_object(entry.at, store.timezone),
        "wallet": {
            "id": entry.customer_id,  # a customer has one wallet
            "balance": to_major(entry.balance, digits),
            "created_at": opened.isoformat(" ", "seconds"),
        },
    }


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
