"""The side navigation of the console."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import NamedTuple

from sijill.http.request import chosen_language
from sijill.mirror.table import MirrorTable
from sijill.oauth.visits import Entry, Visit
from sijill.stores.model import Store

NAVIGATION = (
    Entry("nav_overview", ""),
    Entry("nav_customers", "/customers"),
    Entry("nav_groups", "/groups"),
    Entry("nav_imports", "/imports", "import"),
    Entry("nav_apps", "/apps", "manage_apps"),
    Entry("nav_webhooks", "/webhooks"),
    Entry("nav_limits", "/limits"),
    Entry("nav_audit", "/audit", "view_audit"),
    Entry("nav_health", "/health"),
    Entry("nav_people", "/people", "manage_people"),
)
"""The entries of every store, in their order."""


MIRROR = Entry("nav_mirror", "/mirror")
"""The entry of a store that is linked to upstream."""


class Link(NamedTuple):
    """An entry as one person sees it."""

    word: str
    address: str
    text: str


def links(visit: Visit, word: Mapping[str, str]) -> list[Link]:
    """Return the entries that the person's role permits; `word` has those of the console."""
    language = chosen_language(visit.request)
    return [
        Link(
            entry.word,
            visit.at(entry.path),
            entry.text.render(language) if entry.text else word[entry.word],
        )
        for entry in (*NAVIGATION, *visit.entries)
        if visit.may(entry.permission)
    ]


def entries_of(
    mirror: MirrorTable, further: Sequence[Entry]
) -> Callable[[Store], Awaitable[Sequence[Entry]]]:
    """Return what finds the entries that a store has beside those of every store."""

    async def of(store: Store) -> Sequence[Entry]:
        linked = await mirror.find(store.id)
        return further if linked is None else (MIRROR, *further)

    return of
