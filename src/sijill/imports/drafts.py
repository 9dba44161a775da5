"""A file that is tried before it is imported: what would become of its first rows."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from itertools import chain
from typing import NamedTuple

from sijill.customers.erasures import ErasureTable
from sijill.customers.table import CustomerTable
from sijill.database.driver import Driver
from sijill.imports.changes import RULES, Match
from sijill.imports.draft_table import DraftTable
from sijill.imports.importing import Report
from sijill.imports.model import Import
from sijill.imports.rehearsal import rehearse
from sijill.imports.rows import Reject, Row
from sijill.imports.uploads import rows_of
from sijill.stores.model import Store

ROWS = 20_000
"""Rows of a file that are tried at most."""

SECONDS = 4.0
"""How long rows are tried: a person waits for the answer."""

AT_ONCE = 100
"""Rows between two of which other requests have their turn."""


class Trial(NamedTuple):
    """What would become of the first rows of a file, and the refused rows among them."""

    report: Report
    rejected: list[Reject]


async def tried(
    drafts: DraftTable,
    erasures: ErasureTable,
    driver: Driver,
    scratch: CustomerTable,
    store: Store,
    job: Import,
    match: Match,
    now: datetime,
    clock: Callable[[], float],
) -> Trial:
    """
    Return what an import of a draft would do with its first rows; no customer changes.

    `scratch` as for `rehearse`; `clock` gives seconds, and ends the trial after SECONDS.
    Raises: Unavailable.
    """
    batches = await drafts.batches(job, ROWS)
    rows = in_time(chain.from_iterable(map(rows_of, batches)), clock, clock() + SECONDS)
    rejected: list[Reject] = []
    rules = RULES._replace(match=match, erased=await erasures.of_store(store.id))
    report = await rehearse(
        driver, scratch, store, rows, now, batch=AT_ONCE, rules=rules, on_reject=rejected.append
    )
    return Trial(report, rejected)


def in_time(rows: Iterable[Row], clock: Callable[[], float], until: float) -> Iterator[Row]:
    """Yield ROWS rows at most, and none from a moment on but the first."""
    for number, row in enumerate(rows):
        if number >= ROWS or (number and clock() >= until):
            return
        yield row
