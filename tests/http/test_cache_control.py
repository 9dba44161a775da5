"""The wishes of `Cache-Control`, and the age of a copy."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sijill.http.cache_control import Wishes, age_header, parse


@given(st.text(max_size=60))
def test_any_cache_control_is_read(text: str) -> None:
    wishes = parse(text)
    assert wishes.max_age is None or wishes.max_age >= 0


@pytest.mark.parametrize(
    ("text", "wishes"),
    [
        (None, Wishes()),
        ("max-age=60", Wishes(max_age=60)),
        (' MAX-AGE = "60" , no-cache', Wishes(max_age=60, no_cache=True)),
        ("max-age=-1, max-age=x, max-age", Wishes()),
        ("only-if-cached,stale-if-error=9", Wishes(only_if_cached=True, stale_if_error=9)),
        ("no-transform, max-stale=5", Wishes()),
        ("max-age=9999999999", Wishes()),
    ],
)
def test_directives_are_read_and_others_ignored(text: str | None, wishes: Wishes) -> None:
    assert parse(text) == wishes


@pytest.mark.parametrize(
    ("wishes", "age", "taken"),
    [
        (Wishes(), 10**9, True),
        (Wishes(max_age=5), 5, True),
        (Wishes(max_age=5), 5.1, False),
        (Wishes(max_age=0), 0, True),
        (Wishes(no_cache=True), 0, False),
        (Wishes(max_age=5, no_cache=True), 0, False),
    ],
)
def test_a_client_takes_what_is_no_older_than_it_asks(
    wishes: Wishes, age: float, taken: bool
) -> None:
    assert wishes.takes(age) is taken


@pytest.mark.parametrize(("age", "told"), [(0, b"0"), (0.999, b"0"), (1, b"1"), (61.5, b"61")])
def test_an_age_is_told_in_whole_seconds(age: float, told: bytes) -> None:
    assert age_header(age) == (b"age", told)
