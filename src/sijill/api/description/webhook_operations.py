"""Webhooks in words: how an app subscribes to events, and what became of deliveries."""

from datetime import UTC, datetime
from typing import Any

from msgspec import json
from msgspec.structs import replace

from sijill.api.description.headers import API, LIMITS
from sijill.api.description.operation import JSON, Answer, Body, Operation, Sent, invalid
from sijill.api.description.schemas import ref, shape, success
from sijill.api.description.wording import Json, Text
from sijill.errors import Invalid
from sijill.http.envelope import listing, pagination
from sijill.http.envelope import success as answered
from sijill.http.languages import REMOVED
from sijill.http.query import Paging
from sijill.webhooks.model import Webhook
from sijill.webhooks.wire import events, listed, registered, updated

_PATH = "/webhooks"
_HOOK = Webhook(
    id=831980095,
    store_id=1305146709,
    app_id=1,
    name="Customer Login",
    event="customer.login",
    url="https://app.example.com/webhooks",
    version=2,
    rule="first_name = `User`",
    headers=(("Accept-Language", "AR"),),
    strategy="signature",
    secret="whsec_…",  # noqa: S106 - an example, and never shown
    created_at=datetime(2026, 3, 27, 18, 51, 56, tzinfo=UTC),
)
_NEW: Json = {
    "name": "Customer Login",
    "event": "customer.login",
    "url": "https://app.example.com/webhooks",
    "version": 2,
    "rule": "first_name = `User`",
    "headers": [{"key": "Accept-Language", "value": "AR"}],
    "secret": "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD",
}

_KEYS: Json = {
    "id": {"type": "integer", "description": Text("رقمه.", "Its id.")},
    "name": {"type": "string", "description": Text("اسمه.", "Its name.")},
    "event": {"type": "string", "description": Text("حدثه.", "Its event.")},
    "type": {"const": "manual", "description": Text("`manual` دائمًا.", "Always `manual`.")},
    "url": {"type": "string", "description": Text("إلى أين.", "Where it is sent.")},
    "version": {"enum": [1, 2], "description": Text("إصداره.", "Its version.")},
    "rule": {"type": ["string", "null"], "description": Text("شرطه.", "Its condition.")},
    "headers": {
        "anyOf": [
            {"type": "object", "additionalProperties": {"type": "string"}},
            {"type": "array", "maxItems": 0},
        ],
        "description": Text("ترويساته؛ `[]` إن خلت.", "Its headers; `[]` if there are none."),
    },
    "security": shape(
        {
            "strategy": {
                "enum": ["", "signature", "token"],
                "description": Text("كيف يثبت نفسه.", "How it proves itself."),
            },
            "secret": {
                "type": "null",
                "description": Text("لا يُذكر أبدًا.", "It is never told."),
            },
        },
        description=Text("كيف يثبت نفسه.", "How it proves itself."),
    ),
}


def _hook(body: Json, *optional: str) -> Json:
    """Return the shape of a webhook, its keys in the order of an example."""
    return shape({name: _KEYS[name] for name in body}, *optional)


_FAULTS = (
    Invalid({"url": ["url"], "event": ["invalid"]}),
    Invalid({"rule": ["rule_attribute:1"], "headers.0.key": ["header_reserved"]}),
)
_FAULTY = Text("حقول خاطئة، كلها معًا.", "Faulty fields, all at once.")


def _example(text: Text, value: Any) -> Json:
    return {"documented": {"summary": text, "value": value}}


def _answer(text: Text, data: Any, schema: Json, status: int = 200, *more: str) -> Answer:
    example = _example(text, json.decode(answered(data, status)))
    body = Body(shape(success(schema, status)), lambda _: example)
    return Answer(text, {JSON: body}, (*more, *API, *LIMITS))


def _registered() -> Answer:
    bodies = {
        "documented": registered(_HOOK),
        "version_1": registered(replace(_HOOK, version=1, rule=None)),
    }
    examples = {
        name: {"summary": text, "value": json.decode(answered(bodies[name]))}
        for name, text in (
            ("documented", Text("الإصدار 2", "Version 2")),
            ("version_1", Text("الإصدار 1", "Version 1")),
        )
    }
    schema = _hook(registered(_HOOK), "type", "version", "rule")
    body = Body(shape(success(schema)), lambda _: examples)
    return Answer(Text("حُفظ.", "It is kept."), {JSON: body}, (*API, *LIMITS))


def _page(base: str) -> Json:
    numbers = pagination(
        count=1, total=1, paging=Paging(1, 15), address=base + _PATH, pairs=(), no_links=[]
    )
    return _example(Text("واحد", "One"), json.decode(listing([listed(_HOOK)], numbers)))


