"""What the description says of the parameters of webhooks and of the feed of changes."""

from typing import get_args

from sijill.api.description.wording import Json, Text
from sijill.values.ids import MAX_ID
from sijill.webhooks.events import EVENTS
from sijill.webhooks.feed_wire import DEFAULT_LIMIT, MOST
from sijill.webhooks.model import State

_ID: Json = {"type": "integer", "format": "int64", "minimum": 1, "maximum": MAX_ID}


def _query(name: str, schema: Json, example: object, text: Text) -> Json:
    return {
        "name": name,
        "in": "query",
        "description": text,
        "schema": schema,
        "example": example,
    }


WEBHOOK_PARAMETERS: Json = {
    "webhook": {
        "name": "webhook",
        "in": "path",
        "description": Text(
            "رقم الـ webhook. ما ليس لهذا التطبيق في هذا المتجر جوابه 404.",
            "The webhook's id. What is not this app's in this store is a 404.",
        ),
        "schema": _ID,
        "required": True,
        "example": 831980095,
    },
    "webhook_id": _query(
        "id", _ID, 831980095, Text("رقم ما يُنهى.", "The id of the one that is to go.")
    ),
    "webhook_url": _query(
        "url",
        {"type": "string"},
        "https://app.example.com/webhooks",
        Text("عنوان ما يُنهى، كله.", "The URL of those that are to go, all of them."),
    ),
    "since": _query(
        "since",
        {"type": "string"},
        "now",
        Text(
            "آخر `cursor` وصل؛ وبدونه من أقدم ما يُحفظ، و `now` لما سيأتي فقط.",
            "The last `cursor` that came; without it from the oldest that is kept, and `now` for "
            "what is still to come.",
        ),
    ),
    "change_events": {
        "name": "event",
        "in": "query",
        "description": Text(
            "الأحداث المطلوبة، مكررًا أو بفواصل؛ وبدونه كلها.",
            "The events that are wanted, repeated or with commas; without it all.",
        ),
        "schema": {"type": "array", "items": {"enum": list(EVENTS)}},
        "style": "form",
        "explode": True,
        "example": ["customer.updated"],
    },
    "limit": _query(
        "limit",
        {"type": "integer", "minimum": 1, "maximum": MOST, "default": DEFAULT_LIMIT},
        DEFAULT_LIMIT,
        Text("كم على الأكثر.", "How many at most."),
    ),
    "last_event_id": {
        "name": "Last-Event-ID",
        "in": "header",
        "description": Text(
            "يقوم مقام `since` في البث؛ ترسله المتصفحات وحدها.",
            "Stands for `since` in a stream; browsers send it by themselves.",
        ),
        "schema": {"type": "string"},
    },
    "delivery_event": _query(
        "event",
        {"enum": list(EVENTS)},
        "customer.created",
        Text("حدث واحد؛ وبدونه كلها.", "One event; without it all."),
    ),
    "delivery_state": _query(
        "state",
        {"enum": list(get_args(State))},
        "captured",
        Text("حالة واحدة؛ وبدونها كلها.", "One state; without it all."),
    ),
}
"""The rows that webhooks and changes have among `parameters.PARAMETERS`."""
