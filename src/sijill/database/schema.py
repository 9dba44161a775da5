"""The schema of one database: its version, its migrations, and its soundness."""

from datetime import datetime

from sijill.database.driver import Driver, Refused
from sijill.database.examination import Observation, examine
from sijill.database.migrate import migrate, pending
from sijill.errors import Unavailable


class Schema:
    """What an operator asks of a database as a whole."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver

    async def ping(self) -> None:
        """
        Read something real.

        Raises: Unavailable if the database is away or has no schema to read.
        """
        try:
            await self._driver.one("newest_migration")
        except Refused as error:
            raise Unavailable from error

    async def version(self) -> int:
        """
        Return the version of the newest migration this database has had; 0 before the first.

        Raises: Unavailable.
        """
        versions = await self._driver.one("has_migrations")
        if not versions or not versions[0]:
            return 0
        row = await self._driver.one("newest_migration")
        return row[0] if row else 0

    async def migrate(self, now: datetime) -> list[str]:
        """
        Bring the schema up to date and return the names of the migrations that were made.

        Raises: SchemaRefused if this program does not know the schema; Unavailable.
        """
        return await migrate(self._driver, now)

    async def pending(self) -> list[str]:
        """
        Return the names of the migrations that `migrate` would make.

        Raises: SchemaRefused if this program does not know the schema; Unavailable.
        """
        return [migration.label for migration in await pending(self._driver)]

    async def examine(self) -> list[Observation]:
        """
        Return what the database says of its own soundness; a SQLite file is read whole for it.

        Raises: Unavailable.
        """
        return await examine(self._driver)
