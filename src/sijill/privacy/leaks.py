"""What went out to webhooks whose address somebody gave who had stolen a token."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, NamedTuple

from sijill.audit.model import Entry
from sijill.audit.table import FOREVER
from sijill.database.columns import maybe_moment, moment
from sijill.database.driver import Driver
from sijill.errors import NotFound
from sijill.privacy.aftermath import Subscription, reached_at_most
from sijill.webhooks.model import Webhook
from sijill.webhooks.table import WebhookTable

LeakState = Literal["open", "paused", "ended"]


class Leak(NamedTuple):
    """One webhook, from the moment when its address was given."""

    webhook_id: int
    store_id: int
    event: str
    """"" if the webhook is not there any more, as for `url`."""
    url: str
    since: datetime
    until: datetime | None
    """When it was removed or got another address."""
    state: LeakState
    """`open` while events go there, or will once its app has a living grant again."""
    received: int
    """Deliveries that were acknowledged."""
    perhaps: int
    """Deliveries that were tried and not acknowledged: somebody may have read them."""
    waiting: int
    reached: frozenset[int]
    """The customers whom these deliveries were about, but for those that wait."""
    unknown: frozenset[int]
    """The customers whom lost deliveries may have been about."""
    any_customer: bool
    """Whether these may be all customers of the store."""


async def leaks(
    driver: Driver,
    webhooks: WebhookTable,
    given: Sequence[Subscription],
    later: Sequence[Entry],
    kept_since: datetime,
) -> list[Leak]:
    """
    Return what went out to webhooks; `later` are the entries of the audit log since then.

    Deliveries are gone with their webhook, and those from before `kept_since` anyway: then the
    customers whom events told of meanwhile are a bound. Raises: Unavailable.
    """
    return [await _leak(driver, webhooks, one, later, kept_since) for one in given]


async def _leak(
    driver: Driver,
    webhooks: WebhookTable,
    given: Subscription,
    later: Sequence[Entry],
    kept_since: datetime,
) -> Leak:
    until = given.until
    hook = await _found(webhooks, given)
    end = FOREVER if until is None else until
    rows = await driver.all("sent_by_webhook", given.store_id, given.id, given.since, end)
    is_lost = hook is None or moment(given.since) < kept_since
    unknown, anybody = reached_at_most(given, later) if is_lost else (set[int](), False)
    return Leak(
        *(given.id, given.store_id),
        event="" if hook is None else hook.event,
        url="" if hook is None or until is not None else hook.url,
        since=moment(given.since),
        until=maybe_moment(until),
        state=_state(hook, until),
        received=sum(row[1] for row in rows),
        perhaps=sum(row[2] for row in rows),
        waiting=sum(row[3] for row in rows),
        reached=frozenset(row[0] for row in rows if row[0] is not None and row[1] + row[2]),
        unknown=frozenset(unknown),
        any_customer=anybody,
    )


async def _found(webhooks: WebhookTable, given: Subscription) -> Webhook | None:
    try:
        return await webhooks.find(given.id)
    except NotFound:
        return None


def _state(hook: Webhook | None, until: int | None) -> LeakState:
    if hook is None or until is not None:
        return "ended"
    return "open" if hook.paused is None else "paused"
