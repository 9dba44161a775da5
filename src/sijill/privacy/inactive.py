"""Customers of whom nothing has happened for long: the purpose of their data may have ended."""

from collections.abc import AsyncIterator
from datetime import datetime

from msgspec import Struct

from sijill.database.columns import micros, moment
from sijill.database.driver import Driver, Row

PAGE = 1_000
"""Customers that one statement looks at, at most."""


class Inactive(Struct, frozen=True):
    """A customer of whom nothing happened since a moment, and why the data may have to stay."""

    id: int
    last_at: datetime
    """The latest change, purchase, or movement of the wallet or of points."""
    wallet_balance: float
    held: bool
    """Whether a hold is on the customer."""

    @property
    def stays(self) -> bool:
        """Whether the customer is not erased: for a hold, or for money in the wallet."""
        return self.held or self.wallet_balance != 0


async def inactive(
    driver: Driver, store_id: int, before: datetime, now: datetime
) -> AsyncIterator[Inactive]:
    """Yield the customers of whom nothing happened since a moment, by id. Raises: Unavailable."""
    after = 0
    while rows := await driver.all(
        "inactive_customers", store_id, after, micros(before), micros(now), PAGE
    ):
        for row in rows:
            found = _inactive(row)
            if found.last_at < before:
                yield found
        after = rows[-1][0]


def _inactive(row: Row) -> Inactive:
    customer_id, last_at, balance, held = row
    return Inactive(customer_id, moment(last_at), balance, bool(held))
