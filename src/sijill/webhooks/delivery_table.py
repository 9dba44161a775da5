"""Deliveries in the database; see `domain.webhooks.Deliveries`."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime

from sijill.database.columns import micros, moment
from sijill.database.driver import Driver, Row, Transaction
from sijill.database.sealing import Sealer, Unsealable
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
from sijill.webhooks.outbox import opened_event
from sijill.webhooks.table import readable, webhook

_LATEST = 2**63 - 1
"""Later than every moment that is kept, in microseconds."""


SEALED = "sealed"
"""Why a webhook is paused, or a delivery dead, that was sealed under another key."""


class DeliveryTable:
    """The deliveries of every store."""

    def __init__(self, driver: Driver, sealer: Sealer) -> None:
        self._driver, self._sealer = driver, sealer

    async def claim(
        self,
        at: datetime,
        until: datetime,
        *,
        busy: Mapping[int, int],
        per_webhook: int,
        per_failing: int,
        limit: int,
        apps: Mapping[Subscriber, int] | None = None,
        per_app: int | None = None,
    ) -> list[ClaimedDelivery]:
        """
        Claim deliveries that are due, for a lease that ends at `until`; `most` at most.

        `busy` says how many of a webhook are under way here, of `each` at most, of `failing` where
        it has failed; `apps` the same of all webhooks of an app in a store, of `per_app` at most.
        Whoever has the fewest goes first, so that slow ones keep nobody out. Where nothing is due
        nothing is written. Raises: Unavailable.
        """
        rows = await self._driver.all("webhooks_due", micros(at))
        due = [hook for row in rows if (hook := await self._opened(row, at)) is not None]
        loads = Counter(apps or {})
        due.sort(key=lambda hook: (loads[hook.store_id, hook.app_id], busy.get(hook.id, 0)))
        free = {
            hook.id: (per_failing if hook.failing_since else per_webhook) - busy.get(hook.id, 0)
            for hook in due
        }
        if not any(places > 0 for places in free.values()):
            return []

        async def work(transaction: Transaction) -> list[ClaimedDelivery]:
            claimed: list[ClaimedDelivery] = []
            held = loads.copy()
            for hook in due:
                mine = hook.store_id, hook.app_id
                places = min(free[hook.id], limit - len(claimed), (per_app or limit) - held[mine])
                if places <= 0:
                    continue
                rows = await transaction.all("deliveries_due", hook.id, micros(at), places)
                held[mine] += len(rows)
                for row in rows:
                    claimed += await self._lease(transaction, hook, row, at, until)
            return claimed

        return await self._driver.write(work)

    async def _lease(
        self, transaction: Transaction, hook: Webhook, row: Row, at: datetime, until: datetime
    ) -> list[ClaimedDelivery]:
        """Claim one delivery; none comes of it where its event does not open: that one is dead."""
        *columns, attempts = row
        which = (hook.id, columns[0])
        await transaction.run("lease_delivery", *which, micros(until))
        try:
            return [ClaimedDelivery(hook, opened_event(self._sealer, columns), attempts + 1)]
        except Unsealable:
            told = ("dead", None, SEALED, micros(at), attempts + 1)
            await transaction.run("finish_delivery", *which, *told)
            return []

    async def _opened(self, row: Row, at: datetime) -> Webhook | None:
        """Return a webhook, or None for one whose secrets do not open: that one is paused."""
        try:
            return webhook(self._sealer, row)
        except Unsealable:
            pause = ("webhook_fails", row[0], micros(at), SEALED)
            await self._driver.write(lambda tx: tx.run(*pause))
            return None

    async def finish(self, due: ClaimedDelivery, outcome: AttemptResult, at: datetime) -> None:
        """
        Note what an attempt came to; the webhook is paused where the outcome says so.

        Raises: Unavailable.
        """
        hook, happened, attempt = due
        told = (outcome.state, outcome.status, outcome.error, micros(outcome.next_at), attempt)

        async def work(transaction: Transaction) -> None:
            if not await transaction.run("finish_delivery", hook.id, happened.id, *told):
                return  # its lease ended, and by now it is another attempt's
            if outcome.state == "done":
                await transaction.run("webhook_answers", hook.id)
            elif outcome.state != "captured":
                await transaction.run("webhook_fails", hook.id, micros(at), outcome.pause)

        await self._driver.write(work)

    async def all(
        self, *, store_id: int | None = None, state: State | None = None, limit: int = 100
    ) -> list[Delivery]:
        """
        Return deliveries, newest first.

        Raises: Unavailable.
        """
        rows = await self._driver.all("all_deliveries", store_id or 0, state or "", limit)
        return [_delivery(row) for row in rows]

    async def of_app(
        self, store_id: int, app_id: int, *, event: str | None, state: str | None, limit: int
    ) -> list[DeliveryDetail]:
        """
        Return the deliveries to an app's webhooks in a store, newest first; None is any.

        Those of its installs are not among them. Raises: Unavailable.
        """
        args = (store_id, app_id, INSTALLS, event or "", state or "", limit)
        rows = await self._driver.all("deliveries_of_app", *args)
        return [self._kept(row) for row in rows]

    def _kept(self, row: Row) -> DeliveryDetail:
        told, hook = len(Delivery.__struct_fields__), len(Webhook.__struct_fields__)
        return DeliveryDetail(
            _delivery(row[:told]),
            readable(self._sealer, row[told : told + hook]),
            opened_event(self._sealer, row[told + hook :]),
        )

    async def redeliver(
        self, *, event_id: str | None, since: datetime | None, until: datetime | None, at: datetime
    ) -> int:
        """
        Let deliveries be due again from their first attempt on, and return how many.

        Those of one event, or those that are dead and were made from `since` until before `until`.
        Raises: Unavailable.
        """

        async def work(transaction: Transaction) -> int:
            if event_id is not None:
                return await transaction.run("redeliver_event", event_id, micros(at))
            begin = 0 if since is None else micros(since)
            end = _LATEST if until is None else micros(until)
            return await transaction.run("redeliver_dead", begin, end, micros(at))

        return await self._driver.write(work)


def _delivery(row: Row) -> Delivery:
    webhook_id, event_id, store_id, name, state, attempts, created_at, next_at, status, error = row
    return Delivery(
        webhook_id,
        event_id,
        store_id,
        name,
        state,
        attempts,
        moment(created_at),
        moment(next_at),
        status,
        error,
    )
