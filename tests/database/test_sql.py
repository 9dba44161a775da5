"""The named statements: how files are read, and what every statement must hold."""

import re
from importlib.resources import files
from pathlib import Path

import pytest

import sijill
from sijill.database.postgres.batches import SUFFIX
from sijill.database.sql import (
    WORDS,
    Dialect,
    choose,
    fill,
    merge,
    parse,
    script,
    sources,
    statements,
)
from sijill.register import SQL_LISTS

pytestmark = pytest.mark.proves("every statement on a tenant's rows names the store")

TENANT_TABLES = r"\b(customers|customer_groups|memberships|tokens|webhooks|events|deliveries)\b"

OUTSIDE_A_STORE = {
    "searched_tables": "the proof of an erasure searches every table",
    "next_delivery": "a moment, of every store",
    "grant": "finds the store of a token",
    "adopted": "the sandbox's: a database that has one store",
    "tokens": "an operator's list of every store",
    "revoke_token": "by the token's own id, for an operator",
    "expire_token": "by the token's own id, for an operator",
    "customers_of_event": "an operator's: finds the store and the customer of an event",
    "customers_of_dead": "an operator's, of every store: finds the store of each",
    "pending_group": "finds the store whose group has work to do",
    "index_new_customers": "the index is one for all stores, and its terms name the store",
    "any_new_event": "the worker's: events of every store get their place in its feed",
    "lock_feeds": "the same; finds the stores that have such events",
    "position_events": "of the stores of a list, whose feeds are locked",
    "expire_deliveries": "by age, whichever store's",
    "dropped_events": "by age, whichever store's",
    "drop_events": "by the numbers of events that were just found by age",
    "webhook": "by the webhook's own id, for an operator",
    "webhooks": "an operator's list of every store",
    "crowded_apps": "the doctor's, of every store",
    "webhooks_due": "finds the webhooks that have work to do",
    "webhooks_without_grant": "an operator's list, of one store or of all",
    "advance_feeds": "of the stores of a list of events that were just given positions",
    "webhooks_of_stores": "the worker's: of the stores of a list of events",
    "insert_deliveries": "of webhooks and events that the worker read together by store",
    "webhook_answers": "by the id of a webhook that was claimed",
    "webhook_fails": "by the id of a webhook that was claimed",
    "resume_webhook": "by the webhook's own id, for an operator",
    "deliveries_of_event": "an operator's list, of one event, which is one store's",
    "all_deliveries": "an operator's list, of one store or of all",
    "with_body": "a part of the next two, of the event of a delivery",
    "redeliver_event": "by the event's own id, for an operator",
    "redeliver_dead": "by a range of time, for an operator",
    "sealed_webhooks": "an operator's count over every store",
    "stale_webhooks": "an operator's: finds what is sealed under an older key, whichever store's",
    "sealed_events": "an operator's count over every store",
    "stale_events": "an operator's: finds what is sealed under an older key, whichever store's",
}
"""Statements on tenant tables that name no store in their conditions, and why."""

OF_A_REPLICA = {"written_position", "replayed_position"}
"""Statements about the log of a server: SQLite has no replica."""

DIALECTS: list[Dialect] = ["sqlite", "postgres"]


def test_a_block_is_a_name_and_its_text_without_comments() -> None:
    text = "-- About.\n\n-- one\n-- What.\nSELECT 1\n-- why\nFROM x\n\n-- two\n-- Y.\nZ\n"
    assert parse(text) == {"one": "SELECT 1\nFROM x", "two": "Z"}


def test_a_name_that_stands_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="twice"):
        parse("-- one\n-- A.\nA\n\n-- one\n-- B.\nB\n")


def test_a_name_that_stands_in_two_files_is_refused() -> None:
    assert merge([{"a": "1"}, {"b": "2"}]) == {"a": "1", "b": "2"}
    with pytest.raises(ValueError, match="twice: one"):
        merge([{"one": "1", "two": "2"}, {"one": "1"}])


def test_a_statement_may_not_take_the_name_of_a_list() -> None:
    with pytest.raises(ValueError, match="twice: customer"):
        statements("sqlite", {**SQL_LISTS, "customer": "1"})


def test_a_block_may_stand_for_another_that_stands_for_another() -> None:
    blocks = {"a": "1, {b}", "b": "2, {c}", "c": "3"}
    assert fill("SELECT {a}", blocks) == "SELECT 1, 2, 3"


def test_a_block_that_is_none_is_an_error() -> None:
    with pytest.raises(KeyError):
        fill("SELECT {nothing}", {})


def test_a_statement_may_not_take_the_name_of_a_word() -> None:
    with pytest.raises(ValueError, match="as a word"):
        parse("-- moment\n-- What.\nSELECT 1\n")


