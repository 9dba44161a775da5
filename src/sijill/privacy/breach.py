"""The extent of a breach, out of the audit log: who, how many persons, which fields, since when."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from sijill.audit.model import VIEW, Entry, EntryFilter
from sijill.audit.table import AuditTable
from sijill.database.columns import moment

EVERY_FIELD = "every field"
"""The fields that a view or an export shows."""

_SHOWS = frozenset({VIEW, "customer.export"})

_NOTHING_YET = "customer.reveal"
"""A permission to see: the views that follow have entries of their own."""


class Exposure(NamedTuple):
    """The actions of one actor in one channel."""

    actor: str
    """`app 7`, `operator`, `person 3` or `server`."""
    token_id: int | None
    store_id: int
    action: str
    persons: int
    """Different customers that entries name by their ids."""
    whole_store: bool
    """Whether every customer of the store was meant besides."""
    fields: tuple[str, ...]
    first_at: datetime
    last_at: datetime


class Breach(NamedTuple):
    """The extent: each exposure, and how many different customers all of them name."""

    persons: int
    whole_stores: tuple[int, ...]
    """The stores of which every customer was meant."""
    first_at: datetime | None
    last_at: datetime | None
    exposures: list[Exposure]


async def entries_of(audit: AuditTable, wanted: EntryFilter) -> Sequence[Entry]:
    """
    Return the entries that a filter selects; of a token, those of the files sent with it too.

    The rows of a file are written later, by a server, and name the file. Raises: Unavailable.
    """
    own = [entry async for entry in audit.entries(wanted)]
    files = frozenset() if wanted.token is None else _files(own)
    if not files:
        return own
    of_app = wanted._replace(token=None, kind="app", actor=own[0].actor)
    every = audit.entries(of_app)
    return [*own, *[one async for one in every if one.through == "import" and one.by in files]]


def _files(entries: Iterable[Entry]) -> frozenset[str]:
    """Return the ids of the files that entries tell of, as other entries name them."""
    return frozenset(str(id_) for one in entries if one.subject == "import" for id_ in one.ids)


def breach_of(entries: Iterable[Entry]) -> Breach:
    """Return the extent of what entries about customers tell; others do not count."""
    groups: dict[tuple[str, int, int, str], list[Entry]] = {}
    for entry in entries:
        if entry.subject == "customer" and entry.action != _NOTHING_YET:
            actor = f"{entry.kind} {entry.actor}" if entry.actor else entry.kind
            key = (actor, entry.token, entry.store, entry.action)
            groups.setdefault(key, []).append(entry)
    every = [entry for group in groups.values() for entry in group]
    times = [entry.at for entry in every]
    return Breach(
        len({(entry.store, id_) for entry in every for id_ in entry.ids}),
        tuple(sorted({entry.store for entry in every if entry.whole})),
        moment(min(times)) if times else None,
        moment(max(times)) if times else None,
        [_exposure(*key, some) for key, some in sorted(groups.items())],
    )


def _exposure(actor: str, token: int, store_id: int, action: str, entries: list[Entry]) -> Exposure:
    written = {field for entry in entries for field in entry.fields}
    times = [entry.at for entry in entries]
    return Exposure(
        actor,
        token or None,
        store_id,
        action,
        len({id_ for entry in entries for id_ in entry.ids}),
        any(entry.whole for entry in entries),
        (EVERY_FIELD,) if action in _SHOWS else tuple(sorted(written)),
        moment(min(times)),
        moment(max(times)),
    )
