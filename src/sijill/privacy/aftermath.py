"""
What goes on by itself after a token was used: its files, the groups it changed, its webhooks.

The audit log tells of each in entries that name no token: a server writes the rows of a file and
moves the customers of a group, and somebody else may end a webhook.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sijill.audit.model import Entry

ADDRESS = "url"
"""The field by which an entry about a webhook says that its address was given."""

_GOES_OUT = frozenset({"customer.create", "customer.update", "customer.send"})
"""The actions on customers of which webhooks may tell."""

_ENDS = ("webhook.delete", "webhook.update", "app.remove", "app.delete")


class Subscription(NamedTuple):
    """A webhook, from the moment when somebody gave its address."""

    id: int
    store_id: int
    app_id: int
    since: int
    """In microseconds of the UTC epoch, as `until`."""
    until: int | None
    """When the webhook was removed or got another address; None for one that goes on."""


def is_needed(entry: Entry) -> bool:
    """Return whether an entry of somebody may tell of what another entry left behind."""
    return entry.subject in ("group", "webhook", "app") or entry.action in _GOES_OUT


def caused_by(own: Sequence[Entry], later: Sequence[Entry]) -> list[Entry]:
    """
    Return the entries that files and groups caused; `own` are the entries of one token.

    They are the rows of its files, and the moves of customers by conditions that it gave a group,
    until somebody else gives the group others. `later` are the entries of everybody since then.
    """
    files = {str(id_) for one in own if one.subject == "import" for id_ in one.ids}
    actors, mine = {(one.kind, one.actor) for one in own}, frozenset(own)
    found: list[Entry] = []
    is_ours: dict[tuple[int, str], bool] = {}
    """Whether the conditions of a group, named as causes name it, are those of the token."""
    for one in sorted(later, key=lambda entry: entry.at):
        if one.subject == "group":
            is_ours |= {(one.store, f"group {id_}"): one in mine for id_ in one.ids}
        elif one.through == "import":
            found += [one] if one.by in files and (one.kind, one.actor) in actors else []
        elif one.kind == "server" and is_ours.get((one.store, one.by)):
            found.append(one)
    return found


def subscriptions(own: Sequence[Entry], later: Sequence[Entry]) -> list[Subscription]:
    """Return the webhooks whose address the entries `own` gave, and when each ended."""
    found: dict[int, Subscription] = {}
    for one in own:
        if one.subject == "webhook" and ADDRESS in one.fields:
            for id_ in one.ids:
                found.setdefault(id_, Subscription(id_, one.store, one.actor, one.at, None))
    mine = frozenset(own)
    ends = [
        one
        for one in later
        if one.action in _ENDS and (one not in mine or one.action != "webhook.update")
    ]
    return [one._replace(until=_end(one, ends)) for one in found.values()]


def reached_at_most(webhook: Subscription, later: Iterable[Entry]) -> tuple[set[int], bool]:
    """
    Return the customers whom events told of meanwhile, and whether every customer may be meant.

    It is a bound, for a webhook whose deliveries are not kept any more.
    """
    during = [
        one
        for one in later
        if one.action in _GOES_OUT
        and one.store == webhook.store_id
        and one.at >= webhook.since
        and (webhook.until is None or one.at < webhook.until)
    ]
    return {id_ for one in during for id_ in one.ids}, any(one.whole for one in during)


def _end(webhook: Subscription, ends: Iterable[Entry]) -> int | None:
    return min((one.at for one in ends if _is_end(webhook, one)), default=None)


def _is_end(webhook: Subscription, one: Entry) -> bool:
    """Return whether an entry removes a webhook or its app, or gives the webhook an address."""
    if one.at < webhook.since or (one.action == "webhook.update" and ADDRESS not in one.fields):
        return False
    if one.subject == "webhook":
        return webhook.id in one.ids
    return webhook.app_id in one.ids and one.store in (webhook.store_id, 0)