BOTH = "a\n  -- only sqlite\n  b\n  -- only postgres\n  c\n  d\n  -- end\ne\n"


@pytest.mark.parametrize(
    ("dialect", "text"), [("sqlite", "a\n  b\ne\n"), ("postgres", "a\n  c\n  d\ne\n")]
)
def test_lines_of_one_dialect_are_for_it_alone(dialect: Dialect, text: str) -> None:
    assert choose(BOTH, dialect) == text
    assert choose("a\n-- only sqlite\nb\n-- end\nc", "postgres") == "a\nc"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("-- only sqlite\na\n", "`-- only sqlite` has no end"),
        ("a\n-- end\n", "`-- end` ends nothing"),
        ("-- only sqlite\na\n-- end\n-- end\n", "`-- end` ends nothing"),
        ("-- only mysql\na\n-- end\n", "no dialect is called mysql"),
    ],
)
@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_dialects_lines_that_begin_or_end_wrongly_are_refused(
    text: str, fault: str, dialect: Dialect
) -> None:
    with pytest.raises(ValueError, match=fault):
        choose(text, dialect)


def test_a_migration_is_one_text_that_each_dialect_spells() -> None:
    text = "-- A table.\nCREATE TABLE a (\n  -- When.\n  at {moment} NOT NULL\n) {strict};\n"
    assert script(text, "sqlite") == "CREATE TABLE a (\n  at INTEGER NOT NULL\n) STRICT;\n"
    assert script(text, "postgres") == "CREATE TABLE a (\n  at BIGINT NOT NULL\n) ;\n"
    with pytest.raises(KeyError):
        script("{nothing}", "sqlite")


def test_every_word_is_used() -> None:
    migrations = files("sijill.database") / "migrations"
    text = "".join(file.read_text() for file in migrations.iterdir())
    text += "".join(sources("sqlite") + sources("postgres"))
    assert {name for name in WORDS if f"{{{name}}}" not in text} == set()


def test_sqlite_gets_its_own_placeholders() -> None:
    assert "?1" in statements("sqlite", SQL_LISTS)["customer"]
    assert not any("$" in text for text in statements("sqlite", SQL_LISTS).values())
    assert "$1" in statements("postgres", SQL_LISTS)["customer"]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_statement_says_what_it_is_for(dialect: Dialect) -> None:
    texts = sources(dialect)
    assert len(texts) > 1
    for text in texts:
        for name in parse(text):
            assert re.search(rf"^-- {name}\n-- .+\.", text, re.MULTILINE), name


def test_every_noun_with_tables_has_its_own_statements() -> None:
    nouns = {"audit", "customers", "groups", "imports", "ledgers", "oauth", "privacy", "stores"}
    nouns |= {"bulk", "mirror", "webhooks"}
    found = {path.parent.name for path in Path(sijill.__file__).parent.glob("*/queries.sql")}
    assert found == nouns | {"database", "limits"}


def test_both_databases_have_the_same_statements_but_for_those_that_save_round_trips() -> None:
    sqlite, postgres = statements("sqlite", SQL_LISTS), statements("postgres", SQL_LISTS)
    batches = {name for name in postgres if name.endswith(SUFFIX)}
    assert sqlite.keys() == postgres.keys() - batches - OF_A_REPLICA
    assert {name.removesuffix(SUFFIX) for name in batches} - {"create_customer"} <= sqlite.keys()


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_statement_on_a_tenants_rows_names_the_store(dialect: Dialect) -> None:
    for name, text in statements(dialect, SQL_LISTS).items():
        if re.search(TENANT_TABLES, text) and name not in OUTSIDE_A_STORE:
            assert "store_id" in text, name


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_table_in_a_statement_is_bound_to_the_store(dialect: Dialect) -> None:
    for name, text in statements(dialect, SQL_LISTS).items():
        if name in OUTSIDE_A_STORE:
            continue
        names = "customers|customer_groups|memberships|webhooks|events"
        tables = len(re.findall(rf"\b(?:FROM|JOIN|UPDATE) (?:{names})\b", text))
        assert len(re.findall(r"store_id (?:\+ 0 )?= [$?cdw]", text)) >= tables, name


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_ledger_in_a_statement_is_bound_to_the_store(dialect: Dialect) -> None:
    found = 0
    for name, text in statements(dialect, SQL_LISTS).items():
        if name in OUTSIDE_A_STORE:
            continue
        ledgers = len(re.findall(r"\b(?:FROM|JOIN) (?:wallet|loyalty)_entries\b", text))
        assert len(re.findall(r"store_id = [$?ceno]", text)) >= ledgers, name
        found += ledgers
    assert found > 5
