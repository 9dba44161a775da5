"""The query of List Customers: dates and a keyword."""

from datetime import date, datetime, timedelta

from sijill.customers.model import CustomerFilter
from sijill.customers.search import query_of
from sijill.errors import Invalid
from sijill.fields.form import Refused
from sijill.fields.times import DAY
from sijill.http.query import Pairs, last
from sijill.values.dates import zone
from sijill.values.texts import is_blank, trimmed

MAX_KEYWORD = 100


def parse_dates(pairs: Pairs, timezone: str) -> CustomerFilter:
    """
    Return the filter of `date_from` and `date_to`: inclusive days in the store's zone.

    Raises: Invalid naming each of the two that is not a day written YYYY-MM-DD.
    """
    days: dict[str, date] = {}
    faults: dict[str, list[str]] = {}
    for name in ("date_from", "date_to"):
        text = last(pairs, name)
        if is_blank(text):
            continue
        try:
            days[name] = DAY.read(text)
        except Refused:
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

    Spaces and invisible marks at its edges do not count, and only the first 100 characters do.
    Source: Salla "List Customers", whose keyword is a mobile, an e-mail or a name.
    """
    keyword = last(pairs, "keyword") or ""
    return None if is_blank(keyword) else query_of(trimmed(keyword)[:MAX_KEYWORD])


def _day_after(day: date | None) -> date | None:
    """Return the next day; None, which is no bound, after the last day of the calendar."""
    return None if day is None or day == date.max else day + timedelta(days=1)


def _midnight(day: date | None, timezone: str) -> datetime | None:
    if day is None:
        return None
    return datetime(day.year, day.month, day.day, tzinfo=zone(timezone))
