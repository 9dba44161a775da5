"""The schema of one database: its version, its migrations, and its soundness."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple

from sijill.database.driver import DatabaseRefused, Driver, Row, StatementRefused, Transaction
from sijill.database.migrate import migrate, pending, refuse_newer
from sijill.database.sql import Dialect
from sijill.errors import Unavailable

_OLDEST_POSTGRES = 150_000  # server_version_num of 15: the oldest supported

_DURABLE = ("on", "remote_write", "remote_apply", "local")
"""Values of synchronous_commit under which an acknowledged write survives a crash."""


TRIAL = -1
"""The version under which a write is tried; no migration has it."""

TRIAL_SIZE = 65_536
"""Characters of such a write: a full disk may have room for less."""


class Observation(NamedTuple):
    """One thing observed: its name, whether it is sound, and a sentence for people."""

    name: str
    sound: bool
    sentence: str
    damage: bool = False
    """Whether what was written may be lost, so that nobody should be served."""


class Schema:
    """The operations on a database as a whole."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver
        self._damage: str | None = None

    async def ping(self) -> None:
        """
        Read something real, and after a write that failed write something.

        Raises: Unavailable if the database is away, damaged or full, or its schema is not ours.
        """
        try:
            row = await self._driver.one("newest_migration")
            refuse_newer(row[0] if row else None, self._driver.newest)
            self._driver.check()
            if self._damage is not None:
                raise Unavailable from DatabaseRefused(self._damage)
            if self._driver.writes_failed:
                await self.try_write()
        except StatementRefused as error:
            raise Unavailable from error

    async def try_write(self) -> None:
        """
        Write as much as a large request does, and take it back.

        Raises: Unavailable if the database is away or full.
        """
        await self._driver.write(_write_and_erase)
        self._driver.writes_failed = False

    async def version(self) -> int:
        """
        Return the version of the newest migration that was applied; 0 before the first.

        Raises: Unavailable.
        """
        versions = await self._driver.one("has_migrations")
        if not versions or not versions[0]:
            return 0
        row = await self._driver.one("newest_migration")
        return row[0] if row else 0

    async def migrate(self, now: datetime) -> list[str]:
        """
        Bring the schema up to date and return the names of the migrations that were applied.

        Raises: SchemaRefused if this program does not know the schema; Unavailable.
        """
        return await migrate(self._driver, now)

    async def pending(self) -> list[str]:
        """
        Return the names of the migrations that `migrate` would apply.

        Raises: SchemaRefused if this program does not know the schema; Unavailable.
        """
        return [migration.label for migration in await pending(self._driver)]

    async def server_major(self) -> int:
        """
        Return the major version of the server: 18. It is PostgreSQL that has one.

        Raises: Unavailable.
        """
        row = await self._driver.one("examine")
        return int(row[0]) // 10_000 if row else 0

    async def server_version(self) -> str:
        """Return the database and its version: `PostgreSQL 18.4`. Raises: Unavailable."""
        row = await self._driver.one("database_version")
        name, version = row or ("", "")
        # Some builds of PostgreSQL say more behind the version.
        return f"{name} {version.partition(' ')[0]}"

    async def examine(self) -> list[Observation]:
        """
        Return how sound the database is; a SQLite file is read whole for it.

        After damage was found, `ping` fails.

        Raises: Unavailable.
        """
        seen = _READINGS[self._driver.dialect](await self._driver.all("examine"))
        self._damage = next((one.sentence for one in seen if one.damage), None)
        return seen


async def _write_and_erase(transaction: Transaction) -> None:
    await transaction.run("insert_migration", TRIAL, "-" * TRIAL_SIZE, 0)
    await transaction.run("delete_migration", TRIAL)


def _sqlite(rows: Sequence[Row]) -> list[Observation]:
    (first,) = rows[0]
    sound = first == "ok"
    found = "intact" if sound else "damaged: stop the server and put a copy of the file back"
    return [Observation("integrity", sound, found, damage=not sound)]


def _postgres(rows: Sequence[Row]) -> list[Observation]:
    number, shown, commit = rows[0]
    return [
        Observation("postgresql", int(number) >= _OLDEST_POSTGRES, f"{shown} (15 or newer)"),
        Observation(
            "synchronous_commit",
            commit in _DURABLE,
            commit if commit in _DURABLE else f"{commit}: a crash loses acknowledged writes",
        ),
    ]


_READINGS: dict[Dialect, Callable[[Sequence[Row]], list[Observation]]] = {
    "sqlite": _sqlite,
    "postgres": _postgres,
}
