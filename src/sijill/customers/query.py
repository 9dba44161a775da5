"""The query of List Customers: dates and a keyword."""

from datetime import date

from sijill.customers.model import CustomerFilter
from sijill.customers.search import query_of
from sijill.errors import Invalid
from sijill.fields.form import Refused
from sijill.fields.times import DAY
from sijill.http.query import Pairs, last
from sijill.values.dates import bounds_of_days
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
    since, until = bounds_of_days(days.get("date_from"), days.get("date_to"), timezone)
    return CustomerFilter(since=since, until=until)


def parse_keyword(pairs: Pairs) -> tuple[str, ...] | None:
    """
    Return the terms of `keyword` for `CustomerFilter.terms`; None if it is empty.

    Spaces and invisible marks at its edges do not count, and only the first 100 characters do.
    Source: Salla "List Customers", whose keyword is a mobile, an e-mail or a name.
    """
    keyword = last(pairs, "keyword") or ""
    return None if is_blank(keyword) else query_of(trimmed(keyword)[:MAX_KEYWORD])
