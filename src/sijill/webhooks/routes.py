"""The routes of webhooks, and what each is in words."""

from datetime import UTC, datetime
from functools import partial
from typing import Any, Literal

from msgspec import json
from msgspec.structs import replace

from sijill.errors import Invalid, NotFound
from sijill.http.envelope import Sentence, success
from sijill.http.router import Handler, Route
from sijill.http.sentences import REMOVED
from sijill.localized import Localized
from sijill.openapi.examples import one_example, page_example, success_answer
from sijill.openapi.keys import Json
from sijill.openapi.operation import FAULTY, JSON, Envelope, Request, answer, refused
from sijill.openapi.parameters import ID, PER_PAGE, TEXT, in_path, in_query
from sijill.stores.model import SHOP
from sijill.webhooks.fields import SUBSCRIPTION, read_subscription
from sijill.webhooks.fields import WEBHOOK as FIELDS
from sijill.webhooks.model import subscribed
from sijill.webhooks.wire import (
    EventAnswer,
    ListedAnswer,
    RegisteredAnswer,
    UpdatedAnswer,
    events,
    listed,
    registered,
    updated,
)

_READ, _WRITE = ("webhooks.read",), ("webhooks.read_write",)
_SUBSCRIBE = (*_WRITE, "customers.read")
"""Events hold customers: an app that may not read customers may not subscribe to their events."""

_PATH = "/webhooks"
_NEW: Json = {
    "name": "Customer Login",
    "event": "customer.login",
    "url": "https://app.example.com/webhooks",
    "version": 2,
    "rule": "first_name = `User`",
    "headers": [{"key": "Accept-Language", "value": "AR"}],
    "secret": "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD",
}
_HOOK = subscribed(
    read_subscription(_NEW, lambda url: True),
    webhook_id=831980095,
    store_id=SHOP.id,
    app_id=1,
    own_secret=None,
    at=datetime(2026, 3, 27, 18, 51, 56, tzinfo=UTC),
)

WEBHOOK = in_path(
    "webhook",
    Localized(
        "رقم الاشتراك. وإذا لم يكن لهذا التطبيق في هذا المتجر فالرد 404.",
        "The webhook's id. A webhook of another app or store gets a 404.",
    ),
    _HOOK.id,
)
_ID = Localized("رقم الاشتراك المطلوب إنهاؤه.", "The id of the webhook to remove.")
_URL = Localized(
    "عنوان الاشتراكات المطلوب إنهاؤها كلها.",
    "The URL of the webhooks to remove; all of them are removed.",
)
_WHICH = (
    in_query("id", ID, _ID, _HOOK.id, component="webhook_id"),
    in_query("url", TEXT, _URL, _HOOK.url, component="webhook_url"),
)

_FAULTS = (
    Invalid({"url": ["url"], "event": ["invalid"]}),
    Invalid({"rule": ["rule_attribute:1"], "headers.0.key": ["header_reserved"]}),
)
_OWN = Localized(
    "لا يرى التطبيق إلا اشتراكاته في المتجر الذي صدر له رمز الوصول.",
    "An app only sees its own webhooks, in the access token's store.",
)

_route = partial(Route, tag="webhooks")

_SCHEMA = FIELDS.schema(
    sentence=Localized(
        "حقول الاشتراك التي يمكن كتابتها. كلها اختيارية، والحقل المجهول يُهمل.",
        "The fields of a webhook. All are optional, and unknown fields are ignored.",
    ),
)


def webhook_routes(handlers: Any) -> tuple[Route, ...]:
    """Return the routes of webhooks; `handlers` has one for each."""
    return (
        _subscribe(handlers.subscribe),
        _update(handlers.update),
        _list(handlers.list_webhooks),
        _list_events(handlers.list_events),
        _unsubscribe(handlers.unsubscribe),
    )


def _subscribe(handler: Handler) -> Route:
    sent = one_example(Localized("بشرط وترويسة", "With a rule and a header"), _NEW)
    return _route(
        *("POST", f"{_PATH}/subscribe", handler),
        scopes=_SUBSCRIBE,
        id="registerWebhook",
        summary=Localized("تسجيل اشتراك (webhook)", "Register Webhook"),
        description=Localized(
            "يُرسَل إلى العنوان كل حدث يحقق الشرط (rule). وإذا سُجّل العنوان والحدث نفسهما مرة "
            "أخرى حلّ الاشتراك الجديد محل السابق وبقي رقمه.",
            "The URL receives every event that matches the rule. Registering the same URL and "
            "event again replaces the webhook, which keeps its id.",
        ).then(_OWN),
        body=Request(
            *("Subscription", SUBSCRIPTION.schema("event", "url"), sent), media_types=(JSON,)
        ),
        answers={
            200: answer(
                Localized("حُفظ الاشتراك.", "The webhook is stored."),
                Envelope(RegisteredAnswer),
                _registered,
            ),
            422: refused(FAULTY, *_FAULTS),
        },
    )


