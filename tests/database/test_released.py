"""Migrations only grow: what a database runs for one of them never changes."""

from hashlib import sha256

import pytest

from sijill.database.migrate import migrations
from sijill.database.sql import Dialect

RELEASED: dict[Dialect, dict[str, str]] = {
    "sqlite": {
        "0001_first": "5e2569b40e4f54bd65f1e21a46ad0d76b99e569a3cb5a3f003b3b9dfe76ef2fb",
    },
    "postgres": {
        "0001_first": "c6507e18322934c88273ccd4f70cad51f278eb537decbb394298fbba090c06d6",
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
