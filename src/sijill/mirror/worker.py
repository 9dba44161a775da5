"""
The worker of one linked store: each step sends at most one request.

It asks in the order of lanes for what is due. Faults are states of the store, and end nothing.
"""

from collections.abc import Awaitable, Callable
from typing import NamedTuple

from sijill.database.driver import Driver, Transaction
from sijill.mirror.checks import Checker
from sijill.mirror.model import (
    MICROS,
    Lane,
    MirrorStore,
    Misshapen,
    NeedsAuthorisation,
    NoBudget,
    Trouble,
    UpstreamAway,
)
from sijill.mirror.reading import Reader
from sijill.mirror.slice_table import Overtaken, add_slices, next_slice
from sijill.mirror.slices import HOLDS, RUNS_OF, WHOLE, Run
from sijill.mirror.table import MirrorTable

PROBE_EVERY = 300 * MICROS
SWEEP_EVERY = 86_400 * MICROS
IDLE = 5.0
"""Seconds until an idle worker looks again."""

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 300.0
"""Seconds after a fault of upstream; each fault in a row doubles them."""

LEASE = 60 * MICROS
"""How long a store is this worker's after a step; another one takes it over then."""

LASTING = frozenset({"shape", "order", "bounds", "zone", "capped"})
"""Reasons that the next good answer does not end."""

Job = Callable[[], Awaitable[None]]


class Parts(NamedTuple):
    """The tables and readers that a worker works with."""

    driver: Driver
    mirror: MirrorTable
    reader: Reader
    checker: Checker


