"""
What does a register weigh, and what do its hot queries read, as it grows?

`python -m benchmarks.growth 1000000 10000000` fills SQLite and PostgreSQL with so many customers:
at most SEEDED of them are seeded, and copied in the database. It prints what a start, a request and
a backup take, the bytes of every table and index for each customer, and the pages that each hot
query reads, with its time. Pages do not depend on what else the machine does; the time is the least
of many runs. The outbox has an event for every EVENTS customers. Everything is gone afterwards.
"""

import asyncio
import json
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import apsw
import asyncpg

from benchmarks.copies import multiply
from benchmarks.data import Population, fill
from benchmarks.databases import database, postgres, vacuum
from benchmarks.operating import operated
from benchmarks.outbox import QUERIES as OUTBOX
from benchmarks.outbox import fill_outbox
from sijill.customers.counts import END, LEVELS, START, cover
from sijill.customers.search import matching
from sijill.database.sql import Dialect, statements
from sijill.database.sqlite.connection import keep_plans
from sijill.register import SQL_LISTS

SEEDED = 100_000
"""Customers that the command makes at most."""

MEMORY = "3GB"
"""What PostgreSQL keeps its pages in, so that filling does not wait for the disk."""

EVENTS = 50
"""Customers for each event."""

TIMES = 50
"""How often each query is run, each time for another customer."""

_PEOPLE = """
SELECT store_id, id, first_name, last_name, mobile, mobile_code, email_key
FROM customers WHERE id >= (SELECT max(id) / 2 FROM customers) ORDER BY id LIMIT {}
"""
"""Customers of the middle: ids are random, so anybody."""

_SIZES = """
SELECT c.relname, pg_relation_size(c.oid) FROM pg_class AS c
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'i')
"""

Values = tuple[Any, ...]


class Query(NamedTuple):
    """A hot query: what it is for, its statement, and its arguments for one customer."""

    title: str
    name: str
    values: Callable[[Dialect, Sequence[Any]], Values]


def _page(dialect: Dialect, who: Sequence[Any]) -> Values:
    ranges = [(*each, 0) for each in cover(START, END, LEVELS[dialect])]
    return (who[0], json.dumps(ranges), START, END - 1, 15, 0)


def _found(*fields: int) -> Callable[[Dialect, Sequence[Any]], Values]:
    def values(dialect: Dialect, who: Sequence[Any]) -> Values:
        terms = [str(who[field]).lower() for field in fields]
        return (who[0], START, END - 1, 15, 0, matching(dialect, who[0], terms))

    return values


QUERIES = (
    Query("Details", "customer", lambda _, who: (who[0], who[1])),
    Query("List, page 1", "customer_page", _page),
    Query("Search, a mobile", "found_customer_page", _found(4)),
    Query("Search, a first and a family name", "found_customer_page", _found(2, 3)),
    Query(
        "Is an e-mail or a mobile taken?",
        "customer_with",
        lambda _, who: (who[0], who[6], None, None),
    ),
    *(Query(title, name, lambda _, who, of=of: of(who)) for title, name, of in OUTBOX),
)


class Cost(NamedTuple):
    """What a query cost: the median of the pages that it read, and the least milliseconds."""

    pages: int
    milliseconds: float


class Measured(NamedTuple):
    """The bytes of tables and indexes by name, and the costs of queries by title."""

    sizes: dict[str, int]
    costs: dict[str, Cost]


def of_sqlite(path: str) -> Measured:
    """Return what a file takes and what queries cost; its pages are of 4 KB."""
    with closing(apsw.Connection(path, flags=apsw.SQLITE_OPEN_READONLY)) as connection:
        keep_plans(connection)
        sizes = dict(connection.execute("SELECT name, pgsize FROM dbstat WHERE aggregate = 1"))
        some = list(connection.execute(_PEOPLE.format(TIMES)))
        costs = {}
        for query in QUERIES:
            text, seen = statements("sqlite", SQL_LISTS)[query.name], []
            for who in some:
                connection.status(apsw.SQLITE_DBSTATUS_CACHE_HIT, True)
                connection.status(apsw.SQLITE_DBSTATUS_CACHE_MISS, True)
                begun = time.perf_counter()
                connection.execute(text, query.values("sqlite", who)).fetchall()
                spent = time.perf_counter() - begun
                hit, _ = connection.status(apsw.SQLITE_DBSTATUS_CACHE_HIT)
                missed, _ = connection.status(apsw.SQLITE_DBSTATUS_CACHE_MISS)
                seen.append((hit + missed, spent * 1000))
            costs[query.title] = _cost(seen)
        return Measured(sizes, costs)


async def of_postgres(url: str) -> Measured:
    """Return the same of a database of PostgreSQL, whose pages are of 8 KB."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute("SET jit = off")
        sizes = dict(await connection.fetch(_SIZES))
        some = await connection.fetch(_PEOPLE.format(TIMES))
        costs = {}
        for query in QUERIES:
            text, seen = statements("postgres", SQL_LISTS)[query.name], []
            for who in some:
                values = query.values("postgres", who)
                explained = await connection.fetchval(
                    f"EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) {text}", *values
                )
                (plan,) = json.loads(explained)
                read = plan["Plan"]["Shared Hit Blocks"] + plan["Plan"]["Shared Read Blocks"]
                seen.append((read, plan["Execution Time"]))
            costs[query.title] = _cost(seen)
        return Measured(sizes, costs)
    finally:
        await connection.close()


def _cost(seen: Sequence[tuple[int, float]]) -> Cost:
    pages = sorted(pages for pages, _ in seen)
    return Cost(pages[len(pages) // 2], min(spent for _, spent in seen))


def told(title: str, customers: int, measured: Measured) -> str:
    """Return what was measured, as text: bytes for each customer, and the costs of queries."""
    large = sorted(measured.sizes.items(), key=lambda item: -item[1])
    lines = [f"{title}, {customers:,} customers: {sum(measured.sizes.values()) / 1e6:,.0f} MB"]
    lines += [
        f"  {name:36}{size / customers:13,.1f} bytes" for name, size in large if size > customers
    ]
    lines += [
        f"  {name:36}{cost.pages:13,} pages {cost.milliseconds:9.3f} ms"
        for name, cost in measured.costs.items()
    ]
    return "\n".join(lines)


def grown(url: str, count: int) -> Population:
    """Fill an empty database with customers: seeded ones and their copies."""
    population = fill(url, min(count, SEEDED))
    if count > SEEDED:
        multiply(url, count)
    return population


def main(counts: Sequence[int]) -> None:
    """Fill, measure and print, for each number of customers; one database after the other."""
    for count in counts:
        with TemporaryDirectory(prefix="sijill-growth-") as name:
            file = Path(name) / "sijill.db"
            population = grown(f"sqlite://{file}", count)
            print(operated(Path(name), population, count))
            fill_outbox(population.url, count // EVENTS)
            print(told("SQLite", count, of_sqlite(str(file))), flush=True)
    for count in counts:
        with postgres(MEMORY) as server, TemporaryDirectory(prefix="sijill-growth-") as name:
            url = database(server, "growth")
            population = grown(url, count)
            vacuum(url)
            print(operated(Path(name), population, count))
            fill_outbox(url, count // EVENTS)
            vacuum(url)
            print(told("PostgreSQL", count, asyncio.run(of_postgres(url))), flush=True)


if __name__ == "__main__":
    main([int(word) for word in sys.argv[1:]] or [100_000])
