"""Days of files as merchants write them: what can mean one day alone, or what an operator says."""

from datetime import date
from typing import Any

import pytest
from fixtures.imports import STORE, imported, jsonl
from fixtures.memory_customers import MemoryCustomers
from fixtures.tables import rows
from hypothesis import given
from hypothesis import strategies as st

from sijill.imports.changes import Rules
from sijill.imports.days import Order, iso_day

DAY, MONTH, CLEAR, ISO = "day-first", "month-first", "clear", "iso"
NO_DAY = "is not a day: write YYYY-MM-DD"
NOT_THERE = "is not a day of the calendar"
AMBIGUOUS = "is ambiguous: its day or its month may come first"
MARCH_15, APRIL_3, MARCH_4 = date(1990, 3, 15), date(1990, 4, 3), date(1990, 3, 4)


@rows(
    ("cell", "order", "result"),
    [
        ("15/03/1990", CLEAR, MARCH_15),
        ("03/15/1990", CLEAR, MARCH_15),
        ("12/12/1988", CLEAR, date(1988, 12, 12)),
        ("3/4/1990", CLEAR, AMBIGUOUS),
        ("03-04-1990", CLEAR, AMBIGUOUS),
        ("03/04/1990", DAY, APRIL_3),
        ("3.4.1990", DAY, APRIL_3),
        ("03/04/1990", MONTH, MARCH_4),
        ("15/03/1990", DAY, MARCH_15),
        ("15/03/1990", MONTH, NOT_THERE),
        ("03/15/1990", DAY, NOT_THERE),
        ("40/50/1990", CLEAR, NOT_THERE),
        ("30/02/1990", CLEAR, NOT_THERE),
        ("00/00/1990", CLEAR, NOT_THERE),
        ("1990-03-15", CLEAR, MARCH_15),
        ("1990/3/15", CLEAR, MARCH_15),
        ("1990.3.4", DAY, MARCH_4),
        ("1990-03-15 00:00:00", CLEAR, MARCH_15),
        ("15/03/1990 0:00", CLEAR, MARCH_15),
        ("1990-03-15T00:00:00.000", CLEAR, MARCH_15),
        ("1990-03-15 10:00", CLEAR, NO_DAY),
        ("١٥/٠٣/١٩٩٠", CLEAR, MARCH_15),
        (" 15\u200f/3\u200f/1990 ", CLEAR, MARCH_15),
        ("15/03-1990", CLEAR, NO_DAY),
        ("15/03/90", CLEAR, NO_DAY),
        ("15 March 1990", CLEAR, NO_DAY),
        ("150390", CLEAR, NO_DAY),
        (150390, DAY, NO_DAY),
        ("15/03/1410", CLEAR, "is not between 1900-01-01 and today"),
        ("15/03/1990", ISO, NO_DAY),
        ("1990/03/15", ISO, MARCH_15),
        ("1990/3/15", ISO, NO_DAY),
    ],
)
def test_a_day_is_read_if_one_day_alone_is_meant(cell: Any, order: Order, result: Any) -> None:
    customers = MemoryCustomers()
    data = jsonl({"email": "a@b.c", "birthday": cell})
    report, rejects = imported(customers, data, rules=Rules(dates=order))
    if isinstance(result, date):
        assert report == (1, 0, 0)
        assert customers.all(STORE)[0].birthday == result
    else:
        assert [r.reason.startswith(f"birthday {result}") for r in rejects] == [True]


@pytest.mark.parametrize("order", [DAY, MONTH, CLEAR, ISO])
def test_only_days_are_read_so(order: Order) -> None:
    customers = MemoryCustomers()
    row = {"email": "a@b.c", "city": "15/03/1990", "birthday": ""}
    assert imported(customers, jsonl(row), rules=Rules(dates=order))[0] == (1, 0, 0)
    assert customers.all(STORE)[0].city == "15/03/1990"


FORMATS = {DAY: "{d}{s}{m}{s}{y}", MONTH: "{m}{s}{d}{s}{y}"}


@given(
    st.dates(date(1000, 1, 1)),
    st.sampled_from("/.-"),
    st.sampled_from([DAY, MONTH]),
    st.booleans(),
)
def test_each_day_is_read_in_the_order_in_which_it_was_written(
    day: date, sign: str, order: Order, padded: bool
) -> None:
    width = 2 if padded else 1
    written = FORMATS[order].format(
        d=f"{day.day:0{width}}", m=f"{day.month:0{width}}", y=day.year, s=sign
    )
    assert iso_day(written, order) == day.isoformat()
    if day.day > 12 or day.day == day.month:
        assert iso_day(written, CLEAR) == day.isoformat()
    else:
        with pytest.raises(ValueError, match=f"^{AMBIGUOUS}$"):
            iso_day(written, CLEAR)


@given(st.text(max_size=20), st.sampled_from([DAY, MONTH, CLEAR, ISO]))
def test_any_other_text_stays_as_it_is(text: str, order: Order) -> None:
    try:
        read = iso_day(text, order)
    except ValueError:
        return
    assert read == text or len(read) == len("1990-03-15")
