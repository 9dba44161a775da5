"""The log of deliveries that were not made; commands that deliver nothing load no log."""

from collections import Counter
from collections.abc import Callable

from sijill.telemetry.logs import log
from sijill.webhooks.backlog import Withheld
from sijill.webhooks.model import Subscriber

TOLD_EVERY = 60.0
"""Seconds between two lines of the log about one app."""


class BacklogLog:
    """Counts what was not made, and logs it by app: at once, then once a minute."""

    def __init__(self, count: Callable[[int], None], monotonic: Callable[[], float]) -> None:
        self._count, self._monotonic = count, monotonic
        self._told: dict[Subscriber, float] = {}
        self._untold: Withheld = Counter()

    def __call__(self, withheld: Withheld) -> None:
        """Hear of deliveries that were not made."""
        now = self._monotonic()
        self._told = {who: at for who, at in self._told.items() if now - at < TOLD_EVERY}
        self._untold.update(withheld)
        for subscriber, number in withheld.items():
            self._count(number)
            if subscriber not in self._told:
                self._told[subscriber] = now
                store, app = subscriber
                count = self._untold.pop(subscriber)
                log.warning("deliveries_withheld", store=store, app=app, count=count)