class Worker:
    """Works for one store."""

    idle = IDLE

    def __init__(self, store_id: int, parts: Parts, clock: Callable[[], float], name: str) -> None:
        """`clock` gives UTC epoch seconds, as that of the replies; `name` is no other worker's."""
        self._store_id, self._clock, self._name = store_id, clock, name
        self._driver, self._mirror, self._reader, self._checker = parts
        self._faults, self._resume_at = 0, 0.0
        self._leased_until = 0
        self.is_linked = True
        """Whether there was still something to do at the last step."""

    async def step(self) -> float:
        """
        Do what is due first, and return the seconds until there may be more to do.

        Raises: Unavailable.
        """
        now = self._now()
        store = await self._mirror.find(self._store_id)
        self.is_linked = store is not None
        if store is None or store.paused or not await self._lease(now):
            return self.idle
        if self._clock() < self._resume_at <= self._clock() + LONGEST_PAUSE:
            return float(self._resume_at - self._clock())
        await self._begin_runs(store, now)
        wait = self.idle
        for lane in ("verify", "probe", "sweep", "backfill"):
            job = await self._job(store, lane, now)
            if job is None:
                continue
            try:
                await job()
            except NoBudget as refused:
                wait = min(wait, refused.wait)
                continue
            except Overtaken:
                return 0.0
            except (UpstreamAway, Misshapen) as fault:
                return await self._fault("degraded", fault.reason)
            except NeedsAuthorisation:
                return await self._fault("needs_authorisation", "token")
            await self._went_well(store)
            return 0.0
        return min(wait, await self._pause(store, now))

    async def _job(self, store: MirrorStore, lane: Lane, now: int) -> Job | None:
        if lane == "verify":
            check = await self._checker.next(store, now)
            return None if check is None else lambda: self._checker.step(store, check, now)
        for run in RUNS_OF[lane]:
            work = await next_slice(self._driver, store.store_id, run, now)
            if work is not None:
                return lambda: self._reader.step(store, work)
        return None

    async def _begin_runs(self, store: MirrorStore, now: int) -> None:
        """Begin the runs that are due, and end those of which every slice is proven."""
        if store.stage == "linked":
            await self._begin(store, "backfill", now, "begin_mirror_run", "backfilling")
        elif store.stage == "backfilling":
            if not await self._open("backfill"):
                await self._driver.run("end_mirror_backfill", store.store_id, now)
                await self._forgive(store)
        elif store.calibration in ("", HOLDS):
            await self._begin_live(store, now)

    async def _begin_live(self, store: MirrorStore, now: int) -> None:
        due = _is_due(store.probed_at, PROBE_EVERY, now)
        if due and not await self._open("probe") and not await self._open("day"):
            await self._begin(store, "probe", now, "begin_mirror_probe", now)
        last = max(store.backfilled_at or 0, store.swept_at or 0)
        if not store.sweep_wanted and not _is_due(last, SWEEP_EVERY, now):
            return
        rows = await self._driver.all("mirror_slice_totals", store.store_id, "sweep")
        if store.sweep_wanted and rows and not await self._open("sweep"):
            await self._end_sweep(store, now)
        elif not rows or not store.sweep_wanted:
            await self._begin(store, "sweep", now, "want_mirror_sweep", True)

    async def _end_sweep(self, store: MirrorStore, now: int) -> None:
        async def work(transaction: Transaction) -> None:
            await transaction.run("end_mirror_sweep", self._store_id, now)
            await transaction.run("clear_mirror_run", self._store_id, "sweep")

        await self._driver.write(work)
        await self._forgive(store)

    async def _forgive(self, store: MirrorStore) -> None:
        """End the trouble that a whole run has refuted."""
        if store.trouble == "degraded" and store.reason != "shape" and store.calibration == HOLDS:
            await self._mirror.clear_trouble(store.store_id, store.trouble, store.reason)

    async def _begin(
        self, store: MirrorStore, run: Run, now: int, statement: str, value: object
    ) -> None:
        async def work(transaction: Transaction) -> None:
            await transaction.run("clear_mirror_run", store.store_id, run)
            await add_slices(transaction, store.store_id, run, [WHOLE], now)
            await transaction.run(statement, store.store_id, value)

        await self._driver.write(work)

    async def _open(self, run: Run) -> bool:
        row = await self._driver.one("open_mirror_slices", self._store_id, run)
        return bool(row and row[0])

    async def _pause(self, store: MirrorStore, now: int) -> float:
        row = await self._driver.one("next_mirror_moment", store.store_id)
        due = [] if row is None or row[0] is None else [row[0]]
        if store.stage == "live" and store.probed_at is not None:
            due.append(store.probed_at + PROBE_EVERY)
        waits: list[float] = [(moment - now) / MICROS for moment in due if moment > now]
        return min([self.idle, *waits])

    async def _fault(self, trouble: Trouble, reason: str) -> float:
        pause = min(FIRST_PAUSE * float(2**self._faults), LONGEST_PAUSE)
        self._faults = min(self._faults + 1, 20)
        self._resume_at = self._clock() + pause
        await self._mirror.set_trouble(self._store_id, trouble, reason)
        return pause

    async def _went_well(self, store: MirrorStore) -> None:
        self._faults, self._resume_at = 0, 0.0
        if store.trouble in ("degraded", "needs_authorisation") and store.reason not in LASTING:
            await self._mirror.clear_trouble(self._store_id, store.trouble, store.reason)

    async def _lease(self, now: int) -> bool:
        if now < self._leased_until - LEASE // 2 and self._leased_until <= now + LEASE:
            return True
        key = (self._store_id, self._name, now + LEASE, now, now + LEASE)
        is_ours = bool(await self._driver.run("lease_mirror", *key))
        self._leased_until = now + LEASE if is_ours else 0
        return is_ours

    async def leave(self) -> None:
        """Let another worker take over at once. Raises: Unavailable."""
        if self._leased_until:
            now, self._leased_until = self._now(), 0
            key = (self._store_id, self._name, 0, now, now + LEASE)
            await self._driver.run("lease_mirror", *key)

    def _now(self) -> int:
        return int(self._clock() * MICROS)


def _is_due(last: int | None, every: int, now: int) -> bool:
    """Return whether something is due again; also after the clock was set back."""
    return last is None or not last <= now < last + every
