"""Uploaded files of customers, the progress of their import, and their faults."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from msgspec import Struct

from sijill.audit.causes import Cause
from sijill.errors import Fault, TooManyRequests
from sijill.imports.changes import Match
from sijill.imports.rows import Reject

State = Literal["draft", "queued", "running", "done", "failed", "undone"]

KEPT = timedelta(hours=24)
"""How long after an import its refused rows and the list of created customers are stored."""


class Import(Struct, frozen=True):
    """
    One uploaded file, its progress, and the number of its rows by result.

    `app_id` is the app that sent the file, or None if the person `person_id` did on a page;
    `language` is that of the reasons of refused rows. The counts of a draft are those of its trial.
    """

    store_id: int
    id: int
    app_id: int | None
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
    person_id: int | None = None
    matched_by: Match = "id"

    @property
    def cause(self) -> Cause:
        """The actor who changes customers by this file."""
        if self.person_id is not None:
            return Cause("person", self.person_id, through="import", by=str(self.id))
        return Cause("app", self.app_id or 0, through="import", by=str(self.id))


class Upload(NamedTuple):
    """A file that was read: the number of its rows, the rows in batches as JSON, the columns."""

    rows: int
    batches: Sequence[str]
    columns: frozenset[str]


LEDGERS = frozenset({"wallet_balance", "total_points"})
"""Columns that an app's file may not have: ledgers have routes and scopes of their own."""


class Progress(NamedTuple):
    """The result of one batch: ids of new customers, the number of changed ones, refused rows."""

    created: Sequence[int]
    updated: int
    rejected: Sequence[Reject]

    @property
    def done(self) -> int:
        """The number of rows."""
        return len(self.created) + self.updated + len(self.rejected)


class Undone(NamedTuple):
    """How many of the customers that an import created were removed, and how many stay."""

    removed: int
    kept: int
    left: int = 0
    """How many were not looked at yet, so that the next call goes on."""


Unfit = Literal["unreadable", "empty", "kind", "unsafe", "too_large", "headings"]
"""
Why an uploaded file cannot be imported.

It cannot be read, has no row, or is neither an .xlsx workbook nor CSV in UTF-8 or UTF-16. The
workbook holds macros, links to other files, or the means of an attack. The file has too many rows,
columns or parts, or unpacks to too much. A heading is missing, unknown, or stands twice.
"""


class BadUpload(Fault):
    """
    The uploaded file cannot be imported, and nothing of it was.

    `headings` has those that are unknown or name a column again, where they are the reason.
    """

    def __init__(self, reason: Unfit, headings: Sequence[str] = ()) -> None:
        super().__init__(reason)
        self.reason, self.code, self.headings = reason, f"upload_{reason}", headings


WAIT = 30
"""Seconds after which a store may send the next file."""


class TooManyImports(TooManyRequests):
    """As many files of the store wait as may, or as many bytes; nothing of this one is stored."""

    code = "too_many_imports"

    def __init__(self) -> None:
        super().__init__(WAIT)


class StillRunning(Fault):
    """The import is not finished; it can be undone when it is."""


class TooLate(Fault):
    """The import ended more than KEPT ago: the list of customers that it created is deleted."""
