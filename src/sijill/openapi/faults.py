"""
The answers that are not a success and that operations share: one table over the family of faults.

Status and code come from `wire.errors.KINDS`, the example bodies from the code that refuses.
"""

from typing import NamedTuple

from sijill.errors import (
    BadRequest,
    Fault,
    Gone,
    HeadersTooLarge,
    InvalidToken,
    MethodNotAllowed,
    MissingScope,
    NotFound,
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
from sijill.openapi.headers import API, EDGE, LIMITS, SPOKEN, headers
from sijill.openapi.keys import Json
from sijill.openapi.schemas import Schemas


class Refused(NamedTuple):
    """One answer that is not a success: the faults behind it, its meaning, its own headers."""

    faults: tuple[Fault, ...]
    text: Localized
    headers: tuple[str, ...] = ()


REFUSED = {
    "BadRequest": Refused(
        (BadRequest(),),
        Localized(
            "محتوى الطلب ليس JSON ولا نموذجًا صالحًا، أو تداخله أعمق من الحد.",
            "The body is no JSON, or no form where it says it is one, or is nested too deep.",
        ),
    ),
    "Unauthorized": Refused(
        (InvalidToken(), MissingScope("customers.read"), MissingScope("customers.read_write")),
        Localized(
            "لا رمز وصول، أو هو مجهول أو منتهٍ أو ملغى، أو لا يحمل الصلاحية المطلوبة. لا تحمل "
            "أرقام الحدود إلا الحالة الأخيرة.",
            "No access token, or one that is unknown, expired or revoked, or that lacks the scope. "
            "Only the last carries the limiter's numbers.",
        ),
    ),
    "WalletForbidden": Refused(
        (WalletForbidden(),),
        Localized(
            "لا يُسمح لهذا التطبيق بالمحافظ، أيًّا كانت صلاحيات رمزه.",
            "This app may not use wallets, whatever the token's scopes.",
        ),
    ),
    "NotFound": Refused(
        (NotFound(),),
        Localized(
            "ليس في هذا المتجر ما له هذا الرقم، أو ليس المكتوب رقمًا: الجواب واحد.",
            "This store has nothing with that id, or the id is none: the two look alike.",
        ),
    ),
    "MethodNotAllowed": Refused(
        (MethodNotAllowed(["GET", "HEAD"]),),
        Localized(
            "جواب هذا المسار عن طريقة ليست له.",
            "What this path answers to a method it does not have.",
        ),
        ("Allow",),
    ),
    "RequestTimeout": Refused(
        (RequestTimeout(),),
        Localized("لم يصل الطلب كاملًا في الوقت.", "The request did not arrive whole in time."),
    ),
    "Gone": Refused(
        (Gone(),),
        Localized(
            "الموضع أقدم مما يُحفظ: خذ موضعًا بـ `since=now` ثم اقرأ قائمة العملاء كلها.",
            "The cursor is older than what is kept: take one by `since=now`, then list all "
            "customers.",
        ),
    ),
    "PreconditionFailed": Refused(
        (PreconditionFailed(),),
        Localized(
            "لم يعد العميل كما تسميه `If-Match`؛ لم يُكتب شيء.",
            "It is no longer the one that `If-Match` names; nothing was written.",
        ),
    ),
    "PayloadTooLarge": Refused(
        (PayloadTooLarge(),),
        Localized("محتوى الطلب أكبر من الحد.", "The request's body is over the cap."),
    ),
    "UriTooLong": Refused(
        (UriTooLong(),),
        Localized("عنوان الطلب أطول من الحد.", "The request's address is over the cap."),
    ),
    "TooManyRequests": Refused(
        (TooManyRequests(17),),
        Localized(
            "بلغ الطلب أحد الحدّين، ولم يُحسب على أي منهما. كثرة الرموز المجهولة من عنوان واحد "
            "جوابها هذا أيضًا، بلا أرقام.",
            "A limit is reached; the refusal counts against neither. Too many unknown tokens from "
            "one address are answered so too, without numbers.",
        ),
        ("Retry-After",),
    ),
    "HeadersTooLarge": Refused(
        (HeadersTooLarge(),),
        Localized("ترويسات الطلب أكبر من الحد.", "The request's headers are over the cap."),
    ),
    "ServerError": Refused(
        (Fault(),),
        Localized(
            "خطأ عندنا؛ تفاصيله في السجل تحت `X-Request-Id`.",
            "Our own fault; the log has the rest under `X-Request-Id`.",
        ),
    ),
    "ServiceUnavailable": Refused(
        (Unavailable(),),
        Localized(
            "الخادم ممتلئ، أو قاعدة البيانات غائبة.",
            "The server is full, or the database is away.",
        ),
        ("Retry-After",),
    ),
}
"""Every answer that is not a success, by its name among the description's responses."""

CAPPED = (RequestTimeout, PayloadTooLarge, UriTooLong, HeadersTooLarge)
"""Found before the API is asked: anything can be refused so."""

ANYWHERE = (MethodNotAllowed, *CAPPED, Fault, Unavailable)
ADMITTED = (InvalidToken, TooManyRequests, *ANYWHERE)
"""What a route that needs a token can be refused with beside its own."""

_NAMES = {type(row.faults[0]): name for name, row in REFUSED.items()}


def name_of(kind: type[Fault]) -> str:
    """Return the name of the answer that operations share for a kind of fault."""
    return _NAMES[kind]


def status_of(name: str) -> int:
    """Return the HTTP status of a row of REFUSED."""
    return KINDS[REFUSED[name].faults[0].code].status


def responses(schemas: Schemas) -> Json:
    """Return every shared response: the rows of REFUSED, and NotModified."""
    shared: Json = {name: _refused(row, schemas) for name, row in REFUSED.items()}
    shared["NotModified"] = {
        "description": Localized(
            "النسخة المحفوظة صالحة: سمّى `If-None-Match` بصمة الجواب. لا محتوى، ويُحسب الطلب.",
            "The kept copy is good: `If-None-Match` named its tag. No body; the request counts.",
        ),
        "headers": headers(("ETag", "Cache-Control", "X-Request-Id", *LIMITS), ("Vary",)),
    }
    return shared


def content_of(faults: tuple[Fault, ...], schemas: Schemas) -> Json:
    """Return the content of a refusal: the schema of its kind, and a body for each fault."""
    body = {"schema": schemas.of(faults[0]), "examples": refusal_examples(faults)}
    return {"application/json": body}


def _refused(row: Refused, schemas: Schemas) -> Json:
    return {
        "description": row.text,
        "headers": headers((*row.headers, *_carried(row.faults[0]))),
        "content": content_of(row.faults, schemas),
    }


def _carried(fault: Fault) -> tuple[str, ...]:
    """Return the headers that go with a fault, whoever meets it."""
    if isinstance(fault, CAPPED):
        return EDGE
    spoken = API if KINDS[fault.code].text else SPOKEN
    return spoken if isinstance(fault, MethodNotAllowed) else (*spoken, *LIMITS)
