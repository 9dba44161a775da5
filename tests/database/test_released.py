"""Migrations only grow: what a database runs for one of them never changes."""

from hashlib import sha256

import pytest

from sijill.database.migrate import migrations
from sijill.database.sql import Dialect

RELEASED: dict[Dialect, dict[str, str]] = {
    "sqlite": {
        "0001_first": "bd82ec12e4284223bd8a220eafcddcd1ee0d573828fa6744f3f9bce8894a91c1",
    },
    "postgres": {
        "0001_first": "42ccbde39c61d2596cae7c43aec13a94e4dca0e77ff4fbc1e6f4abd6f5e045d0",
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
