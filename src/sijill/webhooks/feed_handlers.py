"""
The feed of changes: every event of a store, in order, by the page or as a stream.

It is for copies of the register: a receiver may miss a webhook, but a reader no event of the feed.
"""

import re
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import NamedTuple

from sijill.errors import Gone
from sijill.http.health import Draining
from sijill.http.query import parse_query
from sijill.http.request import Headers, Request, Response, Stream, json_response
from sijill.oauth.bearer import GrantCache
from sijill.oauth.tokens import Grant
from sijill.webhooks.events import Positioned, customers_in
from sijill.webhooks.feed_wire import FeedQuery, cursor, heartbeat, page, read_feed_query, streamed
from sijill.webhooks.outbox import OutboxTable

POLL = 1.0
"""Seconds between two looks for new events."""

HEARTBEAT = 15.0
"""Seconds without an event after which a stream sends its cursor."""

STREAM = b"text/event-stream"
_STREAM_HEADERS: Headers = [
    (b"content-type", STREAM),
    (b"x-accel-buffering", b"no"),  # nginx would hold events back
]


class _Page(NamedTuple):
    events: list[Positioned]
    position: int
    """Behind these events, and behind those that the query left out."""
    more: bool


class FeedHandlers:
    """Answers requests for the feed of changes."""

    def __init__(
        self,
        outbox: OutboxTable,
        bearers: GrantCache,
        sequence: Callable[[int], Awaitable[None]],
        clock: Callable[[], float],
        monotonic: Callable[[], float],
        draining: Draining,
        sleep: Callable[[float], Awaitable[None]],
    ) -> None:
        self._outbox, self._bearers, self._sequence = outbox, bearers, sequence
        self._clock, self._monotonic = clock, monotonic
        self._draining, self._sleep = draining, sleep

    async def changes(self, request: Request, grant: Grant) -> Response | Stream:
        """
        Answer with events behind a cursor, oldest first, or with a stream if `Accept` names one.

        An event whose write was acknowledged before this request is in the answer or follows its
        cursor. Raises: Invalid naming `since`, `event`, `limit`; Gone if events behind the cursor
        were dropped by age.
        """
        store_id = grant.store.id
        streams = _accepts_stream(request.header(b"accept") or "")
        last = request.header(b"last-event-id") if streams else None
        query = read_feed_query(parse_query(request.query), store_id, last)
        first = await self._page(query, store_id)
        if not streams:
            request.viewed = customers_in(happened.event for happened in first.events)
            after = cursor(first.position, store_id)
            return json_response(page(first.events, after, more=first.more))
        if request.method == "HEAD":
            return Response(200, b"", [*_STREAM_HEADERS])
        owner = store_id, grant.app_id
        return Stream(200, self._stream(request, store_id, query, first), [*_STREAM_HEADERS], owner)

    async def _page(self, query: FeedQuery, store_id: int) -> _Page:
        """
        Return the next events. The order of the reads matters.

        The newest position is read before the events, so that the cursor passes no event unseen;
        the position of the drops is read after them, so that no event was lost in between.
        """
        await self._sequence(store_id)
        newest = await self._outbox.newest(store_id)
        if query.from_now:
            return _Page([], newest, False)
        after = query.after or 0
        found = await self._outbox.changes(
            store_id, after=after, names=query.names, limit=query.limit + 1
        )
        dropped = 0 if query.after is None else await self._outbox.dropped(store_id)
        if query.after is not None and not dropped <= after <= newest:
            raise Gone  # beyond the newest position if an older backup was restored
        events, more = found[: query.limit], len(found) > query.limit
        last = events[-1].position if events else after
        return _Page(events, last if more else max(last, newest), more)

    async def _stream(
        self, request: Request, store_id: int, query: FeedQuery, found: _Page
    ) -> AsyncGenerator[bytes, None]:
        """
        Yield events until the server stops.

        The token is checked before each piece, which a slow reader may let wait, and at each look
        for more.
        Raises: InvalidToken once the token is no longer good; Gone; Unavailable.
        """
        authorization = request.header(b"authorization")
        sent = self._monotonic() - HEARTBEAT  # without events, a stream begins with its cursor
        while True:
            for happened in found.events:
                await self._bearers.grant(authorization, self._clock())
                request.viewed = customers_in([happened.event])
                yield streamed(happened, store_id)
            await self._bearers.grant(authorization, self._clock())
            now = self._monotonic()
            if found.events:
                sent = now
            elif now - sent >= HEARTBEAT:
                yield heartbeat(cursor(found.position, store_id))
                sent = now
            if not found.more:
                await self._sleep(POLL)
            if self._draining.begun:
                return
            query = query._replace(after=found.position, from_now=False)
            found = await self._page(query, store_id)


def _accepts_stream(accept: str) -> bool:
    """Return whether `Accept` names the type of a stream, with a weight above 0."""
    for item in accept.lower().replace(" ", "").split(","):
        name, *parameters = item.split(";")
        if name == "text/event-stream":
            return not any(re.fullmatch(r"q=0(\.0{0,3})?", one) for one in parameters)
    return False