def _registered(base: str) -> Json:
    hooks = {
        "documented": (_HOOK, Localized("الإصدار 2", "Version 2")),
        "version_1": (replace(_HOOK, version=1, rule=None), Localized("الإصدار 1", "Version 1")),
    }
    return {
        name: {"summary": text, "value": json.decode(success(registered(hook)))}
        for name, (hook, text) in hooks.items()
    }


def _update(handler: Handler) -> Route:
    sent = one_example(Localized("اسم آخر", "Another name"), {"name": "Logins", "version": 2})
    return _route(
        *("PUT", f"{_PATH}/{{webhook}}", handler),
        scopes=_SUBSCRIBE,
        id="updateWebhook",
        summary=Localized("تعديل اشتراك", "Update Webhook"),
        description=Localized(
            "تتغير الحقول المرسلة فقط، ولا يمكن تغيير الحدث. وإذا كان الاشتراك متوقفًا عاد إلى "
            "العمل.",
            "Changes the fields in the body; the event cannot be changed. A paused webhook "
            "is resumed.",
        ),
        parameters=(WEBHOOK,),
        body=Request("WebhookFields", _SCHEMA, sent, required=False, media_types=(JSON,)),
        answers={
            **success_answer(
                Localized("عُدِّل الاشتراك.", "The webhook is changed."), UpdatedAnswer, updated(_HOOK)
            ),
            422: refused(FAULTY, *_FAULTS, Invalid({"url": ["taken"]})),
        },
    )


def _list(handler: Handler) -> Route:
    one = Localized("واحد", "One")
    return _route(
        *("GET", _PATH, handler),
        scopes=_READ,
        id="listWebhooks",
        summary=Localized("قائمة الاشتراكات", "List Active Webhooks"),
        description=Localized("الأقدم أولًا.", "The oldest first.").then(_OWN),
        answers={
            200: answer(
                Localized("صفحة من الاشتراكات.", "A page of webhooks."),
                Envelope(list[ListedAnswer], paged=True),
                lambda base: page_example(one, base + _PATH, [listed(_HOOK)], 1, per_page=15),
            )
        },
        paginated=PER_PAGE,
        cached=True,
    )


def _list_events(handler: Handler) -> Route:
    return _route(
        *("GET", f"{_PATH}/events", handler),
        scopes=_READ,
        id="listWebhookEvents",
        summary=Localized("قائمة الأحداث", "List Events"),
        description=Localized(
            "كل الأحداث التي يمكن الاشتراك فيها.", "Every event that an app can subscribe to."
        ),
        answers=success_answer(
            Localized("الأحداث.", "The events."), list[EventAnswer], events("ar")
        ),
        cached=True,
    )


def _unsubscribe(handler: Handler) -> Route:
    return _route(
        *("DELETE", f"{_PATH}/unsubscribe", handler),
        scopes=_WRITE,
        id="deactivateWebhook",
        summary=Localized("إنهاء اشتراك", "Deactivate Webhook"),
        description=Localized(
            "ينهي الاشتراك الذي رقمه `id`، وكل الاشتراكات التي عنوانها `url`، ومعها ما "
            "ينتظر الإرسال. ويلزم أحد المعاملين.",
            "Removes the webhook with the `id`, and all with the `url`, with their pending "
            "deliveries. One of the two is required.",
        ).then(_OWN),
        parameters=_WHICH,
        answers={
            **success_answer(
                *(Localized("أُنهي الاشتراك.", "The webhook is removed."), Sentence[Literal[202]]),
                *(Sentence(REMOVED, 202), 202),
            ),
            422: refused(
                Localized(
                    "`id` و `url` غائبان، أو `id` ليس رقمًا صحيحًا.",
                    "Both `id` and `url` are missing, or the `id` is not an id.",
                ),
                Invalid({"id": ["integer"]}),
            ),
        },
        faults=(NotFound,),
    )
