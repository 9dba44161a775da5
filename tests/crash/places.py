"""Where a story's database is: a file in a folder, or a database of a PostgreSQL of its own."""

import asyncio
import shutil
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, Literal

import apsw
from database.canonical import export, postgres_tables, sqlite_tables
from fixtures.postgres import PostgresServer

Kind = Literal["sqlite", "postgres"]

PATIENCE = 20.0
"""Seconds until PostgreSQL must know that a killed process is gone."""


class Place:
    """A folder for the files of a story, and in it the database as a file."""

    kind: Kind = "sqlite"

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def file(self) -> Path:
        """The file of the database."""
        return self.folder / "sijill.db"

    @property
    def url(self) -> str:
        """The address of the database."""
        return f"sqlite://{self.file}"

    def make(self) -> None:
        """Make the folder, and an empty database where that is not made by its first use."""
        self.folder.mkdir()

    def copied(self, name: str) -> "Place":
        """Return a copy beside it."""
        copy = Place(self.folder.with_name(name))
        shutil.copytree(self.folder, copy.folder)
        return copy

    def rows(self, sql: str) -> list[Any]:
        """Return every row of a query."""
        with closing(apsw.Connection(str(self.file))) as file:
            return file.execute(sql).fetchall()

    def value(self, sql: str) -> Any:
        """Return the first value of a query."""
        return self.rows(sql)[0][0]

    def everything(self) -> str:
        """Return the canonical text of all rows."""
        return export(sqlite_tables(self.file))

    def faults(self) -> list[str]:
        """Return what the database itself finds wrong."""
        found = [str(text) for (text,) in self.rows("PRAGMA integrity_check") if text != "ok"]
        return found + [str(row) for row in self.rows("PRAGMA foreign_key_check")]

    def settle(self) -> None:
        """Wait until nothing of a killed process is under way any more."""

    def remove(self) -> None:
        """Remove the folder and the database."""
        shutil.rmtree(self.folder)


class PostgresPlace(Place):
    """A folder, and a database of the same name."""

    kind: Kind = "postgres"

    def __init__(self, folder: Path, server: PostgresServer) -> None:
        super().__init__(folder)
        self._server = server

    @property
    def url(self) -> str:
        return self._server.url(self.folder.name)

    def make(self) -> None:
        super().make()
        self._server.execute(f'CREATE DATABASE "{self.folder.name}"')

    def copied(self, name: str) -> Place:
        copy = PostgresPlace(self.folder.with_name(name), self._server)
        shutil.copytree(self.folder, copy.folder)
        self.settle()
        template = f'TEMPLATE "{self.folder.name}" STRATEGY FILE_COPY'
        self._server.execute(f'CREATE DATABASE "{name}" {template}')
        return copy

    def rows(self, sql: str) -> list[Any]:
        async def fetched() -> list[Any]:
            async with self._server.connected(self.folder.name) as connection:
                return [tuple(row) for row in await connection.fetch(sql)]

        return asyncio.run(fetched())

    def everything(self) -> str:
        return export(asyncio.run(postgres_tables(self.url)))

    def faults(self) -> list[str]:
        return []  # a server looks after its own files

    def settle(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while self._sessions():
            if time.monotonic() > deadline:
                raise RuntimeError("PostgreSQL did not notice that a process was killed")
            time.sleep(0.005)

    def _sessions(self) -> int:
        async def counted() -> int:
            async with self._server.connected("postgres") as connection:
                count: int = await connection.fetchval(
                    "SELECT count(*) FROM pg_stat_activity WHERE datname = $1", self.folder.name
                )
                return count

        return asyncio.run(counted())

    def remove(self) -> None:
        super().remove()
        self._server.execute(f'DROP DATABASE "{self.folder.name}" WITH (FORCE)')


MakePlace = Callable[[Path], Place]
"""Returns the place of a folder that need not exist yet."""
