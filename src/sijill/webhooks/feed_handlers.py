"""The feed of changes: every event of a store, in order, page by page or as they happen.

Ours, for whoever keeps a copy of the register: a webhook may be missed, this may not."""

import re
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import NamedTuple

from sijill.errors import Gone
from sijill.http.health import Draining
from sijill.http.query import parse_query
from sijill.http.request import Headers, Request, Response, Stream, json_response
from sijill.oauth.bearer import GrantCache
from sijill.oauth.tokens import Grant
from sijill.webhooks.events import Positioned
from sijill.webhooks.feed_wire import FeedQuery, cursor, heartbeat, page, read_feed_query, streamed
from sijill.webhooks.outbox import OutboxTable

POLL = 1.0

"""Seconds between two looks for new events."""

HEARTBEAT = 15.0

"""Seconds of silence after which a stream says that it is there, and where it is."""

RECHECK = 30.0

"""Seconds after which a stream's token is looked at again."""

STREAM = b"text/event-stream"

_STREAM_HEADERS: Headers = [
    (b"content-type", STREAM),
    (b"x-accel-buffering", b"no"),  # nginx would hold events back
]


class _Page(NamedTuple):
    events: list[Positioned]
    position: int
    """Behind them, and behind all that was there and is not wanted."""
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
        self._outbox = outbox
        self._bearers = bearers
        self._sequence = sequence
        self._clock = clock
        self._monotonic = monotonic
        self._draining = draining
        self._sleep = sleep

    async def changes(self, request: Request, grant: Grant) -> Response | Stream:
        """
        Answer with events behind a cursor, oldest first, or with a stream if `Accept` names one.

        An event whose write was acknowledged before this request is in it, or behind its cursor.
        Raises: Invalid naming `since`, `event`, `limit`; Gone for a cursor behind which events were
        dropped by age.
        """
        store_id = grant.store.id
        streams = _accepts_stream(request.header(b"accept") or "")
        last = request.header(b"last-event-id") if streams else None
        asked = read_feed_query(parse_query(request.query), store_id, last)
        first = await self._page(asked, store_id)
        if not streams:
            after = cursor(first.position, store_id)
            return json_response(page(first.events, after, more=first.more))
        if request.method == "HEAD":
            return Response(200, b"", [*_STREAM_HEADERS])
        owner = store_id, grant.app_id
        return Stream(200, self._stream(request, store_id, asked, first), [*_STREAM_HEADERS], owner)

    async def _page(self, asked: FeedQuery, store_id: int) -> _Page:
        """
        Return the next events. What is read first is what the cursor may pass: see the order.

        The newest position before the events, so that none is passed unseen; what was dropped after
        them, so that none was lost in between.
        """
        await self._sequence(store_id)
        newest = await self._outbox.newest(store_id)
        if asked.from_now:
            return _Page([], newest, False)
        after = asked.after or 0
        found = await self._outbox.changes(
            store_id, after=after, names=asked.names, limit=asked.limit + 1
        )
        dropped = 0 if asked.after is None else await self._outbox.dropped(store_id)
        if asked.after is not None and not dropped <= after <= newest:
            raise Gone  # behind what is kept, or before it: then an older copy was put back
        events, more = found[: asked.limit], len(found) > asked.limit
        last = events[-1].position if events else after
        return _Page(events, last if more else max(last, newest), more)

    async def _stream(
        self, request: Request, store_id: int, asked: FeedQuery, found: _Page
    ) -> AsyncGenerator[bytes, None]:
        """
        Yield events until the server stops.

        Raises: InvalidToken once the token is no longer good; Gone; Unavailable.
        """
        checked = self._monotonic()
        told = checked - HEARTBEAT  # where nothing is there yet, say at once where to go on
        while True:
            for happened in found.events:
                yield streamed(happened, store_id)
            now = self._monotonic()
            if found.events:
                told = now
            elif now - told >= HEARTBEAT:
                yield heartbeat(_at(found, store_id))
                told = now
            if now - checked >= RECHECK:
                await self._bearers.grant(request.header(b"authorization"), self._clock())
                checked = now
            if not found.more:
                await self._sleep(POLL)
            if self._draining.begun:
                return
            asked = asked._replace(after=found.position, from_now=False)
            found = await self._page(asked, store_id)


def _accepts_stream(accept: str) -> bool:
    """Return whether a client names the type of a stream, and not to exclude it."""
    for item in accept.lower().replace(" ", "").split(","):
        name, *parameters = item.split(";")
        if name == "text/event-stream":
            return not any(re.fullmatch(r"q=0(\.0{0,3})?", one) for one in parameters)
    return False


def _at(found: _Page, store_id: int) -> str:
    return cursor(found.position, store_id)
