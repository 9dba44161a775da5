"""The feed of changes and the deliveries of webhooks in words."""

from datetime import UTC, datetime
from typing import get_args

from msgspec import json

from sijill.api.description.headers import API, LIMITS
from sijill.api.description.operation import JSON, Answer, Body, Operation, invalid
from sijill.api.description.schemas import shape
from sijill.api.description.wording import Json, Text
from sijill.customers.events import event_body
from sijill.customers.sample import AHMED
from sijill.errors import Invalid
from sijill.stores.model import Store
from sijill.webhooks.events import Event, Positioned
from sijill.webhooks.feed_wire import cursor, page, streamed
from sijill.webhooks.model import State

_STORE = Store(1305146709, "demo")
_AT = datetime(2026, 3, 27, 18, 51, 56, tzinfo=UTC)
_BODY = event_body(_STORE, "customer.updated", _AT, AHMED)
_EVENT = Event("evt_5f2d9c01a4b7e836", _STORE.id, "customer.updated", _AT, _BODY, AHMED.id)
_HAPPENED = Positioned(17, _EVENT)


def _text(ar: str, en: str, **more: object) -> Json:
    return {"type": "string", "description": Text(ar, en), **more}


_CREATED = _text("متى وقع، بتوقيت UTC.", "When it happened, in UTC.", format="date-time")
_CHANGE = shape(
    {
        "id": _text("رقم الحدث، كما في `webhook-id`.", "The event's id, as `webhook-id` has it."),
        "event": _text("اسمه.", "Its name."),
        "created_at": _CREATED,
        "customer_id": {
            "type": ["integer", "null"],
            "description": Text("رقم العميل.", "The customer's id."),
        },
        "payload": {
            "type": "object",
            "description": Text("محتوى الـ webhook نفسه.", "The very body of the webhook."),
        },
    }
)
_PAGE = shape(
    {
        "events": {"type": "array", "items": _CHANGE},
        "cursor": _text("ما يُرسل بعده في `since`.", "What to send as `since` next."),
        "more": {
            "type": "boolean",
            "description": Text("هل وراءها غيرها الآن.", "Whether there are more already."),
        },
    }
)
_DELIVERY = shape(
    {
        "id": _text("رقم الحدث.", "The event's id."),
        "webhook": {"type": "integer", "description": Text("رقم الـ webhook.", "Its webhook.")},
        "event": _text("اسم الحدث.", "The event's name."),
        "url": _text("إلى أين.", "Where it is sent."),
        "state": {
            "enum": list(get_args(State)),
            "description": Text(
                "ينتظر، أو وصل، أو تُرك، أو حُفظ بلا إرسال.",
                "It waits, has arrived, was given up, or is kept unsent.",
            ),
        },
        "attempts": {"type": "integer", "description": Text("المحاولات.", "Attempts so far.")},
        "status": {
            "type": ["integer", "null"],
            "description": Text("حالة آخر جواب.", "The status of the last answer."),
        },
        "error": {
            "type": ["string", "null"],
            "description": Text("لماذا لم يكن جواب.", "Why there was no answer."),
        },
        "created_at": _CREATED,
        "headers": {
            "type": "object",
            "additionalProperties": {"type": "string"},
            "description": Text(
                "ما يُرسل معه، موقّعًا بوقت `created_at`؛ سر `token` مستور.",
                "What goes with it, signed for the time of `created_at`; the secret of `token` is "
                "masked.",
            ),
        },
        "body": {
            "type": ["string", "null"],
            "description": Text(
                "النص نفسه؛ `null` لرمز بلا `customers.read`.",
                "The exact text; `null` to a token without `customers.read`.",
            ),
        },
    }
)
_LISTED: Json = {
    "id": _EVENT.id,
    "webhook": 831980095,
    "event": _EVENT.name,
    "url": "https://app.example.com/webhooks",
    "state": "captured",
    "attempts": 1,
    "status": None,
    "error": None,
    "created_at": "2026-03-27T18:51:56Z",
    "headers": {"Content-Type": "application/json", "User-Agent": "Sijill"},
    "body": _BODY.decode(),
}


def _changes(base: str) -> Json:
    value = json.decode(page([_HAPPENED], cursor(17, _STORE.id), more=False))
    return {"page": {"summary": Text("تغيير واحد", "One change"), "value": value}}


def _stream(base: str) -> Json:
    value = streamed(_HAPPENED, _STORE.id).decode()
    return {"stream": {"summary": Text("تغيير واحد", "One change"), "value": value}}


def _deliveries(base: str) -> Json:
    value = {"deliveries": [_LISTED]}
    return {"captured": {"summary": Text("حُفظ بلا إرسال", "Kept unsent"), "value": value}}


CHANGE_OPERATIONS = {
    ("GET", "/_/changes"): Operation(
        id="listChanges",
        tag="webhooks",
        summary=Text("التغييرات", "Changes"),
        description=Text(
            "كل حدث في متجر رمز الوصول، بترتيبه، ولا يفوت منها شيء: يُقرأ ما بعد `cursor`، ثم "
            "يُحفظ الجديد. ما زادت مدته على الحفظ جوابه 410، فتُقرأ قائمة العملاء من جديد.",
            "Every event of the access token's store, in order, and none is missed: read what is "
            "behind a `cursor`, then keep the new one. A cursor older than what is kept is a 410: "
            "list all customers again.",
        ).then(
            Text(
                "مع `Accept: text/event-stream` يستمر الجواب بثًّا (server-sent events).",
                "With `Accept: text/event-stream` the answer goes on as server-sent events.",
            )
        ),
        answers={
            200: Answer(
                Text("ما بعد الموضع، الأقدم أولًا.", "What is behind the cursor, oldest first."),
                {
                    JSON: Body(_PAGE, _changes),
                    "text/event-stream": Body({"type": "string"}, _stream),
                },
                (*API, *LIMITS),
                ("X-Accel-Buffering",),
            ),
            422: invalid(
                Text("معاملات خاطئة، كلها معًا.", "Faulty parameters, all at once."),
                Invalid({"since": ["cursor"], "event": ["invalid"], "limit": ["between:1 - 500"]}),
            ),
        },
        parameters=(
            *("since", "limit", "change_events", "last_event_id"),
            *("accept_language", "request_id"),
        ),
        refusals=("Gone",),
    ),
    ("GET", "/_/deliveries"): Operation(
        id="listDeliveries",
        tag="webhooks",
        summary=Text("ما أُرسل وما ينتظر", "Deliveries"),
        description=Text(
            "ما أُرسل إلى هذا التطبيق في هذا المتجر أو ينتظر أو حُفظ بلا إرسال، الأحدث أولًا.",
            "What was sent to this app in this store, waits, or is kept unsent; newest first.",
        ),
        answers={
            200: Answer(
                Text("أحدثها.", "The newest."),
                {
                    JSON: Body(
                        shape({"deliveries": {"type": "array", "items": _DELIVERY}}), _deliveries
                    )
                },
                (*API, *LIMITS),
            ),
            422: invalid(
                Text("معاملات خاطئة، كلها معًا.", "Faulty parameters, all at once."),
                Invalid({"event": ["invalid"], "state": ["invalid"]}),
            ),
        },
        parameters=("delivery_event", "delivery_state", "limit", "accept_language", "request_id"),
    ),
}
"""By method and path, as in the table of routes."""
