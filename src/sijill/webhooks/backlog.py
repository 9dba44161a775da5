"""How many deliveries of an app may wait."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sijill.database.driver import Transaction
from sijill.webhooks.events import Event
from sijill.webhooks.model import INSTALLS, Subscriber, Webhook

MOST = 100_000
"""Deliveries of an app in a store that may wait unless a setting says otherwise."""

COUNTED_EVERY = timedelta(seconds=1)
"""How long a count serves, less what was made since: a large one takes milliseconds."""

_REMEMBERED = 10_000
"""Apps whose counts are in memory at most."""

Withheld = Counter[Subscriber]
"""The number of deliveries that were not made, by store and app."""


class _Room(NamedTuple):
    """How many more deliveries may wait, as counted at a moment."""

    counted_at: datetime
    left: int


class Backlog:
    """
    Bounds the deliveries of an app in a store that wait.

    Each process counts for itself once a second, so several may exceed the bound together by what
    they make in a second. The installs of an app do not count.
    """

    def __init__(self, most: int = MOST) -> None:
        self.most = most
        self.tell: Callable[[Withheld], None] = lambda withheld: None
        """Hears of what was not made, after the transaction."""
        self._rooms: dict[Subscriber, _Room] = {}

    async def admit(
        self, transaction: Transaction, wanted: Sequence[tuple[Webhook, Event]], at: datetime
    ) -> tuple[list[tuple[int, str, int]], Withheld]:
        """
        Return the webhook, the event and the store of each delivery to make, in order.

        Behind them stands the number of the others.
        """
        made: list[tuple[int, str, int]] = []
        withheld: Withheld = Counter()
        for hook, event in wanted:
            subscriber = (hook.store_id, hook.app_id)
            if hook.event == INSTALLS or await self._take(transaction, subscriber, at):
                made.append((hook.id, event.id, event.store_id))
            else:
                withheld[subscriber] += 1
        return made, withheld

    async def _take(self, transaction: Transaction, subscriber: Subscriber, at: datetime) -> bool:
        room = self._rooms.get(subscriber)
        if room is None or abs(at - room.counted_at) >= COUNTED_EVERY:
            row = await transaction.one("waiting_of_app", *subscriber, INSTALLS, self.most)
            room = _Room(at, self.most - (row[0] if row else 0))
            if len(self._rooms) >= _REMEMBERED:
                self._rooms.clear()
        self._rooms[subscriber] = room._replace(left=max(room.left - 1, 0))
        return room.left > 0
