"""The feed of changes on the wire: queries, cursors, and events as JSON and as a stream."""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, NamedTuple, get_args

from msgspec import Raw, Struct

from sijill.errors import Invalid
from sijill.http.envelope import encode
from sijill.http.query import Pairs
from sijill.openapi.keys import key
from sijill.webhooks.events import ERASED, EVENTS, FEED_EVENTS, Event, Positioned
from sijill.webhooks.model import State

DEFAULT_LIMIT, MAX_LIMIT = 100, 500

NOW = "now"
"""The cursor that selects only events still to come."""

_CURSOR = re.compile(rb"1:[0-9]{1,19}:([0-9]{1,19})")
"""Version, store and position."""

_LIMITS = [f"between:1 - {MAX_LIMIT}"]
_NUMBER = re.compile(r"[0-9]{1,9}", re.ASCII)


class ChangeAnswer(Struct):
    """One event of the feed."""

    id: Annotated[
        str, key("رقم الحدث، كما في `webhook-id`.", "The event's id, the same as in `webhook-id`.")
    ]
    event: Annotated[str, key("اسمه.", "Its name.")]
    created_at: Annotated[datetime, key("وقت وقوعه، بتوقيت UTC.", "When it happened, in UTC.")]
    customer_id: Annotated[int | None, key("رقم العميل.", "The customer's id.")]
    payload: Annotated[
        Raw | None,
        key(
            "محتوى الإشعار نفسه؛ `null` بعد حذف العميل.",
            "The body of the webhook; `null` once the customer was deleted.",
        ),
    ]


class ChangesAnswer(Struct):
    """A page of the feed."""

    events: list[ChangeAnswer]
    cursor: Annotated[
        str, key("القيمة التي تُرسل في `since` في الطلب التالي.", "The value for the next `since`.")
    ]
    more: Annotated[bool, key("هل توجد أحداث أخرى الآن.", "Whether more events are stored.")]


class FeedQuery(NamedTuple):
    """Which events to return."""

    after: int | None
    """The position that they follow; None begins with the oldest that is stored."""
    from_now: bool
    """Return only future events, and ignore `after`."""
    names: tuple[str, ...]
    """The names of the events; () selects all."""
    limit: int


class DeliveryQuery(NamedTuple):
    """Which deliveries to return; "" selects all."""

    event: str
    state: str
    limit: int


def read_feed_query(pairs: Pairs, store_id: int, last_event_id: str | None = None) -> FeedQuery:
    """
    Return the query for the feed; a `Last-Event-ID` replaces its `since`.

    Raises: Invalid naming every faulty parameter.
    """
    since = last_event_id or dict(pairs).get("since", "")
    from_now = since == NOW
    after = position_of(since, store_id) if since and not from_now else None
    names, limit = read_events(pairs), read_limit(pairs)
    _refuse(
        since=["cursor"] if since and not from_now and after is None else [],
        event=[] if {*FEED_EVENTS} >= {*names} else ["invalid"],
        limit=[] if limit else _LIMITS,
    )
    return FeedQuery(after, from_now, names, limit)


_DELIVERED = (*EVENTS, ERASED)


def read_delivery_query(pairs: Pairs) -> DeliveryQuery:
    """Return the query for deliveries. Raises: Invalid naming every faulty parameter."""
    values, limit = dict(pairs), read_limit(pairs)
    event, state = values.get("event", ""), values.get("state", "")
    _refuse(
        event=["invalid"] if event and event not in _DELIVERED else [],
        state=["invalid"] if state and state not in get_args(State) else [],
        limit=[] if limit else _LIMITS,
    )
    return DeliveryQuery(event, state, limit)


def _refuse(**faults: list[str]) -> None:
    if broken := {name: rules for name, rules in faults.items() if rules}:
        raise Invalid(broken)


def read_events(pairs: Pairs) -> tuple[str, ...]:
    """Return the names in `event`, which may come more than once and hold commas."""
    texts = [value for key, value in pairs if key in ("event", "event[]")]
    return tuple(dict.fromkeys(filter(None, map(str.strip, ",".join(texts).split(",")))))


def read_limit(pairs: Pairs) -> int:
    """Return the limit in a query, 0 if it is not a number from 1 to MAX_LIMIT."""
    text = dict(pairs).get("limit", "") or str(DEFAULT_LIMIT)
    number = int(text) if _NUMBER.fullmatch(text) else 0
    return number if number <= MAX_LIMIT else 0


def cursor(position: int, store_id: int) -> str:
    """Return the cursor of a position in a store's feed; it is valid for this store alone."""
    return urlsafe_b64encode(b"1:%d:%d" % (store_id, position)).rstrip(b"=").decode("ascii")


def position_of(text: str, store_id: int) -> int | None:
    """Return the position of a cursor, None if the text is not a cursor of this store."""
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
    """Return a page of events; `after` is the cursor of the next page."""
    return encode(ChangesAnswer([_item(one.event) for one in events], after, more))


def streamed(happened: Positioned, store_id: int) -> bytes:
    """Return an event of a stream, its cursor as the id. Source: HTML, "Server-sent events"."""
    event = happened.event
    return b"id: %b\nevent: %b\ndata: %b\n\n" % (
        cursor(happened.position, store_id).encode("ascii"),
        event.name.encode("ascii"),
        encode(_item(event)),
    )


def heartbeat(after: str) -> bytes:
    """
    Return a comment, and the id from which a client continues: without data it is not an event.

    It keeps the cursor of a client that gets no events from growing older than the stored events.
    """
    return b":\nid: %b\n\n" % after.encode("ascii")


def _item(event: Event) -> ChangeAnswer:
    payload = None if event.erased else Raw(event.body)
    return ChangeAnswer(event.id, event.name, event.at, event.customer_id, payload)
