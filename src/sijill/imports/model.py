"""Files of customers that were uploaded, and what whoever works on them must be able to do."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from msgspec import Struct

from sijill.customers.table import CustomerTable
from sijill.errors import Fault
from sijill.imports.rows import Reject

State = Literal["queued", "running", "done", "failed", "undone"]

KEPT = timedelta(hours=24)
"""How long refused rows, and the list of customers that can be taken back, are kept."""


class Import(Struct, frozen=True):
    """
    One uploaded file: whose it is, how far it is, and what became of its rows.

    `app_id` is the app that sent it; `language` the one that its refused rows are explained in.
    """

    store_id: int
    id: int
    app_id: int
    name: str
    language: str
    state: State
    rows: int
    done: int
    created: int
    updated: int
    rejected: int
    created_at: datetime
    finished_at: datetime | None = None


class Upload(NamedTuple):
    """A file that was read: how many rows, these in batches as JSON text, and their columns."""

    rows: int
    batches: Sequence[str]
    columns: frozenset[str]


LEDGERS = frozenset({"wallet_balance", "total_points"})
"""Columns that an app's file may not have: their ledgers have routes and scopes of their own."""


class Progress(NamedTuple):
    """The result of one batch: ids of new customers, how many were changed, and refused rows."""

    created: Sequence[int]
    updated: int
    rejected: Sequence[Reject]

    @property
    def done(self) -> int:
        """How many rows that is."""
        return len(self.created) + self.updated + len(self.rejected)


Perform = Callable[[CustomerTable, str], Awaitable[Progress]]
"""
Writes one batch of a file as customers.

It awaits nothing but the customers it is given, and may be called again with the same batch.
"""


class Undone(NamedTuple):
    """How many customers an import had made were taken back, and how many stay as changed."""

    removed: int
    kept: int


Unfit = Literal["unreadable", "empty", "kind", "unsafe", "too_large", "headings"]
"""
Why an uploaded file cannot be imported.

It cannot be read, has no row, or is neither an .xlsx workbook nor CSV in UTF-8. The workbook holds
macros, links to other files, or the means of an attack. The file has too many rows or columns, or
unpacks to too much. A heading is missing, unknown, or stands twice.
"""


class BadUpload(Fault):
    """The uploaded file cannot be imported, and nothing of it was."""

    def __init__(self, reason: Unfit) -> None:
        super().__init__(reason)
        self.reason, self.code = reason, f"upload_{reason}"


class StillRunning(Fault):
    """The import is not finished: it can be undone when it is."""


class TooLate(Fault):
    """The import ended too long ago: which customers it made is no longer known."""
