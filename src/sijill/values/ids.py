"""New ids: random, so that nobody can count or guess them."""

import secrets

MAX_ID = 2**63 - 1
"""The largest id that is looked for; new ids fit 31 bits, as Salla's do."""

DRAWS = 20
"""New ids tried: with a billion customers in a store, all of them are taken once in 10^6 times."""


def random_id() -> int:
    """Return an id from 1 that fits 31 bits, as every public id of Salla's does."""
    return secrets.randbelow(2**31 - 1) + 1


def new_event_id() -> str:
    """Return a new id of an event: `evt_` and 128 random bits in hexadecimal."""
    return f"evt_{secrets.token_hex(16)}"
