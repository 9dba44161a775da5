"""Search: one suite on both databases, held against the rule itself in Python."""

import asyncio
from collections.abc import Sequence
from contextlib import closing, suppress
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import apsw
import asyncpg
import pytest
from fixtures.databases import Run
from fixtures.profiles import example_count
from fixtures.registers import AHMED, NOW, STORE, customer, opened
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sijill.customers.model import Customer, CustomerFilter, Edit
from sijill.customers.row import customer_with_extras
from sijill.customers.search import matching, query_of, terms_of
from sijill.database.migrate import migrations
from sijill.database.sql import statements
from sijill.errors import NotFound
from sijill.register import SQL_LISTS, Register
from sijill.stores.model import Store

pytestmark = [
    pytest.mark.proves(
        "a search finds the customers that its rules name and no others, on both "
        "databases, for every keyword"
    ),
    pytest.mark.proves(
        "SQLite's full-text index agrees with the customers after any commits, however "
        "many writes share one, and keeps no byte of a deleted customer"
    ),
]

WORDS = ["أحمد", "احمد", "Ahmed", "ahmedali", "فاطمة", "O'Neil", "Abdul-Rahman", "عبد الله"]
WORDS += [
    "1",
    "1:ahmed",
    "NEAR",
    "OR",
    "*",
    '"',
    "'",
    "\\",
    "%",
    "_",
    "😀",
    "𐐀x",
    "ẞ",
    "ﷺ",
    "00",
    "0",
]
TEXTS = st.one_of(
    st.sampled_from(WORDS),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=4),
)
NAMES = st.lists(TEXTS, max_size=3).map(" ".join)
MOBILES = st.sampled_from([None, 511804534, 501234567, 50, 1])
PEOPLE = st.lists(
    st.fixed_dictionaries({"first_name": NAMES, "last_name": NAMES, "mobile": MOBILES}), max_size=6
)
TYPED = st.one_of(NAMES, st.text(max_size=5), st.sampled_from(["+966 5", "0966", "05", "c1@", "c"]))
CHECK = "INSERT INTO customer_terms (customer_terms, rank) VALUES ('integrity-check', 1)"
"""This statement raises if the index and the terms disagree."""

FRESH = count(100)
"""Ids of stores that no example before has used: files and servers outlive an example."""


def finds(keyword: str, person: Customer) -> bool:
    """Say what search means: some term, and each the beginning of one of the customer's."""
    asked, terms = query_of(keyword), terms_of(person)
    return bool(asked) and all(any(term.startswith(one) for term in terms) for one in asked)


async def keep(register: Register, *people: Customer, store_id: int = STORE.id) -> None:
    edits = [Edit(person.id, lambda _, new=person: new) for person in people]
    outcomes = await register.customers.change(store_id, edits)
    assert all(outcome.refused is None for outcome in outcomes)


async def found(
    register: Register, keyword: str, store_id: int = STORE.id, **bounds: Any
) -> list[int]:
    """Return the ids that a keyword finds, in order."""
    which = CustomerFilter(**bounds, terms=query_of(keyword))
    page = await register.customers.page(store_id, which, offset=0, limit=1000)
    assert page.total == len(page.rows)
    return [row[0] for row in page.rows]


def populated(drawn: Sequence[dict[str, Any]]) -> list[Customer]:
    """Return customers of different moments, whose mobiles and e-mails are different."""
    people, mobiles = [], set()
    for number, own in enumerate(drawn, 1):
        mobile = own["mobile"] if own["mobile"] not in mobiles else None
        mobiles.add(mobile)
        created = NOW - timedelta(days=number % 3)
        changes = own | {"id": number, "mobile": mobile, "created_at": created}
        people.append(customer(number, **changes))
    return people


def newest(people: Sequence[Customer]) -> list[int]:
    ordered = sorted(people, key=lambda one: (one.created_at, one.id), reverse=True)
    return [one.id for one in ordered]


