"""The plans of SQLite: a statement that wants few rows reads neither a table nor a store whole."""

import re
from collections.abc import Iterator
from contextlib import closing, contextmanager

import apsw
import pytest

from sijill.database.migrate import migrations
from sijill.database.sql import statements
from sijill.database.sqlite.memory import IN_MEMORY
from sijill.register import SQL_LISTS

pytestmark = pytest.mark.proves(
    "no statement reads a whole table, or a whole store, to find a few rows"
)

TEXTS = {
    name: text
    for name, text in statements("sqlite", SQL_LISTS).items()
    if re.match(r"(SELECT|INSERT|UPDATE|DELETE|WITH)\b", text)
}
"""The statements; other blocks are parts of them."""

READ_WHOLE = {
    "recorded_migrations": "a row for each migration",
    "any_new_event": "its index holds the events that wait for their positions",
    "lock_feeds": "the same",
    "advance_feeds": "the largest position of a store, which is the last of an index",
    "adopted": "one store, and whether any token is there: each stops at its first row",
    "stores": "an operator's list",
    "apps": "an operator's list",
    "installs": "an operator's list",
    "tokens": "an operator's list",
    "people": "an operator's list",
    "webhooks": "an operator's list",
    "crowded_apps": "the doctor's, up to what waits",
    "webhooks_without_grant": "an operator's list",
    "all_deliveries": "an operator's list, up to its limit in the order of an index",
    "sealed_apps": "an operator's count",
    "sealed_events": "an operator's count",
    "sealed_webhooks": "an operator's count",
    "sealed_erasure_keys": "one row",
    "erasures": "a few rows for each erased person",
    "searched_tables": "what it is for",
    "any_person": "up to the first row",
    "own_every_store": "what it is for",
    "close_sessions_of": "sessions are few, and end",
    "pending_group": "its index holds the groups whose conditions have changed",
    "next_bulk_change": "its index holds the changes with work to do",
    "forget_bulk_changes": "a row for each change of a month, in the background",
    "next_import": "its index holds the files that wait",
    "any_audit_entry": "up to the first row",
    "lock_audit_entries": "entries that wait, of a second",
    "oldest_audit_entry": "up to the first row",
    "newest_audit_block": "up to the first row, in the order of an index",
    "audit_heads": "a row for each process that ever recorded, for an operator",
    "forget_import_rejects": "rows of a day at most, in the background",
    "forget_rejects_sizes": "its index holds the files of which refused rows are kept",
    "forget_import_created": "rows of a day at most, in the background",
    "forget_import_batches": "the same; nearly always empty",
    "forget_import_names": "a row for each uploaded file, in the background",
    "forget_expired_setup_links": "one at most",
    "mirror_stores": "a row for each linked store",
    "sealed_mirror_links": "the same",
    "forget_mirror_history": "a few thousand figures of each linked store, in the background",
    "clear_events": "up to its limit",
    "clear_customers": "up to its limit, in the order of an index",
    "clear_deleted_customers": "what it is for: a store is removed",
    "clear_events_of_app": "an app is removed, by an operator",
}
"""Statements that read a whole table, and why they may."""

REFERENCES = """
SELECT t.name, f.id, f."from", f."table"
FROM pragma_table_list AS t JOIN pragma_foreign_key_list(t.name) AS f ORDER BY t.name, f.id, f.seq
"""
"""Each column that refers to another table, with the number of its reference."""

INDEXES = """
SELECT i.name, c.name FROM pragma_index_list(?) AS i JOIN pragma_index_info(i.name) AS c
ORDER BY i.name, c.seqno
"""
"""Each column of each index of a table."""

LARGE = ("customers", "memberships", "events", "deliveries", "deleted_customers")
"""Tables that hold more than a few rows of one store."""


@pytest.fixture(scope="module")
def database() -> Iterator[apsw.Connection]:
    with migrated() as connection:
        yield connection


