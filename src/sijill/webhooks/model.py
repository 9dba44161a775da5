"""Webhooks: which app is told of which event, where, and what became of each delivery."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Literal, NamedTuple, Protocol

from msgspec import Struct

from sijill.oauth.apps import App
from sijill.webhooks.events import Event

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


class Due(NamedTuple):
    """A delivery that is claimed: nobody else sends it until the lease ends."""

    webhook: Webhook
    event: Event
    attempt: int
    """From 1."""


class Kept(NamedTuple):
    """A delivery with what it is of, and for whom."""

    delivery: Delivery
    webhook: Webhook
    event: Event


class Outcome(NamedTuple):
    """What an attempt came to."""

    state: State
    status: int | None
    error: str | None
    next_at: datetime
    """When the next attempt is due; of no meaning unless pending."""
    pause: str | None = None
    """Why the webhook is to be paused, if it is."""


class Webhooks(Protocol):
    """Whoever keeps webhooks. Each call is within one app in one store."""

    async def subscribe(self, webhook: Webhook) -> Webhook:
        """
        Keep a webhook; one with the same address and event is replaced, and keeps its id.

        Raises: Unavailable.
        """

    async def tell_installs(self, app: App, store_id: int, at: datetime) -> None:
        """
        Let an app hear of its own installs in a store where its `webhook_url` says.

        Raises: Unavailable.
        """

    async def change_webhook(
        self, store_id: int, app_id: int, webhook_id: int, decide: Callable[[Webhook], Webhook]
    ) -> Webhook:
        """
        Replace a webhook by what `decide` makes of it; it is no longer paused.

        Raises: NotFound; Taken("url") if that address and event are another's; whatever `decide`
        raises; Unavailable.
        """

    async def webhook_page(
        self, store_id: int, app_id: int, *, offset: int, limit: int
    ) -> WebhookPage:
        """
        Return `limit` webhooks from `offset`, by created_at, then id.

        Raises: Unavailable.
        """

    async def unsubscribe(
        self, store_id: int, app_id: int, *, webhook_id: int | None, url: str | None
    ) -> int:
        """
        Remove the webhook with this id, and all with this url; return how many those were.

        What is pending for them is dropped with them. Raises: Unavailable.
        """


Subscriber = tuple[int, int]
"""A store and an app in it."""


class Deliveries(Protocol):
    """Whoever keeps deliveries. Every call is one transaction, safe beside any number of others."""

    async def append(self, event: Event) -> None:
        """
        Keep an event that no write of a customer makes.

        Raises: Unavailable.
        """

    async def settle(self, wants: Callable[[Webhook, Event], bool], at: datetime, most: int) -> int:
        """
        Give new events their positions and make a delivery for each webhook that wants one.

        Return how many events that were, `most` at most. Raises: Unavailable.
        """

    async def claim(
        self,
        at: datetime,
        until: datetime,
        *,
        busy: Mapping[int, int],
        each: int,
        failing: int,
        most: int,
        apps: Mapping[Subscriber, int] | None = None,
        per_app: int | None = None,
    ) -> list[Due]:
        """
        Claim deliveries that are due, for a lease that ends at `until`; `most` at most.

        `busy` says how many of a webhook are under way here, of `each` at most, of `failing` where
        it has failed; `apps` the same of all webhooks of an app in a store, of `per_app` at most.
        Whoever has the fewest goes first. Raises: Unavailable.
        """

    async def finish(self, due: Due, outcome: Outcome, at: datetime) -> None:
        """
        Note what an attempt came to.

        Raises: Unavailable.
        """

    async def deliveries(
        self, *, store_id: int | None = None, state: State | None = None, limit: int = 100
    ) -> list[Delivery]:
        """
        Return deliveries, newest first.

        Raises: Unavailable.
        """

    async def deliveries_of_app(
        self, store_id: int, app_id: int, *, event: str | None, state: str | None, limit: int
    ) -> list[Kept]:
        """
        Return the deliveries to an app's webhooks in a store, newest first; None is any.

        Those of its installs are not among them. Raises: Unavailable.
        """

    async def redeliver(
        self, *, event_id: str | None, since: datetime | None, until: datetime | None, at: datetime
    ) -> int:
        """
        Let deliveries be due again from their first attempt on, and return how many.

        Those of one event, or those that are dead and were made from `since` until before `until`.
        Raises: Unavailable.
        """

    async def resume(self, webhook_id: int) -> None:
        """
        Let a paused webhook go on.

        Raises: NotFound; Unavailable.
        """

    async def give_up(self, before: datetime, at: datetime) -> int:
        """
        Give up what is pending of events from before, and return how many deliveries that were.

        They are dead from `at` on, and can be delivered again. Raises: Unavailable.
        """

    async def prune(self, before: datetime) -> int:
        """
        Drop events from before, with their deliveries, and return how many.

        One that was not delivered everywhere stays until `give_up` has given it up, and as long
        again.

        Raises: Unavailable.
        """

    async def webhook(self, webhook_id: int) -> Webhook:
        """
        Return one webhook, of whichever store.

        Raises: NotFound; Unavailable.
        """

    async def webhooks(self) -> list[Webhook]:
        """
        Return every webhook of every store.

        Raises: Unavailable.
        """
