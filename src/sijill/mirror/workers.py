"""The workers of one process: one for each linked store, for as long as it is linked."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from typing import Any

from sijill.customers.table import CustomerTable
from sijill.database.driver import Driver
from sijill.errors import Unavailable
from sijill.mirror.applying import Applier
from sijill.mirror.checks import Checker
from sijill.mirror.model import MirrorStore, Upstream
from sijill.mirror.reading import Reader
from sijill.mirror.table import MirrorTable
from sijill.mirror.worker import IDLE, Parts, Worker

LOOK_EVERY = 2.0
"""Seconds between two looks which stores are linked."""


class Workers:
    """
    Works for every linked store until `stop`.

    Of several processes one works for a store at a time: see the lease of `Worker`.
    """

    def __init__(
        self,
        driver: Driver,
        tables: tuple[MirrorTable, CustomerTable, Applier],
        upstream_of: Callable[[MirrorStore], Upstream],
        clock: Callable[[], float],
        on_fault: Callable[[Exception], None],
        pause: Callable[[float], Awaitable[None]] | None = None,
    ) -> None:
        """`clock` gives UTC epoch seconds, as that of replies; `pause` waits so many seconds."""
        self._driver, self._tables = driver, tables
        self._upstream_of, self._clock = upstream_of, clock
        self._on_fault, self._pause = on_fault, pause or self._wait
        self._stopping = asyncio.Event()
        self._name = secrets.token_hex(8)
        self._running: dict[int, asyncio.Task[None]] = {}
        self._look: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Start on the running event loop."""
        self._look = asyncio.create_task(self._repeat(self._look_once))

    async def stop(self) -> None:
        """Wait for the requests under way, and leave the stores to other processes."""
        self._stopping.set()
        if self._look is not None:
            await self._look
        await asyncio.gather(*self._running.values())

    async def _look_once(self) -> float:
        """Begin to work for stores that were linked."""
        for store in await self._tables[0].all():
            if store.store_id not in self._running or self._running[store.store_id].done():
                self._running[store.store_id] = asyncio.create_task(self._work(store))
        return LOOK_EVERY

    async def _work(self, store: MirrorStore) -> None:
        """Work for a store until it is linked no more."""
        mirror, customers, applier = self._tables
        upstream = self._upstream_of(store)
        reader = Reader(self._driver, applier, upstream)
        checker = Checker(self._driver, customers, applier, upstream)
        parts = Parts(self._driver, mirror, reader, checker)
        worker = Worker(store.store_id, parts, self._clock, self._name)
        await self._repeat(worker.step, lambda: worker.is_linked)
        with suppress(Unavailable):
            await worker.leave()

    async def _repeat(
        self,
        work: Callable[[], Coroutine[Any, Any, float]],
        goes_on: Callable[[], bool] = lambda: True,
    ) -> None:
        """Do some work again and again; a fault ends nothing."""
        while goes_on() and not self._stopping.is_set():
            try:
                wait = await work()
            except Unavailable:
                wait = IDLE  # the database is away, which readiness says
            except Exception as fault:
                self._on_fault(fault)
                wait = IDLE
            if wait:
                await self._pause(wait)

    async def _wait(self, seconds: float) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)
