"""What makes two requests the same one, sent twice."""

from datetime import datetime, timedelta
from typing import NamedTuple

from sijill.errors import Invalid

NAME = "Idempotency-Key"

KEPT = timedelta(hours=24)
"""How long a request that was done is remembered."""


class Once(NamedTuple):
    """A client's own key for one write, a fingerprint of what it asks for, and when."""

    app_id: int
    key: str
    fingerprint: bytes
    at: datetime


class KeyReused(Invalid):
    """The key was used before, for something else."""

    def __init__(self) -> None:
        super().__init__({NAME: ["idempotency"]})
