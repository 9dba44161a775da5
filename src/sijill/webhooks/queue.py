"""How much of the webhooks of a store waits, was given up, or is paused."""

from datetime import datetime
from typing import NamedTuple

from sijill.database.columns import maybe_moment
from sijill.database.driver import Driver
from sijill.webhooks.model import INSTALLS


class Queue(NamedTuple):
    """The webhooks of a store and their deliveries; those of installs aside."""

    webhooks: int
    paused: int
    """Of them, because of what happened to their deliveries."""
    failing: int
    """Of them, not paused, because the last attempts got no good answer."""
    waiting: int
    failed: int
    """Deliveries that were given up."""
    oldest: datetime | None
    """When the oldest delivery was made that waits; None if none does."""


async def queue_of(driver: Driver, store_id: int, most: int) -> Queue:
    """Return the queue of a store, deliveries counted up to `most` a state. Raises: Unavailable."""
    row = await driver.one("webhook_queue", store_id, INSTALLS, most)
    webhooks, paused, failing, waiting, failed, oldest = row or (0, 0, 0, 0, 0, None)
    return Queue(webhooks, paused, failing, waiting, failed, maybe_moment(oldest))
