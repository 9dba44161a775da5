"""The schema of one database: its version, its migrations, and its soundness."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple

from sijill.database.driver import Driver, Row, StatementRefused
from sijill.database.migrate import migrate, pending
from sijill.database.sql import Dialect
from sijill.errors import Unavailable

_OLDEST_POSTGRES = 150_000  # server_version_num of 15: the oldest supported

_DURABLE = ("on", "remote_write", "remote_apply", "local")
"""Values of synchronous_commit under which an acknowledged write survives a crash."""


class Observation(NamedTuple):
    """One thing observed: its name, whether it is sound, and a sentence for people."""

    name: str
    sound: bool
    sentence: str


class Schema:
    """The operations on a database as a whole."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver

    async def ping(self) -> None:
        """
        Read something real.

        Raises: Unavailable if the database is away or has no schema to read.
        """
        try:
            await self._driver.one("newest_migration")
        except StatementRefused as error:
            raise Unavailable from error

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

    async def examine(self) -> list[Observation]:
        """
        Return how sound the database is; a SQLite file is read whole for it.

        Raises: Unavailable.
        """
        return _READINGS[self._driver.dialect](await self._driver.all("examine"))


def _sqlite(rows: Sequence[Row]) -> list[Observation]:
    (first,) = rows[0]
    found = "intact" if first == "ok" else "damaged: restore a backup"
    return [Observation("integrity", first == "ok", found)]


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