_LIST = shape(
    success({"type": "array", "items": _hook(listed(_HOOK)), "maxItems": 60})
    | {"pagination": ref("Pagination")}
)
_EVENT = shape(
    {
        "id": {"type": "integer", "description": Text("رقم الحدث.", "The event's id.")},
        "label": {"type": "string", "description": Text("عنوانه.", "What it is called.")},
        "event": {"type": "string", "description": Text("اسمه.", "Its name.")},
    }
)
_REMOVED = shape(
    {
        "message": {"type": "string", "description": Text("جملة ثابتة.", "A fixed sentence.")},
        "code": {"const": 202, "description": Text("الحالة أيضًا.", "The status again.")},
    }
)
_OWN = Text(
    "لكل تطبيق ما له في متجر رمز الوصول وحده.",
    "Each app has its own, in the access token's store.",
)

WEBHOOK_OPERATIONS = {
    ("POST", f"{_PATH}/subscribe"): Operation(
        id="registerWebhook",
        tag="webhooks",
        summary=Text("تسجيل webhook", "Register Webhook"),
        description=Text(
            "يُخبَر العنوان بكل حدث يوافق الشرط. العنوان والحدث نفسهما مرة أخرى يبدّلان ما سُجّل "
            "ويبقى رقمه.",
            "The URL is told of every event that meets the rule. The same URL and event again "
            "replace what was registered, and its id stays.",
        ).then(_OWN),
        answers={200: _registered(), 422: invalid(_FAULTY, *_FAULTS)},
        parameters=("accept_language", "request_id"),
        refusals=("BadRequest",),
        body=Sent(
            "Subscription",
            _example(Text("بشرط وترويسة", "With a rule and a header"), _NEW),
            media_types=(JSON,),
        ),
    ),
    ("PUT", f"{_PATH}/{{webhook}}"): Operation(
        id="updateWebhook",
        tag="webhooks",
        summary=Text("تعديل webhook", "Update Webhook"),
        description=Text(
            "يُغيَّر ما سُمّي ويبقى غيره، والحدث لا يتغير. إن كان موقوفًا عاد.",
            "What the body names is changed, the rest stays, and the event cannot change. One that "
            "was paused goes on.",
        ),
        answers={
            200: _answer(Text("عُدِّل.", "It is changed."), updated(_HOOK), _hook(updated(_HOOK))),
            422: invalid(_FAULTY, *_FAULTS, Invalid({"url": ["taken"]})),
        },
        parameters=("webhook", "accept_language", "request_id"),
        refusals=("BadRequest", "NotFound"),
        body=Sent(
            "WebhookFields",
            _example(Text("اسم آخر", "Another name"), {"name": "Logins", "version": 2}),
            required=False,
            media_types=(JSON,),
        ),
    ),
    ("GET", _PATH): Operation(
        id="listWebhooks",
        tag="webhooks",
        summary=Text("قائمة الـ webhooks", "List Active Webhooks"),
        description=Text("الأقدم أولًا.", "The oldest first.").then(_OWN),
        answers={
            200: Answer(
                Text("صفحة منها.", "A page of them."),
                {JSON: Body(_LIST, _page)},
                ("ETag", *API, *LIMITS),
            )
        },
        parameters=("page", "per_page", "if_none_match", "accept_language", "request_id"),
        cached=True,
    ),
    ("GET", f"{_PATH}/events"): Operation(
        id="listWebhookEvents",
        tag="webhooks",
        summary=Text("قائمة الأحداث", "List Events"),
        description=Text("كل ما يمكن الاشتراك فيه.", "All that can be subscribed to."),
        answers={
            200: _answer(
                Text("الأحداث.", "The events."),
                events("ar"),
                {"type": "array", "items": _EVENT},
                *(200, "ETag"),
            )
        },
        parameters=("if_none_match", "accept_language", "request_id"),
        cached=True,
    ),
    ("DELETE", f"{_PATH}/unsubscribe"): Operation(
        id="deactivateWebhook",
        tag="webhooks",
        summary=Text("إنهاء webhook", "Deactivate Webhook"),
        description=Text(
            "ما له الرقم `id`، وكل ما عنوانه `url`؛ وما كان ينتظر الإرسال يسقط معه. أحدهما لازم.",
            "The one with the `id`, and all with the `url`; what is still to be sent goes with "
            "them. One of the two must be there.",
        ).then(_OWN),
        answers={
            202: _answer(
                *(Text("أُنهي.", "It is gone."), {"message": REMOVED, "code": 202}, _REMOVED, 202)
            ),
            422: invalid(
                Text("لا `id` ولا `url`، أو ليس رقمًا.", "Neither is there, or the id is none."),
                Invalid({"id": ["integer"]}),
            ),
        },
        parameters=("webhook_id", "webhook_url", "accept_language", "request_id"),
        refusals=("NotFound",),
    ),
}
"""By method and path, as in the table of routes."""
