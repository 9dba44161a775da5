"""The share of the database for uploads of one store: waiting files, refused rows."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec

from sijill.database.columns import maybe_moment
from sijill.database.driver import Transaction
from sijill.imports.model import TooManyImports
from sijill.imports.rows import Reject

WAITING, WAITING_SIZE = 10, 128 * 2**20
"""Files of a store that wait to be imported, and bytes of their rows, at most."""

REFUSED, REFUSED_SIZE = 1000, 64 * 2**20
"""Files of a store whose refused rows are kept, and bytes of these rows, at most."""

ROW = 100
"""Bytes that a refused row counts beside its texts: about what a database adds."""


class Held(NamedTuple):
    """A file whose refused rows are kept, their size in bytes, and when its import ended."""

    import_id: int
    size: int
    finished_at: datetime | None


class Room(NamedTuple):
    """The files whose refused rows are dropped, and whether more can be kept then."""

    dropped: Sequence[int]
    suffices: bool


def room_for(size: int, import_id: int, held: Sequence[Held]) -> Room:
    """
    Return how a file gets room for `size` more bytes of refused rows.

    Those of finished imports are dropped, the oldest first: as many as needed, and none of them if
    all would not suffice.
    """
    count = len({one.import_id for one in held} | {import_id})
    taken = sum(one.size for one in held) + size
    ended = [(one.finished_at, one) for one in held if one.finished_at is not None]
    dropped = []
    for _, one in sorted(ended):
        if count <= REFUSED and taken <= REFUSED_SIZE:
            break
        dropped.append(one.import_id)
        count, taken = count - 1, taken - one.size
    suffices = count <= REFUSED and taken <= REFUSED_SIZE
    return Room(dropped if suffices else [], suffices)


async def admit(transaction: Transaction, store_id: int, size: int) -> None:
    """
    Let a store have one more file of so many bytes, until the end of the transaction.

    Raises: TooManyImports if too many of its files wait, or too many bytes.
    """
    await transaction.one("lock_uploads", store_id)
    count, taken = await transaction.one("waiting_imports", store_id) or (0, 0)
    if count >= WAITING or taken + size > WAITING_SIZE:
        raise TooManyImports


async def keep_rejects(
    transaction: Transaction, store_id: int, import_id: int, rejected: Sequence[Reject]
) -> int:
    """
    Store refused rows of an import if there is room for them, and return their size in bytes.

    Without room none of them is stored, and the size is 0.
    """
    rows = [(line, why, msgspec.json.encode(cells).decode()) for line, why, cells in rejected]
    size = sum(len((why + cells).encode()) + ROW for _, why, cells in rows)
    await transaction.one("lock_uploads", store_id)
    held = [
        Held(other, taken, maybe_moment(finished_at))
        for other, taken, finished_at in await transaction.all("held_rejects", store_id)
    ]
    room = room_for(size, import_id, held)
    for other in room.dropped:
        await transaction.run("delete_import_rejects", store_id, other)
        await transaction.run("clear_rejects_size", store_id, other)
    if not room.suffices:
        return 0
    for row in rows:
        await transaction.run("insert_import_reject", store_id, import_id, *row)
    return size
