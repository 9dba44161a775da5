"""The routes of the feed of changes and of deliveries, and what each is in words."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any, get_args

from msgspec import json

from sijill.errors import Gone, Invalid
from sijill.http.router import Handler, Route
from sijill.localized import Localized
from sijill.openapi.keys import Json
from sijill.openapi.operation import JSON, Answer, Body, Parameter, answer, refused
from sijill.openapi.parameters import TEXT, in_query
from sijill.stores.model import CUSTOMER_ID, SHOP
from sijill.webhooks.events import EVENTS, FEED_EVENTS, UPDATED, Event, Positioned
from sijill.webhooks.feed_wire import (
    DEFAULT_LIMIT,
    MAX_LIMIT,
    ChangesAnswer,
    cursor,
    page,
    streamed,
)
from sijill.webhooks.model import State
from sijill.webhooks.wire import DeliveriesAnswer

SAMPLE_TIME = datetime(2026, 3, 27, 18, 51, 56, tzinfo=UTC)


def _sample(body: bytes) -> Event:
    return Event("evt_5f2d9c01a4b7e836", SHOP.id, UPDATED, SAMPLE_TIME, body, CUSTOMER_ID)


def _listed(body: bytes) -> Json:
    event = _sample(body)
    return {
        "id": event.id,
        "webhook": 831980095,
        "event": event.name,
        "url": "https://app.example.com/webhooks",
        "state": "captured",
        "attempts": 1,
        "status": None,
        "error": None,
        "created_at": "2026-03-27T18:51:56Z",
        "headers": {"Content-Type": "application/json", "User-Agent": "Sijill"},
        "body": body.decode(),
    }


_STREAM = "text/event-stream"

_LIMIT = in_query(
    "limit",
    {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT},
    Localized("أكبر عدد من السطور.", "The largest number of rows."),
    DEFAULT_LIMIT,
)
_ASKED = (
    in_query(
        "since",
        TEXT,
        Localized(
            "آخر `cursor` وصلك. وبدونه تبدأ القراءة من أقدم حدث محفوظ، ومع `now` لا تُقرأ "
            "إلا الأحداث القادمة.",
            "The last `cursor` that you received. Without it, reading starts at the oldest "
            "stored event; with `now`, only future events are read.",
        ),
        "now",
    ),
    _LIMIT,
    in_query(
        "event",
        {"type": "array", "items": {"enum": list(FEED_EVENTS)}},
        Localized(
            "أسماء الأحداث المطلوبة، بتكرار المعامل أو مفصولة بفواصل. وبدونه كل الأحداث.",
            "Names of events, by repeating the parameter or separated by commas. Without "
            "it, all events.",
        ),
        ["customer.updated"],
        component="change_events",
        style="form",
        explode=True,
    ),
    Parameter(
        *("last_event_id", "header", "Last-Event-ID", TEXT),
        Localized(
            "بديل `since` في البث. ترسله المتصفحات تلقائيًا.",
            "Replaces `since` in a stream. Browsers send it automatically.",
        ),
    ),
)
_WHICH = (
    in_query(
        "event",
        {"enum": list(EVENTS)},
        Localized(
            "اسم حدث واحد. وبدونه كل الأحداث.", "The name of one event. Without it, all events."
        ),
        "customer.created",
        component="delivery_event",
    ),
    in_query(
        "state",
        {"enum": list(get_args(State))},
        Localized("حالة واحدة. وبدونها كل الحالات.", "One state. Without it, all states."),
        "captured",
        component="delivery_state",
    ),
    _LIMIT,
)
_FAULTY = Localized("معاملات غير صحيحة، تُذكر كلها معًا.", "Invalid parameters, all named at once.")
_ONE = Localized("تغيير واحد", "One change")

_route = partial(Route, tag="webhooks")


def feed_routes(feed: Any, deliveries: Any, example_body: Callable[[], bytes]) -> tuple[Route, ...]:
    """
    Return the routes of changes and of deliveries.

    `example_body` makes the body of a sample event, at SAMPLE_TIME; the description calls it.
    """
    return (
        _changes(feed.changes, example_body),
        _deliveries(deliveries.list_deliveries, example_body),
    )


def _bodies_of_changes(example_body: Callable[[], bytes]) -> dict[str, Body]:
    """Return the two forms of the answer, each with an example."""

    def in_page(base: str) -> Json:
        events = [Positioned(17, _sample(example_body()))]
        raw = page(events, cursor(17, SHOP.id), more=False)
        return {"page": {"summary": _ONE, "value": json.decode(raw)}}

    def in_stream(base: str) -> Json:
        raw = streamed(Positioned(17, _sample(example_body())), SHOP.id)
        return {"stream": {"summary": _ONE, "value": raw.decode()}}

    return {JSON: Body(ChangesAnswer, in_page), _STREAM: Body(str, in_stream)}


def _changes(handler: Handler, example_body: Callable[[], bytes]) -> Route:
    return _route(
        *("GET", "/_/changes", handler),
        scopes=("customers.read",),
        id="listChanges",
        summary=Localized("التغييرات", "Changes"),
        description=Localized(
            "كل أحداث المتجر الذي صدر له رمز الوصول بترتيبها، لا يسقط منها شيء: اقرأ ما بعد "
            "`cursor`، ثم احفظ الموضع الجديد. وإذا كان الموضع أقدم من أقدم حدث محفوظ فالرد 410، "
            "وعندها اقرأ قائمة العملاء كلها مرة أخرى.",
            "Every event of the access token's store, in order and without gaps: read the "
            "events after a `cursor`, then store the new cursor. A cursor older than the "
            "oldest stored event gets a 410: list all customers again.",
        )
        .then(
            Localized(
                "حذف العميل حدث هنا أيضًا، `customer.deleted`. ولا يبقى من أحداثه السابقة "
                "إلا أرقامها وأسماؤها وأوقاتها.",
                "A deletion is an event here too, `customer.deleted`. Of the customer's "
                "earlier events only ids, names and times remain.",
            )
        )
        .then(
            Localized(
                "مع `Accept: text/event-stream` يستمر الرد بثًّا (server-sent events).",
                "With `Accept: text/event-stream` the answer is a stream of server-sent events.",
            )
        ),
        parameters=_ASKED,
        answers={
            200: Answer(
                Localized(
                    "الأحداث التي بعد الموضع، الأقدم أولًا.",
                    "The events after the cursor, oldest first.",
                ),
                _bodies_of_changes(example_body),
                optional=("X-Accel-Buffering",),
            ),
            422: refused(
                _FAULTY,
                Invalid({"since": ["cursor"], "event": ["invalid"], "limit": ["between:1 - 500"]}),
            ),
        },
        faults=(Gone,),
    )


def _deliveries(handler: Handler, example_body: Callable[[], bytes]) -> Route:
    def examples(base: str) -> Json:
        value = {"deliveries": [_listed(example_body())]}
        return {
            "captured": {
                "summary": Localized("حُفظ دون إرسال", "Captured, not sent"),
                "value": value,
            }
        }

    return _route(
        *("GET", "/_/deliveries", handler),
        scopes=("webhooks.read",),
        id="listDeliveries",
        summary=Localized("عمليات الإرسال", "Deliveries"),
        description=Localized(
            "الإشعارات التي أُرسلت إلى هذا التطبيق في هذا المتجر أو تنتظر أو حُفظت دون إرسال، "
            "الأحدث أولًا.",
            "Deliveries to this app in this store: sent, waiting or captured; newest first.",
        ),
        parameters=_WHICH,
        answers={
            200: answer(
                Localized("الأحدث أولًا.", "The newest deliveries."), DeliveriesAnswer, examples
            ),
            422: refused(_FAULTY, Invalid({"event": ["invalid"], "state": ["invalid"]})),
        },
    )
