"""The bodies of control calls."""

from datetime import datetime
from typing import Annotated, Any, Generic, Literal, TypeVar

import msgspec
from msgspec import Meta, Struct

from sijill.sandbox.new import YEARS
from sijill.sandbox.webhooks.attempts import Outcome


class Advance(Struct, forbid_unknown_fields=True):
    """The body of `clock/advance`."""

    seconds: Annotated[float, Meta(ge=0, le=YEARS)]


class At(Struct, forbid_unknown_fields=True):
    """The body of `clock/set`."""

    at: datetime


class Rules(Struct, forbid_unknown_fields=True):
    """The body of `PUT faults` and `POST faults`."""

    faults: list[Any]


class Match(Struct, forbid_unknown_fields=True):
    """The values that an entry of a journal must have; None stands for any."""

    def fits(self, entry: object) -> bool:
        """Return whether an entry has all the values that are asked for."""
        wanted = msgspec.structs.asdict(self).items()
        return all(value is None or _has(entry, name, value) for name, value in wanted)


def _has(entry: object, name: str, value: Any) -> bool:
    """Return whether an entry has a value; True and False ask whether it has any."""
    found = getattr(entry, name)
    return bool(bool(found) is value if isinstance(value, bool) else found == value)


class RequestMatch(Match):
    """The values that a request must have."""

    op: str | None = None
    method: str | None = None
    path: str | None = None
    status: int | None = None
    fault: str | None = None
    unread: bool | None = None
    """Whether it had a name that was never read."""


class DeliveryMatch(Match):
    """The values that an attempt to deliver must have."""

    id: str | None = None
    event: str | None = None
    webhook: int | None = None
    attempt: int | None = None
    outcome: Outcome | None = None
    status: int | None = None
    fault: str | None = None


M = TypeVar("M", bound=Match)


class Wait(Struct, Generic[M], forbid_unknown_fields=True):
    """The body of `requests/wait` and `deliveries/wait`."""

    match: M | None = None
    count: Annotated[int, Meta(ge=1, le=10_000)] = 1
    within: Annotated[float, Meta(ge=0, le=300)] = 10.0
    """Real seconds."""

    def fits(self, entry: object) -> bool:
        """Return whether an entry is one of those that are waited for."""
        return self.match is None or self.match.fits(entry)


class Release(Struct, forbid_unknown_fields=True):
    """The body of `deliveries/release`."""

    order: Literal["first", "last"] | list[str] = "first"
    """The ids are those of events."""
