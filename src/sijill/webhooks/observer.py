"""Deliveries, counted and logged: names and ids, never what was sent or where."""

from collections.abc import Callable

from sijill.telemetry.logs import kinds, log, places
from sijill.webhooks.model import AttemptResult, Webhook

Count = Callable[[str, str], None]
"""Gets the event's name and the result of an attempt."""


class DeliveryObserver:
    """Counts each attempt, and logs what an operator has to know."""

    def __init__(self, count: Count) -> None:
        self._count = count

    def delivered(self, event: str, outcome: AttemptResult) -> None:
        """Count one attempt; a delivery that is given up is a line too."""
        self._count(event, "retry" if outcome.state == "pending" else outcome.state)
        if outcome.state == "dead":
            log.warning("delivery_dead", status=outcome.status, error=outcome.error)

    def expired(self, count: int) -> None:
        """Say that so many deliveries were given up: they are dead, and can be sent again."""
        log.warning("deliveries_expired", count=count)

    def paused(self, webhook: Webhook, why: str) -> None:
        """Say that nothing more is sent to a webhook until it is resumed."""
        log.warning("webhook_paused", webhook=webhook.id, store=webhook.store_id, why=why)

    def failed(self, fault: Exception) -> None:
        """Log our own fault: its type and where it was raised, not what it says."""
        log.error("deliverer_failed", fault=kinds(fault), at=places(fault))
