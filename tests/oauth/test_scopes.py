"""Scopes only ever narrow (ASVS 5 V10.4.11, RFC 6749 §3.3, §6)."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sijill.oauth.scopes import (
    KNOWN,
    OFFLINE,
    SCOPES,
    beyond,
    named,
    narrowed,
    parse_scopes,
    satisfies,
    scope_text,
    split_scopes,
)

SETS = st.frozensets(st.sampled_from(sorted(KNOWN | {OFFLINE})), max_size=6)


def test_every_scope_a_route_asks_for_is_known() -> None:
    assert set(SCOPES) <= KNOWN
    assert OFFLINE not in KNOWN


@given(SETS, SETS)
def test_narrowed_scopes_are_the_asked_ones_and_satisfy_nothing_more(
    granted: frozenset[str], asked: frozenset[str]
) -> None:
    scopes = narrowed(granted, asked)
    if scopes is None:
        assert not all(satisfies(granted, scope) for scope in asked)
    else:
        assert scopes == asked
        assert all(satisfies(granted, s) for s in KNOWN | {OFFLINE} if satisfies(scopes, s))


@pytest.mark.parametrize(
    ("asked", "missing", "text"),
    [
        ("orders.read", ["orders.read"], "orders.read"),
        ("customers.read metadata.read", ["metadata.read"], "metadata.read"),
        ("customers.read_write", ["customers.read_write"], "customers.read_write"),
        ("b.read a.read", ["a.read", "b.read"], "a.read, b.read"),
        ('or"d\\ers طلبات <b>', ["<b>", 'or"d\\ers', "طلبات"], "<b>, or?d?ers, ?????"),
        ("a\0b \x7f \u202e", ["a\0b", "\x7f", "\u202e"], "a?b, ?, ?"),
        ("x" * 99, ["x" * 99], "x" * 64),
        ("a b c d e f g", list("abcdefg"), "a, b, c, d, e and 2 more"),
    ],
)
def test_an_error_names_the_scopes_that_are_missing(
    asked: str, missing: list[str], text: str
) -> None:
    found = beyond({"customers.read"}, split_scopes(asked))
    assert list(found) == missing
    assert named(found) == text


@given(st.lists(st.text()))
def test_named_scopes_are_short_and_fit_into_an_error_description(scopes: list[str]) -> None:
    text = named(scopes)
    assert len(text) < 400
    assert re.fullmatch(r"[\x20\x21\x23-\x5b\x5d-\x7e]*", text)


@given(SETS)
def test_all_or_none_of_what_is_granted_may_be_asked_for(granted: frozenset[str]) -> None:
    assert narrowed(granted, granted) == granted
    assert narrowed(granted, ()) == frozenset()


@given(SETS, SETS, SETS)
def test_narrowing_twice_is_narrowing_once(
    granted: frozenset[str], first: frozenset[str], second: frozenset[str]
) -> None:
    once = narrowed(granted, first)
    if once is not None and narrowed(once, second) is not None:
        assert narrowed(granted, second) == second


@given(SETS, st.sampled_from(sorted(KNOWN)))
def test_a_scope_is_satisfied_by_itself_and_read_by_read_write(
    granted: frozenset[str], needed: str
) -> None:
    holds = {needed} | ({f"{needed}_write"} if needed.endswith(".read") else set())
    assert satisfies(granted, needed) is bool(granted & holds)


@pytest.mark.parametrize("needed", ["offline_access", "customers.read_write", "customers.rea"])
def test_no_scope_is_satisfied_by_one_that_only_begins_like_it(needed: str) -> None:
    assert not satisfies({"customers.read", "offline_access_write", "customers.rea_write"}, needed)


def test_any_token_satisfies_a_route_that_asks_for_no_scope() -> None:
    assert satisfies((), "")


@given(SETS, st.sampled_from([" ", ",", "+", ", ", "  ", " + ", "\t"]))
def test_scopes_are_read_as_they_are_written(scopes: frozenset[str], separator: str) -> None:
    assert split_scopes(scope_text(scopes)) == scopes
    assert parse_scopes(f" {separator.join(scopes)}{separator}") == scopes


@given(SETS)
def test_a_scope_text_is_by_name_with_offline_access_last(scopes: frozenset[str]) -> None:
    written = scope_text(scopes).split()
    assert len(written) == len(scopes)
    assert written == sorted(scopes - {OFFLINE}) + [OFFLINE] * (OFFLINE in scopes)


@given(st.text(max_size=60))
def test_no_scope_of_a_text_holds_a_separator(text: str) -> None:
    assert all(scope and not set(scope) & set(" ,+\t\n") for scope in split_scopes(text))
