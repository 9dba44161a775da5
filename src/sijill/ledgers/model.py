"""Wallets and loyalty points of customers: balances, movements, lines of ledgers."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sijill.errors import Fault, Invalid

MAX_AMOUNT = 10**9
"""The largest amount of one movement, in whole units of the currency."""

MAX_BALANCE = 10**12
"""The largest balance of a wallet: a JSON number is exact to the fils up to here."""


class Movement(NamedTuple):
    """A request to move money: an amount in smallest units, negative for a withdrawal."""

    customer_id: int
    amount: int
    app_id: int
    at: datetime


class WalletEntry(NamedTuple):
    """
    One line of a wallet's ledger, amounts in smallest units.

    `opened_at` is the moment of the wallet's first line; `replayed` is True if an earlier request
    with the same key wrote the line.
    """

    customer_id: int
    amount: int
    balance: int
    at: datetime
    opened_at: datetime
    replayed: bool = False


def moved(balance: int, amount: int, max_balance: int) -> int:
    """
    Return the balance after a movement; all three in smallest units.

    Raises: Invalid on `amount` if the balance would fall below zero or rise above `max_balance`.
    """
    after = balance + amount
    if amount < 0 and after < 0:
        raise Invalid({"amount": ["insufficient"]})
    if amount > 0 and after > max_balance:
        raise Invalid({"amount": ["too_large"]})
    return after


MAX_GIVEN = 999_999
"""Points of one change at most. Source: Salla "Update Customer Loyalty Points"."""

MAX_POINTS = 2**53 - 1
"""Points of one customer at most: every JSON reader reads the number exactly."""


class PointsChange(NamedTuple):
    """One change of points: with `reset` the balance becomes zero, then `points` are added."""

    points: int
    """Negative if points are taken."""
    reset: bool
    reason: str
    app_id: int
    at: datetime

    def after(self, balance: int) -> int:
        """Return the balance after this change of `balance`."""
        return (0 if self.reset else balance) + self.points


class PointsEntry(NamedTuple):
    """One line of a customer's ledger: the points added, negative if points were taken."""

    number: int
    """Counts the customer's lines, from 1."""
    points: int
    reason: str
    at: datetime


class PointsPage(NamedTuple):
    """Some lines of a customer's ledger, newest first, and the number of all its lines."""

    entries: list[PointsEntry]
    total: int


class PointsRefused(Fault):
    """A change of points that is impossible for some customer, and was made for no customer."""

    def __init__(
        self, *, unknown: Collection[int] = (), short: Collection[int] = (), full: bool = False
    ) -> None:
        super().__init__()
        self.unknown = frozenset(unknown)
        """Ids without a customer in the store."""
        self.short = frozenset(short)
        """Ids of customers with fewer points than the change takes."""
        self.full = full
        """Whether a customer would hold more than MAX_POINTS."""