@settings(
    max_examples=example_count(30),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(drawn=PEOPLE, others=PEOPLE, keywords=st.lists(TYPED, min_size=1, max_size=5))
def test_a_keyword_finds_the_customers_of_the_rule_and_no_others(
    run: Run, drawn: Any, others: Any, keywords: list[str]
) -> None:
    people, mine, theirs = populated(drawn), next(FRESH), next(FRESH)

    async def scenario(register: Register) -> None:
        for store_id, living in ((mine, people), (theirs, populated(others))):
            await register.stores.create(Store(store_id, f"store {store_id}"))
            await keep(register, *living, store_id=store_id)
        for keyword in keywords:
            right = newest([one for one in people if finds(keyword, one)])
            assert await found(register, keyword, mine) == right

    run(scenario)


def test_a_change_is_found_at_once_and_what_it_replaced_no_more(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await keep(register, customer(1, id=1, first_name="أحمد"), customer(2, id=2))
        assert await found(register, "احمد") == [1]
        await keep(register, customer(1, id=1, first_name="سالم", mobile=599999999))
        assert await found(register, "احمد") == []
        assert await found(register, "0500000001") == []
        assert await found(register, "سالم 0599999999") == [1]
        assert await found(register, "ali") == [2, 1]

    run(scenario)


def test_a_deleted_customer_is_found_by_nothing(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await keep(register, customer(1, id=1), customer(2, id=2))
        await register.customers.delete(STORE.id, 1, NOW)
        for keyword in ("ahmed", "0500000001", "c1@test.test", "a"):
            assert 1 not in await found(register, keyword)
        await keep(register, customer(1, id=3))
        assert await found(register, "0500000001") == [3]

    run(scenario)


def test_a_refused_change_leaves_the_index_as_it_was(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await keep(register, customer(1, id=1), customer(2, id=2))
        stolen = customer(2, id=2, first_name="Salem", email=customer(1).email)
        [outcome] = await register.customers.change(STORE.id, [Edit(2, lambda _: stolen)])
        assert outcome.refused
        assert await found(register, "salem") == []
        assert await found(register, "c2") == [2]

    run(scenario)


def test_a_search_never_leaves_its_store(run: Run) -> None:
    names = ["1", "11", "1:ahmed", "11:ahmed", "Ahmed"]

    async def scenario(register: Register) -> None:
        for store_id in (11, 2):
            await register.stores.create(Store(store_id, f"store {store_id}"))
            people = [customer(n, id=store_id * 100 + n, first_name=x) for n, x in enumerate(names)]
            await keep(register, *people, store_id=store_id)
        for keyword in ("ahmed", "1", "11", "1:ahmed", "11:ahmed", "2:", "1s"):
            assert await found(register, keyword) == []
            assert all(one // 100 == 11 for one in await found(register, keyword, 11))
        assert len(await found(register, "ahmed", 11)) == 3

    run(scenario)


def test_letters_that_are_new_to_a_database_are_letters(run: Run) -> None:
    async def scenario(register: Register) -> None:
        for number, name in enumerate(("𞤀𞤣𞤤𞤢𞤥", "Ahmed", "𐵐𐵑"), 1):
            await keep(register, customer(number, id=number, first_name=name))
        assert await found(register, "𞤀𞤣") == [1]
        assert await found(register, "𞤣") == []

    run(scenario)


def test_pages_of_a_search_are_newest_first_and_count_all(run: Run) -> None:
    people = [
        customer(n, id=n, created_at=NOW + timedelta(seconds=n // 2), city=str(n))
        for n in range(1, 8)
    ]
    right = newest(people)

    async def scenario(register: Register) -> None:
        await keep(register, *people, customer(9, id=9, first_name="Salem", email="", mobile=None))
        which = CustomerFilter(terms=query_of("ahmed"))
        for offset in range(0, 9, 3):
            page = await register.customers.page(
                STORE.id, which, offset=offset, limit=3, extras=True
            )
            assert page.total == 7
            assert [row[0] for row in page.rows] == right[offset : offset + 3]
            assert all(customer_with_extras(row).extras for row in page.rows)

    run(scenario)


def test_a_search_and_dates_hold_together(run: Run) -> None:
    async def scenario(register: Register) -> None:
        days = [NOW + timedelta(days=n) for n in range(3)]
        await keep(register, *(customer(n, id=n + 1, created_at=day) for n, day in enumerate(days)))
        assert await found(register, "ahmed", since=days[1]) == [3, 2]
        assert await found(register, "ahmed", until=days[1]) == [1]
        assert await found(register, "ahmed", since=days[1], until=days[2]) == [2]
        await keep(register, customer(2, id=3, created_at=days[0] - timedelta(days=9)))
        assert await found(register, "ahmed") == [2, 1, 3]
        assert await found(register, "ahmed", since=days[1]) == [2]

    run(scenario)


def test_no_terms_find_nobody_and_no_search_finds_everybody(run: Run) -> None:
    async def scenario(register: Register) -> None:
        await keep(register, customer(1, id=1), customer(2, id=2, first_name="😀", last_name=""))
        for which, total in ((CustomerFilter(terms=()), 0), (CustomerFilter(), 2)):
            page = await register.customers.page(STORE.id, which, offset=0, limit=10)
            assert (page.total, len(page.rows)) == (total, total)

    run(scenario)


def test_the_sqlite_index_is_whole_and_keeps_no_byte_of_the_deleted(tmp_path: Path) -> None:
    path = tmp_path / "x.db"

    def read(name: str) -> bytes:
        with closing(apsw.Connection(str(path))) as connection:
            connection.execute(CHECK)
            rows = connection.execute(f"SELECT {name} FROM customer_terms_data").fetchall()
            return b"".join(block for (block,) in rows)

    async def scenario() -> None:
        async with opened(str(path)) as register:
            await keep(register, customer(1, id=1, first_name="Zzcanary"), customer(2, id=2))
            assert b"zzcanary" in read("block")
            await keep(register, customer(1, id=1, first_name="Yyother"))
            assert b"zzcanary" not in read("block")
            assert b"yyother" in read("block")
            await register.customers.delete(STORE.id, 1, NOW)
            assert b"yyother" not in read("block")
            assert b"500000001" not in read("block")

    asyncio.run(scenario())


STEPS = st.lists(
    st.tuples(st.sampled_from(["write", "delete"]), st.integers(1, 4), st.sampled_from(WORDS)),
    max_size=6,
)


@settings(
    max_examples=example_count(40), suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(commits=st.lists(STEPS, max_size=5))
def test_the_sqlite_index_is_whole_after_commits_of_many_writes(
    tmp_path: Path, commits: list[Any]
) -> None:
    path, store_id = tmp_path / "x.db", next(FRESH)

    async def step(register: Register, action: str, number: int, name: str) -> None:
        if action == "write":
            new = customer(number, id=number, first_name=name)
            await register.customers.change(store_id, [Edit(number, lambda _: new)])
        else:
            with suppress(NotFound):
                await register.customers.delete(store_id, number, NOW)

    async def scenario() -> None:
        async with opened(str(path)) as register:
            await register.stores.create(Store(store_id, f"store {store_id}"))
            for steps in commits:
                with closing(apsw.Connection(str(path))) as other:
                    other.execute("BEGIN IMMEDIATE")  # the writer waits: all steps share a commit
                    tasks = [asyncio.create_task(step(register, *each)) for each in steps]
                    await asyncio.sleep(0)
                    other.execute("ROLLBACK")
                    await asyncio.gather(*tasks)
                    other.execute(CHECK)
                living = [one async for one in register.customers.each(store_id)]
                for name in WORDS:
                    right = {one.id for one in living if finds(name, one)}
                    assert {*await found(register, name, store_id)} == right

    asyncio.run(scenario())


@pytest.mark.parametrize("name", ["found_customer_page", "found_customer_page_with_extras"])
def test_sqlite_searches_the_index_and_then_row_by_row(name: str) -> None:
    with closing(apsw.Connection(":memory:")) as connection:
        for step in migrations("sqlite"):
            connection.execute(step.script)
        values = (1, 0, 1, 15, 0, matching("sqlite", 1, ("ahmed",)))
        explained = connection.execute(
            f"EXPLAIN QUERY PLAN {statements('sqlite', SQL_LISTS)[name]}", values
        )
        steps = [row[3] for row in explained]
    assert "SCAN customer_terms VIRTUAL TABLE INDEX 0:M1" in steps
    assert "SEARCH s USING INTEGER PRIMARY KEY (rowid=?)" in steps
    assert any(
        step.startswith("SEARCH c USING INDEX sqlite_autoindex_customers_1 (store_id=? AND id=?)")
        for step in steps
    )


@pytest.mark.postgres
def test_postgres_searches_the_index(migrated_postgres_url: str) -> None:
    async def scenario() -> None:
        async with opened(migrated_postgres_url) as register:
            await keep(register, AHMED)
        connection = await asyncpg.connect(migrated_postgres_url)
        try:
            await connection.execute("SET enable_seqscan = off")
            text = statements("postgres", SQL_LISTS)["found_customer_page"]
            values = (1, 0, 1, 15, 0, matching("postgres", 1, ("ahmed",)))
            rows = await connection.fetch(f"EXPLAIN {text}", *values)
        finally:
            await connection.close()
        assert any("Bitmap Index Scan on customers_terms" in row[0] for row in rows)

    asyncio.run(scenario())
