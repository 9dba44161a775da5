"""The bodies of control calls."""

from datetime import datetime
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from sijill.sandbox.journal import Entry

Name = Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$")]
_YEARS = 100 * 365 * 86_400


class New(Struct, forbid_unknown_fields=True):
    """The body of `POST ns`."""

    name: Name | None = None
    random: int = 0
    """The seed of its ids, tokens and secrets."""
    settings: dict[str, str] = {}


class Advance(Struct, forbid_unknown_fields=True):
    """The body of `clock/advance`."""

    seconds: Annotated[float, Meta(ge=0, le=_YEARS)]


class At(Struct, forbid_unknown_fields=True):
    """The body of `clock/set`."""

    at: datetime


class Rules(Struct, forbid_unknown_fields=True):
    """The body of `PUT faults` and `POST faults`."""

    faults: list[Any]


class Match(Struct, forbid_unknown_fields=True):
    """What a request in the journal must have."""

    op: str | None = None
    method: str | None = None
    path: str | None = None
    status: int | None = None
    fault: str | None = None

    def fits(self, entry: Entry) -> bool:
        """Return whether a request has all that is asked for."""
        wanted = {name: value for name, value in msgspec.structs.asdict(self).items() if value}
        return all(getattr(entry, name) == value for name, value in wanted.items())


class Wait(Struct, forbid_unknown_fields=True):
    """The body of `requests/wait`."""

    match: Match = msgspec.field(default_factory=Match)
    count: Annotated[int, Meta(ge=1, le=10_000)] = 1
    within: Annotated[float, Meta(ge=0, le=300)] = 10.0
    """Real seconds."""
