"""The entries of the audit log, and the line of each."""

from collections.abc import Sequence
from typing import Literal

import msgspec
from msgspec import Struct

from sijill.audit.actions import ACTIONS, Subject
from sijill.audit.causes import Cause, Kind, Through

Level = Literal["all", "changes", "off"]


class Entry(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One entry: ids and names of fields, and never a value of a field."""

    at: int
    """When, in microseconds of the UTC epoch; of several views, the first."""
    action: str
    """A row of ACTIONS."""
    kind: Kind
    actor: int = 0
    token: int = 0
    through: Through = "server"
    by: str = ""
    store: int = 0
    """The id of the store; 0 outside stores."""
    ids: tuple[int, ...] = ()
    """The ids of the subjects; of views in one entry, those of all requests in order."""
    whole: bool = False
    """Whether every customer of the store is meant, and not those of `ids` alone."""
    fields: tuple[str, ...] = ()
    count: int = 0
    """How many subjects, where `ids` does not name them."""
    until: int = 0
    """When the last of them was, where that is told."""
    requests: tuple[str, ...] = ()
    """The ids of the requests."""
    reason: str = ""
    ticket: str = ""

    @property
    def subject(self) -> Subject:
        """The kind of `ids`."""
        return ACTIONS[self.action].subject


class DamagedEntry(ValueError):
    """A line of the log is not as Sijill writes it."""

    def __init__(self) -> None:
        super().__init__("a line of the audit log is damaged: see sijill audit verify")


_encoder, _decoder = msgspec.json.Encoder(), msgspec.json.Decoder(Entry)


def encode(entry: Entry) -> bytes:
    """Return the line of an entry, without a newline."""
    return _encoder.encode(entry)


def decode(line: bytes) -> Entry:
    """Return the entry of a line. Raises: DamagedEntry."""
    try:
        return _decoder.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError) as fault:
        raise DamagedEntry from fault


def caused(
    cause: Cause,
    at: int,
    action: str,
    store: int = 0,
    ids: Sequence[int] = (),
    fields: Sequence[str] = (),
    *,
    whole: bool = False,
    count: int = 0,
) -> Entry:
    """Return the entry of something that a cause did."""
    return Entry(
        at=at,
        action=action,
        kind=cause.kind,
        actor=cause.actor,
        token=cause.token,
        through=cause.through,
        by=cause.by,
        store=store,
        ids=tuple(ids),
        whole=whole,
        fields=tuple(fields),
        count=count,
        requests=(cause.request,) if cause.request else (),
        reason=cause.reason,
        ticket=cause.ticket,
    )
