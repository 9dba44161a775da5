"""Registers to back up, on both databases, and places to restore them to."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from database.canonical import export, postgres_tables, sqlite_tables
from database.first_schema import make_postgres, make_sqlite, migrate
from fixtures.postgres import PostgresServer

from sijill.database.open import SERVERS, location_of
from sijill.opening import database_url
from sijill.settings import Settings, load


class Home(NamedTuple):
    """The settings of a register, and an empty place for another one."""

    settings: Settings
    elsewhere: Callable[[str], Settings]
    """Returns the settings of an empty place of this name."""
    pg_bin: Path | None = None


def settings_of(folder: Path, url: str = "") -> Settings:
    return load({"data_dir": str(folder), "database_url": url}, None, folder.parent)[0]


def sqlite_home(folder: Path) -> Home:
    """Return a register with rows in every table, in a file."""
    settings = settings_of(folder / "data")
    path = location_of(database_url(settings)).path
    path.parent.mkdir(mode=0o700)
    make_sqlite(path)
    path.chmod(0o600)
    asyncio.run(migrate(str(path)))
    return Home(settings, lambda name: settings_of(folder / name))


def postgres_home(folder: Path, server: PostgresServer, url: str) -> Home:
    """Return the same on a server."""
    asyncio.run(make_postgres(url))
    asyncio.run(migrate(url))

    def elsewhere(name: str) -> Settings:
        server.execute(f"DROP DATABASE IF EXISTS {name}")
        server.execute(f"CREATE DATABASE {name}")
        return settings_of(folder / name, server.url(name))

    return Home(settings_of(folder / "data", url), elsewhere, server.binaries)


def everything(settings: Settings) -> str:
    """Return the canonical export of a register."""
    url = database_url(settings)
    if url.startswith(SERVERS):
        return export(asyncio.run(postgres_tables(url)))
    return export(sqlite_tables(location_of(url).path))
