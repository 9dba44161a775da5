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

REMEMBERED = 1_000
"""Webhooks whose number of places is remembered: those of the latest attempts."""


def places_after(places: int, *, delivered: bool) -> int:
    """Return a webhook's places after an attempt: one more, or half of them and at least one."""
    return min(places + 1, MAX_PLACES) if delivered else max(places // 2, 1)


class Places:
    """The places of one process, and how many of them are taken."""

    def __init__(
        self, *, initial: int = INITIAL, per_app: int = PER_APP, total: int = MAX_UNDER_WAY
    ) -> None:
        self._initial, self._per_app, self._total = initial, per_app, total
        self._places: dict[int, int] = {}
        self._webhooks: Counter[int] = Counter()
        self._apps: Counter[Subscriber] = Counter()
        self._under_way = 0

    def free(self, webhook: Webhook) -> int:
        """Return how many more deliveries of a webhook may begin."""
        of_app, of_webhook = self.load(webhook)
        return max(
            0,
            min(
                self._of(webhook) - of_webhook,
                self._per_app - of_app,
                self._total - self._under_way,
            ),
        )

    def half_free(self, webhook: Webhook) -> bool:
        """Return whether no more than half of a webhook's places are taken."""
        return 2 * self._webhooks[webhook.id] <= self._of(webhook)

    def load(self, webhook: Webhook) -> tuple[int, int]:
        """Return the deliveries under way for a webhook's app in its store, and to the webhook."""
        return self._apps[webhook.store_id, webhook.app_id], self._webhooks[webhook.id]

    def take(self, webhook: Webhook, count: int = 1) -> None:
        """Note that deliveries of a webhook begin."""
        self._under_way += count
        self._webhooks[webhook.id] += count
        self._apps[webhook.store_id, webhook.app_id] += count

    def release(self, webhook: Webhook, *, delivered: bool | None) -> None:
        """Note the end of a delivery; None leaves the number of places as it is."""
        if delivered is not None:
            places = places_after(self._of(webhook), delivered=delivered)
            self._places.pop(webhook.id, None)
            self._places[webhook.id] = places  # the last one in the order of the dictionary
            if len(self._places) > REMEMBERED:
                del self._places[next(iter(self._places))]
        self.take(webhook, -1)
        if not self._webhooks[webhook.id]:  # webhooks at rest take no memory
            del self._webhooks[webhook.id]
        if not self._apps[webhook.store_id, webhook.app_id]:
            del self._apps[webhook.store_id, webhook.app_id]

    def copy(self) -> "Places":
        """Return a copy, whose places are taken independently."""
        twin = copy(self)
        twin._webhooks, twin._apps = self._webhooks.copy(), self._apps.copy()
        return twin

    def _of(self, webhook: Webhook) -> int:
        initial = INITIAL_FAILING if webhook.failing_since else self._initial
        return self._places.get(webhook.id, initial)
