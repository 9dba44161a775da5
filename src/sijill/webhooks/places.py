"""
Places: the deliveries that may be under way at once, to a webhook, for an app, and in all.

A webhook gets one more place for each success and loses half of them with each failure: additive
increase, multiplicative decrease, as TCP finds the speed of a path (RFC 5681).
"""

from collections import Counter
from copy import copy

from sijill.webhooks.model import Subscriber, Webhook

INITIAL = 4
"""Places of a webhook at first."""

INITIAL_FAILING = 1
"""The same if its last attempt failed: one delivery shows whether the receiver works again."""

MAX_PLACES = 32
"""Places of a webhook that never fails."""

MAX_UNDER_WAY = 512
"""Deliveries under way at once, in one process."""

PER_APP = MAX_UNDER_WAY // 2
"""The same for all webhooks of one app in one store: it leaves room for the others."""


def places_after(places: int, *, delivered: bool) -> int:
    """Return a webhook's places after an attempt: one more, or half of them and at least one."""
    return min(places + 1, MAX_PLACES) if delivered else max(places // 2, 1)


class Places:
    """The places of one process, and which of them are taken."""

    def __init__(
        self, *, initial: int = INITIAL, per_app: int = PER_APP, total: int = MAX_UNDER_WAY
    ) -> None:
        self._initial, self._per_app, self._total = initial, per_app, total
        self._places: dict[int, int] = {}
        self._taken: Counter[int] = Counter()
        self._apps: Counter[Subscriber] = Counter()
        self._under_way = 0

    def free(self, webhook: Webhook) -> int:
        """Return how many more deliveries of a webhook may begin."""
        return max(
            0,
            min(
                self._of(webhook) - self._taken[webhook.id],
                self._per_app - self._apps[_subscriber(webhook)],
                self._total - self._under_way,
            ),
        )

    def half_free(self, webhook: Webhook) -> bool:
        """Return whether no more than half of a webhook's places are taken."""
        return 2 * self._taken[webhook.id] <= self._of(webhook)

    def load(self, webhook: Webhook) -> tuple[int, int]:
        """Return the deliveries under way of a webhook's app in its store, and of the webhook."""
        return self._apps[_subscriber(webhook)], self._taken[webhook.id]

    def take(self, webhook: Webhook, count: int = 1) -> None:
        """Note that deliveries of a webhook begin."""
        self._taken[webhook.id] += count
        self._apps[_subscriber(webhook)] += count
        self._under_way += count

    def release(self, webhook: Webhook, *, delivered: bool | None) -> None:
        """Note the end of a delivery; None leaves the number of places as it is."""
        if delivered is not None:
            self._places[webhook.id] = places_after(self._of(webhook), delivered=delivered)
        self.take(webhook, -1)
        if not self._apps[_subscriber(webhook)]:
            del self._apps[_subscriber(webhook)]

    def idle(self) -> list[int]:
        """Return the known webhooks that have nothing under way."""
        return [webhook_id for webhook_id, count in self._taken.items() if not count]

    def forget(self, webhook_ids: list[int]) -> None:
        """Forget those of the webhooks that are still idle, so that they take no memory."""
        for webhook_id in webhook_ids:
            if not self._taken[webhook_id]:
                del self._taken[webhook_id]
                self._places.pop(webhook_id, None)

    def copy(self) -> "Places":
        """Return a copy, whose places are taken independently."""
        twin = copy(self)
        twin._taken, twin._apps = self._taken.copy(), self._apps.copy()
        return twin

    def _of(self, webhook: Webhook) -> int:
        first = INITIAL_FAILING if webhook.failing_since else self._initial
        return self._places.get(webhook.id, first)


def _subscriber(webhook: Webhook) -> Subscriber:
    return webhook.store_id, webhook.app_id
