"""
Which customers people look at: a selection, its order, and the place where a page begins.

A page is the first rows of an open interval of places, read from one of its two ends: no row before
it is read, however deep it lies.
"""

from collections.abc import Sequence
from datetime import date
from typing import Generic, Literal, NamedTuple, TypeVar

from msgspec import Struct

from sijill.customers.counts import END, START
from sijill.database.columns import micros
from sijill.values.dates import bounds_of_days

Order = Literal["newest", "id"]
ORDERS: tuple[Order, ...] = ("newest", "id")

PAGE = 50
"""Rows of a page; one more is read, to know whether another page follows."""

COUNTED = 10_000
"""Customers that are counted at most."""

T = TypeVar("T")


class Selection(Struct, frozen=True):
    """
    Which customers a person wants to see. The days are those of the store, both included.

    Of `order`, only `newest` has an index under a filter: see `order_of`.
    """

    group_id: int | None = None
    banned: bool = False
    """Only banned customers; False for all."""
    first_day: date | None = None
    last_day: date | None = None
    order: Order = "newest"

    @property
    def is_filtered(self) -> bool:
        """Whether it leaves customers out."""
        days = (self.first_day, self.last_day)
        return self.group_id is not None or self.banned or days != (None, None)


def order_of(selection: Selection) -> Order:
    """Return the order in which a selection is read: by id only where nothing is left out."""
    return "newest" if selection.is_filtered else selection.order


class Place(NamedTuple):
    """A place in a list: after `order_of`, by `at` and then by `id`, or by `id` alone."""

    at: int
    """A moment in microseconds of the UTC epoch; 0 in the order of ids."""
    id: int


class Cursor(NamedTuple):
    """Where a page begins: behind a place in the order of the list, or, backwards, before it."""

    place: Place
    backwards: bool = False


class Interval(NamedTuple):
    """The places between two others, both left out."""

    low: Place
    high: Place


def bounds(selection: Selection, timezone: str) -> Interval:
    """Return the places of all customers of a selection in a store of a time zone."""
    if order_of(selection) == "id":
        return Interval(Place(0, 0), Place(0, END - 1))
    since, until = bounds_of_days(selection.first_day, selection.last_day, timezone)
    return Interval(
        Place(START if since is None else micros(since), 0),
        Place(END - 1 if until is None else micros(until), 0),
    )


def ascends(order: Order, *, backwards: bool) -> bool:
    """Return whether a page is read from the low end of its interval."""
    return (order == "id") != backwards


def interval_of(whole: Interval, order: Order, cursor: Cursor | None) -> Interval:
    """Return the places of one page and of all behind it, in the direction of the cursor."""
    if cursor is None:
        return whole
    if ascends(order, backwards=cursor.backwards):
        return Interval(max(whole.low, cursor.place), whole.high)
    return Interval(whole.low, min(whole.high, cursor.place))


class Window(NamedTuple, Generic[T]):
    """The rows of one page in the order of the list, and whether others stand before and behind."""

    rows: list[T]
    before: bool
    behind: bool


def window(read: Sequence[T], cursor: Cursor | None, size: int = PAGE) -> Window[T]:
    """Return the page of rows that were read in the direction of a cursor, `size` + 1 at most."""
    rows, more = [*read[:size]], len(read) > size
    if cursor is None:
        return Window(rows, before=False, behind=more)
    if cursor.backwards:
        return Window(rows[::-1], before=more, behind=True)
    return Window(rows, before=True, behind=more)


class Exactly(Struct, frozen=True):
    """How many customers there are."""

    number: int


class Over(Struct, frozen=True):
    """That there are more customers than `least`: it is no count, and has no number."""

    least: int


Count = Exactly | Over


def count_of(counted: int, most: int = COUNTED) -> Count:
    """Return the count of rows, of which `most` + 1 were counted at most."""
    return Exactly(counted) if counted <= most else Over(most)
