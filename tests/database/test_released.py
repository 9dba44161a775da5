"""Migrations only grow: what a database runs for one of them never changes."""

from hashlib import sha256

import pytest

from sijill.database.migrate import migrations
from sijill.database.sql import Dialect

RELEASED: dict[Dialect, dict[str, str]] = {
    "sqlite": {
        "0001_first": "d538afd38c3dc5c95eda6413b053e93835488a9715f1dd988f93fdb02adf1f4a",
    },
    "postgres": {
        "0001_first": "76ae4361a5914028eb99d7f9b25c44bc7e2f7b9ebc329c6c3e9dd2f82910fffd",
    },
}
"""
SHA-256 of what each database runs for a migration, its comments and spacing aside.

A new migration adds a line to both. A line that was part of a release is never changed: databases
have run the text that it stands for. Words of `database.sql` that a migration uses are part of it.
"""


@pytest.mark.parametrize("dialect", RELEASED)
def test_the_text_of_every_migration_is_the_released_one(dialect: Dialect) -> None:
    digests = {
        step.label: sha256(" ".join(step.script.split()).encode()).hexdigest()
        for step in migrations(dialect)
    }
    assert digests == RELEASED[dialect]


@pytest.mark.parametrize("dialect", RELEASED)
def test_versions_count_from_one_without_a_gap(dialect: Dialect) -> None:
    steps = migrations(dialect)
    assert [step.version for step in steps] == list(range(1, len(steps) + 1))
