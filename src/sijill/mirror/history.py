"""How fresh and how complete a copy was over time: a sample every few minutes, for a month."""

from datetime import datetime
from typing import NamedTuple

from sijill.database.columns import maybe_moment, micros, moment
from sijill.database.driver import Driver
from sijill.mirror.model import MICROS, part_held

EVERY = 300 * MICROS
"""Microseconds between two samples of a store, at least."""


class Sample(NamedTuple):
    """The figures of one moment."""

    at: datetime
    held: int
    """Customers that were here."""
    total: int | None
    """Customers that upstream said to have; None if it had not said."""
    oldest_confirmed_at: datetime | None
    """When the customer was confirmed who was confirmed longest ago; None of no customer."""

    @property
    def completeness(self) -> float:
        """The part of upstream's customers that was here, 0 to 1."""
        return part_held(self.held, self.total)

    @property
    def lag(self) -> float:
        """Seconds since the oldest confirmation; 0 of no customer."""
        if self.oldest_confirmed_at is None:
            return 0.0
        return max(0.0, (self.at - self.oldest_confirmed_at).total_seconds())


class HistoryTable:
    """The samples of every linked store. Every method may raise Unavailable."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver

    async def add(
        self, store_id: int, at: int, held: int, total: int | None, oldest: int | None
    ) -> None:
        """Keep figures, unless the last ones are newer than EVERY. Moments in microseconds."""
        row = await self._driver.one("last_mirror_sample", store_id)
        if row is None or row[0] is None or at - row[0] >= EVERY:
            await self._driver.run("add_mirror_sample", store_id, at, held, total, oldest)

    async def since(self, store_id: int, at: datetime) -> list[Sample]:
        """Return the samples of a store since a moment, the oldest first."""
        rows = await self._driver.all("mirror_samples", store_id, micros(at))
        return [
            Sample(moment(at), held, total, maybe_moment(oldest))
            for at, held, total, oldest in rows
        ]
