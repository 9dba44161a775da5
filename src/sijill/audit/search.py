"""The filter of a search in the audit log."""

from typing import NamedTuple

from sijill.audit.causes import Kind
from sijill.audit.model import Entry


class EntryFilter(NamedTuple):
    """The filter of a search: None selects all. Times are in microseconds of the UTC epoch."""

    since: int | None = None
    until: int | None = None
    """The first moment that is not meant any more."""
    store: int | None = None
    customer: int | None = None
    kind: Kind | None = None
    actor: int | None = None
    token: int | None = None
    action: str | None = None

    def matches(self, entry: Entry) -> bool:
        """Return whether an entry is meant. An entry about a whole store is about each customer."""
        equal = (
            (self.store, entry.store),
            (self.kind, entry.kind),
            (self.actor, entry.actor),
            (self.token, entry.token),
            (self.action, entry.action),
        )
        return (
            all(wanted is None or wanted == found for wanted, found in equal)
            and (self.since is None or entry.at >= self.since)
            and (self.until is None or entry.at < self.until)
            and (self.customer is None or _is_about(entry, self.customer))
        )


def _is_about(entry: Entry, customer_id: int) -> bool:
    return entry.subject == "customer" and (entry.whole or customer_id in entry.ids)


def parse_actor(text: str) -> tuple[Kind | None, int | None, int | None]:
    """
    Return the kind, the actor and the token that `app:7`, `token:9` or `operator` stand for.

    Raises: ValueError.
    """
    kind, colon, number = text.partition(":")
    if not colon and kind in ("operator", "server"):
        return ("operator" if kind == "operator" else "server"), None, None
    if not number.isascii() or not number.isdigit() or kind not in ("app", "person", "token"):
        raise ValueError("write app:ID, token:ID, person:ID, operator or server")
    if kind == "token":
        return "app", None, int(number)
    return ("app" if kind == "app" else "person"), int(number), None
