"""
The worker: gives new events their place, claims what is due, sends it, and notes what came of it.

Any number may run at once, in one process or in several: a claim is a lease, and what a killed
worker had claimed is sent again when the lease ends. So an event is delivered at least once.
"""

import asyncio
import random
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Literal, NamedTuple

from sijill.database.poll_loop import PollLoop
from sijill.errors import Unavailable
from sijill.webhooks.delivery_table import DeliveryTable
from sijill.webhooks.events import Event
from sijill.webhooks.model import AttemptResult, ClaimedDelivery, Subscriber, Webhook
from sijill.webhooks.observer import DeliveryObserver
from sijill.webhooks.outbox import OutboxTable
from sijill.webhooks.schedule import ReceiverAnswer, Schedule, judged
from sijill.webhooks.sending import Post

Mode = Literal["send", "capture"]

LEASE_MARGIN = timedelta(seconds=30)
"""How much longer than its time-out a claimed delivery is left to whoever claimed it."""

PER_WEBHOOK = 4
"""Deliveries of one webhook under way at once, in one process."""

PER_FAILING = 1
"""The same for a webhook whose last attempt failed: one is enough to see whether it is back."""

MAX_UNDER_WAY = 512
"""Deliveries under way at once, in one process."""

PER_APP = MAX_UNDER_WAY // 2
"""The same for all webhooks of one app in one store: it leaves room for the others."""

POLL = 1.0
"""Seconds until it looks again unasked: for what other processes wrote, and for what comes due."""

PRUNE_EVERY = timedelta(hours=1)
"""How often what is too old is dropped."""

INTERNAL = "internal"
"""The error of an attempt that failed before it reached anybody, by a fault of our own."""

BATCH = 500
"""Events that get their place at once."""


class Plan(NamedTuple):
    """How deliveries are made."""

    schedule: Schedule
    mode: Mode
    retention: timedelta
    """How long events are kept, delivered or not."""


class Deliverer:
    """Delivers in the background until it is stopped."""

    def __init__(
        self,
        outbox: OutboxTable,
        deliveries: DeliveryTable,
        post: Post,
        wants: Callable[[Webhook, Event], bool],
        observer: DeliveryObserver,
        plan: Plan,
        clock: Callable[[], float],
    ) -> None:
        self._outbox = outbox
        self._deliveries = deliveries
        self._post = post
        self._wants = wants
        self._observer = observer
        self._plan = plan
        self._clock = clock
        self._loop = PollLoop(self.turn, observer.failed, POLL)
        self._under_way: set[asyncio.Task[None]] = set()
        self._busy: Counter[int] = Counter()
        self._apps: Counter[Subscriber] = Counter()
        self._pruned = datetime.min.replace(tzinfo=UTC)

    def start(self) -> None:
        """Begin."""
        self._loop.start()

    def wake(self) -> None:
        """Look now: something was written."""
        self._loop.wake()

    async def stop(self) -> None:
        """Claim nothing more, and let what is under way end; its time-outs bound that."""
        await self._loop.stop()  # cut short, a claim would be held by nobody until its lease ends
        if self._under_way:
            await asyncio.wait(self._under_way)
        await self._post.close()

    async def turn(self) -> bool:
        """
        Place new events, claim what is due and begin to send it; return whether there was any.

        Raises: Unavailable.
        """
        now = self._now()
        settled = await self._outbox.sequence_events(self._wants, now, BATCH)
        await self._prune(now)
        free = MAX_UNDER_WAY - self._busy.total()
        if free <= 0:
            return settled > 0  # whatever ends wakes us
        until = now + timedelta(seconds=self._plan.schedule.timeout) + LEASE_MARGIN
        claimed = await self._deliveries.claim(
            now,
            until,
            busy=self._busy,
            per_webhook=PER_WEBHOOK,
            per_failing=PER_FAILING,
            limit=free,
            apps=self._apps,
            per_app=PER_APP,
        )
        for due in claimed:
            self._begin(due)
        return settled > 0 or bool(claimed)

    def _begin(self, due: ClaimedDelivery) -> None:
        self._count(due.webhook, 1)
        task = asyncio.create_task(self._deliver(due))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def _deliver(self, due: ClaimedDelivery) -> None:
        try:
            outcome = await self._outcome(due)
            await self._deliveries.finish(due, outcome, self._now())
        except Unavailable:
            return  # it stays claimed, and is sent again when the lease ends
        except Exception as fault:
            self._observer.failed(fault)
            return
        finally:
            self._count(due.webhook, -1)
            self._loop.wake()
        self._observer.delivered(due.event.name, outcome)
        if outcome.pause is not None:
            self._observer.paused(due.webhook, outcome.pause)

    def _count(self, webhook: Webhook, more: int) -> None:
        """Note that one more, or one less, is under way."""
        whose = webhook.store_id, webhook.app_id
        self._busy[webhook.id] += more
        self._apps[whose] += more
        if not self._busy[webhook.id]:  # those at rest take no room
            del self._busy[webhook.id]
        if not self._apps[whose]:
            del self._apps[whose]

    async def _outcome(self, due: ClaimedDelivery) -> AttemptResult:
        now = self._now()
        if self._plan.mode == "capture":
            return AttemptResult("captured", None, None, now)
        answer = await self._answer(due, now)
        schedule, chance = self._plan.schedule, random.random()  # noqa: S311 - jitter, no secret
        return judged(schedule, due.webhook, due.attempt, answer, self._now(), chance)

    async def _answer(self, due: ClaimedDelivery, now: datetime) -> ReceiverAnswer:
        try:
            return await self._post.attempt(due, now)
        except Exception as fault:  # ours: the attempt counts, so that it is given up in the end
            self._observer.failed(fault)
            return ReceiverAnswer(None, {}, INTERNAL)

    async def _prune(self, now: datetime) -> None:
        if now - self._pruned >= PRUNE_EVERY:
            self._pruned = now
            before = now - self._plan.retention
            expired = await self._outbox.give_up(before, now)
            if expired:
                self._observer.expired(expired)
            await self._outbox.prune(before)

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._clock(), UTC)
