from datetime import UTC, date, datetime, timedelta
from urllib.parse import parse_qsl, quote, urlsplit
from zoneinfo import ZoneInfo

import pytest
from fixtures.tables import rows
from hypothesis import given
from hypothesis import strategies as st
from msgspec import to_builtins

from sijill.customers.query import parse_dates
from sijill.customers.wire import EXTRAS
from sijill.errors import Invalid
from sijill.http.envelope import pagination
from sijill.http.query import (
    MAX_PAGE,
    Paging,
    page_url,
    parse_fields,
    parse_id,
    parse_paging,
    parse_query,
)


@rows(
    ("segment", "customer_id"),
    [
        ("1", 1),
        ("2075683582", 2075683582),
        (str(2**63 - 1), 2**63 - 1),
        (str(2**63), None),
        ("9" * 19, None),
        ("1" * 20, None),
        ("9" * 5000, None),
        ("0", None),
        ("007", None),
        ("+5", None),
        ("-5", None),
        ("1_000", None),
        ("1.0", None),
        ("abc", None),
        ("٥", None),
        ("1\n", None),
        (" 1", None),
        ("", None),
    ],
)
def test_an_id_is_ascii_digits_within_63_bits(segment: str, customer_id: int | None) -> None:
    assert parse_id(segment) == customer_id


@given(st.text())
def test_no_text_breaks_the_id_parser(segment: str) -> None:
    number = parse_id(segment)
    assert number is None or (str(number) == segment and 0 < number < 2**63)


@pytest.mark.proves("`fields[]` in every spelling")
@pytest.mark.parametrize(
    ("query", "fields"),
    [
        (b"", ()),
        (b"fields[]=is_blocked", ("is_blocked",)),
        (b"fields[]=is_blocked&fields[]=total_points", ("is_blocked", "total_points")),
        (b"fields[0]=is_blocked&fields[7]=total_points", ("is_blocked", "total_points")),
        (b"fields%5B%5D=is_blocked", ("is_blocked",)),
        (b"fields%5b0%5d=is_blocked", ("is_blocked",)),
        (b"fields=is_blocked,total_points", ("is_blocked", "total_points")),
        (b"fields[]=is_blocked,total_points", ("is_blocked", "total_points")),
        (b"fields[]=is_blocked%2Ctotal_points", ("is_blocked", "total_points")),
        (b"fields=is_blocked,%20total_points", ("is_blocked", "total_points")),
        (b"fields[]=is_blocked&fields[]=is_blocked", ("is_blocked",)),
        (b"fields[]=password&fields[]=id", ()),
        (b"fields[]=IS_BLOCKED", ()),
        (b"fields[]", ()),
        (b"fields[x]=is_blocked", ()),
        (b"field[]=is_blocked", ()),
        (b"fields[]=\xff\xfe", ()),
    ],
)
def test_fields_are_read_in_every_spelling(query: bytes, fields: tuple[str, ...]) -> None:
    assert parse_fields(parse_query(query), EXTRAS) == frozenset(fields)


def test_at_most_64_fields_are_read() -> None:
    unknown = "&".join("fields[]=x" for _ in range(63))
    query = f"{unknown}&fields[]=is_blocked&fields[]=total_points".encode()
    assert parse_fields(parse_query(query), EXTRAS) == {"is_blocked"}


@given(st.binary(max_size=200))
def test_no_query_breaks_the_parsers(query: bytes) -> None:
    pairs = parse_query(query)
    assert parse_fields(pairs, EXTRAS) <= set(EXTRAS)
    paging = parse_paging(pairs)
    assert 1 <= paging.page <= MAX_PAGE
    assert 1 <= paging.per_page <= 60


