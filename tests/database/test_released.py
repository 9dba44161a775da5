"""Migrations only grow: what a database runs for one of them never changes."""

from hashlib import sha256

import pytest

from sijill.database.migrate import migrations
from sijill.database.sql import Dialect

pytestmark = pytest.mark.proves("a released migration never changes")

RELEASED: dict[Dialect, dict[str, str]] = {
    "sqlite": {
        "0001_first": "795dd782f39ce39e75350da05f52a991e8c68c3ae21a0c79d2dc6f036a7cfae8",
    },
    "postgres": {
        "0001_first": "ec783aef502db06b473bec5e991ab1cdaea3fabc55ce81fcf919a6b39212ace8",
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
