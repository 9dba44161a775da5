"""
The worker: it gives new events their positions, claims due deliveries, sends and records them.

Any number may run at once, in one process or in several: a claim is a lease, and the deliveries
that a killed worker claimed are sent again when the lease ends. So an event is delivered at least
once.
"""

import asyncio
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Literal, NamedTuple

from sijill.errors import Unavailable
from sijill.job import Job
from sijill.telemetry.logs import log
from sijill.webhooks.delivery_table import DeliveryTable
from sijill.webhooks.events import Event
from sijill.webhooks.message import Post
from sijill.webhooks.model import AttemptResult, ClaimedDelivery, Webhook
from sijill.webhooks.outbox import OutboxTable
from sijill.webhooks.places import Places
from sijill.webhooks.schedule import ReceiverAnswer, Schedule, judged

Mode = Literal["send", "capture"]

LEASE_MARGIN = timedelta(seconds=30)
"""The time by which the lease of a delivery outlasts its time-out."""

INTERNAL = "internal"
"""The error of an attempt that failed before it was sent, by a fault of our own."""

BATCH = 500
"""Events that get their positions in one transaction."""


Count = Callable[[str, str], None]
"""Takes the event's name and the result of an attempt."""

Chance = Callable[[ClaimedDelivery], float]
"""Returns a number in [0, 1) for an attempt, which moves its retry within the jitter."""


def by_chance(due: ClaimedDelivery) -> float:
    """Return a random number for every attempt."""
    return random.random()  # noqa: S311 - jitter, no secret


class DeliveryObserver:
    """Counts attempts, and logs names and ids: never the body or the URL of a delivery."""

    def __init__(self, count: Count) -> None:
        self._count = count

    def delivered(self, event: str, outcome: AttemptResult) -> None:
        """Count one attempt, and log a delivery that is given up."""
        self._count(event, "retry" if outcome.state == "pending" else outcome.state)
        if outcome.state == "dead":
            log.warning("delivery_dead", status=outcome.status, error=outcome.error)

    def paused(self, webhook: Webhook, why: str) -> None:
        """Log that nothing more is sent to a webhook until it is resumed."""
        log.warning("webhook_paused", webhook=webhook.id, store=webhook.store_id, why=why)


class Plan(NamedTuple):
    """The settings of a deliverer."""

    schedule: Schedule
    mode: Mode


class Deliverer(Job):
    """Delivers in the background until it is stopped."""

    FAULT = "deliverer_failed"

    def __init__(
        self,
        outbox: OutboxTable,
        deliveries: DeliveryTable,
        post: Post,
        wants: Callable[[Webhook, Event], bool],
        observer: DeliveryObserver,
        plan: Plan,
        clock: Callable[[], float],
        chance: Chance = by_chance,
    ) -> None:
        super().__init__()
        self._outbox, self._deliveries, self._post = outbox, deliveries, post
        self._wants, self._observer, self._plan = wants, observer, plan
        self._clock, self._chance = clock, chance
        self._under_way: set[asyncio.Task[None]] = set()
        self._places = Places()

    async def stop(self) -> None:
        """Claim nothing more, and wait for deliveries under way, at most for their time-out."""
        await super().stop()  # a claim cut short would block its deliveries until its lease ends
        if self._under_way:
            await asyncio.wait(self._under_way)
        await self._post.close()

    async def abort(self) -> None:
        """Stop at once, and cancel the deliveries under way: their register ends with them."""
        for task in self._under_way:
            task.cancel()
        await self.stop()

    async def settle(self) -> None:
        """Deliver until nothing more is due, in place of `start`."""
        while await self.turn() or self._under_way:
            if self._under_way:
                await asyncio.wait(set(self._under_way))

    async def turn(self) -> bool:
        """
        Position new events, claim due deliveries and begin to send them.

        Return whether there may be more new events; the end of deliveries wakes the loop itself.
        Raises: Unavailable.
        """
        now = self._now()
        sequenced = await self._outbox.sequence_events(self._wants, now, BATCH)
        until = now + timedelta(seconds=self._plan.schedule.timeout) + LEASE_MARGIN
        for due in await self._deliveries.claim(now, until, self._places):
            self._begin(due)
        return sequenced > 0

    def _begin(self, due: ClaimedDelivery) -> None:
        self._places.take(due.webhook)
        task = asyncio.create_task(self._deliver(due))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def _deliver(self, due: ClaimedDelivery) -> None:
        delivered, began = None, self._now() if self._plan.mode == "send" else None
        try:
            outcome = await self._outcome(due)
            delivered = outcome.state in ("done", "captured")
            await self._deliveries.finish(due, outcome, self._now(), began)
        except Unavailable:
            return  # the delivery is sent again when its lease ends
        except Exception as fault:
            self.failed(fault)
            return
        finally:
            self._places.release(due.webhook, delivered=delivered)
            if self._places.half_free(due.webhook):  # one claim for each place costs too much
                self.wake()
        self._observer.delivered(due.event.name, outcome)
        if outcome.pause is not None:
            self._observer.paused(due.webhook, outcome.pause)

    async def _outcome(self, due: ClaimedDelivery) -> AttemptResult:
        now = self._now()
        if self._plan.mode == "capture":
            return AttemptResult("captured", None, None, now)
        answer = await self._answer(due, now)
        schedule, chance = self._plan.schedule, self._chance(due)
        return judged(schedule, due.webhook, due.attempt, answer, self._now(), chance)

    async def _answer(self, due: ClaimedDelivery, now: datetime) -> ReceiverAnswer:
        try:
            return await self._post.attempt(due, now)
        except Exception as fault:  # our own fault: it counts, so that attempts end
            self.failed(fault)
            return ReceiverAnswer(None, {}, INTERNAL)

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._clock(), UTC)
