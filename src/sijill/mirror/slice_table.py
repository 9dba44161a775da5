"""The table of slices. Its writes are within the transaction that applies what was read."""

from collections.abc import Sequence

from sijill.database.driver import Driver, Row, Transaction
from sijill.mirror.model import MICROS
from sijill.mirror.slices import Range, Run, Slice, SliceState

AHEAD = 7_200 * MICROS
"""Nothing is due later than this, unless the clock was set back: then it is due now."""


class Overtaken(Exception):
    """Another worker has gone on with a slice; what this one read of it is left out."""


async def next_slice(driver: Driver, store_id: int, run: Run, now: int) -> Slice | None:
    """Return the slice of a run that is to be worked on; None if none is due."""
    row = await driver.one("next_mirror_slice", store_id, run, now, now + AHEAD)
    return None if row is None else slice_of(row)


async def slices_of(driver: Driver, store_id: int) -> list[Slice]:
    """Return every slice of a store, by number."""
    return [slice_of(row) for row in await driver.all("mirror_slices", store_id)]


def slice_of(row: Row) -> Slice:
    """Return the slice of a row that holds `mirror_slice_columns`."""
    return Slice(*row)


async def add_slices(
    transaction: Transaction,
    store_id: int,
    run: Run,
    ranges: Sequence[Range],
    now: int,
    state: SliceState = "uncounted",
) -> None:
    """Add ranges to a run."""
    for days in ranges:
        await transaction.run("insert_mirror_slice", store_id, run, *days, state, now)


async def put_slice(transaction: Transaction, store_id: int, was: Slice, now: Slice | None) -> None:
    """
    Put a slice in the place of what it was, or remove it.

    Raises: Overtaken if it is no longer what it was.
    """
    key = (store_id, was.number, was.state, was.next_page, was.reading, was.attempts)
    if now is None:
        changed = await transaction.run("delete_mirror_slice", *key)
    else:
        days = (now.first_day, now.last_day)
        rest = (now.total, now.next_page, now.reading, now.begun_at, now.attempts, now.due_at)
        changed = await transaction.run(
            "update_mirror_slice", *key, now.run, *days, now.state, *rest
        )
    if not changed:
        raise Overtaken
