"""The side navigation of the console."""

from typing import NamedTuple

from sijill.oauth.roles import Permission
from sijill.oauth.visits import Visit


class Entry(NamedTuple):
    """An entry: the key of its word, the path of its page behind the store, and who sees it."""

    word: str
    path: str
    permission: Permission = "view_masked"


NAVIGATION = (
    Entry("nav_overview", ""),
    Entry("nav_customers", "/customers"),
    Entry("nav_groups", "/groups"),
    Entry("nav_imports", "/imports", "import"),
    Entry("nav_apps", "/apps", "manage_apps"),
    Entry("nav_webhooks", "/webhooks"),
    Entry("nav_limits", "/limits"),
    Entry("nav_audit", "/audit", "view_audit"),
    Entry("nav_people", "/people", "manage_people"),
)
"""The entries in their order. A page names the entry that it belongs to by its word."""


class Link(NamedTuple):
    """An entry as one person sees it."""

    word: str
    address: str


def links(visit: Visit) -> list[Link]:
    """Return the entries that the person's role permits."""
    return [
        Link(entry.word, visit.at(entry.path))
        for entry in NAVIGATION
        if visit.may(entry.permission)
    ]
