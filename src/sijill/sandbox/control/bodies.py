"""The bodies of control calls."""

from datetime import datetime
from typing import Annotated, Any, Generic, Literal, TypeVar

import msgspec
from msgspec import Meta, Struct

from sijill.openapi.keys import key
from sijill.sandbox.new import YEARS
from sijill.sandbox.rules import Rule
from sijill.sandbox.webhooks.attempts import Outcome


class Advance(Struct, forbid_unknown_fields=True):
    """The body of `clock/advance`."""

    seconds: Annotated[
        float,
        Meta(ge=0, le=YEARS),
        key("الثواني التي تتقدمها الساعة.", "The seconds that the clock moves on."),
    ]


class At(Struct, forbid_unknown_fields=True):
    """The body of `clock/set`."""

    at: Annotated[
        datetime,
        key(
            "الوقت الجديد مع منطقته الزمنية: `2026-03-01T00:00:00Z`.",
            "The new time, with its zone: `2026-03-01T00:00:00Z`.",
        ),
    ]


R = TypeVar("R", bound=Rule)


class Rules(Struct, Generic[R], forbid_unknown_fields=True):
    """The body of `PUT faults` and `POST faults`."""

    faults: Annotated[
        list[R],
        key("القواعد؛ وتُطبَّق أول قاعدة مطابقة.", "The rules: the first that fits decides."),
    ]


class Match(Struct, forbid_unknown_fields=True):
    """The values that an entry of a journal must have; None stands for any."""

    def fits(self, entry: object) -> bool:
        """Return whether an entry has all the values that are asked for."""
        wanted = msgspec.structs.asdict(self).items()
        return all(value is None or _has(entry, name, value) for name, value in wanted)


def _has(entry: object, name: str, value: Any) -> bool:
    """Return whether an entry has a value; True and False ask whether it has any."""
    found = getattr(entry, name)
    return bool(bool(found) is value if isinstance(value, bool) else found == value)


class RequestMatch(Match):
    """The values that a request must have."""

    id: Annotated[str | None, key("معرّف الطلب.", "The id of the request.")] = None
    op: Annotated[str | None, key("عملية هذه الطلبات.", "The operation.")] = None
    method: Annotated[str | None, key("طريقة HTTP.", "The HTTP method.")] = None
    path: Annotated[str | None, key("المسار كاملًا.", "The whole path.")] = None
    status: Annotated[int | None, key("حالة الرد.", "The status of the answer.")] = None
    fault: Annotated[
        str | None, key("نوع الخطأ الذي أصاب الطلب.", "The kind of fault that it met.")
    ] = None
    unread: Annotated[
        bool | None,
        key(
            "هل أُرسل في الطلب اسم لم يُقرأ.",
            "Whether a name was sent that was never read.",
        ),
    ] = None


class DeliveryMatch(Match):
    """The values that an attempt to deliver must have."""

    id: Annotated[str | None, key("رقم الحدث.", "The id of the event.")] = None
    event: Annotated[str | None, key("اسم الحدث.", "The name of the event.")] = None
    webhook: Annotated[int | None, key("رقم الاشتراك.", "The id of the webhook.")] = None
    attempt: Annotated[
        int | None, key("ترتيب المحاولة، بدءًا من 1.", "The number of the attempt, from 1.")
    ] = None
    outcome: Annotated[Outcome | None, key("نتيجة المحاولة.", "The outcome.")] = None
    status: Annotated[int | None, key("حالة رد المستقبِل.", "The status of the answer.")] = None
    fault: Annotated[
        str | None, key("نوع الخطأ الذي أصاب المحاولة.", "The kind of fault that it met.")
    ] = None


M = TypeVar("M", bound=Match)


class Wait(Struct, Generic[M], forbid_unknown_fields=True):
    """The body of `requests/wait` and `deliveries/wait`."""

    match: Annotated[
        M | None, key("ما يُنتظر، ودون شروط أي شيء.", "The entries to wait for; any without it.")
    ] = None
    count: Annotated[int, Meta(ge=1, le=10_000), key("عدد ما يُنتظر.", "How many to wait for.")] = 1
    within: Annotated[
        float,
        Meta(ge=0, le=300),
        key("أقصى مدة الانتظار بالثواني الحقيقية.", "Real seconds to wait at most."),
    ] = 10.0

    def fits(self, entry: object) -> bool:
        """Return whether an entry is one of those that are waited for."""
        return self.match is None or self.match.fits(entry)


class Release(Struct, forbid_unknown_fields=True):
    """The body of `deliveries/release`."""

    order: Annotated[
        Literal["first", "last"] | list[str],
        key(
            "`first`: ما حُجز أولًا يُرسل أولًا، و`last` عكسه، أو أرقام أحداث بترتيبها.",
            "`first`: what was held first is sent first; `last`: the other way round; or ids of "
            "events, in their order.",
        ),
    ] = "first"
