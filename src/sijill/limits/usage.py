"""The table of requests by store, app and ten minutes; a job writes to it once a minute."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import NamedTuple

from sijill.database.columns import micros, moment
from sijill.database.driver import Driver, Transaction
from sijill.errors import Unavailable
from sijill.job import Job
from sijill.limits.tally import Tally, Used

KEPT = timedelta(days=7)
"""How long a row is kept after its beginning."""

_MICROS = 1_000_000


class Part(NamedTuple):
    """The requests of an app in one of several equal spans of time."""

    app_id: int
    number: int
    """The number of the span, from 0."""
    passed: int
    refused: int


class UsageTable:
    """The requests of every store. Every method may raise Unavailable."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver

    async def add(self, used: Iterable[Used]) -> None:
        """Add requests to those of other processes; a store or an app that is gone has none."""
        rows = [
            (one.store_id, one.began_at * _MICROS, one.app_id, one.customers, *one[-2:])
            for one in used
        ]

        async def work(transaction: Transaction) -> None:
            await transaction.run_each("add_limit_usage", rows)

        await self._driver.write(work)

    async def drain(self, tally: Tally) -> None:
        """Write what a tally counted; where that fails, it stays in the tally."""
        if taken := tally.take():
            try:
                await self.add(taken)
            except BaseException:
                tally.put_back(taken)
                raise

    async def parts(
        self, store_id: int, since: datetime, span: timedelta, *, customers: bool
    ) -> list[Part]:
        """Return the requests of a store under /customers, or of the others, by app and span."""
        args = (store_id, customers, micros(since), span // timedelta(microseconds=1))
        return [Part(*row) for row in await self._driver.all("limit_usage_in_parts", *args)]

    async def apps(self, store_id: int) -> list[int]:
        """Return the apps that have rows, those with the most requests first."""
        return [row[0] for row in await self._driver.all("apps_of_limit_usage", store_id)]

    async def first(self, store_id: int) -> datetime | None:
        """Return the beginning of the oldest row of a store; None without one."""
        row = await self._driver.one("first_limit_usage", store_id)
        return None if row is None or row[0] is None else moment(row[0])


class UsageWriter(Job):
    """Writes what a tally counted, once a minute, and at the end what is left."""

    EVERY = 60.0
    FAULT = "usage_failed"

    def __init__(self, table: UsageTable, tally: Tally) -> None:
        super().__init__()
        self._table, self._tally = table, tally

    async def stop(self) -> None:
        """Write what is left."""
        await super().stop()
        with suppress(Unavailable):
            await self.turn()

    async def turn(self) -> bool:
        """
        Write what was counted; return that there is no more to do.

        Raises: Unavailable; what was counted waits for the next turn then.
        """
        await self._table.drain(self._tally)
        return False
