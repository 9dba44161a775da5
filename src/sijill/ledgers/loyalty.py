"""Loyalty points: what a change does to a balance, the ledger's lines, and whoever keeps them."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sijill.errors import Fault

MAX_GIVEN = 999_999
"""Points of one change at most. Source: Salla "Update Customer Loyalty Points"."""

MAX_POINTS = 2**53 - 1
"""Points of one customer at most: every client's JSON reads it exactly."""


class Change(NamedTuple):
    """One change of points: the balance goes to zero first if `reset`, then `points` are added."""

    points: int
    """Below zero to take them away."""
    reset: bool
    reason: str
    app_id: int
    at: datetime

    def after(self, balance: int) -> int:
        """Return the balance that this change leaves of another."""
        return (0 if self.reset else balance) + self.points


class PointsEntry(NamedTuple):
    """One line of a customer's ledger: the points it added, below zero those it took away."""

    number: int
    """Counts the customer's lines, from 1."""
    points: int
    reason: str
    at: datetime


class PointsPage(NamedTuple):
    """Some lines of a customer's ledger, newest first, and how many there are in all."""

    entries: list[PointsEntry]
    total: int


class PointsRefused(Fault):
    """A change that cannot be made to everybody, and so was made to nobody: to whom, and why."""

    def __init__(
        self, *, unknown: Collection[int] = (), short: Collection[int] = (), full: bool = False
    ) -> None:
        super().__init__()
        self.unknown = frozenset(unknown)
        """Ids that no customer of the store has."""
        self.short = frozenset(short)
        """Ids of customers who have fewer points than would be taken."""
        self.full = full
        """Whether somebody would hold more than MAX_POINTS."""
