"""Links of stores, pairs of tokens, and the rules of what is done with them."""

from typing import Literal, NamedTuple

from sijill.mirror.model import MICROS

PATIENCE = 60 * MICROS
"""Microseconds that a sent refresh token may wait for its answer: twice the time of a request."""

YOUNG = 60 * MICROS
"""Microseconds for which a pair is new: if upstream refuses it, another would fare alike."""


class Link(NamedTuple):
    """The link of a store. Moments are in microseconds of the UTC epoch."""

    store_id: int
    accounts: str
    """The base of upstream's OAuth, without a last slash."""
    merchant: int | None
    """The id of the store upstream; None if it is not known."""
    client_id: str
    """The app whose tokens these are; "" for a token that cannot be renewed."""
    pair: int
    """Counts the pairs of tokens."""
    received_at: int
    expires_at: int | None
    """When the access token ends; None if upstream did not say."""
    spent_at: int | None
    """When the refresh token was sent; it is never sent again."""
    client_secret: str | None
    webhook_secret: str | None
    access: str
    refresh: str | None


class Issued(NamedTuple):
    """A pair of tokens, as upstream issued it."""

    access: str
    refresh: str | None
    lifetime: float | None
    """Seconds from now on; None if upstream did not say."""


class Unsent(NamedTuple):
    """A request that did not leave this machine: upstream knows nothing of it."""

    reason: str


class Lost(NamedTuple):
    """A request that upstream may have carried out, or has refused."""

    reason: str


Outcome = Issued | Unsent | Lost

Next = Literal["use", "renew", "wait", "authorise"]


def decide(link: Link, now: int) -> Next:
    """
    Return what to do with the tokens of a link at a moment, in microseconds of the UTC epoch.

    `use`: the access token serves. `renew`: first get another pair. `wait`: the answer to a renewal
    is under way. `authorise`: nothing is left.
    """
    if link.refresh is not None and link.spent_at is None and _is_due(link, now):
        return "renew"
    if link.expires_at is None or now < link.expires_at:
        return "use"
    return "wait" if _is_under_way(link, now) else "authorise"


def decide_refused(link: Link, now: int) -> Next:
    """Return what to do after upstream refused the access token of a link; see `decide`."""
    if link.refresh is not None and link.spent_at is None and now >= link.received_at + YOUNG:
        return "renew"
    return "wait" if _is_under_way(link, now) else "authorise"


def _is_due(link: Link, now: int) -> bool:
    """Return whether half of the life of the access token is over."""
    if link.expires_at is None:
        return False
    return now >= link.received_at + (link.expires_at - link.received_at) // 2


def _is_under_way(link: Link, now: int) -> bool:
    return link.spent_at is not None and now < link.spent_at + PATIENCE


def without_renewal(link: Link, now: int) -> Next:
    """Return what to do with tokens that cannot be renewed now."""
    found = decide(link, now)
    if found != "renew":
        return found
    return "use" if link.expires_at is None or now < link.expires_at else "wait"
