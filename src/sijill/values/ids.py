"""New ids: random, so that clients can neither count nor guess them."""

import secrets
from datetime import datetime

MAX_ID = 2**63 - 1
"""The largest id that is looked for; new ids fit 31 bits, as Salla's do."""

DRAWS = 20
"""New ids tried for a record: of a billion customers, all 20 are taken once in a million times."""


def random_id() -> int:
    """Return an id from 1 that fits 31 bits, as every public id of Salla's does."""
    return secrets.randbelow(2**31 - 1) + 1


def new_event_id(at: datetime) -> str:
    """
    Return a new id of an event at an aware moment: `evt_`, milliseconds, and 80 random bits.

    All is hexadecimal, 32 digits. Ids of a later millisecond are greater, so that an index of them
    grows at its end.
    """
    return f"evt_{int(at.timestamp() * 1000):012x}{secrets.token_hex(10)}"
