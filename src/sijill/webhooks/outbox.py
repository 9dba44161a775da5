"""
The outbox: events, the feed of changes, and the deliveries that new events make.

An event and the change that it reports are written in one transaction. Positions are given later,
to committed events: a position drawn by an open transaction could be read before a smaller one.
Each store has a feed and positions of its own, so stores never wait for each other.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

import msgspec

from sijill.database.columns import micros
from sijill.database.driver import Driver, Row, Transaction
from sijill.database.sealing import Sealer
from sijill.errors import NotFound
from sijill.webhooks.backlog import Backlog, Withheld
from sijill.webhooks.event_rows import (
    insert_events,
    insert_sealed_event,
    opened_event,
    unopened_event,
)
from sijill.webhooks.events import ERASED, Event, Positioned
from sijill.webhooks.model import INSTALLS, Webhook
from sijill.webhooks.table import unopened

EXPIRED = "expired"
"""The error of a delivery that is dead because its event is too old."""

_EARLIEST = -(2**63)
"""Earlier than every stored moment, in microseconds."""

PRUNED = 1_000
"""Events that are dropped in one transaction: other writers wait for it some milliseconds."""

Wants = Callable[[Webhook, Event], bool]
"""Whether the rule of a webhook for this kind of event matches the event."""


class OutboxTable:
    """The events of every store."""

    def __init__(self, driver: Driver, sealer: Sealer) -> None:
        self._driver, self._sealer = driver, sealer
        self.backlog = Backlog()

    async def append(self, event: Event) -> None:
        """
        Store an event that no write of a customer makes.

        Raises: NotFound if its customer was deleted; Unavailable.
        """

        async def work(transaction: Transaction) -> None:
            await _require_customer(transaction, event)
            if event.app_id is None:
                await insert_events(transaction, [event])
            else:
                await insert_sealed_event(transaction, self._sealer, event)

        await self._driver.write(work)

    async def sequence_events(
        self, wants: Wants, at: datetime, limit: int, store_id: int | None = None
    ) -> int:
        """
        Give new events their positions and make a delivery for each webhook that wants one and
        whose app has a living grant at `at`, as far as the backlog of the app has room.

        With a store, those of this store, after any other process that gives them positions;
        without one, those of any stores that no other process is at. Return the number of these
        events, at most `limit`. Raises: Unavailable.
        """
        if await self._has_new_events(store_id) is None:
            return 0

        async def work(transaction: Transaction) -> tuple[int, Withheld]:
            withheld: Withheld = Counter()
            stores = await _locked_feeds(transaction, store_id, limit)
            rows = await transaction.all("position_events", _json(stores), limit) if stores else ()
            events = [unopened_event(row) for row in rows]
            if events:
                await transaction.run("advance_feeds", _json({event.store_id for event in events}))
                told = [event for event in events if not event.erased]
                wanted = await _wanted(transaction, told, wants, at)
                deliveries, withheld = await self.backlog.admit(transaction, wanted, at)
                if deliveries:
                    await transaction.run("insert_deliveries", _json(deliveries), micros(at))
            return len(events), withheld

        sequenced, withheld = await self._driver.write(work)
        if withheld:
            self.backlog.tell(withheld)
        return sequenced

    async def _has_new_events(self, store_id: int | None) -> Row | None:
        if store_id is None:
            return await self._driver.one("any_new_event")
        return await self._driver.one("any_new_event_of_store", store_id)

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

    async def newest(self, store_id: int) -> int:
        """
        Return the position of the newest event of a store, 0 before the first.

        Raises: Unavailable.
        """
        row = await self._driver.one("feed", store_id)
        return 0 if row is None else row[0]

    async def dropped(self, store_id: int) -> int:
        """
        Return the position in a store up to which events were dropped by age.

        Raises: Unavailable.
        """
        row = await self._driver.one("feed", store_id)
        return 0 if row is None else row[1]

    async def prune(self, before: datetime) -> int:
        """
        Drop events from before a time, with their deliveries, and return the number of events.

        An event with a pending delivery stays until `give_up` has given that delivery up, and then
        as long again. Every PRUNED events are a transaction of their own. Raises: Unavailable.
        """
        total, since = 0, _EARLIEST

        async def work(transaction: Transaction) -> Sequence[Row]:
            args = (micros(before), since, EXPIRED, PRUNED)
            rows = await transaction.all("dropped_events", *args)
            if rows:
                await _drop(transaction, rows)
            return rows

        while rows := await self._driver.write(work):
            total, since = total + len(rows), rows[-1][0]
        return total

    async def give_up(self, before: datetime, at: datetime) -> int:
        """
        Give up the pending deliveries of events from before a time, and return their number.

        They are dead from `at` on, and can be delivered again. Raises: Unavailable.
        """
        args = (micros(before), EXPIRED, micros(at))
        return await self._driver.run("expire_deliveries", *args)


async def open_feed(transaction: Transaction, store_id: int) -> None:
    """Begin the feed of a new store, in the transaction that writes the store."""
    await transaction.run("insert_feed", store_id)


async def erase_events(transaction: Transaction, store_id: int, customer_id: int) -> None:
    """
    Delete what events say of a customer, and end their waiting deliveries as `erased`.

    The lock of the feed comes first, as in every transaction that writes to several events.
    """
    await transaction.one("lock_feed", store_id)
    await transaction.run("erase_events", store_id, customer_id)
    await transaction.run("erase_deliveries", store_id, customer_id)


async def _require_customer(transaction: Transaction, event: Event) -> None:
    """Lock the customer of an event until it is written. Raises: NotFound if it was deleted."""
    if event.customer_id is not None:
        key = (event.store_id, event.customer_id)
        await transaction.one("lock_customer", *key)
        if await transaction.one("deleted_customer", *key) is not None:
            raise NotFound


async def _locked_feeds(
    transaction: Transaction, store_id: int | None, limit: int
) -> Sequence[int]:
    """Lock the feeds of stores with new events until the transaction ends; return the stores."""
    if store_id is None:
        rows = await transaction.all("lock_feeds", limit)
    else:
        rows = await transaction.all("lock_feed", store_id)
    return [row[0] for row in rows]


async def _wanted(
    transaction: Transaction, events: Sequence[Event], wants: Wants, at: datetime
) -> list[tuple[Webhook, Event]]:
    """Return which webhooks are to be told of which events."""
    stores = _json({event.store_id for event in events})
    subscribers: dict[tuple[int, str], list[Webhook]] = defaultdict(list)
    endpoints: dict[int, dict[tuple[int, str], Webhook]] = defaultdict(dict)
    for row in await transaction.all("webhooks_of_stores", stores, micros(at), INSTALLS):
        hook = unopened(row)
        subscribers[hook.store_id, hook.event].append(hook)
        if hook.event != INSTALLS:
            endpoints[hook.store_id].setdefault((hook.app_id, hook.url), hook)

    def hearers(event: Event) -> Iterable[Webhook]:
        if event.name == ERASED:  # whatever an endpoint subscribed to, it may hold the person
            return endpoints[event.store_id].values()
        return [
            hook
            for hook in subscribers.get(_kind(event), ())
            if event.app_id in (None, hook.app_id) and wants(hook, event)
        ]

    return [(hook, event) for event in events for hook in hearers(event)]


def _kind(event: Event) -> tuple[int, str]:
    """Return the store of an event, and the name under which webhooks subscribe to it."""
    return event.store_id, event.name if event.app_id is None else INSTALLS


async def _drop(transaction: Transaction, rows: Sequence[Row]) -> None:
    """Drop the events of rows of `dropped_events`."""
    dropped: dict[int, int] = {}
    for _, _, store_id, position in rows:
        dropped[store_id] = max(position, dropped.get(store_id, 0))
    await transaction.run("drop_feeds", _json(sorted(dropped.items())))
    await transaction.run("drop_events", _json(number for _, number, _, _ in rows))


def _json(values: Iterable[object]) -> str:
    return msgspec.json.encode(list(values)).decode()
