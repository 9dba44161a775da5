"""The answers of control calls."""

from datetime import datetime
from typing import Annotated, Generic, Literal, TypeVar

from msgspec import Struct, field

from sijill.localized import Localized
from sijill.openapi.keys import key
from sijill.sandbox.faults import FaultRule
from sijill.sandbox.journal import Entry
from sijill.sandbox.rules import Rule
from sijill.sandbox.webhooks import attempts
from sijill.sandbox.webhooks.attempts import Attempt
from sijill.sandbox.webhooks.rules import WebhookRule
from sijill.values.dates import utc_text


def moment_text(moment: datetime | None) -> str | None:
    """Return a moment as the control API tells it: RFC 3339 in UTC."""
    return None if moment is None else utc_text(moment)


_OVERFLOWED = key(
    "هل سقطت إدخالات قديمة: يُحفظ آخر 10,000.",
    "Whether older entries have left: the last 10,000 are kept.",
)
_NextDue = Annotated[
    str | None,
    key("موعد الإرسال التالي، أو `null`.", "When the next delivery is due, or `null`."),
]


class NamespaceAnswer(Struct):
    """A namespace and its address."""

    component = "Namespace"
    words = Localized("مساحة اختبار وعنوانها.", "A namespace and its address.")

    name: Annotated[str, key("اسم المساحة.", "Its name.")]
    url: Annotated[
        str,
        key(
            "عنوان واجهتها، ينتهي بـ `/admin/v2`.",
            "The base URL of its API, which ends in `/admin/v2`.",
        ),
    ]


class NewNamespace(NamespaceAnswer):
    """A new namespace, with its secrets."""

    component = "NewNamespace"
    words = Localized("المساحة الجديدة وأسرارها.", "The new namespace and its secrets.")

    token: Annotated[str, key("رمز وصول.", "An access token.")]
    refresh_token: Annotated[str, key("رمز تجديد.", "A refresh token.")]
    client_id: Annotated[str, key("معرّف تطبيقها.", "The client id of its app.")]
    client_secret: Annotated[str, key("سر تطبيقها.", "The client secret of its app.")]
    control_token: Annotated[
        str,
        key("رمز التحكم لهذه المساحة فقط.", "The token of control calls about it alone."),
    ]


class NamespaceList(Struct):
    """Every namespace."""

    words = Localized("مساحات الاختبار كلها.", "Every namespace.")

    namespaces: list[NamespaceAnswer]


class OperationList(Struct):
    """The names of operations."""

    words = Localized("أسماء العمليات.", "The names of operations.")

    operations: list[str]


class Clock(Struct):
    """The clock of a namespace."""

    component = "Clock"
    words = Localized("ساعة المساحة.", "The clock of the namespace.")

    now: Annotated[str, key("الوقت الآن.", "The time.", format="date-time")]
    mode: Annotated[
        Literal["running", "frozen"], key("تعمل أو متوقفة.", "Whether it runs or stands still.")
    ]
    next_due: _NextDue


class Done(Struct):
    """An attempt to deliver that was made while a clock moved."""

    what: Annotated[Literal["delivery"], key("`delivery` دائمًا.", "Always `delivery`.")]
    at: attempts.At
    id: attempts.Id
    event: attempts.Event
    webhook: attempts.Webhook
    attempt: attempts.Number
    outcome: attempts.Result
    status: attempts.Status
    fault: attempts.Fault


class MovedClock(Struct):
    """A clock that was moved."""

    component = "MovedClock"
    words = Localized(
        "الساعة بعد تحريكها، وقد تم كل ما حان موعده في الطريق.",
        "The clock was moved, and everything that was due on the way is done.",
    )

    begin: Annotated[str, key("الوقت قبل التحريك.", "The time before.", format="date-time")] = (
        field(name="from")
    )
    to: Annotated[str, key("الوقت بعده.", "The time after.", format="date-time")]
    did: Annotated[
        list[Done], key("محاولات الإرسال في الطريق.", "The attempts to deliver on the way.")
    ]
    next_due: _NextDue


_Hits = Annotated[int, key("كم مرة طُبِّقت.", "How often it has hit.")]
_Spent = Annotated[bool, key("هل استُنفدت.", "Whether it hits no more.")]


class FaultReport(FaultRule, frozen=True, kw_only=True):
    """A rule about requests, as `RuleSet.report` tells it."""

    component = "FaultReport"

    hits: _Hits
    spent: _Spent


class WebhookFaultReport(WebhookRule, frozen=True, kw_only=True):
    """A rule about deliveries, as `RuleSet.report` tells it."""

    component = "WebhookFaultReport"

    hits: _Hits
    spent: _Spent


R = TypeVar("R", bound=Rule)


class FaultList(Struct, Generic[R]):
    """The rules of one kind that a namespace has, each a report."""

    words = Localized("القواعد بترتيبها.", "The rules in their order.")

    faults: list[R]


class RequestList(Struct):
    """Requests of the journal."""

    component = "RequestList"
    words = Localized("الطلبات، الأقدم أولًا.", "The requests, the oldest first.")

    requests: list[Entry]
    overflowed: Annotated[bool, _OVERFLOWED]


class DeliveryList(Struct):
    """Attempts to deliver."""

    component = "DeliveryList"
    words = Localized("محاولات الإرسال، الأقدم أولًا.", "The attempts, the oldest first.")

    deliveries: list[Attempt]
    overflowed: Annotated[bool, _OVERFLOWED]


class Released(Struct):
    """The number of deliveries that were released."""

    words = Localized("أُرسل ما كان محجوزًا.", "What was held is sent.")

    released: Annotated[int, key("عدد عمليات الإرسال.", "The number of deliveries.")]


_Customers = Annotated[int, key("عدد العملاء.", "The number of customers.")]
_Moment = Annotated[str, key("وقت الساعة.", "The time of the clock.", format="date-time")]


class SnapshotAnswer(Struct):
    """A snapshot."""

    component = "Snapshot"
    words = Localized("اللقطة.", "The snapshot.")

    name: Annotated[str, key("اسمها.", "Its name.")]
    customers: _Customers
    at: _Moment


class SnapshotList(Struct):
    """The snapshots of a namespace."""

    words = Localized("اللقطات المحفوظة.", "The snapshots that are saved.")

    snapshots: list[SnapshotAnswer]


class StateAnswer(Struct):
    """A state that was loaded."""

    words = Localized("للمساحة الآن حالة الملف.", "The namespace has the state of the file.")

    customers: _Customers
    at: _Moment


class TokenAnswer(Struct):
    """An access token of a namespace, without its text."""

    component = "AccessToken"

    id: Annotated[int, key("رقم الرمز، و1 للذي بدأت به المساحة.", "Its id; 1 came first.")]
    client_id: Annotated[str, key("معرّف تطبيقه.", "The client id of its app.")]
    hint: Annotated[str, key("آخر أربعة أحرف منه.", "Its last four characters.")]
    scopes: Annotated[str, key("صلاحياته.", "Its scopes.")]
    created_at: Annotated[str, key("وقت إصداره.", "When it was issued.", format="date-time")]
    expires_at: Annotated[str | None, key("وقت انتهائه، أو `null`.", "When it expires, or `null`.")]
    revoked_at: Annotated[
        str | None, key("وقت إلغائه، أو `null`.", "When it was revoked, or `null`.")
    ]


class TokenList(Struct):
    """The access tokens of a namespace."""

    words = Localized("رموز الوصول، دون نصوصها.", "The access tokens, without their texts.")

    tokens: list[TokenAnswer]
