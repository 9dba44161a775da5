"""An owner: a person who may say for a store which apps get in."""

from datetime import datetime
from typing import NamedTuple

from msgspec import Struct


class Owner(Struct, frozen=True):
    """One person; the same one may own several stores."""

    id: int
    name: str
    email: str
    """What they sign in with; of two spellings that differ in case alone, one is kept."""
    mobile: str
    """International, as `+966…`, or ""."""
    created_at: datetime


class OwnerAccount(NamedTuple):
    """An owner, and the hash of the password."""

    owner: Owner
    password: str
