"""Values as columns: what goes in comes out."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from fixtures.registers import NOW
from hypothesis import given
from hypothesis import strategies as st

from sijill.database import columns as values

OFFSETS = st.integers(-23 * 60, 23 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(st.datetimes(timezones=st.just(UTC)))
def test_a_moment_is_the_same_to_the_microsecond(moment: datetime) -> None:
    assert values.moment(values.micros(moment)) == moment


@given(st.datetimes(datetime(1900, 1, 1), datetime(2999, 1, 1), timezones=OFFSETS))
def test_a_moment_of_any_zone_is_kept_as_utc(moment: datetime) -> None:
    kept = values.moment(values.micros(moment))
    assert kept == moment
    assert kept.tzinfo is UTC


@pytest.mark.parametrize(
    ("moment", "micros"),
    [
        (datetime(1970, 1, 1, tzinfo=UTC), 0),
        (datetime(1969, 12, 31, 23, 59, 59, 999999, tzinfo=UTC), -1),
        (NOW, 1795512615123456),
    ],
)
def test_a_moment_is_counted_in_microseconds_of_the_epoch(moment: datetime, micros: int) -> None:
    assert values.micros(moment) == micros


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(TypeError):
        values.micros(datetime(2026, 1, 1))


@given(st.none() | st.dates())
def test_a_day_is_the_same_day(day: date | None) -> None:
    assert values.day(values.day_text(day)) == day


@given(JSON)
def test_a_json_value_is_the_same_but_a_list_is_a_tuple(value: Any) -> None:
    expected = tuple(value) if isinstance(value, list) else value
    assert values.json_value(values.json_text(value)) == expected


def test_none_is_none() -> None:
    assert values.maybe_micros(None) is values.maybe_moment(None) is values.json_text(None) is None
