"""The background work of a namespace, by its own clock: imports, groups, deliveries, its audit."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import NamedTuple

from sijill.audit.job import Auditor
from sijill.database.driver import Driver
from sijill.database.sqlite.driver import SQLite
from sijill.errors import Unavailable
from sijill.groups.evaluation import evaluate_some
from sijill.http.health import Draining
from sijill.imports.job import Importer
from sijill.retention import Retention
from sijill.sandbox.clock import VirtualClock
from sijill.sandbox.ring import Ring
from sijill.sandbox.webhooks.attempts import Attempt
from sijill.sandbox.webhooks.table import Order, SandboxDeliveries, arranged
from sijill.telemetry.logs import kinds, log, places
from sijill.webhooks.worker import Deliverer

POLL = 1.0
"""Seconds between two looks for what other processes have written, if they may."""

CLEARED_EVERY = 3600.0
"""Seconds of the clock between two searches for data that have been kept long enough."""


class Moved(NamedTuple):
    """The result of moving a clock."""

    begin: datetime
    end: datetime
    did: list[Attempt]
    """The attempts to deliver on the way."""
    next_due: datetime | None


class Background:
    """Works when it is woken, and when a delivery comes due; at rest it costs nothing."""

    def __init__(
        self,
        driver: Driver,
        importer: Importer,
        deliverer: Deliverer | None,
        deliveries: SandboxDeliveries,
        attempts: Ring[Attempt],
        clock: VirtualClock,
        draining: Draining,
        retention: Retention,
        auditor: Auditor,
        write_usage: Callable[[], Awaitable[None]],
    ) -> None:
        """
        Work by `clock`. `deliverer` is None if nothing is delivered.

        `write_usage` writes how many requests were counted.
        """
        self._driver, self._importer = driver, importer
        self._deliverer, self._deliveries, self._attempts = deliverer, deliveries, attempts
        self._clock, self._draining = clock, draining
        self._retention, self._cleared = retention, clock()
        self._auditor, self._write_usage = auditor, write_usage
        self._is_shared = isinstance(driver, SQLite)
        self._work: asyncio.Task[None] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._asked = False  # for another round
        self._releasing = asyncio.Lock()

    async def stop(self) -> None:
        """Cancel the work, after draining has begun."""
        if self._timer is not None:
            self._timer.cancel()
        if self._work is not None:
            self._work.cancel()
            await asyncio.wait({self._work})
        if self._deliverer is not None:
            await self._deliverer.abort()

    def wake(self) -> None:
        """Begin the work that is due, unless it is under way."""
        self._asked = not self._draining.begun
        if self._asked and (self._work is None or self._work.done()):
            self._work = asyncio.get_running_loop().create_task(self._settle())

    async def settle(self) -> None:
        """Return once imports, the evaluation of groups and due deliveries are at rest."""
        self.wake()
        if self._work is not None:
            await asyncio.wait({self._work})  # a stop cancels the work, and not those who wait

    async def _settle(self) -> None:
        due = None
        try:
            while self._asked:
                self._asked, begin = False, self._clock.now()
                await self._round()
                # What came due during the round, behind its last look, is due now.
                due = await self._deliveries.next_due(begin)
        except Unavailable:
            pass  # the file is away, which readiness says
        except Exception as fault:
            log.error("namespace_failed", fault=kinds(fault), at=places(fault))
        self._set_timer(due)

    def _set_timer(self, due: datetime | None) -> None:
        """Wake when the next delivery comes due, if the clock runs, and to look at a file."""
        if self._timer is not None:
            self._timer.cancel()
        waits = [POLL] if self._is_shared else []
        if due is not None and not self._clock.is_frozen:
            waits.append(max(0.0, due.timestamp() - self._clock()))
        if waits:
            self._timer = asyncio.get_running_loop().call_later(min(waits), self.wake)

    async def _round(self) -> None:
        while await self._importer.turn() or await evaluate_some(self._driver):
            pass
        if self._deliverer is not None:
            await self._deliverer.settle()
        if self._clock() >= self._cleared + CLEARED_EVERY:
            self._cleared = self._clock()
            await self._write_usage()
            await self._retention.turn()
        while await self._auditor.turn():
            pass

    async def next_due(self) -> datetime | None:
        """Return the moment at which the next delivery comes due; None if none waits."""
        return await self._deliveries.next_due(self._clock.now())

    async def move_to(self, at: datetime) -> Moved:
        """
        Move the clock to a moment, and do what is due on the way, each at its moment.

        A clock that has run past the moment meanwhile stays where it is.
        """
        begin = self._clock.now()
        await self.settle()
        before = self._attempts.added
        while (due := await self.next_due()) is not None and due <= at and not self._draining.begun:
            self._clock.move_to(due.timestamp())
            await self.settle()
        self._clock.move_to(at.timestamp())
        await self.settle()
        did = self._attempts.since(before)
        return Moved(begin, self._clock.now(), did, await self.next_due())

    async def release(self, order: Order) -> int:
        """
        Send held deliveries, each once the one before it has its answer; return their number.

        Raises: KeyError as `arranged`.
        """
        released = 0
        async with self._releasing:
            for delivery in arranged(await self._deliveries.held(), order):
                if self._draining.begun:
                    break
                await self._deliveries.release(delivery, self._clock.now())
                await self.settle()
                released += 1
        return released
