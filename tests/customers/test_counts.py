"""The tree of counts: its arithmetic against counting, and lists of every depth against both."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from fixtures.databases import Run
from fixtures.profiles import example_count
from fixtures.registers import NOW, STORE, customer
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from sijill.customers import listing
from sijill.customers.counts import (
    END,
    LEVELS,
    SINGLE,
    START,
    Range,
    cover,
    place,
    within,
)
from sijill.customers.model import Customer, CustomerFilter, Edit
from sijill.customers.row import customer as read
from sijill.database.columns import micros, moment
from sijill.database.driver import Transaction
from sijill.database.sql import Dialect
from sijill.register import Register
from sijill.stores.model import Store

pytestmark = pytest.mark.proves(
    "a list is newest first at every depth and its total exact, after any creates, "
    "deletes and changes of dates, and while others write"
)

EDGES = sorted(
    {
        sign * 2**shift + step
        for shift in (25, 31, 38, 45)
        for sign in (-1, 1)
        for step in (-1, 0, 1)
    }
)
"""Moments at the ends of buckets, before and after 1970."""

LEAST, MOST = (micros(each.replace(tzinfo=UTC)) for each in (datetime.min, datetime.max))
MOMENTS = st.sampled_from([*EDGES, micros(NOW), LEAST, MOST]) | st.integers(LEAST, MOST)
FEW = st.sampled_from([*EDGES, micros(NOW)]) | st.integers(0, 2**26)
"""Moments of few buckets, so that customers meet in them."""

FRESH = count(1_000)
"""Ids of stores that no example before has used."""


def held(ranges: Sequence[Range], moments: Sequence[int]) -> list[int]:
    """Return the moments that the ranges hold, once for each range."""
    return sorted(one for r in ranges for one in moments if r.low <= one >> r.shift < r.high)


@pytest.mark.parametrize("dialect", LEVELS)
@given(
    moments=st.lists(MOMENTS, max_size=20),
    since=MOMENTS | st.just(START),
    until=MOMENTS | st.just(END),
)
def test_a_cover_holds_each_moment_of_its_time_once(
    dialect: Dialect, moments: list[int], since: int, until: int
) -> None:
    ranges = cover(since, until, LEVELS[dialect])
    assert held(ranges, moments) == sorted(one for one in moments if since <= one < until)
    assert len(ranges) <= 2 * len(LEVELS[dialect])


@pytest.mark.parametrize("dialect", LEVELS)
def test_all_of_a_store_is_one_range_of_the_coarsest_level(dialect: Dialect) -> None:
    assert cover(START, END, LEVELS[dialect]) == [Range(63, -1, 1)]


@given(moments=st.lists(MOMENTS, min_size=1, max_size=20), offset=st.integers(0, 25))
def test_a_walk_down_the_tree_ends_at_the_customer_of_the_offset(
    moments: list[int], offset: int
) -> None:
    newest, left = sorted(moments, reverse=True), offset
    (around,) = cover(START, END, LEVELS["sqlite"])
    for finer in LEVELS["sqlite"][1:]:
        inside = held([around], moments)
        counts = Counter(one >> around.shift for one in inside)
        found = place(sorted(counts.items(), reverse=True), left)
        if offset >= len(moments):
            assert found is None
            return
        assert found is not None
        bucket, left = found
        assert newest[offset] >> around.shift == bucket
        first = [one >> around.shift for one in newest].index(bucket)
        assert first + left == offset
        around = within(bucket, around.shift, finer)
    assert around.shift == SINGLE


@pytest.fixture
def shallow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the tree be walked from the third customer on."""
    monkeypatch.setattr(listing, "NEAR", 3)


async def keep(register: Register, store_id: int, *people: Customer) -> None:
    edits = [Edit(person.id, lambda _, new=person: new) for person in people]
    outcomes = await register.customers.change(store_id, edits)
    assert all(outcome.refused is None for outcome in outcomes)


STEPS = st.lists(
    st.tuples(st.sampled_from(["keep", "keep", "delete"]), st.integers(1, 12), FEW), max_size=30
)


@pytest.mark.usefixtures("shallow")
@settings(
    max_examples=example_count(40), suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    steps=STEPS,
    bounds=st.lists(st.tuples(st.none() | FEW, st.none() | FEW), max_size=4),
    limit=st.integers(1, 5),
)
def test_lists_are_those_of_counting_after_creates_deletes_and_moves(
    run: Run, steps: Any, bounds: Any, limit: int
) -> None:
    store_id = next(FRESH)

    async def scenario(register: Register) -> None:
        await register.stores.create(Store(store_id, f"store {store_id}"))
        kept: dict[int, Customer] = {}
        gone = set()
        for action, number, at in steps:
            if action == "delete" and number in kept:
                await register.customers.delete(store_id, number, NOW)
                kept.pop(number)
                gone.add(number)
            elif action == "keep" and number not in gone:
                kept[number] = customer(number, id=number, created_at=moment(at))
                await keep(register, store_id, kept[number])
        for since, until in [(None, None), *bounds]:
            await check(register, store_id, kept.values(), since, until, limit)

    run(scenario)


