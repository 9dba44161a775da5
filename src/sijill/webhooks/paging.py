"""Places in lists of webhooks and of their deliveries, the newest first: a page is behind one."""

from typing import NamedTuple

from sijill.database.columns import micros
from sijill.webhooks.model import Delivery, Webhook

_END = 2**63 - 1
"""Later than every stored moment, in microseconds."""


class WebhookPlace(NamedTuple):
    """A place in the webhooks of a store."""

    at: int
    """A moment in microseconds of the UTC epoch."""
    id: int


class DeliveryPlace(NamedTuple):
    """A place in the deliveries of a webhook."""

    at: int
    """A moment in microseconds of the UTC epoch."""
    event_id: str


BEFORE_WEBHOOKS = WebhookPlace(_END, 0)
BEFORE_DELIVERIES = DeliveryPlace(_END, "")
"""The places before the newest ones."""


def place_of_webhook(hook: Webhook) -> WebhookPlace:
    """Return the place of a webhook."""
    return WebhookPlace(micros(hook.created_at), hook.id)


def place_of_delivery(delivery: Delivery) -> DeliveryPlace:
    """Return the place of a delivery."""
    return DeliveryPlace(micros(delivery.created_at), delivery.event_id)
