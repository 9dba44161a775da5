"""The driver for an address: the only module that chooses a database."""

import re
from collections.abc import Mapping
from pathlib import Path

from sijill.database.driver import CONNECTIONS, Driver
from sijill.database.sql import statements
from sijill.database.sqlite.connection import Location
from sijill.database.sqlite.driver import SQLite
from sijill.database.sqlite.memory import IN_MEMORY, MemorySQLite

SERVERS = ("postgresql://", "postgres://")
"""Starts of the addresses of PostgreSQL."""

_SQLITE = "sqlite://"


def open_driver(
    url: str,
    lists: Mapping[str, str],
    connections: int = CONNECTIONS,
    *,
    create: bool = True,
) -> Driver:
    """
    Return the driver of the database at an address; its schema is not touched.

    `postgresql://…` (or `postgres://…`) is a server, connected on first use, over at most
    `connections` at once. A path, or `sqlite://` and a path, is a file, created if it is absent
    unless `create` is off: `sqlite:///var/lib/x.db` is `/var/lib/x.db` (four slashes are the same),
    `sqlite://x.db` is in the current folder. `sqlite://:memory:` is a new database in memory, which
    ends with its driver.
    `lists` are those of `database.sql.statements`.

    Raises: ValueError with a sentence for any other address; OSError if the file cannot be created.
    """
    if url.startswith(SERVERS):
        from sijill.database.postgres.driver import Postgres  # asyncpg: loaded where it is used

        return Postgres(url, lists, size=connections)
    location = location_of(url)
    if location.memory:
        return MemorySQLite(statements("sqlite", lists))
    return SQLite(location, lists, create=create)


def location_of(url: str) -> Location:
    """
    Return the location of a SQLite database.

    Raises: ValueError with a sentence, which never repeats the address: it may hold a password.
    """
    path = re.sub("^//+", "/", url.removeprefix(_SQLITE))
    if "://" in path:
        scheme = path.partition("://")[0]
        raise ValueError(f"no database speaks {scheme}://: use sqlite:// or postgresql://")
    if not path or path.endswith("/"):
        raise ValueError("the address of a SQLite database names no file")
    if "?" in path or "\0" in path:
        raise ValueError("the address of a SQLite database is a path alone, without ? or NUL")
    if path == IN_MEMORY.name:
        return IN_MEMORY
    return Location(str(Path(path).absolute()))
