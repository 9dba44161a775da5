"""The names of the apps and people that did what entries of the audit log tell."""

from collections.abc import Iterable, Mapping

from sijill.audit.model import Entry, Kind
from sijill.register import Register

Actors = Mapping[tuple[Kind, int], str]
"""The name of an app or a person, by its kind and id."""


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
