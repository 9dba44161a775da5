"""
The deliveries of a namespace: a rule may make one late, or hold it until it is released.

Such a delivery waits in its table, due at another moment: so the clock finds it, nothing has to
wait for it meanwhile, and a snapshot keeps it.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Literal

from msgspec import UNSET

from sijill.database.driver import Driver
from sijill.database.sealing import Sealer
from sijill.sandbox.webhooks.attempts import Hooks, attempt_of
from sijill.sandbox.webhooks.rules import POSTPONES, WebhookRule
from sijill.webhooks.delivery_table import DeliveryTable
from sijill.webhooks.message import Message
from sijill.webhooks.model import ClaimedDelivery, Delivery
from sijill.webhooks.places import Places

HELD = datetime(9000, 1, 1, tzinfo=UTC)
"""Held deliveries are due from this moment on, each later than those that were held before it."""

Order = Literal["first", "last"] | Sequence[str]
"""`first`: what was held first is first; `last`: what was held last is; or the ids of events."""


class FaultyDelivery(ClaimedDelivery):
    """A claimed delivery with the rule that its attempt follows."""

    rule: WebhookRule


class SandboxDeliveries(DeliveryTable):
    """The deliveries of a namespace. Each attempt is decided once, when it is claimed."""

    def __init__(self, driver: Driver, sealer: Sealer, hooks: Hooks) -> None:
        super().__init__(driver, sealer)
        self._hooks = hooks
        self._postponed: set[tuple[int, str]] = set()  # webhook and event: decided already
        self._last_held: datetime | None = None  # when the last held delivery is due; None: ask

    async def claim(self, at: datetime, until: datetime, places: Places) -> list[ClaimedDelivery]:
        """
        Claim due deliveries as every server does, but for those that a rule postpones.

        Raises: Unavailable.
        """
        kept: list[ClaimedDelivery] = []
        while not kept and (claimed := await super().claim(at, until, places)):
            for due in claimed:
                rule = self._decide(due)
                if rule is not None and rule.kind in POSTPONES:
                    await self._postpone(due, rule, at)
                else:
                    kept.append(due if rule is None else _faulty(due, rule))
        return kept

    def _decide(self, due: ClaimedDelivery) -> WebhookRule | None:
        key = (due.webhook.id, due.event.id)
        if key in self._postponed:
            self._postponed.discard(key)
            return None
        return self._hooks.faults.decide(lambda rule: rule.fits(due.event.name))

    async def _postpone(self, due: ClaimedDelivery, rule: WebhookRule, at: datetime) -> None:
        key, attempts = (due.webhook.id, due.event.id), self._hooks.attempts
        if rule.seconds is not UNSET:
            later = at + timedelta(seconds=rule.seconds)
        else:
            later = await self._behind_held()
        self._postponed.add(key)
        await self.move(due.webhook.store_id, *key, later, due.attempt - 1)
        unsigned = Message(due.webhook.url, [], due.event.body)
        attempts.add(attempt_of(due, at, unsigned, "held", rule.kind))

    async def _behind_held(self) -> datetime:
        """Return a moment behind those of all held deliveries, which a state may have brought."""
        if self._last_held is None:
            self._last_held = max([HELD, *(one.next_at for one in await self.held())])
        self._last_held += timedelta(microseconds=1)
        return self._last_held

    async def next_due(self, after: datetime) -> datetime | None:
        """Return when the next delivery that is not held comes due; None if none waits."""
        due = await super().next_due(after)
        return None if due is None or due >= HELD else due

    async def held(self) -> list[Delivery]:
        """Return the deliveries that are held, first held first."""
        pending = await self.all(state="pending", limit=2**31)
        held = [delivery for delivery in pending if delivery.next_at >= HELD]
        return sorted(held, key=lambda delivery: delivery.next_at)

    async def release(self, delivery: Delivery, at: datetime) -> None:
        """Make a held delivery due at a moment; its attempt is decided already."""
        key = (delivery.webhook_id, delivery.event_id)
        self._postponed.add(key)
        await self.move(delivery.store_id, *key, at, delivery.attempts)


def _faulty(due: ClaimedDelivery, rule: WebhookRule) -> FaultyDelivery:
    faulty = FaultyDelivery(*due)
    faulty.rule = rule
    return faulty


def arranged(held: Sequence[Delivery], order: Order) -> list[Delivery]:
    """
    Return held deliveries in an order; of ids, only the deliveries of these events.

    Raises: KeyError with an id of which no delivery is held.
    """
    if isinstance(order, str):
        return list(held if order == "first" else reversed(held))
    of_event: dict[str, list[Delivery]] = {}
    for delivery in held:
        of_event.setdefault(delivery.event_id, []).append(delivery)
    return [delivery for event_id in dict.fromkeys(order) for delivery in of_event[event_id]]
