"""
The schema as a PostgreSQL that is distributed by store, such as Citus, would need it.

There a table is distributed by `store_id`, or copied whole to every machine as a reference table. A
unique key must lead with the store, or no machine can hold it alone; a foreign key stays in its
store or points to a reference table. The tables below are the exceptions, each with its reason:
they are what has to change before the register can be distributed. docs/limits.md has each.
Source: Citus "Creating and Modifying Distributed Objects", "Creating Distributed Tables".
"""

import asyncio
import re
from collections.abc import Callable, Mapping
from pathlib import Path

import asyncpg
import pytest

from sijill.database.sql import statements
from sijill.register import SQL_LISTS

pytestmark = pytest.mark.postgres

LIMITS = Path(__file__).parents[3] / "docs" / "limits.md"

REFERENCE = {
    "schema_migrations": "a row for each migration",
    "stores": "a row for each store, to which the rows of all others refer",
    "apps": "a row for each app; an app is installed in several stores",
    "owners": "a row for each person; a person has several stores",
    "setup_links": "one row, before the first person is there",
    "sessions": "a browser of a person, who has several stores",
    "erasure_keys": "one row: the key of all marks",
    "mirror_budgets": "a row for each address that asks upstream, whichever the stores",
    "mirror_requests": "the window of such an address: 450 rows",
    "mirror_wants": "the lanes of such an address",
    "audit_chains": "a row for each process that ever served",
}
"""Tables without a store that are small and seldom written: each machine could have a copy."""

NO_STORE = {
    "audit_pending": "an entry may be of no store; one is written with each change",
    "audit_blocks": "a block has the entries of one process, of every store",
}
"""Tables that grow with the stores and have no `store_id`: they would need the column."""

UNIQUE = {
    "tokens_digest": "a token leads to one store, also one that an operator brings along",
    "tokens_id": "ids have 31 random bits, and a token is revoked by its id alone",
    "webhooks_id": "the same, and workers write to a webhook by its id alone",
}
"""Unique keys of tables of a store that do not lead with it."""


IDENTITIES = {
    "events.number": "each write of a customer takes one: on the hot path",
    "audit_pending.number": "each change takes one: on the hot path, unless `audit` is off",
    "mirror_requests.number": "a request to upstream takes one: 450 in ten minutes",
    "mirror_heard.number": "a webhook of upstream takes one",
}
"""Columns that count up over all stores."""

LOCKS = {
    "lock_migrations": "before a server serves; of all stores",
    "lock_people": "the first person alone; of all stores",
    "lock_uploads": "an upload begins or its refused rows are counted; of one store",
}
"""Statements with an advisory lock: a distributed table's machines do not share them."""

TRIGGERS = {
    "customers_counted": "reads all rows of a statement, to count them in one change of each count",
    "customers_uncounted": "the same",
    "customers_recounted": "a trigger at all: a setting of Citus has to allow it",
    "customers_moved": "the same",
}
"""Triggers: on a distributed table they run beside each shard, if at all."""

REFUSED = {
    "locks of rows without a store": {
        "lock_feeds": "finds the stores that have new events",
        "webhooks_of_stores": "of the stores of a list",
        "lock_audit_entries": "of a table without a store",
        "create_customer_many": "locks the default groups of the stores of a list",
        "lock_store": "of a reference table",
        "lock_sealed_apps": "the same",
        "lock_sealed_erasure_keys": "the same",
        "lock_mirror_budget": "the same",
    },
    "recursion": {"webhooks_due": "leads from each webhook with work to the next one"},
    "a lateral limit": {"deliveries_of_app": "the newest of each webhook"},
    "a subquery among the values of an insert": {},
}
"""What Citus refuses in a statement, and the statements that have it nevertheless."""

_LOCK = re.compile(r"\bFOR (UPDATE|NO KEY UPDATE|SHARE|KEY SHARE)\b")
_STORE = re.compile(r"\bstore_id = (CAST\()?\$\d")
_VALUES = re.compile(r"\bVALUES\b(?:(?!ON CONFLICT).)*\bSELECT\b", re.DOTALL)

FINDERS: Mapping[str, Callable[[str], bool]] = {
    "locks of rows without a store": lambda text: (
        bool(_LOCK.search(text)) > bool(_STORE.search(text))
    ),
    "recursion": lambda text: "RECURSIVE" in text,
    "a lateral limit": lambda text: "LATERAL" in text,
    "a subquery among the values of an insert": lambda text: bool(_VALUES.search(text)),
}
"""How each of them is found."""

_TABLES = """
SELECT c.relname, EXISTS (
  SELECT 1 FROM pg_attribute AS a
  WHERE a.attrelid = c.oid AND a.attname = 'store_id' AND a.attnotnull
) FROM pg_class AS c
WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace
"""
_UNIQUE = """
SELECT i.indrelid::regclass::text, i.indexrelid::regclass::text,
  pg_get_indexdef(i.indexrelid, 1, TRUE)
FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indrelid
WHERE i.indisunique AND c.relnamespace = 'public'::regnamespace
"""
_FOREIGN = """
SELECT k.conname, k.confrelid::regclass::text,
  (SELECT attname FROM pg_attribute WHERE attrelid = k.conrelid AND attnum = k.conkey[1]),
  (SELECT attname FROM pg_attribute WHERE attrelid = k.confrelid AND attnum = k.confkey[1])
FROM pg_constraint AS k WHERE k.contype = 'f' AND k.connamespace = 'public'::regnamespace
"""
_IDENTITIES = """
SELECT c.relname || '.' || a.attname FROM pg_attribute AS a
JOIN pg_class AS c ON c.oid = a.attrelid
WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace AND (
  a.attidentity <> '' OR pg_get_serial_sequence(c.oid::regclass::text, a.attname) IS NOT NULL
) AND a.attnum > 0 AND NOT a.attisdropped
"""
_TRIGGERS = "SELECT DISTINCT tgname FROM pg_trigger WHERE NOT tgisinternal"
_SEQUENCES = "SELECT count(*) FROM pg_sequences WHERE schemaname = 'public'"


