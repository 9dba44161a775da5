"""Entries of changes, written in the transaction of the change: neither is there alone."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from copy import copy
from typing import NamedTuple, Self

from msgspec import Struct

from sijill.audit.causes import SERVER, Cause
from sijill.audit.model import Entry, caused, encode
from sijill.database.driver import Transaction

MICROS = 1_000_000

NO_STORE = 0
"""The store of an entry outside of all stores."""


class Audited:
    """A table whose writes the audit log tells, as those of a cause."""

    _audited: "ChangeLog | None" = None
    """None where nothing is recorded."""
    _cause: Cause = SERVER

    def by(self, cause: Cause) -> Self:
        """Return the same table, whose writes are those of `cause`."""
        table = copy(self)
        table._cause = cause
        return table

    def __copy__(self) -> Self:
        """Return the same table, to be changed in a thing: every write makes one for its cause."""
        table = object.__new__(type(self))
        table.__dict__.update(self.__dict__)
        return table

    async def _record(
        self, transaction: Transaction, store_id: int, changes: "Iterable[Change]"
    ) -> None:
        """Record changes in the transaction that makes them."""
        if self._audited is not None:
            await self._audited.record(transaction, self._cause, store_id, changes)


def differing(old: Struct, new: Struct) -> tuple[str, ...]:
    """Return the names of the fields by which two values of one kind differ."""
    names = new.__struct_fields__
    return tuple(name for name in names if getattr(old, name) != getattr(new, name))


class Change(NamedTuple):
    """An action on one subject, and the written fields of the subject."""

    action: str
    id: int | None
    """None for every customer of the store."""
    fields: tuple[str, ...] = ()


class ChangeLog:
    """Writes the entries of changes; they are sealed within a second, see `job`."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """`clock` gives UTC epoch seconds."""
        self._clock = clock

    async def record(
        self, transaction: Transaction, cause: Cause, store_id: int, changes: Iterable[Change]
    ) -> None:
        """Write an entry for all changes of one action and the same fields."""
        subjects: dict[tuple[str, tuple[str, ...]], dict[int | None, None]] = defaultdict(dict)
        for action, id_, fields in changes:
            subjects[action, fields][id_] = None
        for (action, fields), found in subjects.items():
            ids = [id_ for id_ in found if id_ is not None]
            what = (cause, self.now(), action, store_id, ids, fields)
            await self.write(transaction, caused(*what, whole=None in found))

    def line(self, cause: Cause, store_id: int, change: Change) -> tuple[int, str]:
        """Return the moment and the line of one change, for a statement that writes them itself."""
        ids = () if change.id is None else (change.id,)
        entry = caused(cause, self.now(), change.action, store_id, ids, change.fields)
        return entry.at, encode(entry).decode()

    async def write(self, transaction: Transaction, entry: Entry) -> None:
        """Write one entry."""
        await transaction.gather("insert_audit_entries", entry.at, encode(entry).decode())

    def now(self) -> int:
        """Return the time in microseconds of the UTC epoch."""
        return int(self._clock() * MICROS)
