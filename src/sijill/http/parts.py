"""What handlers work with: one frozen value, built in `app`, handed to every call."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Protocol

from sijill.customers.model import Customers
from sijill.groups.model import Groups
from sijill.http.forwarded import Networks
from sijill.imports.model import Imports, Uploads
from sijill.ledgers.loyalty import Loyalty
from sijill.ledgers.wallets import Wallets
from sijill.limits.policy import Policy
from sijill.limits.window import Counters
from sijill.oauth.apps import Apps
from sijill.oauth.bearer import Bearers
from sijill.oauth.grants import Authorizations, Lifetimes
from sijill.oauth.owners import Owners
from sijill.oauth.passwords import Passwords
from sijill.oauth.sessions import SessionLife, Sessions
from sijill.stores.model import Stores
from sijill.webhooks.events import Changes
from sijill.webhooks.model import Deliveries, Due, Webhooks


class Health(Protocol):
    """Whoever can say whether the database answers."""

    async def ping(self) -> None:
        """
        Ask the database something real.

        Raises: Unavailable if it is away.
        """


class Gauges(Protocol):
    """Whoever counts what happens; labels are route templates, never ids."""

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one answer."""

    def refused(self, limiter: str) -> None:
        """Count one request that a limiter refused."""

    def exposition(self) -> tuple[bytes, str]:
        """Return every metric as text, and its media type."""


class Journal(Protocol):
    """Where log lines go; personal data and tokens never do."""

    def answered(self, request_id: str, method: str, route: str, status: int, ms: float) -> None:
        """Log one answer, where the setting `access_log` asks for it."""

    def failed(self, request_id: str, route: str, fault: BaseException) -> None:
        """Log our own fault: its type and where it was raised, not what it says."""


class Draining:
    """Whether the server is shutting down: only `/readyz` tells."""

    def __init__(self) -> None:
        self.begun = False


@dataclass(frozen=True, slots=True)
class Parts:
    """Everything a request may need."""

    customers: Customers
    groups: Groups
    imports: Imports
    uploads: Uploads
    on_import: Callable[[], None]
    """Told of every file that was taken in."""
    wallets: Wallets
    loyalty: Loyalty
    stores: Stores
    apps: Apps
    authorizations: Authorizations
    owners: Owners
    sessions: Sessions
    passwords: Passwords
    webhooks: Webhooks
    changes: Changes
    deliveries: Deliveries
    settle: Callable[[], Awaitable[None]]
    """Gives events that are committed their place in the feed; their deliveries come with it."""
    headers_of: Callable[[Due, float], list[tuple[str, str]]]
    """The headers of a delivery that is sent at a time in epoch seconds."""
    on_write: Callable[[], None]
    """Told of every request that may have written something: events may wait to be delivered."""
    local_targets: bool
    """Whether webhooks may go to http and to addresses of this network."""
    health: Health
    bearers: Bearers
    counters: Counters
    policy: Policy
    proxies: Networks
    clock: Callable[[], float]
    """UTC epoch seconds."""
    monotonic: Callable[[], float]
    new_id: Callable[[], str]
    gauges: Gauges
    journal: Journal
    public_url: Callable[[], str]
    """Base of absolute URLs, without a last slash; known once the port is."""
    max_in_flight: int
    lifetimes: Lifetimes
    session_life: SessionLife
    strips_state: bool
    """Whether `state` comes back without its hyphens, as seen at Salla."""
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    """Lets seconds pass."""
    draining: Draining = field(default_factory=Draining)
