"""
The outbox: events, the feed of changes, and the deliveries that new events make.

An event is written with what it tells of, in one transaction. Positions are given afterwards, to
what is committed: a position drawn while others are still at it could be seen before a smaller one.
"""

from collections.abc import Callable
from datetime import datetime

import msgspec

from sijill.database.columns import micros
from sijill.database.driver import Driver, Transaction
from sijill.database.sealing import Sealer
from sijill.webhooks import event_rows as events
from sijill.webhooks import table as webhooks
from sijill.webhooks.event_rows import event, insert_event, insert_sealed_event
from sijill.webhooks.events import Event, Positioned
from sijill.webhooks.model import INSTALLS, Webhook

EXPIRED = "expired"
"""Why a delivery is dead whose event grew too old."""


class OutboxTable:
    """The events of every store."""

    def __init__(self, driver: Driver, sealer: Sealer) -> None:
        self._driver, self._sealer = driver, sealer

    async def append(self, event: Event) -> None:
        """
        Keep an event that no write of a customer makes.

        Raises: Unavailable.
        """

        async def work(transaction: Transaction) -> None:
            if event.app_id is None:
                await insert_event(transaction, event)
            else:
                await insert_sealed_event(transaction, self._sealer, event)

        await self._driver.write(work)

    async def sequence_events(
        self, wants: Callable[[Webhook, Event], bool], at: datetime, limit: int
    ) -> int:
        """
        Give new events their positions and make a delivery for each webhook that wants one.

        Return how many events that were, `most` at most. Raises: Unavailable.
        """
        if await self._driver.one("any_new_event") is None:
            return 0

        async def work(transaction: Transaction) -> int:
            newest = await _lock_feed(transaction)
            rows = await transaction.all("new_events", limit)
            told: dict[tuple[int, str], list[Webhook]] = {}
            for number, row in enumerate(rows, newest + 1):
                happened = events.unopened(row)
                await transaction.run("position_event", happened.id, number)
                for hook in await self._told(transaction, happened, told):
                    if wants(hook, happened):
                        await transaction.run("insert_delivery", hook.id, happened.id, micros(at))
            if rows:
                await transaction.run("advance_feed", newest + len(rows))
            return len(rows)

        return await self._driver.write(work)

    async def changes(
        self, store_id: int, *, after: int, names: tuple[str, ...], limit: int
    ) -> list[Positioned]:
        """
        Return the events of a store behind a position, oldest first; no names mean all.

        Events for one app alone are not among them. Only settled events are: see `settle`.
        Raises: Unavailable.
        """
        args: tuple[object, ...] = (store_id, after, limit)
        name = "changes"
        if names:
            name, args = "changes_named", (*args, msgspec.json.encode(names).decode())
        rows = await self._driver.all(name, *args)
        return [Positioned(row[0], event(self._sealer, row[1:])) for row in rows]

    async def newest(self) -> int:
        """
        Return the position of the newest event, 0 before the first.

        Raises: Unavailable.
        """
        row = await self._driver.one("feed")
        return 0 if row is None else row[0]

    async def dropped(self) -> int:
        """
        Return the position up to which events were dropped by age.

        Raises: Unavailable.
        """
        row = await self._driver.one("feed")
        return 0 if row is None else row[1]

    async def prune(self, before: datetime) -> int:
        """
        Drop events from before, with their deliveries, and return how many.

        One that was not delivered everywhere stays until `give_up` has given it up, and as long
        again. Raises: Unavailable.
        """

        async def work(transaction: Transaction) -> int:
            await _lock_feed(transaction)
            await transaction.run("drop_feed", micros(before))
            await transaction.run("drop_deliveries", micros(before), EXPIRED)
            return await transaction.run("drop_events", micros(before), EXPIRED)

        return await self._driver.write(work)

    async def give_up(self, before: datetime, at: datetime) -> int:
        """
        Give up what is pending of events from before, and return how many deliveries that were.

        They are dead from `at` on, and can be delivered again. Raises: Unavailable.
        """
        args = (micros(before), EXPIRED, micros(at))
        return await self._driver.write(lambda tx: tx.run("expire_deliveries", *args))

    async def _told(
        self, transaction: Transaction, happened: Event, told: dict[tuple[int, str], list[Webhook]]
    ) -> list[Webhook]:
        """Return the webhooks that may hear of an event, read once for all that are alike."""
        name = happened.name if happened.app_id is None else INSTALLS
        key = happened.store_id, name
        if key not in told:
            rows = await transaction.all("webhooks_for", *key)
            told[key] = [webhooks.unopened(row) for row in rows]
        return [hook for hook in told[key] if happened.app_id in (None, hook.app_id)]


async def _lock_feed(transaction: Transaction) -> int:
    """Hold the feed until the transaction ends, and return the position of its newest event."""
    row = await transaction.one("lock_feed")
    return 0 if row is None else row[0]
