"""What a query string says, in every spelling real clients use."""

import re
from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode

from sijill.customers.model import CustomerFilter
from sijill.customers.search import query_of
from sijill.errors import Invalid
from sijill.values.dates import zone

Pairs = Sequence[tuple[str, str]]

DEFAULT_PER_PAGE, MAX_PER_PAGE = 15, 60
MAX_PAGE = 2**31 - 1
MAX_FIELDS = 64
MAX_KEYWORD = 100

_FIELDS_KEY = re.compile(r"fields(\[[0-9]*\])?", re.ASCII)
_LEADING_DIGITS = re.compile(r"[0-9]+", re.ASCII)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_ID = re.compile(r"[1-9][0-9]{0,18}", re.ASCII)


def parse_query(query: bytes) -> Pairs:
    """Return the decoded pairs of a query string, in order; what is not UTF-8 is replaced."""
    text = query.decode("latin-1")
    return parse_qsl(text, keep_blank_values=True, errors="replace") if text else ()


def parse_id(segment: str) -> int | None:
    """Return the id in a path segment, or None if it is not ASCII `[1-9][0-9]*` within 63 bits."""
    if _ID.fullmatch(segment) is None:
        return None
    number = int(segment)
    return number if number < 2**63 else None


def parse_fields(pairs: Pairs, known: Collection[str]) -> frozenset[str]:
    """
    Return the extra fields asked for: `fields[]`, `fields[N]` or `fields`, comma-separated or not.

    Unknown names are ignored, a repeated one counts once, at most 64 are read.
    """
    names = [
        name.strip()
        for key, value in pairs
        if _FIELDS_KEY.fullmatch(key)
        for name in value.split(",")
    ]
    return frozenset(name for name in names[:MAX_FIELDS] if name in known)


class Paging(NamedTuple):
    """Which page of a list, from 1, and how many rows it holds."""

    page: int
    per_page: int

    @property
    def offset(self) -> int:
        """Rows before this page."""
        return (self.page - 1) * self.per_page


def parse_paging(pairs: Pairs, default: int = DEFAULT_PER_PAGE) -> Paging:
    """
    Return the page asked for. Nothing is refused: leading digits count, anything else is default.

    Source: Salla "Pagination", whose own sample sends `page=2?per_page=40`.
    """
    page = _leading_number(_last(pairs, "page"), default=1)
    per_page = _leading_number(_last(pairs, "per_page"), default=default)
    return Paging(min(page, MAX_PAGE), min(per_page, MAX_PER_PAGE))


def parse_dates(pairs: Pairs, timezone: str) -> CustomerFilter:
    """
    Return the filter of `date_from` and `date_to`: inclusive days in the store's zone.

    Raises: Invalid naming each of the two that is not a day written YYYY-MM-DD.
    """
    days: dict[str, date] = {}
    faults: dict[str, list[str]] = {}
    for name in ("date_from", "date_to"):
        text = _last(pairs, name)
        if not text:
            continue
        try:
            days[name] = _day(text)
        except ValueError:
            faults[name] = ["date"]
    if faults:
        raise Invalid(faults)
    return CustomerFilter(
        since=_midnight(days.get("date_from"), timezone),
        until=_midnight(_day_after(days.get("date_to")), timezone),
    )


def parse_keyword(pairs: Pairs) -> tuple[str, ...] | None:
    """
    Return what `keyword` searches for, as `CustomerFilter.terms`; None where it is empty.

    Of outer spaces nothing counts, and of the rest the first 100 characters.
    Source: Salla "List Customers", whose keyword is a mobile, an e-mail or a name.
    """
    keyword = (_last(pairs, "keyword") or "").strip()
    return query_of(keyword[:MAX_KEYWORD]) if keyword else None


def parse_customer_id(pairs: Pairs) -> int:
    """
    Return the customer that `customer_id` names.

    Raises: Invalid if it is not there or cannot be an id.
    """
    text = _last(pairs, "customer_id")
    customer_id = parse_id(text) if text else None
    if customer_id is None:
        raise Invalid({"customer_id": ["integer" if text else "required"]})
    return customer_id


def page_url(address: str, pairs: Pairs, page: int) -> str:
    """Return the absolute URL of another page: the other parameters kept, `page` last."""
    kept = [(key, value) for key, value in pairs if key != "page"]
    return f"{address}?{urlencode([*kept, ('page', str(page))])}"


def _last(pairs: Pairs, name: str) -> str | None:
    """Return a parameter's value; of several the last one counts, as in PHP."""
    return next((value for key, value in reversed(pairs) if key == name), None)


def _leading_number(text: str | None, default: int) -> int:
    match = _LEADING_DIGITS.match(text or "")
    if match is None:
        return default
    return int(match[0].lstrip("0")[:12] or 0) or default


def _day(text: str) -> date:
    if _DATE.fullmatch(text) is None:
        raise ValueError(text)
    return date.fromisoformat(text)


def _day_after(day: date | None) -> date | None:
    """Return the next day; after the last day there is none, and so no bound."""
    return None if day is None or day == date.max else day + timedelta(days=1)


def _midnight(day: date | None, timezone: str) -> datetime | None:
    if day is None:
        return None
    return datetime(day.year, day.month, day.day, tzinfo=zone(timezone))
