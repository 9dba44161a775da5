"""A look over the whole database at a start: it tells of damage and of a full disk at once."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

from sijill.database.driver import advice
from sijill.database.schema import Schema
from sijill.errors import Unavailable

Tell = Callable[[str], None]
"""Takes a sentence about something that is wrong."""

AWAY = "the database is away"


async def look_over(schema: Schema, tell: Tell) -> None:
    """Read the database whole, then try a write; `Schema.ping` knows of it afterwards."""
    try:
        for seen in await schema.examine():
            if not seen.sound:
                tell(f"{seen.name}: {seen.sentence}")
        await schema.try_write()
    except Unavailable as fault:
        tell(advice(fault) or AWAY)


class Look:
    """A look over the database in the background: requests are answered meanwhile."""

    def __init__(self, schema: Schema, tell: Tell) -> None:
        self._task = asyncio.create_task(look_over(schema, tell))

    async def stop(self) -> None:
        """Wait for no result."""
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task
