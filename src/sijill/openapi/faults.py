"""
The refusals that operations share: one table over the family of faults.

Status and code come from `http.errors.KINDS`, the example bodies from the code that refuses.
"""

from datetime import UTC, datetime
from typing import NamedTuple

from sijill.errors import (
    BadRequest,
    Fault,
    Gone,
    HeadersTooLarge,
    Held,
    InvalidToken,
    MethodNotAllowed,
    MissingScope,
    NotFound,
    NotStored,
    PayloadTooLarge,
    PreconditionFailed,
    RequestTimeout,
    TooManyRequests,
    Unavailable,
    UriTooLong,
    WalletForbidden,
)
from sijill.http.errors import KINDS
from sijill.localized import Localized
from sijill.openapi.examples import refusal_examples
from sijill.openapi.headers import API, CLOSING, LIMITS, SPOKEN, headers
from sijill.openapi.keys import Json
from sijill.openapi.schemas import Schemas


class SharedRefusal(NamedTuple):
    """One refusal: its faults, its meaning, its own headers."""

    faults: tuple[Fault, ...]
    text: Localized
    headers: tuple[str, ...] = ()


REFUSED = {
    "BadRequest": SharedRefusal(
        (BadRequest(),),
        Localized(
            "جسم الطلب ليس JSON صالحًا، أو ليس نموذجًا من النوع المعلن، أو مستوياته المتداخلة "
            "أكثر من الحد.",
            "The body is not valid JSON, is not a form of the declared type, or is nested "
            "too deep.",
        ),
    ),
    "Unauthorized": SharedRefusal(
        (InvalidToken(), MissingScope("customers.read"), MissingScope("customers.read_write")),
        Localized(
            "رمز الوصول غائب أو مجهول أو منتهٍ أو ملغى، أو ليست له الصلاحية المطلوبة. وترويسات "
            "الحدود في هذه الحالة الأخيرة فقط.",
            "The access token is missing, unknown, expired or revoked, or lacks the scope. "
            "Only in the last case are the limit headers present.",
        ),
    ),
    "WalletForbidden": SharedRefusal(
        (WalletForbidden(),),
        Localized(
            "لا يُسمح لهذا التطبيق بالمحافظ، أيًّا كانت صلاحيات رمزه.",
            "This app may not use wallets, even with a scope for them.",
        ),
    ),
    "NotFound": SharedRefusal(
        (NotFound(),),
        Localized(
            "ليس في هذا المتجر شيء بهذا الرقم، أو الرقم غير صحيح. والرد واحد في الحالين.",
            "This store has nothing with that id, or the id is malformed: the answer is the same.",
        ),
    ),
    "MethodNotAllowed": SharedRefusal(
        (MethodNotAllowed(["GET", "HEAD"]),),
        Localized(
            "لا يقبل هذا المسار هذه الطريقة.",
            "The path does not allow this method.",
        ),
        ("Allow",),
    ),
    "RequestTimeout": SharedRefusal(
        (RequestTimeout(),),
        Localized(
            "لم يصل الطلب كاملًا في الوقت المحدد.", "The request did not arrive completely in time."
        ),
    ),
    "Held": SharedRefusal(
        (Held("court", datetime(2027, 1, 1, tzinfo=UTC)),),
        Localized(
            "بيانات العميل واجبة الحفظ مدةً، فلم يُحذف.",
            "The customer's data must be kept for a while: nothing was deleted.",
        ),
    ),
    "Gone": SharedRefusal(
        (Gone(),),
        Localized(
            "الموضع أقدم من كل الأحداث المحفوظة. اطلب موضعًا جديدًا بـ `since=now`، ثم اقرأ "
            "قائمة العملاء كلها.",
            "The cursor is older than every stored event. Get a new cursor with "
            "`since=now`, then list all customers.",
        ),
    ),
    "PreconditionFailed": SharedRefusal(
        (PreconditionFailed(),),
        Localized(
            "تغيّر العميل منذ البصمة التي في `If-Match`، ولم يُكتب شيء.",
            "The customer has changed since the tag in `If-Match`; nothing was written.",
        ),
    ),
    "PayloadTooLarge": SharedRefusal(
        (PayloadTooLarge(),),
        Localized("جسم الطلب أكبر من الحد.", "The request's body is over the limit."),
    ),
    "UriTooLong": SharedRefusal(
        (UriTooLong(),),
        Localized("عنوان الطلب أطول من الحد.", "The request's target is over the limit."),
    ),
    "TooManyRequests": SharedRefusal(
        (TooManyRequests(17),),
        Localized(
            "بلغ التطبيق أحد الحدّين، ولا يُحسب الطلب المرفوض على أي منهما. وهذا أيضًا هو الرد "
            "على الرموز المجهولة الكثيرة من عنوان IP واحد، دون ترويسات الحدود.",
            "A limit is reached; the refusal counts against no limit. Too many unknown tokens from "
            "one address get the same answer, without limit headers.",
        ),
        ("Retry-After",),
    ),
    "HeadersTooLarge": SharedRefusal(
        (HeadersTooLarge(),),
        Localized("ترويسات الطلب أكبر من الحد.", "The request's headers are over the limit."),
    ),
    "ServerError": SharedRefusal(
        (Fault(),),
        Localized(
            "خطأ في الخادم. تفاصيله في سجلات الخادم تحت `X-Request-Id`.",
            "A server error. The details are in the server's log, under `X-Request-Id`.",
        ),
    ),
    "ServiceUnavailable": SharedRefusal(
        (Unavailable(),),
        Localized(
            "الخادم مشغول بالكامل، أو قاعدة البيانات لا تستجيب.",
            "The server is at capacity, or the database does not answer.",
        ),
        ("Retry-After",),
    ),
    "NotStored": SharedRefusal(
        (NotStored(),),
        Localized(
            "طلب التطبيق بـ `only-if-cached` نسخة محفوظة فقط، ولا نسخة بالحداثة المطلوبة. ولا "
            "يأتي إلا من نسخة حية لمتجر آخر.",
            "`only-if-cached` asks for a stored answer alone, and none is fresh enough. Only a "
            "live copy of another store answers so.",
        ),
    ),
}
"""Every shared refusal, by its name among the description's responses."""

