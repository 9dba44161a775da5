"""The attempts of a delivery, as they are kept in its row: the newest ones, and how each ended."""

from datetime import datetime

import msgspec
from msgspec import Struct

from sijill.database.columns import micros, moment

KEPT = 50
"""
Attempts that are kept of a delivery.

A schedule has ten at most, so there is room for those after a delivery was sent again.
"""

NONE = "[]"
"""The text of no attempts."""


class Attempt(Struct, frozen=True, array_like=True):
    """One attempt that was sent: when it began, how it ended, and how long it took."""

    began: int
    """In microseconds of the UTC epoch."""
    took: int
    """Milliseconds."""
    status: int | None
    """The HTTP status of the answer; None without an answer."""
    error: str | None
    """Why there was no answer: a slug such as `timeout`."""

    @property
    def at(self) -> datetime:
        """When it began."""
        return moment(self.began)

    @property
    def answer(self) -> str:
        """The status or the error, as pages and commands show it."""
        return f"HTTP {self.status}" if self.status else self.error or ""


def attempt(began: datetime, ended: datetime, status: int | None, error: str | None) -> Attempt:
    """Return an attempt; one whose clock was set back meanwhile took no time."""
    took = max(0, round((ended - began).total_seconds() * 1000))
    return Attempt(micros(began), took, status, error)


def attempts_of(text: str) -> tuple[Attempt, ...]:
    """Return the attempts of a row, oldest first."""
    return () if text == NONE else _decoder.decode(text)


def with_attempt(text: str, new: Attempt) -> str:
    """Return the text of the attempts of a row with a new one, without the oldest above KEPT."""
    return _encoder.encode([*attempts_of(text), new][-KEPT:]).decode()


_decoder = msgspec.json.Decoder(tuple[Attempt, ...])
_encoder = msgspec.json.Encoder()
