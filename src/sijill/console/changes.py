"""Changes of the audit log as pages show them, with the names of those who made them."""

from collections.abc import Iterable, Mapping, Sequence
from math import inf
from time import monotonic
from typing import NamedTuple

from sijill.audit.actions import ACTIONS
from sijill.audit.causes import Kind
from sijill.audit.model import Entry
from sijill.audit.search import EntryFilter
from sijill.console.desk import Desk
from sijill.console.formats import Moment, moment_of_micros
from sijill.console.words import words
from sijill.http.request import chosen_language
from sijill.localized import Language
from sijill.oauth.visits import Visit
from sijill.register import Register

Actors = Mapping[tuple[Kind, int], str]
"""The name of an app or a person, by its kind and id."""


class Change(NamedTuple):
    """What was done, when, to which fields in words of people, by whom."""

    action: str
    at: Moment
    fields: Sequence[str]
    kind: Kind
    who: str
    """The name of an app or a person, or "" where no name is known."""
    number: int
    """Its id; 0 without one."""


async def newest_changes(
    desk: Desk, wanted: EntryFilter, most: int, end: float = inf
) -> list[Entry]:
    """Return the newest entries that are no views. After `end` (`monotonic`), none is read."""
    found = list[Entry]()
    async for entry in desk.register.audit.entries(wanted, newest_first=True):
        if not ACTIONS[entry.action].is_view:
            found.append(entry)
        if len(found) == most or monotonic() > end:
            break
    return found


async def changes_of(desk: Desk, visit: Visit, entries: Sequence[Entry]) -> list[Change]:
    """Return entries as pages show them. Raises: Unavailable."""
    names = await actors_of(desk.register, visit.store.id, entries)
    said = words(chosen_language(visit.request))
    return [
        Change(
            entry.action,
            moment_of_micros(entry.at, visit.store.timezone),
            [said.get(f"customers_field_{name}", name) for name in entry.fields],
            entry.kind,
            names.get((entry.kind, entry.actor), ""),
            entry.actor,
        )
        for entry in entries
    ]


def done(action: str, language: Language) -> str:
    """Return what an action did, as an entry of a list says it: without a full stop."""
    return ACTIONS[action].sentence.render(language).removesuffix(".")


async def actors_of(register: Register, store_id: int, entries: Iterable[Entry]) -> Actors:
    """
    Return the names of every app, and of the people of a store, if entries need them.

    Raises: Unavailable.
    """
    kinds = {entry.kind for entry in entries}
    names: dict[tuple[Kind, int], str] = {}
    if "app" in kinds:
        apps = await register.apps.names()
        names |= {("app", id_): name for id_, name in apps.items()}
    if "person" in kinds:
        people = await register.people.of_store(store_id)
        names |= {("person", person.id): person.name for person in people}
    return names
