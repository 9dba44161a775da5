"""
The stream that tells pages which of their parts have changed: one for each browser.

It names topics and no data: a page asks for itself again, as the person who looks at it. A stream
ends after a minute, and the browser opens the next one, which the guard judges by itself.
"""

from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from typing import Any

from sijill.console.desk import Desk
from sijill.http.request import Request, Response, Stream
from sijill.oauth.tokens import digest
from sijill.oauth.visits import Visit
from sijill.webhooks.queue import queue_of

LOOKS, PAUSE = 30, 2.0
"""Looks of one stream, and seconds between two of them."""

NEWEST = 20
"""Changes of many customers, at most, whose progress a stream follows."""

FOLLOWED = 100
"""Deliveries in one state, at most, that a stream counts."""

MINUTE = 60
"""Seconds after which parts of a page are asked for again that go by time alone."""

_HEADERS = [
    (b"content-type", b"text/event-stream"),
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-accel-buffering", b"no"),
]


@dataclass(frozen=True)
class LivePages:
    """Answers with the stream of a store."""

    desk: Desk

    async def stream(self, request: Request, visit: Visit) -> Response | Stream:
        """Answer with a stream; the names of changed topics are its events. Raises: Unavailable."""
        if request.method == "HEAD":
            return Response(200, b"", [*_HEADERS])
        first = await self._states(visit)
        # An app has a positive id: streams of a browser are counted beside those of apps.
        owner = visit.store.id, -int.from_bytes(digest(visit.token)[:7], "big")
        return Stream(200, self._pieces(visit, first), [*_HEADERS], owner)

    async def _pieces(self, visit: Visit, before: Mapping[str, Any]) -> AsyncGenerator[bytes, None]:
        yield b"retry: 1000\n\n"
        for _ in range(LOOKS):
            await self.desk.draining.sleep(PAUSE)
            if self.desk.draining.begun:
                return
            now = await self._states(visit)
            changed = [topic for topic, state in now.items() if before[topic] != state]
            # A comment keeps the connection alive, and finds out whether the browser is there.
            yield f"data: {' '.join(changed)}\n\n".encode() if changed else b":\n\n"
            before = now

    async def _states(self, visit: Visit) -> dict[str, Any]:
        """Return the state of each topic: another one, when something of it has changed."""
        register, store_id = self.desk.register, visit.store.id
        imports = await register.imports.all(store_id)
        changes = await register.bulk.newest(store_id, NEWEST)
        newest = await register.outbox.newest(store_id)
        queue = await queue_of(register.driver, store_id, FOLLOWED)
        return {
            "minute": int(self.desk.now().timestamp()) // MINUTE,
            "customers": newest,
            "webhooks": (queue, newest) if queue.webhooks else None,
            "imports": [(one.id, one.state, one.done) for one in imports],
            "bulk": [(one.id, one.state, one.done) for one in changes],
            "mirror": await self._copy(store_id),
            **self.desk.further.states(),
        }

    async def _copy(self, store_id: int) -> object:
        """Return the state of a linked store, and how many of its slices are in each state."""
        register = self.desk.register
        store = await register.mirror.find(store_id)
        if store is None:
            return None
        known = (store.stage, store.trouble, store.reason, store.paused, store.sweep_wanted)
        return known, await register.driver.all("mirror_slice_states", store_id)
