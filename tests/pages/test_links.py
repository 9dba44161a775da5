"""The link to the same page in the other language."""

from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sijill.pages.html import in_language

QUERY = st.text(st.sampled_from([*map(chr, range(0x21, 0x7F))]).filter(lambda c: c != "#"))


@pytest.mark.parametrize(
    ("here", "link"),
    [
        ("/_/login", "?lang=en"),
        ("/_/login?", "?lang=en"),
        ("/_/login?lang=ar", "?lang=en"),
        ("/a?x=1&lang=ar&y=%D8%B3+b", "?x=1&y=%D8%B3+b&lang=en"),
        ("/a?lang&lang=&x", "?x&lang=en"),
        ("/a?l%61ng=ar&x=%2526", "?x=%2526&lang=en"),
        ("/a?language=ar&lang[]=x", "?language=ar&lang[]=x&lang=en"),
        ("/a?x=1&&y", "?x=1&&y&lang=en"),
        ("/a?u=https://b.example/?c", "?u=https://b.example/?c&lang=en"),
        ("/a?x=\xe9#y z", "?x=%E9%23y%20z&lang=en"),
        ("/a?\u0633=1", "??=1&lang=en"),
        ("//evil.example/a?x", "?x&lang=en"),
    ],
)
def test_the_query_says_the_language_and_nothing_else_changes(here: str, link: str) -> None:
    assert in_language(here, "en") == link


@given(QUERY)
def test_the_last_word_on_the_language_is_ours_and_the_rest_is_untouched(query: str) -> None:
    kept, _, last = in_language(f"/a?{query}", "ar").removeprefix("?").rpartition("lang=")
    assert last == "ar"
    parts = query.split("&") if query else []
    assert kept == "".join(f"{part}&" for part in parts if _name(part) != "lang")


@given(QUERY)
def test_going_there_and_back_asks_for_the_first_language(query: str) -> None:
    there = in_language(f"/a?{query}", "ar")
    assert in_language(f"/a{in_language(f'/a{there}', 'en')}", "ar") == there


def _name(part: str) -> str:
    return dict(parse_qsl(f"{part}=", keep_blank_values=True)).popitem()[0] if part else ""
