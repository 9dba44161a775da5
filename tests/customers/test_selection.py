"""The URL of a selection, the interval of its places, and counts that ended early."""

from contextlib import suppress
from datetime import date
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sijill.customers.selection import (
    ORDERS,
    Cursor,
    Exactly,
    Interval,
    Over,
    Place,
    Selection,
    bounds,
    count_of,
    interval_of,
    order_of,
    window,
)
from sijill.customers.selection_query import parse_cursor, parse_selection, query_of_page
from sijill.errors import Invalid

pytestmark = pytest.mark.proves(
    "the URL of a list in the console holds every filter, in Western and in Arabic digits, and a "
    "count that ended early is never taken for a number"
)

ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
PERSIAN = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")

IDS = st.integers(1, 2**63 - 1)
SELECTIONS = st.builds(
    Selection,
    group_id=st.none() | IDS,
    banned=st.booleans(),
    first_day=st.none() | st.dates(date(1000, 1, 1)),
    last_day=st.none() | st.dates(date(1000, 1, 1)),
    order=st.sampled_from(ORDERS),
)
CURSORS = st.none() | st.builds(
    Cursor, st.builds(Place, st.integers(-(2**63), 2**63 - 1), IDS), st.booleans()
)


def pairs(query: str) -> list[tuple[str, str]]:
    return parse_qsl(query.removeprefix("?"), keep_blank_values=True)


@given(SELECTIONS, CURSORS)
def test_a_selection_and_a_cursor_come_back_from_their_url(
    selection: Selection, cursor: Cursor | None
) -> None:
    read = pairs(query_of_page(selection, cursor))
    assert parse_selection(read) == selection
    assert parse_cursor(read) == cursor


@pytest.mark.parametrize("digits", [ARABIC, PERSIAN], ids=["Arabic-Indic", "Persian"])
@given(SELECTIONS, CURSORS)
def test_digits_of_other_scripts_are_the_same_digits(
    digits: dict[int, int], selection: Selection, cursor: Cursor | None
) -> None:
    typed = [
        (key, value.translate(digits)) for key, value in pairs(query_of_page(selection, cursor))
    ]
    assert parse_selection(typed) == selection
    assert parse_cursor(typed) == cursor


@given(st.lists(st.tuples(st.sampled_from(["group", "from", "to", "sort", "after"]), st.text())))
def test_any_query_is_a_selection_or_is_refused(query: list[tuple[str, str]]) -> None:
    parse_cursor(query)
    with suppress(Invalid):
        selection = parse_selection(query)
        assert parse_selection(pairs(query_of_page(selection))) == selection


def test_every_faulty_parameter_is_named() -> None:
    query = [("group", "x"), ("from", "2026-02-30"), ("to", "1"), ("sort", "name"), ("banned", "2")]
    with pytest.raises(Invalid) as fault:
        parse_selection(query)
    assert set(fault.value.fields) == {"group", "from", "to", "sort", "banned"}


def test_a_filtered_list_is_read_newest_first_since_no_index_gives_another_order() -> None:
    assert order_of(Selection(order="id")) == "id"
    for filtered in (
        Selection(1, order="id"),
        Selection(banned=True, order="id"),
        Selection(first_day=date(2026, 1, 1), order="id"),
        Selection(last_day=date(2026, 1, 1), order="id"),
    ):
        assert order_of(filtered) == "newest"


def test_days_begin_and_end_in_the_zone_of_the_store() -> None:
    day = Selection(first_day=date(2026, 1, 1), last_day=date(2026, 1, 1))
    riyadh, utc = bounds(day, "Asia/Riyadh"), bounds(day, "UTC")
    assert utc.low.at - riyadh.low.at == 3 * 3600 * 10**6
    assert utc.high.at - utc.low.at == 24 * 3600 * 10**6
    assert bounds(Selection(last_day=date.max), "UTC") == bounds(Selection(), "UTC")


PLACES = st.builds(Place, st.integers(0, 9), st.integers(1, 9))


@given(st.sets(PLACES, max_size=30), st.none() | st.builds(Cursor, PLACES, st.booleans()))
def test_a_page_is_the_rows_next_to_its_cursor(places: set[Place], cursor: Cursor | None) -> None:
    whole = Interval(Place(2, 0), Place(8, 0))
    chosen = sorted((p for p in places if whole.low < p < whole.high), reverse=True)
    low, high = interval_of(whole, "newest", cursor)
    backwards = cursor is not None and cursor.backwards
    read = sorted((p for p in places if low < p < high), reverse=not backwards)[:4]
    page = window(read, cursor, size=3)
    if cursor is None:
        assert page.rows == chosen[:3]
        assert not page.before
        assert page.behind == (len(chosen) > 3)
    elif backwards:
        ahead = [p for p in chosen if p > cursor.place]
        assert page.rows == ahead[-3:]
        assert page.before == (len(ahead) > 3)
    else:
        behind = [p for p in chosen if p < cursor.place]
        assert page.rows == behind[:3]
        assert page.behind == (len(behind) > 3)


def test_a_count_that_ended_early_has_no_number() -> None:
    assert count_of(10_000) == Exactly(10_000)
    over = count_of(10_001)
    assert over == Over(10_000)
    assert not hasattr(over, "number")
    assert over != Exactly(10_000)
    assert over != Exactly(10_001)
