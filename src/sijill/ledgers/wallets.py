"""A customer's wallet: its balance, the movements that made it, and whoever keeps them."""

from datetime import datetime
from typing import NamedTuple

from sijill.errors import Invalid

MAX_AMOUNT = 10**9
"""What one movement moves at most, in whole riyals or whatever the currency is."""

MAX_BALANCE = 10**12
"""What a wallet holds at most: up to here a JSON number tells every fils apart."""


class Movement(NamedTuple):
    """What an app asks for: an amount in smallest units, below zero to take it out."""

    customer_id: int
    amount: int
    app_id: int
    at: datetime


class Entry(NamedTuple):
    """
    One line of a wallet's ledger, amounts in smallest units.

    `opened_at` is the moment of the wallet's first line; `replayed` tells that the line was there
    before, under the same key.
    """

    customer_id: int
    amount: int
    balance: int
    at: datetime
    opened_at: datetime
    replayed: bool = False


def moved(balance: int, amount: int, most: int) -> int:
    """
    Return the balance after a movement; all three in smallest units.

    Raises: Invalid on `amount` if more would be taken out than there is, or more than `most` held.
    """
    after = balance + amount
    if amount < 0 and after < 0:
        raise Invalid({"amount": ["insufficient"]})
    if amount > 0 and after > most:
        raise Invalid({"amount": ["too_large"]})
    return after