@pytest.mark.proves("`page`", "`per_page`")
@pytest.mark.parametrize(
    ("query", "paging"),
    [
        (b"", (1, 15)),
        (b"page=2", (2, 15)),
        (b"page=2&per_page=60", (2, 60)),
        (b"per_page=61", (1, 60)),
        (b"per_page=1000000000000000000000", (1, 60)),
        (b"page=2?per_page=40", (2, 15)),  # as Salla's own page writes it
        (b"page=3abc", (3, 15)),
        (b"page=0", (1, 15)),
        (b"page=00", (1, 15)),
        (b"page=007", (7, 15)),
        (b"page=0000000000000002&per_page=0000000000000003", (2, 3)),
        (b"page=-1", (1, 15)),
        (b"page=+2", (1, 15)),
        (b"page=%2B2", (1, 15)),
        (b"page=abc", (1, 15)),
        (b"page=", (1, 15)),
        (b"page=1.9", (1, 15)),
        (b"page=%D9%A3", (1, 15)),
        (b"page=2&page=3", (3, 15)),
        (b"page=99999999999", (MAX_PAGE, 15)),
        (b"page=" + b"9" * 5000, (MAX_PAGE, 15)),
        (b"per_page=0", (1, 15)),
    ],
)
def test_paging_reads_leading_digits_and_clamps(query: bytes, paging: tuple[int, int]) -> None:
    assert parse_paging(parse_query(query)) == paging


@given(
    st.integers(0, 10_000),
    st.integers(1, 60),
    st.integers(1, 2_000),
    st.lists(
        st.tuples(st.sampled_from(["keyword", "fields[]", "per_page"]), st.text()), max_size=4
    ),
)
def test_pages_cover_every_row_once_and_links_keep_the_query(
    total: int, per_page: int, page: int, pairs: list[tuple[str, str]]
) -> None:
    asked = [*pairs, ("page", str(page))]
    paging = Paging(page, per_page)
    count = max(0, min(per_page, total - paging.offset))
    numbers = to_builtins(
        pagination(
            count=count, total=total, paging=paging, address="http://h/c", pairs=asked, no_links=[]
        )
    )
    pages = numbers["totalPages"]
    assert pages >= 1
    assert (pages - 1) * per_page < max(total, 1) <= pages * per_page
    assert ("next" in numbers["links"]) == (page < pages)
    assert ("previous" in numbers["links"]) == (page > 1)
    assert list(numbers) == ["count", "total", "perPage", "currentPage", "totalPages", "links"]
    for name, step in (("previous", -1), ("next", 1)):
        if name in numbers["links"]:
            parts = urlsplit(numbers["links"][name])
            sent = parse_qsl(parts.query, keep_blank_values=True)
            assert sent == [*pairs, ("page", str(page + step))]


def test_a_page_url_has_page_last() -> None:
    pairs = [("page", "1"), ("per_page", "5"), ("fields[]", "is_blocked")]
    assert page_url("http://h/customers", pairs, 2) == (
        f"http://h/customers?per_page=5&{quote('fields[]')}=is_blocked&page=2"
    )


@pytest.mark.proves("`date_from`", "`date_to`")
def test_days_are_inclusive_and_in_the_stores_zone() -> None:
    pairs = [("date_from", "2025-03-10"), ("date_to", "2025-03-10")]
    which = parse_dates(pairs, "Asia/Riyadh")
    assert which.since == datetime(2025, 3, 9, 21, tzinfo=UTC)
    assert which.until == datetime(2025, 3, 10, 21, tzinfo=UTC)


def test_a_day_that_the_clock_change_makes_shorter_is_still_a_day() -> None:
    which = parse_dates([("date_from", "2025-03-30"), ("date_to", "2025-03-30")], "Europe/Berlin")
    assert which.since is not None
    assert which.until is not None
    assert which.until.astimezone(UTC) - which.since.astimezone(UTC) == timedelta(hours=23)


@pytest.mark.parametrize(
    "text",
    [
        "2025-02-30",
        "2025-13-01",
        "10/03/2025",
        "2025-3-1",
        "yesterday",
        "2025-03-10T00:00",
    ],
)
def test_every_faulty_date_is_named_at_once(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        parse_dates([("date_from", text), ("date_to", text)], "Asia/Riyadh")
    assert refused.value.fields == {"date_from": ["date"], "date_to": ["date"]}


def test_an_empty_date_is_no_filter() -> None:
    which = parse_dates([("date_from", ""), ("date_to", "")], "Asia/Riyadh")
    assert (which.since, which.until) == (None, None)


@given(st.dates(date(1, 1, 3), date(9999, 12, 31)), st.sampled_from(["Asia/Riyadh", "UTC"]))
def test_every_day_is_a_filter_that_holds_its_noon(day: date, timezone: str) -> None:
    which = parse_dates([("date_from", day.isoformat()), ("date_to", day.isoformat())], timezone)
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo(timezone))
    assert which.since is not None
    assert which.since <= noon
    assert which.until is None or noon < which.until
