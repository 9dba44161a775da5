"""
The tree of counts: how many customers a store has, by the moment when each was created.

The table `customer_counts` has the count of every bucket of moments that holds customers, on every
level of the tree but the last, where the customers themselves are counted. PostgreSQL splits a
count over up to 16 rows, which are added up. A bucket is a moment in microseconds of the epoch
without its last `shift` bits, and each level has a shift of its own. The buckets of one level lie
within those of the level above, so a few of them add up to any range of time, and lead to any place
in the list. Triggers write the counts in the transaction that writes the customer.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sijill.database.sql import Dialect

START, END = -(2**63), 2**63
"""Before every moment, and after."""

SINGLE = 0
"""The shift of single moments, the last level: the customers themselves, which are counted."""

LEVELS: dict[Dialect, Sequence[int]] = {
    "sqlite": (63, 45, 38, 31, 25, SINGLE),
    "postgres": (63, 45, 38, 31, SINGLE),
}
"""
The shifts of the levels: before or after 1970, 407 days, 76 hours, 36 minutes, 34 seconds.

The triggers of the schema have the same. On PostgreSQL each level is a row to lock and to log.
"""


class Range(NamedTuple):
    """Buckets of one level, from `low` until before `high`."""

    shift: int
    low: int
    high: int


def cover(since: int, until: int, levels: Sequence[int]) -> list[Range]:
    """Return the fewest ranges that hold the moments from `since` until before `until`, once."""
    if since >= until:
        return []
    shift, *finer = levels
    low, high = -(-since >> shift), until >> shift
    if low >= high:
        return cover(since, until, finer)
    before, after = cover(since, low << shift, finer), cover(high << shift, until, finer)
    return [*before, Range(shift, low, high), *after]


def place(buckets: Iterable[Sequence[int]], offset: int) -> tuple[int, int] | None:
    """
    Return the bucket that holds the customer at an offset, and the offset within the bucket.

    `buckets` are pairs of bucket and customers, newest first; None if they hold fewer customers.
    """
    for bucket, customers in buckets:
        if offset < customers:
            return bucket, offset
        offset -= customers
    return None


def within(bucket: int, shift: int, finer: int) -> Range:
    """Return the buckets of a finer level that lie in a bucket."""
    return Range(finer, bucket << (shift - finer), (bucket + 1) << (shift - finer))