async def check(
    register: Register, store_id: int, people: Any, since: int | None, until: int | None, limit: int
) -> None:
    """Hold every page of a filter against the customers themselves."""
    low, high = START if since is None else since, END if until is None else until
    right = sorted(
        (one for one in people if low <= micros(one.created_at) < high),
        key=lambda one: (one.created_at, one.id),
        reverse=True,
    )
    which = CustomerFilter(
        None if since is None else moment(since), None if until is None else moment(until)
    )
    for offset in range(len(right) + limit + 1):
        page = await register.customers.page(store_id, which, offset=offset, limit=limit)
        assert [row[0] for row in page.rows] == [one.id for one in right[offset : offset + limit]]
        assert page.total == len(right)


@pytest.mark.usefixtures("shallow")
def test_customers_of_one_moment_are_listed_at_every_depth(run: Run) -> None:
    people = [customer(number, id=number) for number in range(1, 12)]

    async def scenario(register: Register) -> None:
        await keep(register, STORE.id, *people)
        await check(register, STORE.id, people, None, None, 2)

    run(scenario)


def test_every_level_counts_a_customer_and_there_is_no_other_level(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await keep(register, STORE.id, customer(1, id=1))
        counted = {
            shift
            for shift in range(64)
            if await register.driver.all("bucket_counts", STORE.id, shift, -(2**62), 2**62)
        }
        assert counted == {*LEVELS[register.driver.dialect]} - {SINGLE}

    run(scenario)


def test_customers_of_another_store_count_for_nothing(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await register.stores.create(Store(2, "Other"))
        await keep(register, 2, customer(1, id=1), customer(2, id=2))
        await keep(register, STORE.id, customer(1, id=1))
        await check(register, STORE.id, [customer(1, id=1)], None, None, 2)

    run(scenario)


def test_the_counts_of_a_store_go_with_it(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await register.stores.create(Store(2, "Other"))
        await keep(register, 2, customer(1, id=1))
        await register.customers.delete(2, 1, NOW)

        async def end(transaction: Transaction) -> None:
            for table, key in (
                ("deleted_customers", "store_id"),
                ("customer_groups", "store_id"),
                ("feed", "store_id"),
                ("stores", "id"),
            ):
                await transaction.script(f"DELETE FROM {table} WHERE {key} = 2")

        await register.driver.write(end)
        assert await register.driver.all("bucket_counts", 2, 63, -1, 1) == []

    run(scenario)


@pytest.mark.usefixtures("shallow")
def test_lists_of_writers_at_once_are_each_of_one_moment(run: Run) -> None:
    """Every page has as many customers as its own total says, and the last total is exact."""
    hours = [timedelta(hours=number) for number in range(7)]

    async def writes(register: Register, first: int) -> None:
        for number in range(first, first + 20):
            new = customer(number, id=number, created_at=NOW - hours[number % 7])
            await keep(register, STORE.id, new)
            if number % 3 == 0:
                moved = replace(new, created_at=NOW - hours[(number + 3) % 7])
                await keep(register, STORE.id, moved)
            if number % 4 == 0:
                await register.customers.delete(STORE.id, number, NOW)

    async def reads(register: Register, offset: int) -> None:
        for turn in range(40):
            which = CustomerFilter(since=NOW - hours[5]) if turn % 2 else CustomerFilter()
            page = await register.customers.page(STORE.id, which, offset=offset, limit=9)
            assert len(page.rows) == min(9, max(0, page.total - offset))
            at = [read(row).created_at for row in page.rows]
            assert at == sorted(at, reverse=True)

    async def scenario(register: Register) -> None:
        writers = [writes(register, 1 + 100 * number) for number in range(8)]
        readers = [reads(register, offset) for offset in (0, 2, 5, 30, 90)]
        await asyncio.gather(*writers, *readers)
        left = [one async for one in register.customers.each(STORE.id)]
        assert len(left) == 8 * 15
        await check(register, STORE.id, left, None, micros(NOW - hours[2]) + 1, 7)
        await check(register, STORE.id, left, None, None, 50)

    run(scenario)
