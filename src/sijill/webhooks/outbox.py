"""
The outbox: events, the feed of changes, and the deliveries that new events make.

An event and the change that it reports are written in one transaction. Positions are given later,
to committed events: a position drawn by an open transaction could be read before a smaller one.
"""

from collections.abc import Callable
from datetime import datetime

import msgspec
from msgspec.structs import replace

from sijill.database.columns import micros, moment
from sijill.database.driver import Driver, Row, Transaction
from sijill.database.sealing import Sealer
from sijill.webhooks.events import Event, Positioned
from sijill.webhooks.model import INSTALLS, Webhook
from sijill.webhooks.table import unopened

EXPIRED = "expired"
"""The error of a delivery that is dead because its event is too old."""


class OutboxTable:
    """The events of every store."""

    def __init__(self, driver: Driver, sealer: Sealer) -> None:
        self._driver, self._sealer = driver, sealer

    async def append(self, event: Event) -> None:
        """
        Store an event that no write of a customer makes.

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

        Return the number of these events, at most `limit`. Raises: Unavailable.
        """
        if await self._driver.one("any_new_event") is None:
            return 0

        async def work(transaction: Transaction) -> int:
            newest = await _lock_feed(transaction)
            rows = await transaction.all("new_events", limit)
            subscribers: dict[tuple[int, str], list[Webhook]] = {}
            for number, row in enumerate(rows, newest + 1):
                event = unopened_event(row)
                await transaction.run("position_event", event.id, number)
                for hook in await _subscribers(transaction, event, subscribers):
                    if wants(hook, event):
                        await transaction.run("insert_delivery", hook.id, event.id, micros(at))
            if rows:
                await transaction.run("advance_feed", newest + len(rows))
            return len(rows)

        return await self._driver.write(work)

    async def changes(
        self, store_id: int, *, after: int, names: tuple[str, ...], limit: int
    ) -> list[Positioned]:
        """
        Return the events of a store after a position, oldest first; empty `names` select all.

        Events for one app alone are left out, and so are events without a position.
        Raises: Unavailable.
        """
        args: tuple[object, ...] = (store_id, after, limit)
        name = "changes"
        if names:
            name, args = "changes_named", (*args, msgspec.json.encode(names).decode())
        rows = await self._driver.all(name, *args)
        return [Positioned(row[0], opened_event(self._sealer, row[1:])) for row in rows]

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
        Drop events from before a time, with their deliveries, and return the number of events.

        An event with a pending delivery stays until `give_up` has given that delivery up, and then
        as long again. Raises: Unavailable.
        """

        async def work(transaction: Transaction) -> int:
            await _lock_feed(transaction)
            await transaction.run("drop_feed", micros(before))
            await transaction.run("drop_deliveries", micros(before), EXPIRED)
            return await transaction.run("drop_events", micros(before), EXPIRED)

        return await self._driver.write(work)

    async def give_up(self, before: datetime, at: datetime) -> int:
        """
        Give up the pending deliveries of events from before a time, and return their number.

        They are dead from `at` on, and can be delivered again. Raises: Unavailable.
        """
        args = (micros(before), EXPIRED, micros(at))
        return await self._driver.write(lambda tx: tx.run("expire_deliveries", *args))


async def _subscribers(
    transaction: Transaction, event: Event, read: dict[tuple[int, str], list[Webhook]]
) -> list[Webhook]:
    """Return the webhooks that may get an event; `read` holds those read for earlier events."""
    key = event.store_id, event.name if event.app_id is None else INSTALLS
    if key not in read:
        read[key] = [unopened(row) for row in await transaction.all("webhooks_for", *key)]
    return [hook for hook in read[key] if event.app_id in (None, hook.app_id)]


async def _lock_feed(transaction: Transaction) -> int:
    """Hold the feed until the transaction ends, and return the position of its newest event."""
    row = await transaction.one("lock_feed")
    return 0 if row is None else row[0]


async def insert_event(transaction: Transaction, event: Event) -> None:
    """Write an event in the transaction of the write that it is about."""
    rest = (event.name, micros(event.at), event.body, event.customer_id, event.app_id)
    await transaction.run("insert_event", event.id, event.store_id, *rest)


async def insert_sealed_event(transaction: Transaction, sealer: Sealer, event: Event) -> None:
    """Write an event for one app; its body is sealed, because it holds the app's tokens."""
    body = sealer.seal(event.body.decode(), _place(event.id, event.store_id))
    await insert_event(transaction, replace(event, body=body))


def opened_event(sealer: Sealer, row: Row) -> Event:
    """
    Return the event of a row that holds `event_columns`.

    Raises: Unsealable if the event is for one app alone and was sealed under another key.
    """
    bare = unopened_event(row)
    if bare.app_id is None:
        return bare
    opened = sealer.open(bare.body, _place(bare.id, bare.store_id))
    return replace(bare, body=opened.encode())


def unopened_event(row: Row) -> Event:
    """Return the event with its body as stored: enough to find the webhooks that it is for."""
    id_, store_id, name, at, body, customer_id, app_id = row
    return Event(id_, store_id, name, moment(at), bytes(body), customer_id, app_id)


def _place(event_id: str, store_id: int) -> str:
    return f"events|{event_id}|body|{store_id}"
