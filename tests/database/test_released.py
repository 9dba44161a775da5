"""Migrations only grow: what a database runs for one of them never changes."""

from hashlib import sha256

import pytest

from sijill.database.migrate import migrations
from sijill.database.sql import Dialect

pytestmark = pytest.mark.proves("a released migration never changes")

RELEASED: dict[Dialect, dict[str, str]] = {
    "sqlite": {
        "0001_first": "20c8055cfa002af99da8167c562588fcc18c2e75b90cfadd7179fb2356c36624",
    },
    "postgres": {
        "0001_first": "073ec4edb0c4ae40c3a3a4a0ab602092b047e6b22bfe0be1a927767b16b8bf6a",
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