CAPPED = (RequestTimeout, PayloadTooLarge, UriTooLong, HeadersTooLarge)
"""Of a request that is too long, too large or too slow: any request can meet them."""

ANYWHERE = (MethodNotAllowed, *CAPPED, Fault, Unavailable)
ADMITTED = (InvalidToken, TooManyRequests, *ANYWHERE)
"""The faults that every route with a token shares."""

_NAMES = {type(row.faults[0]): name for name, row in REFUSED.items()}


def name_of(kind: type[Fault]) -> str:
    """Return the name of the shared refusal of a kind of fault."""
    return _NAMES[kind]


def status_of(name: str) -> int:
    """Return the HTTP status of a row of REFUSED."""
    return KINDS[REFUSED[name].faults[0].code].status


def responses(schemas: Schemas) -> Json:
    """Return every shared response: the rows of REFUSED, and NotModified."""
    shared: Json = {name: _refused(row, schemas) for name, row in REFUSED.items()}
    shared["NotModified"] = {
        "description": Localized(
            "النسخة المحفوظة ما زالت صالحة، فبصمتها في `If-None-Match`. الرد دون جسم، والطلب "
            "محسوب.",
            "The stored copy is still valid: its tag is in `If-None-Match`. There is no "
            "body, and the request counts.",
        ),
        "headers": headers(("ETag", "Cache-Control", "X-Request-Id", *LIMITS), ("Vary",)),
    }
    return shared


def content_of(faults: tuple[Fault, ...], schemas: Schemas) -> Json:
    """Return the content of a refusal: its schema, and an example for each fault."""
    body = {"schema": schemas.of(faults[0]), "examples": refusal_examples(faults)}
    return {"application/json": body}


def _refused(row: SharedRefusal, schemas: Schemas) -> Json:
    return {
        "description": row.text,
        "headers": headers((*row.headers, *_headers_of(row.faults[0]))),
        "content": content_of(row.faults, schemas),
    }


def _headers_of(fault: Fault) -> tuple[str, ...]:
    """Return the headers of the answer to a fault."""
    if isinstance(fault, CAPPED):
        return CLOSING
    spoken = API if KINDS[fault.code].text else SPOKEN
    return spoken if isinstance(fault, MethodNotAllowed) else (*spoken, *LIMITS)
