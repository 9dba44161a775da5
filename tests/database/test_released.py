"""Migrations only grow: what a database runs for one of them never changes."""

from hashlib import sha256

import pytest

from sijill.database.migrate import migrations
from sijill.database.sql import Dialect

RELEASED: dict[Dialect, dict[str, str]] = {
    "sqlite": {
        "0001_first": "feedfee4afbf27c3c21395140826d6ee4428a031ef934aabe0904dd2f8a3104a",
    },
    "postgres": {
        "0001_first": "fc96f3e87dce175ffbbb0d997e1149212ddb7ec74e1b0c6dcb6058582e24c0e9",
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
