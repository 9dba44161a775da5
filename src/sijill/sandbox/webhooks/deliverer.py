"""The deliverer of a namespace: that of the server, on a clock and a seed of its own."""

from collections.abc import Callable

from sijill.app import plan_of, sender_of
from sijill.register import Register
from sijill.sandbox.ring import Ring
from sijill.sandbox.webhooks.attempts import Attempt
from sijill.sandbox.webhooks.post import SandboxPost
from sijill.settings import Settings
from sijill.webhooks.model import wants
from sijill.webhooks.worker import Chance, Deliverer, DeliveryObserver


def sandbox_deliverer(
    settings: Settings,
    register: Register,
    observer: DeliveryObserver,
    attempts: Ring[Attempt],
    clock: Callable[[], float],
    chance: Chance,
) -> Deliverer:
    """Return the deliverer of a namespace, not started; `attempts` gets every attempt."""
    plan = plan_of(settings)
    accepted = plan.schedule.accepted
    post = SandboxPost(sender_of(settings), settings.webhook_headers, accepted, attempts)
    tables = (register.outbox, register.deliveries)
    return Deliverer(*tables, post, wants, observer, plan, clock, chance)
