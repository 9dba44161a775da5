"""The rules of slices: every day is in exactly one part, and no doubtful total is believed."""

import itertools
from datetime import date, timedelta

from fixtures.tables import rows
from hypothesis import given
from hypothesis import strategies as st
from mirror.upstream import at, seen

from sijill.mirror.body import Seen
from sijill.mirror.model import MICROS
from sijill.mirror.slices import (
    FIRST,
    LAST,
    WHOLE,
    Range,
    add_up,
    day_of,
    ends_of,
    is_capped,
    is_dear,
    moments,
    pages_of,
    parameters,
    parts_of,
    pause_of,
    split,
    today_apart,
    violation,
)

RIYADH = "Asia/Riyadh"
DAYS = st.dates(date(2015, 1, 1), date(2027, 1, 1))


def meets(parts: list[Range], whole: Range) -> bool:
    """Return whether parts follow each other without a gap, from end to end of a range."""
    ends = [(one.last_day, other.first_day) for one, other in itertools.pairwise(parts)]
    gaps = [date.fromisoformat(b) - date.fromisoformat(a) for a, b in ends]
    return (
        (parts[0].first_day, parts[-1].last_day) == whole
        and set(gaps) <= {timedelta(1)}
        and all(part.first_day <= (part.last_day or "9") for part in parts)
    )


@given(DAYS, st.integers(1, 4_000), st.integers(2, 200), st.booleans(), st.booleans())
def test_parts_hold_each_day_once(
    first: date, length: int, parts: int, open_first: bool, open_last: bool
) -> None:
    last = first + timedelta(length)
    days = Range("" if open_first else f"{first}", "" if open_last else f"{last}")
    found = split(days, first, last, parts)
    assert 2 <= len(found) <= parts
    assert meets(found, days)


@given(DAYS)
def test_today_is_apart(today: date) -> None:
    assert meets(today_apart(today), WHOLE)
    assert today_apart(today)[1] == Range(today.isoformat(), "")


@given(st.integers(0, 2 * 10**15), st.sampled_from([RIYADH, "UTC", "America/New_York"]))
def test_a_moment_lies_in_its_own_day_alone(moment: int, timezone: str) -> None:
    day = day_of(moment, timezone)
    first, end = moments(Range(f"{day}", f"{day}"), timezone)
    assert first <= moment < end
    assert moments(Range("", f"{day}"), timezone) == (FIRST, end)
    assert moments(Range(f"{day}", ""), timezone) == (first, LAST)


def test_a_bound_that_is_open_is_no_parameter() -> None:
    assert parameters(WHOLE) == []
    assert parameters(Range("", "2024-01-02")) == [("date_to", "2024-01-02")]
    assert parameters(Range("2024-01-01", "")) == [("date_from", "2024-01-01")]


@rows(
    ("total", "largest", "capped"),
    [(0, 0, False), (500, 500, True), (10_000, 10_000, True), (500, 501, False), (501, 0, False)],
)
def test_a_round_total_that_none_exceeds_may_be_a_cap(
    total: int, largest: int, capped: bool
) -> None:
    assert is_capped(total, largest) is capped


@rows(
    ("total", "pages", "parts"),
    [(0, 1, 1), (1, 1, 1), (60, 1, 1), (61, 2, 1), (900, 15, 1), (901, 16, 2), (2_701, 46, 4)],
)
def test_a_range_is_parted_by_its_total(total: int, pages: int, parts: int) -> None:
    assert pages_of(total) == pages
    assert parts_of(total, capped=False) == parts
    assert parts_of(total, capped=True) == max(parts, 2)


@rows(
    ("total", "ours", "dear"),
    [
        (99_999, 100_000, False),
        (99_950, 100_000, False),
        (99_100, 100_000, True),
        (60, 59, True),
        (0, 60, True),
        (0, 100_000, True),
    ],
)
def test_many_differences_are_read_and_few_are_looked_for(
    total: int, ours: int, dear: bool
) -> None:
    assert is_dear(total, ours) is dear


TODAY = date(2024, 5, 5)


@rows(
    ("days", "oldest", "ends"),
    [
        (WHOLE, date(2020, 1, 1), (date(2020, 1, 1), TODAY)),
        (WHOLE, None, None),
        (WHOLE, TODAY, None),
        (Range("2024-01-01", "2024-01-01"), None, None),
        (Range("2024-01-01", "2024-01-02"), None, (date(2024, 1, 1), date(2024, 1, 2))),
        (Range("", "2019-01-01"), date(2020, 1, 1), None),
    ],
)
def test_a_range_is_split_between_days_that_are_known(
    days: Range, oldest: date | None, ends: object
) -> None:
    assert ends_of(days, oldest, TODAY) == ends


def page(*seconds: float) -> list[Seen]:
    return [seen(n, created_at=at(moment)) for n, moment in enumerate(seconds, 1)]


DAY = day_of(int(at(0).timestamp() * MICROS), RIYADH)
NEXT = Range(f"{DAY + timedelta(1)}", "")


@rows(
    ("found", "days", "timezone", "fault"),
    [
        ([], WHOLE, RIYADH, ""),
        (page(5, 5, 3), WHOLE, RIYADH, ""),
        (page(3, 5), WHOLE, RIYADH, "order"),
        (page(5), Range(f"{DAY}", f"{DAY}"), RIYADH, ""),
        (page(5), NEXT, RIYADH, "bounds"),
        (page(86_400, 5), Range("", f"{DAY}"), RIYADH, "bounds"),
        (page(5), WHOLE, "UTC", "zone"),
    ],
)
def test_a_page_that_is_not_as_its_days_say_is_found(
    found: list[Seen], days: Range, timezone: str, fault: str
) -> None:
    assert violation(found, days, timezone) == fault


@rows(
    ("totals", "whole", "right"),
    [([], 0, True), ([40], 100, True), ([39], 100, False), ([0, 0], 5_000, False)],
)
def test_slices_hold_about_as_many_as_the_list(totals: list[int], whole: int, right: bool) -> None:
    assert add_up(totals, whole) is right


def test_pauses_grow_and_end_at_ten_minutes() -> None:
    pauses = [pause_of(attempts) / MICROS for attempts in (0, 1, 2, 6, 7, 10**6)]
    assert pauses == [5, 10, 20, 320, 600, 600]
