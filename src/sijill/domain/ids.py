"""New ids: random, so that nobody can count or guess them."""

import secrets


def random_id() -> int:
    """Return an id from 1 that fits 31 bits, as every public id of Salla's does."""
    return secrets.randbelow(2**31 - 1) + 1