async def _exceptions(url: str) -> Mapping[str, set[str]]:
    """Return what a schema has that cannot be distributed by store, by kind."""
    connection = await asyncpg.connect(url)
    try:
        tables = dict(await connection.fetch(_TABLES))
        unique = await connection.fetch(_UNIQUE)
        foreign = await connection.fetch(_FOREIGN)
        identities = {name for (name,) in await connection.fetch(_IDENTITIES)}
        triggers = {name for (name,) in await connection.fetch(_TRIGGERS)}
        sequences = await connection.fetchval(_SEQUENCES)
    finally:
        await connection.close()
    assert sequences == len(identities), "a sequence belongs to no column"
    return {
        "tables": {name for name, of_store in tables.items() if not of_store},
        "unique": {name for table, name, first in unique if tables[table] and first != "store_id"},
        "foreign": {
            name
            for name, target, mine, theirs in foreign
            if target not in REFERENCE and (mine, theirs) != ("store_id", "store_id")
        },
        "identities": identities,
        "triggers": triggers,
    }


@pytest.mark.proves(
    "every key of a table of stores leads with the store on PostgreSQL, and each exception is known"
)
def test_the_schema_distributes_by_store_but_for_what_is_listed(migrated_postgres_url: str) -> None:
    assert asyncio.run(_exceptions(migrated_postgres_url)) == {
        "tables": {*REFERENCE, *NO_STORE},
        "unique": {*UNIQUE},
        "foreign": set(),
        "identities": {*IDENTITIES},
        "triggers": {*TRIGGERS},
    }


def test_a_key_without_its_store_is_found(postgres_url: str) -> None:
    async def scenario() -> Mapping[str, set[str]]:
        connection = await asyncpg.connect(postgres_url)
        await connection.execute(
            """
            CREATE TABLE of_nobody (id BIGINT PRIMARY KEY);
            CREATE TABLE good (store_id BIGINT, id BIGINT, PRIMARY KEY (store_id, id));
            CREATE TABLE bad (
              store_id BIGINT NOT NULL, id BIGSERIAL, nobody BIGINT REFERENCES of_nobody (id),
              FOREIGN KEY (store_id, id) REFERENCES good (store_id, id)
            );
            CREATE UNIQUE INDEX bad_text ON bad (lower(CAST(id AS TEXT)), store_id);
            CREATE UNIQUE INDEX good_order ON bad (store_id, nobody);
            CREATE TRIGGER bad_changed BEFORE UPDATE ON bad
            FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();
            """
        )
        await connection.close()
        return await _exceptions(postgres_url)

    assert asyncio.run(scenario()) == {
        "tables": {"of_nobody"},
        "unique": {"bad_text"},
        "foreign": {"bad_nobody_fkey"},
        "identities": {"bad.id"},
        "triggers": {"bad_changed"},
    }


def test_every_advisory_lock_is_listed() -> None:
    texts = statements("postgres", SQL_LISTS)
    assert {name for name, text in texts.items() if "pg_advisory" in text} == {*LOCKS}


@pytest.mark.parametrize("what", REFUSED)
def test_every_statement_that_has_what_is_refused_is_listed(what: str) -> None:
    texts = statements("postgres", SQL_LISTS)
    assert {name for name, text in texts.items() if FINDERS[what](text)} == {*REFUSED[what]}


@pytest.mark.parametrize(
    ("what", "text"),
    [
        ("locks of rows without a store", "SELECT id FROM feed WHERE number = $1 FOR UPDATE"),
        ("recursion", "WITH RECURSIVE a (id) AS (SELECT 1) SELECT id FROM a"),
        ("a lateral limit", "SELECT 1 FROM a CROSS JOIN LATERAL (SELECT 1 LIMIT 1) AS b"),
        ("a subquery among the values of an insert", "INSERT INTO a VALUES ($1, (SELECT 1))"),
    ],
)
def test_what_is_refused_is_found(what: str, text: str) -> None:
    assert FINDERS[what](text)
    assert not FINDERS[what]("SELECT id FROM feed WHERE store_id = $1 FOR UPDATE")


def test_no_trigger_takes_a_lock_or_a_number_of_all_stores(migrated_postgres_url: str) -> None:
    async def bodies() -> list[str]:
        connection = await asyncpg.connect(migrated_postgres_url)
        try:
            rows = await connection.fetch(
                "SELECT prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
            )
        finally:
            await connection.close()
        return [body for (body,) in rows]

    found = asyncio.run(bodies())
    assert found
    assert not [body for body in found if re.search(r"advisory|nextval|LOCK TABLE", body)]


@pytest.mark.parametrize(
    "listed", [NO_STORE, UNIQUE, IDENTITIES, TRIGGERS, LOCKS, *REFUSED.values()]
)
def test_the_documents_name_every_exception(listed: Mapping[str, str]) -> None:
    text = LIMITS.read_text()
    assert not [name for name in listed if f"`{name}`" not in text]
