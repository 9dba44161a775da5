"""
The search of people while they type: few customers, newest first, and a deadline.

Many customers match two letters, and few match a whole name. So the newest customers are looked
through first, where many that match are found at once; then the index of terms, which is fast for
few. What the deadline ends is said to be a part.
"""

from collections.abc import Callable
from typing import Any, Final, NamedTuple

from msgspec import json
from msgspec.structs import replace

from sijill.customers.masking import is_exactly
from sijill.customers.model import Customer
from sijill.customers.query import MAX_KEYWORD
from sijill.customers.row import customer_with_extras
from sijill.customers.search import matching, query_of
from sijill.customers.selection import Selection, bounds
from sijill.database.driver import Driver
from sijill.http.query import parse_id
from sijill.stores.model import Store
from sijill.values.mobiles import parse_mobile
from sijill.values.texts import ascii_digits, email_key, is_blank_text, parse_email, trimmed

MOST: Final = 51
"""Customers that a search finds at most."""

DEADLINE: Final = 0.03
"""Seconds that both parts of a search may take together."""

LOOKED_THROUGH: Final = 1_000
"""The newest customers that a search looks through one by one."""

_LETTERS, _DIGITS = 2, 3
"""Characters that the longest term of a keyword has at least, with a letter in it and without."""


class Sought(NamedTuple):
    """The customers that a search found, newest first, and whether these are all, up to MOST."""

    customers: list[Customer]
    complete: bool


def terms_sought(keyword: str) -> tuple[str, ...]:
    """Return the terms of a keyword; () if it is too short to search for."""
    terms = () if is_blank_text(keyword) else query_of(trimmed(keyword)[:MAX_KEYWORD])
    enough = (len(t) >= (_DIGITS if t.isdecimal() else _LETTERS) for t in terms)
    return terms if any(enough) else ()


class Lookup:
    """Searches the customers of one store after another."""

    def __init__(self, driver: Driver, monotonic: Callable[[], float]) -> None:
        """`monotonic` gives seconds."""
        self._driver, self._monotonic = driver, monotonic

    async def search(
        self, store: Store, selection: Selection, keyword: str, seconds: float = DEADLINE
    ) -> Sought:
        """
        Return the newest customers of a selection that a keyword finds, and the one of its id.

        Raises: Unavailable.
        """
        end = self._monotonic() + seconds
        first = await self._of_id(store, keyword)
        if not (terms := terms_sought(keyword)):
            return Sought(first, complete=True)
        given = _arguments(store, selection)
        marks = [f" {store.id}:{term}" for term in sorted(terms, key=len, reverse=True)]
        among = (LOOKED_THROUGH, marks[0], json.encode(marks[1:]).decode())
        newest = await self._read(end, "sought_among_newest", *given, *among) or []
        if len(newest) >= MOST:
            return _sought(first, newest, complete=True)
        match = matching(self._driver.dialect, store.id, terms)
        found = await self._read(end, "sought", *given, match)
        return _sought(first, newest if found is None else found, complete=found is not None)

    async def exactly(self, store: Store, selection: Selection, keyword: str) -> Sought:
        """
        Return the customers of whom a keyword is one whole value: see `masking.is_exactly`.

        For people who see masked values. It is always complete: how much more was searched would
        tell of values. Raises: Unavailable.
        """
        keyword = trimmed(keyword)[:MAX_KEYWORD]
        certain = [*await self._of_id(store, keyword), *await self._of_value(store, keyword)]
        found = await self.search(store, selection, keyword)
        others = [one for one in found.customers if is_exactly(keyword, one)]
        return _sought(certain, others, complete=True)

    async def _of_value(self, store: Store, keyword: str) -> list[Customer]:
        """Return the customer whose e-mail or mobile a keyword is; each has an index of its own."""
        email, mobile = _email(keyword), _mobile(keyword)
        if email is None and mobile is None:
            return []
        code, number = mobile or (None, None)
        row = await self._driver.one("customer_with", store.id, email, code, number)
        return [] if row is None else await self._of_id(store, str(row[0]))

    async def _read(self, end: float, name: str, *args: Any) -> list[Customer] | None:
        left = end - self._monotonic()
        rows = await self._driver.soon(left, name, *args) if left > 0 else None
        return None if rows is None else [customer_with_extras(row) for row in rows]

    async def _of_id(self, store: Store, keyword: str) -> list[Customer]:
        """Return the customer whose id a keyword is, without regard to filters."""
        customer_id = parse_id(ascii_digits(keyword)[:MAX_KEYWORD])
        if customer_id is None:
            return []
        row = await self._driver.one("customer_with_extras", store.id, customer_id)
        return [] if row is None else [customer_with_extras(row)]


def _email(keyword: str) -> str | None:
    try:
        return email_key(parse_email(keyword))
    except ValueError:
        return None


def _mobile(keyword: str) -> tuple[str, int] | None:
    try:
        return parse_mobile(keyword, None)
    except ValueError:
        return None


def _sought(first: list[Customer], others: list[Customer], *, complete: bool) -> Sought:
    known = {one.id for one in first}
    return Sought([*first, *(one for one in others if one.id not in known)][:MOST], complete)


def _arguments(store: Store, selection: Selection) -> tuple[Any, ...]:
    low, high = bounds(replace(selection, order="newest"), store.timezone)
    return (store.id, *low, *high, MOST, selection.banned, selection.group_id)
