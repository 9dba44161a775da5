"""Migrations: numbered scripts that bring a database from any earlier schema to this one."""

import re
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import NamedTuple

from sijill.database.columns import micros
from sijill.database.driver import DatabaseRefused, Driver, Row, Transaction, Work
from sijill.database.sql import Dialect, script
from sijill.errors import Unavailable

_FILE = re.compile(r"(?P<version>\d{4})_(?P<name>\w+)\.sql", re.ASCII)


class Migration(NamedTuple):
    """One step of the schema; steps run in the order of their versions, each exactly once."""

    version: int
    name: str
    script: str

    @property
    def label(self) -> str:
        """The name of its file: `0001_first`. A database records the part after the number."""
        return f"{self.version:04}_{self.name}"


class SchemaRefused(Exception):
    """The database has a schema that this Sijill does not know and must not write to."""


class UnreleasedSchema(SchemaRefused):
    """A version of the schema is recorded under a name that no released Sijill uses."""

    def __init__(self) -> None:
        super().__init__(
            "the database has the schema of an unreleased Sijill, which cannot be migrated; export"
            " its customers with that Sijill (sijill export) and import them into a new database"
            " (sijill import)"
        )


class NewerSchema(SchemaRefused):
    """The database was migrated by a newer Sijill."""

    def __init__(self, found: int, known: int) -> None:
        super().__init__(
            f"the database has schema {found}, this Sijill knows {known}:"
            " start the newer Sijill, or restore a backup made before it"
        )


def refuse_newer(found: int | None, known: int | None) -> None:
    """
    Refuse a schema that a newer Sijill has made while this one runs; None is not compared.

    Raises: Unavailable.
    """
    if found is not None and known is not None and found > known:
        raise Unavailable from DatabaseRefused(str(NewerSchema(found, known)))


@cache
def migrations(dialect: Dialect) -> tuple[Migration, ...]:
    """Return the migrations of Sijill for this database, in order."""
    found = []
    for file in (Path(__file__).parent / "migrations").iterdir():
        if parts := _FILE.fullmatch(file.name):
            text = script(file.read_text(encoding="utf-8"), dialect)
            found.append(Migration(int(parts["version"]), parts["name"], text))
    return tuple(sorted(found))


async def pending(driver: Driver, steps: Sequence[Migration] | None = None) -> list[Migration]:
    """
    Return the migrations that this database still needs; nothing is written.

    Raises: SchemaRefused; Unavailable.
    """
    steps = migrations(driver.dialect) if steps is None else steps
    if not await _has_versions(driver):
        return list(steps)
    return _missing(steps, await driver.all("recorded_migrations"))


async def migrate(
    driver: Driver, now: datetime, steps: Sequence[Migration] | None = None
) -> list[str]:
    """
    Apply the migrations that this database still needs and return their labels.

    Each is one transaction; processes that start together take turns, and each step runs once.
    A SQLite file that has tables is copied first. Afterwards the driver writes to no newer schema.
    Raises: SchemaRefused; Unavailable.
    """
    steps = migrations(driver.dialect) if steps is None else steps
    applied: list[str] = []
    driver.newest = None
    for step in await pending(driver, steps):
        if await driver.write(_applying(step, steps, now, copy_first=not applied)):
            applied.append(step.label)
    driver.newest = max((step.version for step in steps), default=None)
    return applied


def _applying(
    step: Migration, steps: Sequence[Migration], now: datetime, *, copy_first: bool
) -> Work[bool]:
    """Return the work of one migration: True if it ran, False if another process was faster."""

    async def work(transaction: Transaction) -> bool:
        await transaction.one("lock_migrations")
        if await _has_versions(transaction):
            recorded = await transaction.all("recorded_migrations")
            if step not in _missing(steps, recorded):
                return False
        if copy_first:
            await transaction.backup(f"before-{step.version:04}")
        await transaction.script(step.script)
        await transaction.run("insert_migration", step.version, step.name, micros(now))
        return True

    return work


async def _has_versions(database: Driver | Transaction) -> bool:
    row = await database.one("has_migrations")
    return row is not None and row[0] > 0


def _missing(steps: Sequence[Migration], recorded: Sequence[Row]) -> list[Migration]:
    names: dict[int, str] = {row[0]: row[1] for row in recorded}
    if any(names.get(step.version, step.name) != step.name for step in steps):
        raise UnreleasedSchema
    known = max((step.version for step in steps), default=0)
    found = max(names, default=0)
    if found > known:
        raise NewerSchema(found, known)
    return [step for step in steps if step.version not in names]
