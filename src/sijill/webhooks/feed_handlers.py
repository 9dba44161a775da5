"""
The feed of changes: every event of a store, in order, page by page or as they happen.

Ours, for whoever keeps a copy of the register: a webhook may be missed, this may not.
"""

import re
from collections.abc import AsyncGenerator
from typing import NamedTuple

from sijill.errors import Gone
from sijill.http.parts import Parts
from sijill.http.query import parse_query
from sijill.http.request import Headers, Request, Response, Stream, json_response
from sijill.webhooks.events import Positioned
from sijill.webhooks.feed_wire import Asked, cursor, heartbeat, page, read_asked, streamed

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


async def changes(request: Request, parts: Parts) -> Response | Stream:
    """
    Answer with events behind a cursor, oldest first; with `Accept: text/event-stream`, go on so.

    An event whose write was acknowledged before this request is in it, or behind its cursor.
    Raises: Invalid naming `since`, `event`, `limit`; Gone for a cursor behind which events were
    dropped by age.
    """
    store_id = request.grant.store.id
    streams = _accepts_stream(request.header(b"accept") or "")
    last = request.header(b"last-event-id") if streams else None
    asked = read_asked(parse_query(request.query), store_id, last)
    first = await _page(asked, store_id, parts)
    if not streams:
        after = cursor(first.position, store_id)
        return json_response(page(first.events, after, more=first.more))
    if request.method == "HEAD":
        return Response(200, b"", [*_STREAM_HEADERS])
    return Stream(200, _stream(request, parts, asked, first), [*_STREAM_HEADERS])


def _accepts_stream(accept: str) -> bool:
    """Return whether a client names the type of a stream, and not to exclude it."""
    for item in accept.lower().replace(" ", "").split(","):
        name, *parameters = item.split(";")
        if name == "text/event-stream":
            return not any(re.fullmatch(r"q=0(\.0{0,3})?", one) for one in parameters)
    return False


async def _page(asked: Asked, store_id: int, parts: Parts) -> _Page:
    """
    Return the next events. What is read first is what the cursor may pass: see the order.

    The newest position before the events, so that none is passed unseen; what was dropped after
    them, so that none was lost in between.
    """
    await parts.settle()
    newest = await parts.changes.newest()
    if asked.from_now:
        return _Page([], newest, False)
    after = asked.after or 0
    found = await parts.changes.changes(
        store_id, after=after, names=asked.names, limit=asked.limit + 1
    )
    if asked.after is not None and not await parts.changes.dropped() <= after <= newest:
        raise Gone  # behind what is kept, or before it: then an older copy was put back
    events, more = found[: asked.limit], len(found) > asked.limit
    last = events[-1].position if events else after
    return _Page(events, last if more else max(last, newest), more)


async def _stream(
    request: Request, parts: Parts, asked: Asked, found: _Page
) -> AsyncGenerator[bytes, None]:
    """
    Yield events until the server stops.

    Raises: InvalidToken once the token is no longer good; Gone; Unavailable.
    """
    store_id = request.grant.store.id
    checked = parts.monotonic()
    told = checked - HEARTBEAT  # where nothing is there yet, say at once where to go on
    while True:
        for happened in found.events:
            yield streamed(happened, store_id)
        now = parts.monotonic()
        if found.events:
            told = now
        elif now - told >= HEARTBEAT:
            yield heartbeat(_at(found, store_id))
            told = now
        if now - checked >= RECHECK:
            await parts.bearers.grant(request.header(b"authorization"), parts.clock())
            checked = now
        if not found.more:
            await parts.sleep(POLL)
        if parts.draining.begun:
            return
        asked = asked._replace(after=found.position, from_now=False)
        found = await _page(asked, store_id, parts)


def _at(found: _Page, store_id: int) -> str:
    return cursor(found.position, store_id)
