"""The shared parts of a server's connections: application, bounds, one write, one timer."""

import time
from asyncio import AbstractEventLoop, Task, TimerHandle
from collections.abc import Coroutine
from typing import Any, Protocol

from sijill.errors import Fault
from sijill.http.forwarded import Networks
from sijill.http.request import Request, Response, Stream
from sijill.server.answers import date_line
from sijill.server.budget import Budget
from sijill.server.request_limits import RequestLimits

INTERVAL = 1.0
"""Seconds between two looks at all connections: a deadline is kept to within so many."""

SPARE_PLACES, SPARE_FOR_EACH = 32, 8
"""Connections beyond the bounds, of all and of one client: they learn that the server is full."""


class Application(Protocol):
    """Answers requests."""

    def answer(self, request: Request) -> Coroutine[Any, Any, Response | Stream]:
        """Return the answer to one request; it never raises a fault."""

    def refuse(self, request: Request, fault: Fault) -> Response:
        """Return the answer to a request that the server refuses by itself."""


class _Outgoing(Protocol):
    def flush(self) -> None: ...


class Site:
    """One server, as its connections see it."""

    def __init__(
        self,
        application: Application,
        limits: RequestLimits,
        loop: AbstractEventLoop,
        *,
        places: Budget,
        bodies: Budget,
        memory: Budget,
        keep_alive: float,
        eager: bool,
        proxies: Networks = (),
        plain: bool = False,
    ) -> None:
        """
        `bodies` counts the bytes of bodies, `memory` those of unparsed requests and unread answers.

        `keep_alive` is in seconds; `eager` is explained in `stepping`.
        """
        self.application, self.limits, self.loop = application, limits, loop
        self.keep_alive, self.eager = keep_alive, eager
        self.proxies = proxies
        self.plain = plain
        """Whether no public address says that browsers ask over HTTPS."""
        self.places, self.spare_places = places, Budget(SPARE_PLACES, SPARE_FOR_EACH)
        self.bodies, self.memory = bodies, memory
        self.connections: set[Any] = set()
        self.tasks: set[Task[Any]] = set()
        self.date = b""
        """The header line `Date`."""
        self._unwritten: list[_Outgoing] = []
        self._timer: TimerHandle | None = None

    def place_for(self, client: str) -> Budget | None:
        """Return the budget that gives one more connection of a client its place, if one does."""
        for places in (self.places, self.spare_places):
            if places.take(client):
                return places
        return None

    def write_later(self, outgoing: _Outgoing) -> None:
        """Flush the writing side of a connection at the end of this turn."""
        if not self._unwritten:
            self.loop.call_soon(self._write)
        self._unwritten.append(outgoing)

    def _write(self) -> None:
        unwritten, self._unwritten = self._unwritten, []
        for outgoing in unwritten:
            outgoing.flush()

    def start(self) -> None:
        """Renew the date and look at every connection, now and then at every interval."""
        self.date = date_line(time.time())
        self.look(self.loop.time())
        self._timer = self.loop.call_later(INTERVAL, self.start)

    def stop(self) -> None:
        """Look no more."""
        if self._timer is not None:
            self._timer.cancel()

    def look(self, now: float) -> None:
        """End every wait that is too long; `now` is the loop's time."""
        for connection in list(self.connections):
            connection.check(now)
