"""
The slices of a list: ranges of days of creation, each small enough to be read and proven alone.

A slice is counted, split where it is too large, read from its last page to its first, and proven if
it held as many different customers as it said before and after. All here is pure.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from math import ceil, log2
from typing import Literal, NamedTuple

from msgspec import Struct

from sijill.mirror.body import Seen
from sijill.mirror.model import MICROS, Lane
from sijill.values.dates import zone

PER_PAGE = 60
"""Customers of a page: the most that upstream gives."""

TARGET = 900
"""Customers of a slice at most, where its days can be split."""

ROUND = 500
"""A total that is a multiple of this, and that no list exceeds, may be a cap."""

AGAIN = 5 * MICROS
"""Microseconds until a slice that was not proven is read again; each time twice as many."""

LONGEST_PAUSE = 600 * MICROS

Run = Literal["backfill", "sweep", "probe", "day"]
LANE_OF: dict[Run, Lane] = {
    "probe": "probe",
    "day": "probe",
    "sweep": "sweep",
    "backfill": "backfill",
}
RUNS_OF: dict[Lane, tuple[Run, ...]] = {
    "probe": ("probe", "day"),
    "sweep": ("sweep",),
    "backfill": ("backfill",),
}
"""The runs that a lane serves. A `probe` is compared before it is read, a `day` is read at once."""

SliceState = Literal["uncounted", "unbounded", "counted", "reading", "proven"]
"""`unbounded` has to learn the day of its first customer before it can be split."""

HOLDS = "holds"
"""The calibration of a store whose lists have their days, their order and their zone."""

FIRST, LAST = -(2**62), 2**62


class Range(NamedTuple):
    """Days of creation, both included, as YYYY-MM-DD; "" is no bound."""

    first_day: str
    last_day: str


WHOLE = Range("", "")


class Slice(Struct, frozen=True):
    """A slice, as its row says. Moments are in microseconds of the UTC epoch."""

    number: int
    run: Run
    first_day: str
    last_day: str
    state: SliceState
    total: int | None
    next_page: int
    """The page to read next; the last one is read first."""
    reading: int
    """The number of the first request of this reading; it marks the rows that were seen."""
    begun_at: int | None
    attempts: int
    due_at: int

    @property
    def range(self) -> Range:
        """The days."""
        return Range(self.first_day, self.last_day)


def parameters(days: Range) -> list[tuple[str, str]]:
    """Return the filter of List Customers for some days."""
    given = (("date_from", days.first_day), ("date_to", days.last_day))
    return [(name, day) for name, day in given if day]


def moments(days: Range, timezone: str) -> tuple[int, int]:
    """Return the first moment of some days, and the first one after them, in microseconds."""
    first = _midnight(date.fromisoformat(days.first_day), timezone) if days.first_day else FIRST
    if not days.last_day:
        return first, LAST
    return first, _midnight(date.fromisoformat(days.last_day) + timedelta(1), timezone)


def day_of(moment: int, timezone: str) -> date:
    """Return the day of a moment in a zone."""
    return datetime.fromtimestamp(moment / MICROS, zone(timezone)).date()


def _midnight(day: date, timezone: str) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=zone(timezone)).timestamp()) * MICROS


def is_capped(total: int, largest: int) -> bool:
    """Return whether a total may be a cap: a round number that no list of the store exceeds."""
    return total > 0 and total % ROUND == 0 and total >= largest


def most_joined(largest: int) -> int:
    """Return how many customers a joined slice may hold: fewer than a cap, if there is one."""
    return min(TARGET, largest - 1) if is_capped(largest, largest) else TARGET


def pages_of(total: int) -> int:
    """Return the number of pages; an empty list has one."""
    return max(1, ceil(total / PER_PAGE))


def ends_of(days: Range, oldest: date | None, today: date) -> tuple[date, date] | None:
    """Return the first and last day that a range can be split between; None if it cannot."""
    last = date.fromisoformat(days.last_day) if days.last_day else today
    first = date.fromisoformat(days.first_day) if days.first_day else oldest
    return (first, last) if first is not None and first < last else None


def split(days: Range, first: date, last: date, parts: int) -> list[Range]:
    """Return a range in parts of about as many days each; its own ends stay as open as they are."""
    length = (last - first).days + 1
    parts = max(2, min(parts, length))
    begins = [first + timedelta(length * number // parts) for number in range(parts)]
    cuts = [Range((begin - timedelta(1)).isoformat(), begin.isoformat()) for begin in begins[1:]]
    firsts = [days.first_day, *(cut.last_day for cut in cuts)]
    lasts = [*(cut.first_day for cut in cuts), days.last_day]
    return [Range(*each) for each in zip(firsts, lasts, strict=True)]


def today_apart(today: date) -> list[Range]:
    """Return the closed days, and today with all that comes after."""
    return [Range("", (today - timedelta(1)).isoformat()), Range(today.isoformat(), "")]


def parts_of(total: int, *, capped: bool) -> int:
    """Return in how many parts a counted range is to be read; 1 leaves it whole."""
    return max(ceil(total / TARGET), 2 if capped else 1)


def is_dear(total: int, ours: int) -> bool:
    """Return whether to look for the days that differ would cost more than to read them all."""
    pages = pages_of(max(total, ours))
    return abs(total - ours) * 2 * log2(max(2, pages)) >= pages


def pause_of(attempts: int) -> int:
    """Return the microseconds until a next attempt."""
    return int(min(AGAIN * 2 ** min(attempts, 20), LONGEST_PAUSE))


def violation(rows: Sequence[Seen], days: Range, timezone: str) -> str:
    """Return what of a page is not as slices need it: `zone`, `bounds` or `order`; "" if all is."""
    if any(row.zone != timezone for row in rows):
        return "zone"
    first, end = moments(days, timezone)
    made = [row.created_at for row in rows]
    if any(not first <= moment < end for moment in made):
        return "bounds"
    return "" if made == sorted(made, reverse=True) else "order"


def add_up(totals: Sequence[int], whole: int) -> bool:
    """Return whether the slices of a list hold about as many as the list: some come and go."""
    return abs(sum(totals) - whole) <= max(PER_PAGE, whole // 50)
