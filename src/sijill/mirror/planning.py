"""Counted slices: compared with what is held, split, joined, or left to be read."""

from datetime import date, timedelta
from typing import NamedTuple

from msgspec.structs import replace

from sijill.database.driver import Transaction
from sijill.mirror.model import MirrorStore
from sijill.mirror.slice_table import add_slices, put_slice
from sijill.mirror.slices import (
    HOLDS,
    WHOLE,
    Range,
    Run,
    Slice,
    add_up,
    ends_of,
    is_capped,
    is_dear,
    moments,
    most_joined,
    pages_of,
    parts_of,
    pause_of,
    split,
    today_apart,
)


class Count(NamedTuple):
    """A slice that upstream has counted just now."""

    store: MirrorStore
    work: Slice
    """The slice as it was."""
    total: int
    capped: bool
    """Whether the total may be a cap."""
    oldest: date | None
    """The day of the oldest customer that is held."""
    today: date
    now: int

    @property
    def counted(self) -> Slice:
        """The slice as it is to be read."""
        return replace(self.work, total=self.total, state="counted", next_page=pages_of(self.total))

    @property
    def ends(self) -> tuple[date, date] | None:
        """The days that it can be split between."""
        return ends_of(self.work.range, self.oldest, self.today)


async def place(transaction: Transaction, count: Count) -> None:
    """Decide what becomes of a counted slice, and write it."""
    store, work = count.store, count.work
    if store.calibration not in ("", HOLDS):
        await put_slice(transaction, store.store_id, work, count.counted)
    elif work.run == "probe":
        await _compare(transaction, count)
    else:
        await _plan(transaction, count, work.run)


async def _compare(transaction: Transaction, count: Count) -> None:
    """Leave a range that is as ours; look into the halves of another one, or read it."""
    store_id, work, total = count.store.store_id, count.work, count.total
    days = moments(work.range, count.store.zone or "UTC")
    row = await transaction.one("count_mirror_customers", store_id, *days)
    ours = row[0] if row else 0
    if ours == total and not count.capped:
        await put_slice(transaction, store_id, work, None)
    elif count.ends is not None and (count.capped or not is_dear(total, ours)):
        await _divide(transaction, count, "probe", split(work.range, *count.ends, 2))
    else:
        await _plan(transaction, count, "day")


async def _plan(transaction: Transaction, count: Count, run: Run) -> None:
    """Split a range that is too large; one that is small joins the one before it."""
    store_id, work = count.store.store_id, count.work
    parts = parts_of(count.total, capped=count.capped)
    if work.range == WHOLE:
        await _divide(transaction, count, run, today_apart(count.today))
    elif parts > 1 and count.ends is not None:
        await _divide(transaction, count, run, split(work.range, *count.ends, parts))
    elif parts > 1 and not work.first_day and count.oldest != count.today:
        wide = replace(count.counted, run=run, state="unbounded")
        await put_slice(transaction, store_id, work, wide)
    elif count.capped:
        await read_again(transaction, count.store, work, "capped", count.now)
    else:
        counted = replace(count.counted, run=run)
        await put_slice(transaction, store_id, work, counted)
        await _join(transaction, count.store, counted)
        await _insist_that_all_adds_up(transaction, count)


async def _divide(transaction: Transaction, count: Count, run: Run, ranges: list[Range]) -> None:
    """Put uncounted parts in the place of a slice."""
    await put_slice(transaction, count.store.store_id, count.work, None)
    await add_slices(transaction, count.store.store_id, run, ranges, count.now)


async def _join(transaction: Transaction, store: MirrorStore, counted: Slice) -> None:
    """Join a slice to the one of the days before, if both together are small enough."""
    if not counted.first_day or not counted.last_day or counted.run == "day":
        return
    before = (date.fromisoformat(counted.first_day) - timedelta(1)).isoformat()
    total, store_id = counted.total or 0, store.store_id
    key = (store_id, counted.run, before, most_joined(store.largest_total) - total)
    row = await transaction.one("mirror_slice_before", *key)
    if row is not None:
        number, first_day, more = row
        await transaction.run("remove_mirror_slice", store_id, number)
        joined = (first_day, total + more, pages_of(total + more))
        await transaction.run("join_mirror_slice", store_id, counted.number, *joined)


async def _insist_that_all_adds_up(transaction: Transaction, count: Count) -> None:
    """Distrust the days of a list, once all are counted, that hold fewer or more than it."""
    store, run = count.store, count.work.run
    if run not in ("backfill", "sweep") or store.calibration or store.total is None:
        return
    if is_capped(store.total, store.largest_total):
        return
    rows = await transaction.all("mirror_slice_totals", store.store_id, run)
    totals = [total for state, total in rows if state not in ("uncounted", "unbounded")]
    if len(totals) == len(rows) and not add_up(totals, store.total):
        await distrust_days(transaction, store, run, "bounds", count.now)


async def read_again(
    transaction: Transaction, store: MirrorStore, work: Slice, reason: str, now: int
) -> None:
    """Let a slice that could not be proven be counted and read again later."""
    if reason:
        await transaction.run("set_mirror_trouble", store.store_id, "degraded", reason)
    later = replace(
        work,
        state="uncounted",
        next_page=0,
        reading=0,
        attempts=work.attempts + 1,
        due_at=now + pause_of(work.attempts),
    )
    await put_slice(transaction, store.store_id, work, later)


async def distrust_days(
    transaction: Transaction, store: MirrorStore, run: Run, fault: str, now: int
) -> None:
    """Read the list as one slice from now on: its days are not as they should be."""
    await transaction.run("calibrate_mirror", store.store_id, fault)
    await transaction.run("set_mirror_trouble", store.store_id, "degraded", fault)
    await transaction.run("clear_mirror_slices", store.store_id)
    if run in ("backfill", "sweep"):
        await add_slices(transaction, store.store_id, "backfill", [WHOLE], now)
