"""The extent of a breach: who, how many persons, which fields, since when, and what goes on."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from sijill.audit.actions import VIEW
from sijill.audit.model import Entry
from sijill.audit.search import EntryFilter
from sijill.audit.table import AuditTable
from sijill.database.columns import moment
from sijill.privacy.aftermath import Subscription, caused_by, is_needed, subscriptions
from sijill.privacy.leaks import Leak

EVERY_FIELD = "every field"
"""The fields that a view or an export shows."""

_SHOWS = frozenset({VIEW, "customer.export"})

_LASTING = ("import", "group", "webhook")
"""The subjects that go on by themselves once they are there."""

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
    """The extent: each exposure, each webhook, and how many different customers these name."""

    persons: int
    persons_at_most: int
    """The same with those who may have been sent to webhooks whose deliveries are gone."""
    whole_stores: tuple[int, ...]
    """The stores of which every customer was meant."""
    first_at: datetime | None
    last_at: datetime | None
    exposures: list[Exposure]
    webhooks: list[Leak]


class Evidence(NamedTuple):
    """The entries that tell of a breach, and what it caused later."""

    entries: Sequence[Entry]
    webhooks: Sequence[Subscription]
    """The webhooks whose address was given."""
    later: Sequence[Entry]
    """What everybody changed since then; empty if nothing was left behind."""


async def evidence_of(audit: AuditTable, wanted: EntryFilter) -> Evidence:
    """
    Return the entries that a filter selects; of a token, those of its files and groups too.

    Raises: Unavailable.
    """
    own = [entry async for entry in audit.entries(wanted)]
    left = [entry for entry in own if entry.subject in _LASTING]
    if not left:
        return Evidence(own, (), ())
    since = EntryFilter(since=min(entry.at for entry in left))
    later = [entry async for entry in audit.entries(since) if is_needed(entry)]
    until = wanted.until
    within = [entry for entry in later if until is None or entry.at < until]
    more = [] if wanted.token is None else caused_by(own, within)
    return Evidence([*own, *more], subscriptions(own, later), later)


def breach_of(entries: Iterable[Entry], webhooks: Sequence[Leak] = ()) -> Breach:
    """Return the extent of what entries about customers tell, and of what webhooks sent."""
    groups: dict[tuple[str, int, int, str], list[Entry]] = {}
    for entry in entries:
        if entry.subject == "customer" and entry.action != _NOTHING_YET:
            actor = f"{entry.kind} {entry.actor}" if entry.actor else entry.kind
            key = (actor, entry.token, entry.store, entry.action)
            groups.setdefault(key, []).append(entry)
    every = [entry for group in groups.values() for entry in group]
    times = [entry.at for entry in every]
    persons = {(entry.store, id_) for entry in every for id_ in entry.ids}
    persons |= {(one.store_id, id_) for one in webhooks for id_ in one.reached}
    perhaps = {(one.store_id, id_) for one in webhooks for id_ in one.unknown}
    return Breach(
        len(persons),
        len(persons | perhaps),
        tuple(sorted({entry.store for entry in every if entry.whole})),
        moment(min(times)) if times else None,
        moment(max(times)) if times else None,
        [_exposure(*key, some) for key, some in sorted(groups.items())],
        list(webhooks),
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
