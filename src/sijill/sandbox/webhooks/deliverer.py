"""The deliverer of a namespace: that of the server, on a clock and a seed of its own."""

from collections.abc import Callable

from sijill.app import plan_of, sender_of
from sijill.sandbox.webhooks.attempts import Hooks
from sijill.sandbox.webhooks.post import SandboxPost
from sijill.sandbox.webhooks.table import SandboxDeliveries
from sijill.settings import Settings
from sijill.webhooks.model import wants
from sijill.webhooks.outbox import OutboxTable
from sijill.webhooks.worker import Chance, Deliverer, DeliveryObserver


def sandbox_deliverer(
    settings: Settings,
    outbox: OutboxTable,
    deliveries: SandboxDeliveries,
    observer: DeliveryObserver,
    hooks: Hooks,
    clock: Callable[[], float],
    chance: Chance,
) -> Deliverer:
    """Return the deliverer of a namespace, not started."""
    plan, sender = plan_of(settings), sender_of(settings)
    accepted = plan.schedule.accepted
    post = SandboxPost(sender, settings.webhook_headers, accepted, hooks.attempts)
    return Deliverer(outbox, deliveries, post, wants, observer, plan, clock, chance)
