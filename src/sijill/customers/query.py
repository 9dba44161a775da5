"""The query of List Customers: dates and a keyword."""

import re
from datetime import date, datetime, timedelta

from sijill.customers.model import CustomerFilter
from sijill.customers.search import query_of
from sijill.errors import Invalid
from sijill.http.query import Pairs, last
from sijill.values.dates import zone

MAX_KEYWORD = 100
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


def parse_dates(pairs: Pairs, timezone: str) -> CustomerFilter:
    """
    Return the filter of `date_from` and `date_to`: inclusive days in the store's zone.

    Raises: Invalid naming each of the two that is not a day written YYYY-MM-DD.
    """
    days: dict[str, date] = {}
    faults: dict[str, list[str]] = {}
    for name in ("date_from", "date_to"):
        text = last(pairs, name)
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
    Return the terms of `keyword` for `CustomerFilter.terms`; None if it is empty.

    Outer spaces do not count, and only the first 100 characters do.
    Source: Salla "List Customers", whose keyword is a mobile, an e-mail or a name.
    """
    keyword = (last(pairs, "keyword") or "").strip()
    return query_of(keyword[:MAX_KEYWORD]) if keyword else None


def _day(text: str) -> date:
    if _DATE.fullmatch(text) is None:
        raise ValueError(text)
    return date.fromisoformat(text)


def _day_after(day: date | None) -> date | None:
    """Return the next day; None, which is no bound, after the last day of the calendar."""
    return None if day is None or day == date.max else day + timedelta(days=1)


def _midnight(day: date | None, timezone: str) -> datetime | None:
    if day is None:
        return None
    return datetime(day.year, day.month, day.day, tzinfo=zone(timezone))