@contextmanager
def migrated() -> Iterator[apsw.Connection]:
    """Yield a database in memory, its schema up to date."""
    with closing(IN_MEMORY.connect(writable=True, patience=0.0)) as connection:
        for step in migrations("sqlite"):
            connection.execute(step.script)
        yield connection


def plan(database: apsw.Connection, text: str) -> list[str]:
    """Return the steps of a statement's plan."""
    arguments = max(map(int, re.findall(r"\?(\d+)", text)), default=0)
    explained = database.execute(f"EXPLAIN QUERY PLAN {text}", [None] * arguments)
    return [row[3] for row in explained]


def whole_reads(database: apsw.Connection, text: str) -> list[str]:
    """Return the steps that read a whole table, or all that a large table has of one store."""
    named = re.findall(r"\b(?:FROM|JOIN|INTO|UPDATE) (\w+)(?: AS (\w+))?", text)
    tables = {alias or table: table for table, alias in named}
    present = {name for (name,) in database.execute("SELECT name FROM sqlite_schema")}
    wrong = []
    for step in plan(database, text):
        read = re.match(r"(SCAN|SEARCH) (\w+)\b(?! VIRTUAL)", step)
        table = tables.get(read[2]) if read else None
        if read is None or table not in present:
            continue  # no read of a table, but of a part of the statement, or by terms
        if read[1] == "SCAN" or (table in LARGE and step.endswith("(store_id=?)")):
            wrong.append(step)
    return wrong


@pytest.mark.parametrize("name", TEXTS)
def test_a_statement_reads_what_it_wants_by_an_index(database: apsw.Connection, name: str) -> None:
    assert bool(whole_reads(database, TEXTS[name])) == (name in READ_WHOLE)


def test_an_apps_deliveries_are_found_by_webhook_event_state_and_age(
    database: apsw.Connection,
) -> None:
    read = [step for step in plan(database, TEXTS["deliveries_of_app"]) if "deliveries" in step]
    by = "INDEX deliveries_of_event_of_webhook (webhook_id=? AND event=? AND state=?"
    assert read == [
        f"SEARCH n USING COVERING {by} AND <expr><?)",
        f"SEARCH d USING COVERING {by})",
        f"SEARCH d USING {by} AND <expr><?)",
    ]


def test_a_read_of_a_whole_table_and_of_a_whole_store_are_found(database: apsw.Connection) -> None:
    either = "store_id = ?1 AND (email_key = ?2 OR city = ?3)"
    assert whole_reads(database, f"SELECT id FROM customers WHERE {either}")
    assert whole_reads(database, "SELECT id FROM customers AS c WHERE c.city = ?1")
    assert not whole_reads(database, "SELECT id FROM customers WHERE store_id = ?1 AND id = ?2")


def test_every_reference_to_a_row_that_can_go_is_found_by_an_index(
    database: apsw.Connection,
) -> None:
    """Deleting a row looks for what refers to it; without an index it reads all of that table."""
    deleted = {text.split()[2] for text in TEXTS.values() if text.startswith("DELETE FROM")}
    deleted -= {"stores", "apps", "owners"}  # one, seldom, by an operator
    references: dict[tuple[str, int], list[str]] = {}
    for table, number, column, parent in database.execute(REFERENCES):
        if parent in deleted:
            references.setdefault((table, number), []).append(column)
    assert len(references) > 5
    for (table, _), columns in references.items():
        indexes: dict[str, list[str]] = {}
        for index, column in database.execute(INDEXES, (table,)):
            indexes.setdefault(index, []).append(column)
        assert any(those[: len(columns)] == columns for those in indexes.values()), (table, columns)


