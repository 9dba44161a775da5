"""Files of customers that were uploaded, and what whoever works on them must be able to do."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Literal, NamedTuple

from msgspec import Struct

from sijill.customers.table import CustomerTable
from sijill.errors import Fault

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


class RejectedRow(NamedTuple):
    """A row that was refused: its number in the file, why, and its cells as they came."""

    line: int
    reason: str
    cells: Mapping[str, Any]


class Progress(NamedTuple):
    """The result of one batch: ids of new customers, how many were changed, and refused rows."""

    created: Sequence[int]
    updated: int
    rejected: Sequence[RejectedRow]

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


class BadUpload(Fault):
    """The uploaded file cannot be imported: nothing of it was."""

    code = "upload_unreadable"


class EmptyUpload(BadUpload):
    """There is no row in the file."""

    code = "upload_empty"


class NotASheet(BadUpload):
    """The file is neither an .xlsx workbook nor CSV in UTF-8."""

    code = "upload_kind"


class UnsafeUpload(BadUpload):
    """The workbook holds macros, links to other files, or what an attack would hold."""

    code = "upload_unsafe"


class TooMuchUploaded(BadUpload):
    """The file has too many rows or columns, or unpacks to too much."""

    code = "upload_too_large"


class UnknownHeadings(BadUpload):
    """A heading is missing, unknown, or stands twice: which customers would it be about?"""

    code = "upload_headings"


class StillRunning(Fault):
    """The import is not finished: it can be undone when it is."""


class TooLate(Fault):
    """The import ended too long ago: which customers it made is no longer known."""
