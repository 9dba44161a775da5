"""The feed of changes: what is asked of it, its cursors, and its events as JSON and as a stream."""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, NamedTuple

from msgspec import Raw, Struct

from sijill.errors import Invalid
from sijill.http.envelope import encode
from sijill.http.query import Pairs
from sijill.openapi.keys import key
from sijill.webhooks.events import EVENTS, Event, Positioned

DEFAULT_LIMIT, MAX_LIMIT = 100, 500

NOW = "now"
"""The cursor of who wants to hear only of what happens from now on."""

_CURSOR = re.compile(rb"1:[0-9]{1,19}:([0-9]{1,19})")
"""Version, store and position."""

_NUMBER = re.compile(r"[0-9]{1,9}", re.ASCII)


class ChangeAnswer(Struct):
    """One event of the feed."""

    id: Annotated[
        str, key("رقم الحدث، كما في `webhook-id`.", "The event's id, as `webhook-id` has it.")
    ]
    event: Annotated[str, key("اسمه.", "Its name.")]
    created_at: Annotated[datetime, key("متى وقع، بتوقيت UTC.", "When it happened, in UTC.")]
    customer_id: Annotated[int | None, key("رقم العميل.", "The customer's id.")]
    payload: Annotated[Raw, key("محتوى الـ webhook نفسه.", "The very body of the webhook.")]


class ChangesAnswer(Struct):
    """A page of the feed."""

    events: list[ChangeAnswer]
    cursor: Annotated[str, key("ما يُرسل بعده في `since`.", "What to send as `since` next.")]
    more: Annotated[bool, key("هل وراءها غيرها الآن.", "Whether there are more already.")]


class FeedQuery(NamedTuple):
    """Which events are wanted."""

    after: int | None
    """The position behind which they are; None is from the oldest that is kept."""
    from_now: bool
    """Only those that are still to come, whatever `after` says."""
    names: tuple[str, ...]
    """Of which kinds; none are all."""
    limit: int


def read_feed_query(pairs: Pairs, store_id: int, last_event_id: str | None = None) -> FeedQuery:
    """
    Return what a query asks for; a `Last-Event-ID` takes the place of its `since`.

    Raises: Invalid naming every faulty parameter.
    """
    faults: dict[str, list[str]] = {}
    since = last_event_id or dict(pairs).get("since", "")
    after = None
    if since not in ("", NOW):
        after = position_of(since, store_id)
        if after is None:
            faults["since"] = ["cursor"]
    names = read_events(pairs)
    if any(name not in EVENTS for name in names):
        faults["event"] = ["invalid"]
    limit = read_limit(pairs)
    if limit is None:
        faults["limit"] = [f"between:1 - {MAX_LIMIT}"]
    if faults or limit is None:
        raise Invalid(faults)
    return FeedQuery(after, since == NOW, names, limit)


def read_events(pairs: Pairs) -> tuple[str, ...]:
    """Return the names in `event`, which may come more than once and hold commas."""
    named = [
        name for key, value in pairs if key in ("event", "event[]") for name in value.split(",")
    ]
    return tuple(dict.fromkeys(filter(None, map(str.strip, ",".join(named).split(",")))))


def read_limit(pairs: Pairs) -> int | None:
    """Return how many are wanted, None for what is no number from 1 to MAX_LIMIT."""
    text = dict(pairs).get("limit", "") or str(DEFAULT_LIMIT)
    number = int(text) if _NUMBER.fullmatch(text) else 0
    return number if 1 <= number <= MAX_LIMIT else None


def cursor(position: int, store_id: int) -> str:
    """Return the text that stands for a position in a store's feed; it means nothing elsewhere."""
    return urlsafe_b64encode(b"1:%d:%d" % (store_id, position)).rstrip(b"=").decode("ascii")


def position_of(text: str, store_id: int) -> int | None:
    """Return the position that a cursor of this store stands for, None if it is none."""
    try:
        raw = urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
    except ValueError:
        return None
    found = _CURSOR.fullmatch(raw)
    if found is None:
        return None
    position = int(found[1])
    return position if position < 2**63 and cursor(position, store_id) == text else None


def page(events: Sequence[Positioned], after: str, *, more: bool) -> bytes:
    """Return the bytes of some events; `after` is the cursor to go on with."""
    told = [_item(one.event) for one in events]
    return encode(ChangesAnswer(told, after, more))


def streamed(happened: Positioned, store_id: int) -> bytes:
    """Return one event of a stream, its id the cursor behind it. Source: HTML, "Server-sent"."""
    event = happened.event
    return b"id: %b\nevent: %b\ndata: %b\n\n" % (
        cursor(happened.position, store_id).encode("ascii"),
        event.name.encode("ascii"),
        encode(_item(event)),
    )


def heartbeat(after: str) -> bytes:
    """
    Return a comment, and the id a client goes on from: an id without data is no event to it.

    So a client to whom nothing happens does not fall behind what is kept.
    """
    return b":\nid: %b\n\n" % after.encode("ascii")


def _item(event: Event) -> ChangeAnswer:
    return ChangeAnswer(event.id, event.name, event.at, event.customer_id, Raw(event.body))
