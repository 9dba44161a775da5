"""Webhooks and deliveries on the wire."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

from msgspec import UNSET, Struct, UnsetType
from msgspec.structs import replace

from sijill.localized import Language, Localized
from sijill.openapi.keys import key
from sijill.webhooks.events import EVENTS
from sijill.webhooks.model import MASK, DeliveryDetail, State, Webhook

_Id = Annotated[int, key("رقم الاشتراك.", "The id of the webhook.")]
_Name = Annotated[str, key("اسمه.", "Its name.")]
_Event = Annotated[str, key("اسم الحدث.", "Its event.")]
_Type = Annotated[Literal["manual"], key("`manual` دائمًا.", "Always `manual`.")]
_Url = Annotated[str, key("العنوان الذي يُرسل إليه.", "The URL that receives its event.")]
_Version = Annotated[int, key("إصداره.", "Its version.", enum=[1, 2])]
_Rule = Annotated[str | None, key("شرط الإرسال (rule).", "Its rule.")]
_Headers = Annotated[
    dict[str, str] | Annotated[list[Any], key(maxItems=0)],
    key(
        "ترويساته، و `[]` إن لم تكن له ترويسات. والرمز الذي لا يملك `webhooks.read_write` "
        "يرى قناعًا مكان كل قيمة.",
        "Its headers; `[]` without headers. A token without `webhooks.read_write` sees a "
        "mask in place of each value.",
    ),
]


class Security(Struct):
    """How deliveries prove their origin. No answer has the secret: its reader could sign for us."""

    words = Localized("الطريقة التي يثبت بها الإشعار مصدره.", "How deliveries prove their origin.")

    strategy: Annotated[
        str,
        key(
            "الطريقة التي يثبت بها الإشعار مصدره.",
            "How deliveries prove their origin.",
            enum=["", "signature", "token"],
        ),
    ]
    secret: Annotated[
        Literal["********"] | None,
        key(
            "قناع ثابت إن كان له سر، وإلا `null`. وإرسال القناع لا يغيّر السر.",
            "A fixed mask if it has a secret, else `null`. Sending the mask back changes nothing.",
        ),
    ]


class RegisteredAnswer(Struct, kw_only=True):
    """The answer to Register Webhook. Source: Salla's samples of version 1 and 2."""

    id: _Id
    name: _Name
    event: _Event
    type: _Type | UnsetType = UNSET
    url: _Url
    version: _Version | UnsetType = UNSET
    rule: _Rule | UnsetType = UNSET
    headers: _Headers


_VERSION_1 = ("id", "name", "event", "url", "headers")


class UpdatedAnswer(Struct, kw_only=True):
    """The answer to Update Webhook. Source: Salla's sample."""

    id: _Id
    name: _Name
    event: _Event
    version: _Version
    rule: _Rule
    url: _Url
    headers: _Headers
    type: _Type
    security: Security


class ListedAnswer(Struct, kw_only=True):
    """An item of List Active Webhooks: Salla's sample, and `security` behind it."""

    id: _Id
    name: _Name
    event: _Event
    version: _Version
    rule: _Rule
    type: _Type
    url: _Url
    headers: _Headers
    security: Security


class EventAnswer(Struct):
    """An event that can be subscribed to. Source: Salla "List Events"."""

    id: Annotated[int, key("رقم الحدث.", "The event's id.")]
    label: Annotated[str, key("وصف الحدث.", "Its label.")]
    event: Annotated[str, key("اسمه.", "Its name.")]


