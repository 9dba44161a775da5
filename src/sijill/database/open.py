"""From an address to a register: the one place that chooses a database."""

import re
import secrets
from collections.abc import Callable
from pathlib import Path

from sijill.database.driver import Driver
from sijill.database.postgres.driver import Postgres
from sijill.database.postgres.pool import CONNECTIONS
from sijill.database.register import Register
from sijill.database.sealing import Sealing
from sijill.database.sqlite.connection import Place
from sijill.database.sqlite.driver import SQLite
from sijill.values.ids import random_id
from sijill.webhooks.events import Announce

MEMORY = ":memory:"

_POSTGRES = ("postgresql://", "postgres://")
_SQLITE = "sqlite://"


async def open_register(
    url: str,
    *,
    connections: int = CONNECTIONS,
    new_id: Callable[[], int] = random_id,
    sealing: Sealing | None = None,
    announce: Announce | None = None,
) -> Register:
    """
    Return the register at an address; its schema is not touched (see `Register.migrate`).

    `postgresql://…` (or `postgres://…`) is a server, reached when it is first needed over at most
    `connections` at once. A path, or `sqlite://` and a path, is a file, made if it is absent:
    `sqlite:///var/lib/x.db` is `/var/lib/x.db` (four slashes are the same), `sqlite://x.db` is in
    the current folder. `sqlite://:memory:` is a new database in memory, gone with the register.

    Raises: ValueError with a sentence for any other address; OSError if the file cannot be made.
    """
    return Register(_driver(url, connections), new_id, sealing, announce)


def _driver(url: str, connections: int) -> Driver:
    if url.startswith(_POSTGRES):
        return Postgres(url, size=connections)
    return SQLite(place(url))


def place(url: str) -> Place:
    """
    Return where a SQLite database is.

    Raises: ValueError with a sentence. It never repeats an address, which may hold a password.
    """
    path = re.sub("^//+", "/", url.removeprefix(_SQLITE))
    if "://" in path:
        scheme = path.partition("://")[0]
        raise ValueError(f"no database speaks {scheme}://: use sqlite:// or postgresql://")
    if not path or path.endswith("/"):
        raise ValueError("the address of a SQLite database names no file")
    if "?" in path or "\0" in path:
        raise ValueError("the address of a SQLite database is a path alone, without ? or NUL")
    if path == MEMORY:
        return Place(f"/sijill-{secrets.token_hex(8)}", memory=True)
    return Place(str(Path(path).absolute()))
