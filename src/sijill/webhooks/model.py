"""Webhooks: which app is told of which event, where, and what became of each delivery."""

from datetime import datetime
from typing import Literal, NamedTuple

from msgspec import Struct

from sijill.webhooks.events import Event

INSTALLS = "app.*"
"""The event of the webhook at which an app hears of its own installs; no list shows it."""

Strategy = Literal["signature", "token", "none"]
State = Literal["pending", "done", "dead", "captured"]


class Webhook(Struct, frozen=True):
    """One subscription of an app in a store to one event. Source: Salla "Register Webhook"."""

    id: int
    store_id: int
    app_id: int
    name: str
    event: str
    url: str
    version: int
    rule: str | None
    headers: tuple[tuple[str, str], ...]
    strategy: Strategy
    secret: str | None
    created_at: datetime
    failing_since: datetime | None = None
    """Since when no delivery has succeeded; None while all is well."""
    paused: str | None = None
    """
    Why nothing is sent: `gone` (it answered 410), `failing` (for too long) or `sealed` (its secrets
    were, under another key); None sends.
    """


class WebhookPage(NamedTuple):
    """Some webhooks, and how many there are."""

    webhooks: list[Webhook]
    total: int


class Delivery(Struct, frozen=True):
    """One event for one webhook, and how it stands."""

    webhook_id: int
    event_id: str
    store_id: int
    event: str
    state: State
    attempts: int
    created_at: datetime
    next_at: datetime
    status: int | None
    """HTTP status of the last attempt that was answered."""
    error: str | None
    """Why the last attempt was none: a slug such as `timeout`."""


class ClaimedDelivery(NamedTuple):
    """A delivery that is claimed: nobody else sends it until the lease ends."""

    webhook: Webhook
    event: Event
    attempt: int
    """From 1."""


class DeliveryDetail(NamedTuple):
    """A delivery with what it is of, and for whom."""

    delivery: Delivery
    webhook: Webhook
    event: Event


class AttemptResult(NamedTuple):
    """What an attempt came to."""

    state: State
    status: int | None
    error: str | None
    next_at: datetime
    """When the next attempt is due; of no meaning unless pending."""
    pause: str | None = None
    """Why the webhook is to be paused, if it is."""


Subscriber = tuple[int, int]
"""A store and an app in it."""
