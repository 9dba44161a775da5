"""
Reads slices: one request and one transaction a step, so that a kill costs one page at most.

The rows of a page and the place in the slice are written together. When a slice is proven, the
customers that it should have held and did not are suspects; see `checks`.
"""

from datetime import date
from typing import NamedTuple

from msgspec.structs import replace

from sijill.database.driver import Driver, Transaction
from sijill.mirror.applying import Applier, Fetched
from sijill.mirror.body import Page, read_page
from sijill.mirror.model import FIELDS, MirrorStore, Reply, Upstream, UpstreamAway
from sijill.mirror.planning import Count, distrust_days, place, read_again
from sijill.mirror.slice_table import add_slices, put_slice
from sijill.mirror.slices import (
    HOLDS,
    LANE_OF,
    PER_PAGE,
    WHOLE,
    Slice,
    day_of,
    ends_of,
    is_capped,
    moments,
    pages_of,
    parameters,
    parts_of,
    split,
    violation,
)

OK = 200
NO_ZONE = "UTC"
"""The zone of a list that has not shown a customer yet."""


class _Read(NamedTuple):
    """A page that was read of a slice, and what the slice becomes by it."""

    store: MirrorStore
    work: Slice
    done: Slice
    page: Page
    now: int

    @property
    def timezone(self) -> str:
        """The zone of the list's days."""
        rows = self.page.rows
        return self.store.zone or (rows[0].zone if rows else NO_ZONE)


class Reader:
    """Works on the slices of linked stores. Every method may raise as `Upstream.get`."""

    def __init__(self, driver: Driver, applier: Applier, upstream: Upstream) -> None:
        self._driver, self._applier, self._upstream = driver, applier, upstream

    async def step(self, store: MirrorStore, work: Slice) -> None:
        """
        Send the request that a slice waits for, and write what it brings.

        Raises: UpstreamAway, Misshapen: nothing is written; Overtaken.
        """
        match work.state:
            case "uncounted":
                await self._count(store, work)
            case "unbounded":
                await self._bound(store, work)
            case _:
                await self._read(store, work)

    async def _ask(self, work: Slice, page: int, per_page: int) -> tuple[Reply, Page]:
        paging = [*parameters(work.range), ("page", str(page)), ("per_page", str(per_page))]
        reply = await self._upstream.get("/customers", [*FIELDS, *paging], LANE_OF[work.run])
        if reply.status != OK:
            raise UpstreamAway(f"status_{reply.status}")
        return reply, read_page(reply.body, page, per_page)

    async def _count(self, store: MirrorStore, work: Slice) -> None:
        reply, (rows, total) = await self._ask(work, 1, 1)
        timezone = store.zone or (rows[0].zone if rows else NO_ZONE)
        now, store_id = reply.received_at, store.store_id
        today = day_of(reply.sent_at, timezone)
        largest = total if work.range == WHOLE else max(total, store.largest_total)
        capped = is_capped(total, largest)

        async def write(transaction: Transaction) -> None:
            if rows:
                await transaction.run("note_mirror_list", store_id, timezone, total)
            if work.range == WHOLE:
                await transaction.run("note_mirror_total", store_id, total, now)
            oldest = await _oldest(transaction, store_id, timezone)
            await place(transaction, Count(store, work, total, capped, oldest, today, now))

        await self._driver.write(write)

    async def _bound(self, store: MirrorStore, work: Slice) -> None:
        """Learn the day of the first customer, and split. Without older days it is read whole."""
        reply, (rows, total) = await self._ask(work, max(1, work.total or 1), 1)
        first = day_of(rows[0].created_at, store.zone) if rows else None
        ends = ends_of(work.range, first, day_of(reply.sent_at, store.zone))
        parts = split(work.range, *ends, parts_of(total, capped=True)) if ends else []
        whole = replace(work, state="counted", total=total, next_page=pages_of(total))

        async def write(transaction: Transaction) -> None:
            if total != work.total:
                return await read_again(transaction, store, work, "", reply.received_at)
            await put_slice(transaction, store.store_id, work, None if parts else whole)
            return await add_slices(transaction, store.store_id, work.run, parts, reply.received_at)

        await self._driver.write(write)

    async def _read(self, store: MirrorStore, work: Slice) -> None:
        reply, page = await self._ask(work, work.next_page, PER_PAGE)
        begins = work.state == "counted"
        if begins and pages_of(page.total) != work.next_page:
            again = replace(work, total=page.total, next_page=pages_of(page.total))
            return await self._driver.write(lambda t: put_slice(t, store.store_id, work, again))
        done = replace(work, state="reading", next_page=work.next_page - 1)
        if begins:
            done = replace(done, total=page.total, reading=reply.sequence, begun_at=reply.sent_at)
        fetched = Fetched(page.rows, reply.sequence, reply.sent_at, done.reading)

        async def write(transaction: Transaction) -> None:
            await self._applier.apply_in(transaction, store.store_id, fetched, LANE_OF[work.run])
            await _advance(transaction, _Read(store, work, done, page, reply.received_at))

        return await self._driver.write(write)


async def _oldest(transaction: Transaction, store_id: int, timezone: str) -> date | None:
    """Return the day of the oldest customer that is held."""
    row = await transaction.one("oldest_mirror_customer", store_id)
    return None if row is None or row[0] is None else day_of(row[0], timezone)


async def _advance(transaction: Transaction, read: _Read) -> None:
    """Go on to the next page, or to the end of a slice."""
    store, work = read.store, read.work
    trusted = store.calibration in ("", HOLDS)
    fault = violation(read.page.rows, work.range, read.timezone) if trusted else ""
    if fault and store.calibration == HOLDS:
        await read_again(transaction, store, work, fault, read.now)
    elif fault:
        await distrust_days(transaction, store, work.run, fault, read.now)
    elif read.done.next_page:
        await put_slice(transaction, store.store_id, work, read.done)
    elif trusted:
        await _prove(transaction, read)
    else:
        await _end(transaction, read)


async def _prove(transaction: Transaction, read: _Read) -> None:
    """Name those who are missing from a slice that held as many as it said before and after."""
    store, done, total = read.store, read.done, read.page.total
    key = (store.store_id, *moments(done.range, read.timezone), done.reading)
    row = await transaction.one("count_mirror_reading", *key)
    seen = row[0] if row else 0
    if not seen == done.total == total or is_capped(total, store.largest_total):
        return await read_again(transaction, store, read.work, "", read.now)
    await transaction.run("suspect_mirror_customers", *key, read.now)
    if total and not store.calibration:
        await transaction.run("calibrate_mirror", store.store_id, HOLDS)
    return await _end(transaction, read)


async def _end(transaction: Transaction, read: _Read) -> None:
    """Keep a slice of a whole run, which people see, and remove any other."""
    is_kept = read.work.run in ("backfill", "sweep")
    ended = replace(read.done, state="proven") if is_kept else None
    await put_slice(transaction, read.store.store_id, read.work, ended)
