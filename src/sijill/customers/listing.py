"""One page of a list of customers, at any depth, and the exact number of all, from the counts."""

from collections.abc import Sequence

from msgspec import json

from sijill.customers.counts import END, LEVELS, SINGLE, START, cover, place, within
from sijill.database.driver import Driver, Row

NEAR = 1_000
"""Customers that the database skips one by one; to skip more, the tree of counts is walked."""


async def listed(
    driver: Driver, name: str, store_id: int, since: int, until: int, offset: int, limit: int
) -> Sequence[Row]:
    """
    Return the rows of the page statement `name`: `limit` customers from `offset`, newest first.

    Each row begins with the number of all customers created from `since` until before `until`;
    an empty page is one row with the number and NULLs. Number and rows are of one moment.
    Raises: Unavailable.
    """
    levels = LEVELS[driver.dialect]
    while True:
        begin, left = until, offset
        if offset >= NEAR:
            begin, left = await _begin(driver, store_id, until, offset)
            begin = max(since, min(begin, until))
        # The statement itself counts what `begin` passes over: between the walk and the page other
        # writers may have changed it.
        ranges = json.encode([*_ranges(since, begin, levels, 0), *_ranges(begin, until, levels, 1)])
        read = driver.few if left < NEAR else driver.all
        bounds = (since, min(begin, END - 1), limit, offset)
        rows = await read(name, store_id, ranges.decode(), *bounds)
        if rows[0][0] <= offset:
            return [row[1:] for row in rows]


async def counted(driver: Driver, store_id: int, since: int, until: int) -> int:
    """Return how many customers were created from `since` until before `until`."""
    ranges = json.encode(_ranges(since, until, LEVELS[driver.dialect], 0)).decode()
    row = await driver.one("customers_within", store_id, ranges)
    return row[0] if row else 0


def _ranges(since: int, until: int, levels: Sequence[int], passed: int) -> list[tuple[int, ...]]:
    return [(*each, passed) for each in cover(since, until, levels)]


async def _begin(driver: Driver, store_id: int, until: int, offset: int) -> tuple[int, int]:
    """
    Return a moment shortly after the customer at an offset, and how many lie between the two.

    Past the end the moment is START.
    """
    levels = LEVELS[driver.dialect]
    newer = json.encode(_ranges(until, END, levels, 0)).decode()
    row = await driver.one("customers_within", store_id, newer)
    left = offset + (row[0] if row else 0)
    (around,) = cover(START, END, levels)
    for finer in levels[1:]:
        found = place(await driver.few("bucket_counts", store_id, *around), left)
        if found is None:
            return START, 0
        bucket, left = found
        if left < NEAR or finer == SINGLE:
            break
        around = within(bucket, around.shift, finer)
    return (bucket + 1) << around.shift, left