class DeliveryAnswer(Struct, kw_only=True):
    """One delivery: its state, and the message that was or would be sent."""

    id: Annotated[str, key("رقم الحدث.", "The event's id.")]
    webhook: Annotated[int, key("رقم الاشتراك.", "The id of the webhook.")]
    event: Annotated[str, key("اسم الحدث.", "The event's name.")]
    url: Annotated[str, key("العنوان الذي يُرسل إليه.", "The URL it is sent to.")]
    state: Annotated[
        State,
        key(
            "ينتظر، أو وصل، أو تعذّر إيصاله، أو حُفظ دون إرسال، أو حُذف عميله قبل أن يصل.",
            "Whether it is waiting, was received, was given up, was captured without being "
            "sent, or was erased with its customer before it was received.",
        ),
    ]
    attempts: Annotated[int, key("عدد المحاولات.", "Attempts so far.")]
    status: Annotated[int | None, key("حالة آخر رد.", "The status of the last answer.")]
    error: Annotated[str | None, key("سبب عدم وصول رد.", "Why there was no answer.")]
    created_at: Annotated[datetime, key("وقت وقوعه، بتوقيت UTC.", "When it happened, in UTC.")]
    headers: Annotated[
        dict[str, str],
        key(
            "ترويساته، موقّعة بوقت `created_at`. سر `token` محجوب، وكذلك ترويساته المخصصة "
            "عن رمز لا يملك `webhooks.read_write`. وهي غائبة بعد حذف العميل.",
            "Its headers, signed for the time of `created_at`. The secret of `token` is "
            "masked, and so are custom headers for a token without `webhooks.read_write`. "
            "Absent once the customer was deleted.",
        ),
    ]
    body: Annotated[
        str | None,
        key(
            "النص كما أُرسل؛ `null` لرمز لا يملك `customers.read`، وبعد حذف العميل.",
            "The exact text; `null` for a token without `customers.read`, and after the "
            "customer was deleted.",
        ),
    ]


class DeliveriesAnswer(Struct):
    """The newest deliveries of an app."""

    deliveries: list[DeliveryAnswer]


def registered(hook: Webhook) -> RegisteredAnswer:
    """Return a webhook as registered: version 1 has no type, version or rule."""
    shown = RegisteredAnswer.__struct_fields__ if hook.version != 1 else _VERSION_1
    values = _all_of(hook)
    return RegisteredAnswer(**{name: values[name] for name in shown})


def updated(hook: Webhook) -> UpdatedAnswer:
    """Return a webhook as updated."""
    return UpdatedAnswer(**_all_of(hook))


def listed(hook: Webhook) -> ListedAnswer:
    """Return a webhook as it is listed."""
    return ListedAnswer(**_all_of(hook))


def events(language: Language) -> list[EventAnswer]:
    """Return the events of List Events; Salla's list has more, about other nouns."""
    return [EventAnswer(kind.id, kind.label[language], name) for name, kind in EVENTS.items()]


def delivery(
    detail: DeliveryDetail, headers: Sequence[tuple[str, str]], *, shows_body: bool
) -> DeliveryAnswer:
    """
    Return one delivery with its `headers`, of which the secret of the strategy `token` is masked.

    Without `shows_body` the body, which holds a customer, is null. That of a deleted customer is
    gone, and nothing is left to sign.
    """
    state, hook, event = detail
    sent = {} if event.erased else dict(headers)
    if hook.strategy == "token" and "Authorization" in sent:
        sent["Authorization"] = MASK
    return DeliveryAnswer(
        id=event.id,
        webhook=hook.id,
        event=event.name,
        url=hook.url,
        state=state.state,
        attempts=state.attempts,
        status=state.status,
        error=state.error,
        created_at=state.created_at,
        headers=sent,
        body=event.body.decode() if shows_body and not event.erased else None,
    )


def masked(hook: Webhook) -> Webhook:
    """Return the webhook with a mask in place of the value of each header of its own."""
    return replace(hook, headers=tuple((name, MASK) for name, _ in hook.headers))


def _headers(hook: Webhook) -> dict[str, str] | list[Any]:
    """Return an object, or an empty list, as PHP writes an empty array."""
    return dict(hook.headers) or []


def _all_of(hook: Webhook) -> dict[str, Any]:
    return {
        "id": hook.id,
        "name": hook.name,
        "event": hook.event,
        "type": "manual",
        "url": hook.url,
        "version": hook.version,
        "rule": hook.rule,
        "headers": _headers(hook),
        "security": Security(
            "" if hook.strategy == "none" else hook.strategy, MASK if hook.secret else None
        ),
    }
