"""The table of deliveries: claimed, finished, listed, delivered again."""

from collections.abc import Collection
from datetime import datetime

from sijill.audit.changes import Audited, Change, ChangeLog
from sijill.database.columns import micros, moment
from sijill.database.driver import Driver, Row, Transaction
from sijill.database.sealing import Sealer, Unsealable
from sijill.errors import NotFound
from sijill.webhooks.attempts import attempt, attempts_of, with_attempt
from sijill.webhooks.event_rows import opened_event
from sijill.webhooks.model import (
    INSTALLS,
    AttemptResult,
    ClaimedDelivery,
    Delivery,
    DeliveryDetail,
    State,
    Subscriber,
    Webhook,
)
from sijill.webhooks.paging import BEFORE_DELIVERIES, DeliveryPlace, place_of_delivery
from sijill.webhooks.places import Places
from sijill.webhooks.table import readable, unopened, webhook

_LATEST = 2**63 - 1
"""A time later than every stored one, in microseconds."""

SEALED = "sealed"
"""The reason of a paused webhook or a dead delivery whose row was sealed under another key."""


class DeliveryTable(Audited):
    """The deliveries of every store."""

    def __init__(self, driver: Driver, sealer: Sealer, audited: ChangeLog | None = None) -> None:
        self._driver, self._sealer, self._audited = driver, sealer, audited

    async def claim(self, at: datetime, until: datetime, places: Places) -> list[ClaimedDelivery]:
        """
        Claim due deliveries, as many as there are free places, for a lease that ends at `until`.

        The webhooks of the least busy apps go first, and of these the least busy ones, so that slow
        receivers do not block others. What is due to an app without a living grant waits for one.
        If nothing is due, nothing is written.
        Raises: Unavailable.
        """
        rows = await self._driver.all("webhooks_due", micros(at), micros(at), INSTALLS)
        claimable = [row for row in rows if places.free(unopened(row))]
        due = [hook for row in claimable if (hook := await self._opened(row, at)) is not None]
        due.sort(key=places.load)
        if not due:
            return []
        before = places.copy()  # deliveries end while the writer's thread works

        async def work(transaction: Transaction) -> list[ClaimedDelivery]:
            claimed: list[ClaimedDelivery] = []
            left = before.copy()
            for hook in due:
                if not (free := left.free(hook)):
                    continue
                rows = await transaction.all(
                    "deliveries_due", hook.id, micros(at), free, hook.store_id
                )
                left.take(hook, len(rows))
                for row in rows:
                    claimed += await self._lease(transaction, hook, row, at, until)
            return claimed

        return await self._driver.write(work)

    async def next_due(self, after: datetime) -> datetime | None:
        """Return when the next delivery comes due, of all stores; None if none waits."""
        row = await self._driver.one("next_delivery", micros(after))
        return None if row is None or row[0] is None else moment(row[0])

    async def _lease(
        self, transaction: Transaction, hook: Webhook, row: Row, at: datetime, until: datetime
    ) -> list[ClaimedDelivery]:
        """Lease one delivery and return it, or end it and return [] if there is nothing to send."""
        *columns, attempts, tried = row
        key = (hook.store_id, hook.id, columns[0])
        await transaction.run("lease_delivery", *key, micros(until))
        ended: tuple[State, str | None] = ("erased", None)
        try:
            event = opened_event(self._sealer, columns)
            if not event.erased:
                return [ClaimedDelivery(hook, event, attempts + 1, tried)]
        except Unsealable:
            ended = ("dead", SEALED)
        state, error = ended
        result = (state, None, error, micros(at), attempts + 1, tried)
        await transaction.run("finish_delivery", *key, *result)
        return []

    async def _opened(self, row: Row, at: datetime) -> Webhook | None:
        """Return a webhook, or None after pausing it if its secrets do not open."""
        try:
            return webhook(self._sealer, row)
        except Unsealable:
            pause = ("webhook_fails", row[0], micros(at), SEALED)
            await self._driver.run(*pause)
            return None

    async def move(
        self, store_id: int, webhook_id: int, event_id: str, at: datetime, attempts: int
    ) -> None:
        """
        Make a pending delivery due at another moment, after so many attempts.

        Raises: Unavailable.
        """
        key = (store_id, webhook_id, event_id)
        await self._driver.run("move_delivery", *key, micros(at), attempts)

    async def finish(
        self,
        due: ClaimedDelivery,
        result: AttemptResult,
        at: datetime,
        began: datetime | None = None,
    ) -> None:
        """
        Record an attempt's result, and pause the webhook if it says so.

        `began` is when the attempt was sent, and None if nothing was. Raises: Unavailable.
        """
        hook, event, number, tried = due
        if began is not None:
            tried = with_attempt(tried, attempt(began, at, result.status, result.error))
        ended = (result.state, result.status, result.error, micros(result.next_at))
        key, columns = (hook.store_id, hook.id, event.id), (*ended, number, tried)

        async def work(transaction: Transaction) -> None:
            if not await transaction.run("finish_delivery", *key, *columns):
                return  # its lease ended: it belongs to another attempt now
            if result.state == "done":
                await transaction.run("webhook_answers", hook.id)
            elif result.state != "captured":
                await transaction.run("webhook_fails", hook.id, micros(at), result.pause)

        await self._driver.write(work)

    async def all(
        self, *, store_id: int | None = None, state: State | None = None, limit: int = 100
    ) -> list[Delivery]:
        """Return deliveries, newest first. Raises: Unavailable."""
        rows = await self._driver.all("all_deliveries", store_id or 0, state or "", limit)
        return [_delivery(row) for row in rows]

    async def of_event(self, event_id: str) -> list[Delivery]:
        """Return the deliveries of an event, by webhook. Raises: Unavailable."""
        rows = await self._driver.all("deliveries_of_event", event_id)
        return [_delivery(row) for row in rows]

    async def crowded(self, most: int) -> list[Subscriber]:
        """Return each store and app of which `most` deliveries wait. Raises: Unavailable."""
        rows = await self._driver.all("crowded_apps", INSTALLS, most)
        return [(store_id, app_id) for store_id, app_id in rows]

    async def of_app(
        self, store_id: int, app_id: int, event: str, state: str, limit: int
    ) -> list[DeliveryDetail]:
        """
        Return the deliveries to an app's webhooks in a store, newest first; "" selects all.

        Events of the app's installs are left out. Raises: Unavailable.
        """
        args = (store_id, app_id, INSTALLS, event, state, limit)
        rows = await self._driver.all("deliveries_of_app", *args)
        return [self._detail(row) for row in rows]

    async def of_webhook(
        self,
        hook: Webhook,
        states: Collection[State],
        limit: int,
        after: DeliveryPlace = BEFORE_DELIVERIES,
    ) -> list[Delivery]:
        """
        Return the newest deliveries of a webhook's event that are in one of some states.

        They are those behind a place, which is that of the last delivery of the page before.
        Raises: Unavailable.
        """
        found: list[Delivery] = []
        behind = (-after.at, after.event_id)
        for state in states:
            args = (hook.id, hook.event, state, limit, hook.store_id, *behind)
            found += map(_delivery, await self._driver.all("deliveries_of_webhook", *args))
        return sorted(found, key=place_of_delivery, reverse=True)[:limit]

    async def find(self, store_id: int, webhook_id: int, event_id: str) -> DeliveryDetail:
        """Return one delivery of a store. Raises: NotFound; Unavailable."""
        row = await self._driver.one("delivery", store_id, webhook_id, event_id, INSTALLS)
        if row is None:
            raise NotFound
        return self._detail(row)

    def _detail(self, row: Row) -> DeliveryDetail:
        first, second = len(Delivery.__struct_fields__), len(Webhook.__struct_fields__)
        return DeliveryDetail(
            _delivery(row[:first]),
            readable(self._sealer, row[first : first + second]),
            opened_event(self._sealer, row[first + second :]),
        )

    async def redeliver(
        self, *, event_id: str | None, since: datetime | None, until: datetime | None, at: datetime
    ) -> int:
        """
        Make deliveries due again, from their first attempt on, and return their number.

        `event_id` selects the deliveries of one event; without it, the dead deliveries created from
        `since` until before `until` are selected.
        Raises: Unavailable.
        """

        async def work(transaction: Transaction) -> int:
            if event_id is not None:
                await self._tell(transaction, "customers_of_event", event_id)
                return await transaction.run("redeliver_event", event_id, micros(at))
            begin = 0 if since is None else micros(since)
            end = _LATEST if until is None else micros(until)
            await self._tell(transaction, "customers_of_dead", begin, end)
            return await transaction.run("redeliver_dead", begin, end, micros(at))

        return await self._driver.write(work)

    async def redeliver_one(self, detail: DeliveryDetail, at: datetime) -> None:
        """
        Make one delivery due again, with the same id and bytes.

        Raises: NotFound if it is gone, or its customer was deleted; Unavailable.
        """
        delivery, event = detail.delivery, detail.event

        async def work(transaction: Transaction) -> None:
            key = (delivery.store_id, delivery.webhook_id, delivery.event_id)
            if not await transaction.run("redeliver", *key, micros(at)):
                raise NotFound
            if event.customer_id is not None:
                sent = [Change("customer.send", event.customer_id)]
                await self._record(transaction, delivery.store_id, sent)

        await self._driver.write(work)

    async def _tell(self, transaction: Transaction, name: str, *args: object) -> None:
        """Record that the customers whom a statement finds are sent to apps once more."""
        sent: dict[int, list[Change]] = {}
        for store_id, customer_id in await transaction.all(name, *args):
            sent.setdefault(store_id, []).append(Change("customer.send", customer_id))
        for store_id, changes in sent.items():
            await self._record(transaction, store_id, changes)


def _delivery(row: Row) -> Delivery:
    values = dict(zip(Delivery.__struct_fields__, row, strict=True))
    times = {name: moment(values[name]) for name in ("created_at", "next_at")}
    return Delivery(**values | times | {"tried": attempts_of(values["tried"])})
