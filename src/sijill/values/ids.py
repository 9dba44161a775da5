"""New ids, and the random bytes behind them, so that clients can neither count nor guess."""

import secrets
from collections.abc import Callable
from datetime import datetime

Draw = Callable[[str, int], bytes]
"""Returns random bytes for a purpose (`id`, or the prefix of a token): so many of them."""

MAX_ID = 2**63 - 1
"""The largest id that is looked for; new ids fit 31 bits, as Salla's do."""

DRAWS = 20
"""New ids tried for a record: of a billion customers, all 20 are taken once in a million times."""


def by_chance(purpose: str, size: int) -> bytes:
    """Return random bytes of the system, for every purpose."""
    return secrets.token_bytes(size)


def random_id(draw: Draw = by_chance) -> int:
    """Return an id from 1 that fits 31 bits, as every public id of Salla's does."""
    while not (number := int.from_bytes(draw("id", 4)) >> 1):
        pass
    return number


def new_event_id(at: datetime, draw: Draw = by_chance) -> str:
    """
    Return a new id of an event at an aware moment: `evt_`, milliseconds, and 80 random bits.

    All is hexadecimal, 32 digits. Ids of a later millisecond are greater, so that an index of them
    grows at its end.
    """
    return f"evt_{int(at.timestamp() * 1000):012x}{draw('event', 10).hex()}"
