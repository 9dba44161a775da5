"""How far, how fresh and how complete a copy is: read from its tables, told in figures."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sijill.database.driver import Driver
from sijill.mirror.budget import LIMIT, SPACING, WINDOW
from sijill.mirror.model import LANES, MICROS, Lane, MirrorStore, State, part_held, state_of
from sijill.mirror.slice_table import slices_of
from sijill.mirror.slices import PER_PAGE, Slice, pages_of

_LEAST, _MOST = -(2**62), 2**62


class SliceShown(NamedTuple):
    """A slice as people see it. A day of "" is no bound."""

    run: str
    first_day: str
    last_day: str
    state: str
    total: int | None


class Progress(NamedTuple):
    """The figures of a linked store. Moments are in microseconds of the UTC epoch."""

    state: State
    reason: str
    held: int
    total: int | None
    """Customers that upstream told last, at `total_at`; None before it told any."""
    total_at: int | None
    slices: Sequence[SliceShown]
    pages_left: int
    oldest_confirmed_at: int | None
    waiting: int
    """Customers that wait to be asked for."""
    gone: int
    refused: int
    budget_remaining: int

    @property
    def completeness(self) -> float:
        """The part of upstream's customers that is here, 0 to 1."""
        return part_held(self.held, self.total)

    @property
    def seconds_left(self) -> float:
        """Seconds until the pages that are left are read, as fast as the budget allows."""
        return self.pages_left * SPACING / MICROS

    @property
    def slice_states(self) -> Mapping[str, int]:
        """The number of slices in each state."""
        return Counter(one.state for one in self.slices)

    @property
    def has_gap(self) -> bool:
        """Whether the copy is not all that upstream has, or something is wrong with it."""
        wrong = self.state in ("degraded", "needs_authorisation", "halted")
        return wrong or self.completeness < 1.0

    def lag(self, now: float) -> float:
        """Return the seconds since upstream told its total last; 0 before it did."""
        return 0.0 if self.total_at is None else max(0.0, now - self.total_at / MICROS)

    def oldest(self, now: float) -> float:
        """Return the seconds since the confirmation that is longest ago; 0 of no customer."""
        at = self.oldest_confirmed_at
        return 0.0 if at is None else max(0.0, now - at / MICROS)


def pages_left(slices: Sequence[Slice], total: int | None) -> int:
    """
    Return how many pages of the runs that read whole lists are not read yet.

    Before a slice was counted, it may hold all that no other slice does.
    """
    known = [one for one in slices if one.run in ("backfill", "sweep")]
    left = sum(_left(one) for one in known if one.state != "proven")
    counted = sum(one.total or 0 for one in known)
    if any(one.total is None for one in known) and total is not None:
        left += max(0, total - counted) // PER_PAGE
    return left


def _left(one: Slice) -> int:
    if one.state == "reading":
        return max(1, one.next_page)
    return 1 if one.total is None else pages_of(one.total)


async def progress(
    driver: Driver, store: MirrorStore, now: float, held: int | None = None
) -> Progress:
    """
    Return the figures of a linked store; `now` is in UTC epoch seconds.

    Customers are counted, which takes long of many, unless their number is given as `held`.
    Raises: Unavailable.
    """
    key, at = store.store_id, int(now * MICROS)
    slices = await slices_of(driver, key)
    if held is None:
        held = await _number(driver, "count_mirror_customers", key, _LEAST, _MOST)
    row = await driver.one("mirror_budget_used", store.egress, at - WINDOW)
    used, empty_until = row or (0, 0)
    oldest = await driver.one("oldest_mirror_confirmation", key)
    return Progress(
        state=state_of(store),
        reason=store.reason,
        held=held,
        total=store.total,
        total_at=store.total_at,
        slices=[
            SliceShown(one.run, one.first_day, one.last_day, one.state, one.total) for one in slices
        ],
        pages_left=pages_left(slices, store.total),
        oldest_confirmed_at=None if oldest is None else oldest[0],
        waiting=await _number(driver, "count_mirror_checks", key),
        gone=await _number(driver, "count_mirror_gone", key, _LEAST),
        refused=store.refused,
        budget_remaining=0 if empty_until > at else max(0, LIMIT - used),
    )


async def used_by_lane(driver: Driver, store: MirrorStore, now: float) -> dict[Lane, int]:
    """Return the requests of the last window that share the budget of a store, by lane."""
    rows = await driver.all("mirror_budget_by_lane", store.egress, int(now * MICROS) - WINDOW)
    counts = {row[0]: int(row[1]) for row in rows}
    return {lane: counts.get(lane, 0) for lane in LANES}


async def _number(driver: Driver, name: str, *arguments: object) -> int:
    row = await driver.one(name, *arguments)
    return 0 if row is None else int(row[0])
