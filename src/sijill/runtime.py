"""The runtime of one process: what its handlers and its background work are given."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from sijill.console.desk import Further
from sijill.description.front import Facts
from sijill.http.health import Draining
from sijill.oauth.entries import Entries
from sijill.settings import Settings
from sijill.telemetry.metrics import Metrics
from sijill.values.ids import Draw, by_chance

if TYPE_CHECKING:
    from sijill.description.document import More


class Runtime(NamedTuple):
    """The settings and the clocks of one process, its metrics, and whether it is draining."""

    settings: Settings
    metrics: Metrics
    draining: Draining
    public_url: Callable[[], str]
    """Base of absolute URLs, without a last slash; known once the port is."""
    clock: Callable[[], float]
    """UTC epoch seconds."""
    monotonic: Callable[[], float]
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    facts: Facts = MappingProxyType({})
    """Further lines of the page at the root."""
    last_backup: Callable[[], float] | None = None
    """When the last backup was taken, in UTC epoch seconds, 0 for never; None in a sandbox."""
    entries: Entries = Entries()
    """The links that sign people in."""
    draw: Draw = by_chance
    """The random bytes behind ids, tokens and secrets."""
    replica: Callable[[], bool | None] = lambda: None
    """Whether the replica can be read; None if there is none."""
    describe: "More | None" = None
    """Adds to the description what is answered beside the router."""
    further: Further = Further()
    """What a face adds to the console."""

    def now(self) -> datetime:
        """Return the time as an aware moment."""
        return datetime.fromtimestamp(self.clock(), UTC)
