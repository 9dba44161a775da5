"""The first start: without an owner, the holder of a one-time link may become the first owner."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sijill.oauth.tokens import SETUP, digest, mint
from sijill.opening import open_register
from sijill.settings import Settings

GOOD_FOR = timedelta(minutes=30)
"""The lifetime of a link."""


async def offer(settings: Settings, clock: Callable[[], datetime]) -> str | None:
    """
    Return the path and query of a new link, or None if an owner exists.

    The new link replaces that of an earlier start. Raises: as `opening.open_register`; Unavailable.
    """
    register = await open_register(settings)
    try:
        link = mint(SETUP)
        # Migrations may have taken minutes, so the clock is read after them.
        offered = await register.people.offer_set_up(digest(link), clock() + GOOD_FOR)
    finally:
        await register.close()
    return f"/_/setup?link={link}" if offered else None
