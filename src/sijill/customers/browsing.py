"""Customers as people look through them: pages between places, counts up to a bound, walks."""

from collections.abc import AsyncIterator, Sequence
from typing import Any, NamedTuple

from msgspec.structs import replace

from sijill.customers.model import Customer
from sijill.customers.row import customer_with_extras
from sijill.customers.selection import (
    COUNTED,
    PAGE,
    Count,
    Cursor,
    Interval,
    Order,
    Place,
    Selection,
    Window,
    ascends,
    bounds,
    count_of,
    interval_of,
    order_of,
    window,
)
from sijill.database.columns import micros
from sijill.database.driver import Driver
from sijill.stores.model import Store

BATCH = 500
"""Customers in memory at once in a walk over a selection."""


class Browser:
    """Reads selections of customers of one store after another, each by an index of its own."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver

    async def page(
        self, store: Store, selection: Selection, cursor: Cursor | None = None, size: int = PAGE
    ) -> Window[Customer]:
        """
        Return a page of a selection, with extras: `size` customers at most, at any depth.

        Raises: Unavailable.
        """
        order, backwards = order_of(selection), cursor is not None and cursor.backwards
        places = interval_of(bounds(selection, store.timezone), order, cursor)
        read = await self._read(store.id, selection, order, places, size + 1, backwards=backwards)
        return window(read, cursor, size)

    async def count(
        self,
        store: Store,
        selection: Selection,
        most: int = COUNTED,
        cursor: Cursor | None = None,
    ) -> Count:
        """Return how many customers a selection has behind a place, or over `most`."""
        whole = bounds(replace(selection, order="newest"), store.timezone)
        places = interval_of(whole, "newest", cursor)
        arguments = _arguments(store.id, selection, places, most + 1)
        rows = await self._driver.all(f"count_{_source(selection)}", *arguments)
        return count_of(rows[0][0], most)

    async def each(self, store: Store, selection: Selection) -> AsyncIterator[Customer]:
        """
        Yield every customer of a selection with extras, in its order, BATCH in memory at once.

        Raises: Unavailable.
        """
        cursor: Cursor | None = None
        while True:
            found = await self.page(store, selection, cursor, BATCH)
            for customer in found.rows:
                yield customer
            if not found.behind:
                return
            cursor = Cursor(place_of(found.rows[-1], order_of(selection)))

    async def _read(
        self,
        store_id: int,
        selection: Selection,
        order: Order,
        places: Interval,
        limit: int,
        *,
        backwards: bool,
    ) -> Sequence[Customer]:
        source = "id" if order == "id" else _source(selection)
        name = f"browse_{source}_{'up' if ascends(order, backwards=backwards) else 'down'}"
        rows = await self._driver.all(name, *_arguments(store_id, selection, places, limit))
        return [customer_with_extras(row) for row in rows]


def place_of(customer: Customer, order: Order) -> Place:
    """Return the place of a customer in a list."""
    return Place(0 if order == "id" else micros(customer.created_at), customer.id)


class Cursors(NamedTuple):
    """The cursors of the pages before and behind one; None where there is no page."""

    before: Cursor | None
    behind: Cursor | None


def cursors_of(page: Window[Customer], order: Order) -> Cursors:
    """Return the cursors to the pages next to one."""
    if not page.rows:
        return Cursors(None, None)
    first, last = place_of(page.rows[0], order), place_of(page.rows[-1], order)
    return Cursors(
        Cursor(first, backwards=True) if page.before else None,
        Cursor(last) if page.behind else None,
    )


def _source(selection: Selection) -> str:
    parts = ["group"] * (selection.group_id is not None) + ["banned"] * selection.banned
    return "_".join(parts) or "all"


def _arguments(
    store_id: int, selection: Selection, places: Interval, limit: int
) -> tuple[Any, ...]:
    group = () if selection.group_id is None else (selection.group_id,)
    return (store_id, *places.low, *places.high, limit, *group)
