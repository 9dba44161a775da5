"""A wallet's movements as Salla's JSON, both ways."""

import re
from decimal import Decimal
from typing import Any

from msgspec import UNSET, UnsetType

from sijill.fields.form import Form, as_id
from sijill.http.bodies import Fields
from sijill.ledgers.wallets import MOST_AMOUNT, Entry
from sijill.stores.model import Store
from sijill.values.dates import date_object, zone
from sijill.values.money import minor_digits, to_major

_NUMBER = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,30})?([eE][+-]?[0-9]{1,3})?", re.ASCII)
"""How an amount may be written; JSON numbers, as Python writes them, are among these."""


def read_movement(fields: Fields, currency: str) -> tuple[int, int]:
    """
    Return the customer's id and the amount, above zero, in the currency's smallest unit.

    Raises: Invalid naming every faulty field. Source: Salla "Deposit to Wallet".
    """
    form = Form(fields)
    for name in ("customer_id", "amount"):
        if not form.has(name):
            form.fault(name, "required")
    customer_id: Any = read_customer_id(form)
    amount: Any = _amount(form, minor_digits(currency))
    form.check()
    return customer_id, amount


def read_customer_id(form: Form) -> int | UnsetType:
    """Return the id in the field `customer_id`; what cannot be one is noted as faulty."""
    value = form.raw("customer_id")
    if isinstance(value, UnsetType):
        return value
    customer_id = as_id(value)
    return form.fault("customer_id", "integer") if customer_id is None else customer_id


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


def _amount(form: Form, digits: int) -> int | UnsetType:
    """Return an amount exactly: what JSON reads as 0.1 is one tenth."""
    value = form.raw("amount")
    if isinstance(value, UnsetType):
        return UNSET
    if isinstance(value, bool) or not _NUMBER.fullmatch(_written(value)):
        return form.fault("amount", "numeric")
    amount = Decimal(value if isinstance(value, int) else str(value))
    least = Decimal(1).scaleb(-digits)
    if not least <= amount <= MOST_AMOUNT:
        return form.fault("amount", f"between:{least} - {MOST_AMOUNT}")
    numerator, denominator = amount.as_integer_ratio()
    minor, rest = divmod(numerator * 10**digits, denominator)
    return form.fault("amount", f"decimals:{digits}") if rest else minor


def _written(value: Any) -> str:
    """Return how a number is written; of a whole one only that it is one, however long it is."""
    return "0" if isinstance(value, int) else str(value)
