"""An event: something happened to a customer or to an app's install, and apps are told."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from msgspec import Struct

from sijill.customers.model import Customer
from sijill.stores.model import Store

CREATED, UPDATED = "customer.created", "customer.updated"
LOGIN, OTP = "customer.login", "customer.otp.request"


class Event(Struct, frozen=True):
    """What happened, as it is told: the body is made once and never again."""

    id: str
    """The same over every delivery and every retry."""
    store_id: int
    name: str
    at: datetime
    body: bytes
    customer_id: int | None = None
    app_id: int | None = None
    """The one app that is told; None tells every app that subscribed."""


class Positioned(Struct, frozen=True):
    """An event in the feed; positions grow, and one that was given is never given again."""

    position: int
    event: Event


Announce = Callable[[Store, str, Customer], Event]
"""From a store, the name of an event and the customer as kept to the event; pure but for the id."""


class Changes(Protocol):
    """Whoever keeps events in the order in which they became known."""

    async def changes(
        self, store_id: int, *, after: int, names: tuple[str, ...], limit: int
    ) -> list[Positioned]:
        """
        Return the events of a store behind a position, oldest first; no names mean all.

        Events for one app alone are not among them. An event that was acknowledged before this
        call is there, and none appears later behind a position that was returned.
        Raises: Unavailable.
        """

    async def newest(self) -> int:
        """
        Return the position of the newest event, 0 before the first.

        Raises: Unavailable.
        """

    async def dropped(self) -> int:
        """
        Return the position up to which events were dropped by age, 0 if none was.

        Raises: Unavailable.
        """
