"""The contents of a PostgreSQL server, before a copy is taken of it or put into it."""

from typing import NamedTuple

from sijill.opening import open_register
from sijill.settings import Settings


class Server(NamedTuple):
    """The database of the settings on its server."""

    schema: int
    """The newest migration; 0 for a database without a register."""
    major: int
    """The major version of the server: 18."""


async def look_at(settings: Settings) -> Server:
    """Return what is there, and change nothing. Raises: Unavailable."""
    register = await open_register(settings, migrated=False, create=False)
    try:
        return Server(await register.schema.version(), await register.schema.server_major())
    finally:
        await register.close()