_NEWEST = " AND (created_at,id)>(?,?) AND (created_at,id)<(?,?))"
_MEMBERS = " AND group_id=? AND (created_at,customer_id)>(?,?) AND (created_at,customer_id)<(?,?))"
BROWSED = (
    ("id", "INDEX sqlite_autoindex_customers_1", " AND id>? AND id<?)"),
    ("all", "COVERING INDEX customers_newest", _NEWEST),
    ("banned", "INDEX customers_banned", _NEWEST),
    ("group", "COVERING INDEX memberships_newest", _MEMBERS),
    ("group_banned", "INDEX memberships_banned", _MEMBERS),
)
"""What people look through, the index of each, and the range of it that is read."""


@pytest.mark.parametrize(
    ("name", "step"),
    [
        ("customer", "USING INDEX sqlite_autoindex_customers_1 (store_id=? AND id=?)"),
        ("customer_page", "USING COVERING INDEX customers_newest"),
        (
            "customer_page",
            "SEARCH c USING INDEX sqlite_autoindex_customers_1 (store_id=? AND id=?)",
        ),
        ("customers_after", "USING INDEX sqlite_autoindex_customers_1 (store_id=? AND id>?)"),
        ("others_with", "USING INDEX customers_email (store_id=? AND email_key=?)"),
        ("others_with", "USING INDEX customers_mobile (store_id=? AND mobile_code=? AND mobile=?)"),
        ("grant", "SEARCH t USING PRIMARY KEY (digest=?)"),
        (
            "waiting_imports",
            "SEARCH imports USING COVERING INDEX imports_open (store_id=? AND state=?)",
        ),
        *(
            (f"browse_{source}_{direction}", f"USING {index} (store_id=?{places}")
            for source, index, places in BROWSED
            for direction in ("up", "down")
        ),
        *(
            (f"count_{source}", f"USING {index} (store_id=?{places}")
            for source, index, places in BROWSED[1:]
        ),
        (
            "deliveries_of_webhook",
            "deliveries_of_event_of_webhook (webhook_id=? AND event=? AND state=? AND <expr>>?)",
        ),
        (
            "count_members",
            "USING COVERING INDEX memberships_of_group (store_id=? AND group_id=? AND source=?)",
        ),
        ("held_rejects", "USING COVERING INDEX imports_with_rejects (store_id=?)"),
    ],
)
def test_a_read_takes_the_index_made_for_it(
    database: apsw.Connection, name: str, step: str
) -> None:
    steps = plan(database, TEXTS[name])
    assert any(step in each for each in steps), steps


@pytest.mark.parametrize("name", [name for name in TEXTS if name.startswith("browse_")])
def test_a_page_at_any_depth_sorts_its_own_rows_alone(database: apsw.Connection, name: str) -> None:
    """Only the rows of the page are sorted, after the LIMIT: the index gives their order."""
    steps = plan(database, TEXTS[name])
    sorted_at = [n for n, step in enumerate(steps) if "TEMP B-TREE" in step]
    assert sorted_at == ([] if "_id_" in name else [len(steps) - 1])


def prepared(database: apsw.Connection, text: str) -> int:
    """Return how often SQLite prepares a statement that is explained thrice, with other values."""
    seen: list[int] = []
    database.authorizer = lambda *_: seen.append(1) or apsw.SQLITE_OK
    arguments = max(map(int, re.findall(r"\?(\d+)", text)), default=0)
    times = []
    try:
        for value in (1, 20, 300):
            before = len(seen)
            database.execute(f"EXPLAIN {text}", [value] * arguments).fetchall()
            times.append(len(seen) > before)
    finally:
        database.authorizer = None
    return sum(times)


@pytest.mark.parametrize("name", TEXTS)
def test_a_statement_is_prepared_once_for_all_values(database: apsw.Connection, name: str) -> None:
    assert prepared(database, TEXTS[name]) == 1


def test_a_statement_that_is_planned_for_each_value_is_found() -> None:
    with migrated() as database:  # a connection remembers its statements
        database.config(apsw.SQLITE_DBCONFIG_ENABLE_QPSG, 0)
        assert prepared(database, TEXTS["customer_page"]) == 3
