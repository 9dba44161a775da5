"""
The refusals that operations share: one table over the family of faults.

Status and code come from `http.errors.KINDS`, the example bodies from the code that refuses.
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
from sijill.openapi.headers import API, LIMITS, PROTOCOL, SPOKEN, headers
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
            "محتوى الطلب ليس JSON ولا نموذجًا صالحًا، أو تداخله أعمق من الحد.",
            "The body is no JSON, or no form where it says it is one, or is nested too deep.",
        ),
    ),
    "Unauthorized": SharedRefusal(
        (InvalidToken(), MissingScope("customers.read"), MissingScope("customers.read_write")),
        Localized(
            "لا رمز وصول، أو هو مجهول أو منتهٍ أو ملغى، أو لا يحمل الصلاحية المطلوبة. لا تحمل "
            "أرقام الحدود إلا الحالة الأخيرة.",
            "No access token, or one that is unknown, expired or revoked, or that lacks the scope. "
            "Only the last carries the limiter's numbers.",
        ),
    ),
    "WalletForbidden": SharedRefusal(
        (WalletForbidden(),),
        Localized(
            "لا يُسمح لهذا التطبيق بالمحافظ، أيًّا كانت صلاحيات رمزه.",
            "This app may not use wallets, whatever the token's scopes.",
        ),
    ),
    "NotFound": SharedRefusal(
        (NotFound(),),
        Localized(
            "ليس في هذا المتجر ما له هذا الرقم، أو ليس المكتوب رقمًا: الجواب واحد.",
            "This store has nothing with that id, or the id is none: the two look alike.",
        ),
    ),
    "MethodNotAllowed": SharedRefusal(
        (MethodNotAllowed(["GET", "HEAD"]),),
        Localized(
            "جواب هذا المسار عن طريقة ليست له.",
            "What this path answers to a method it does not have.",
        ),
        ("Allow",),
    ),
    "RequestTimeout": SharedRefusal(
        (RequestTimeout(),),
        Localized("لم يصل الطلب كاملًا في الوقت.", "The request did not arrive whole in time."),
    ),
    "Gone": SharedRefusal(
        (Gone(),),
        Localized(
            "الموضع أقدم مما يُحفظ: خذ موضعًا بـ `since=now` ثم اقرأ قائمة العملاء كلها.",
            "The cursor is older than what is kept: take one by `since=now`, then list all "
            "customers.",
        ),
    ),
    "PreconditionFailed": SharedRefusal(
        (PreconditionFailed(),),
        Localized(
            "لم يعد العميل كما تسميه `If-Match`؛ لم يُكتب شيء.",
            "It is no longer the one that `If-Match` names; nothing was written.",
        ),
    ),
    "PayloadTooLarge": SharedRefusal(
        (PayloadTooLarge(),),
        Localized("محتوى الطلب أكبر من الحد.", "The request's body is over the cap."),
    ),
    "UriTooLong": SharedRefusal(
        (UriTooLong(),),
        Localized("عنوان الطلب أطول من الحد.", "The request's address is over the cap."),
    ),
    "TooManyRequests": SharedRefusal(
        (TooManyRequests(17),),
        Localized(
            "بلغ الطلب أحد الحدّين، ولم يُحسب على أي منهما. كثرة الرموز المجهولة من عنوان واحد "
            "جوابها هذا أيضًا، بلا أرقام.",
            "A limit is reached; the refusal counts against neither. Too many unknown tokens from "
            "one address are answered so too, without numbers.",
        ),
        ("Retry-After",),
    ),
    "HeadersTooLarge": SharedRefusal(
        (HeadersTooLarge(),),
        Localized("ترويسات الطلب أكبر من الحد.", "The request's headers are over the cap."),
    ),
    "ServerError": SharedRefusal(
        (Fault(),),
        Localized(
            "خطأ عندنا؛ تفاصيله في السجل تحت `X-Request-Id`.",
            "Our own fault; the log has the rest under `X-Request-Id`.",
        ),
    ),
    "ServiceUnavailable": SharedRefusal(
        (Unavailable(),),
        Localized(
            "الخادم ممتلئ، أو قاعدة البيانات غائبة.", "The server is full, or the database is away."
        ),
        ("Retry-After",),
    ),
}
"""Every shared refusal, by its name among the description's responses."""

CAPPED = (RequestTimeout, PayloadTooLarge, UriTooLong, HeadersTooLarge)
"""Raised by the protocol, before the application: any request can meet them."""

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
            "النسخة المحفوظة صالحة: سمّى `If-None-Match` بصمة الجواب. لا محتوى، ويُحسب الطلب.",
            "The kept copy is good: `If-None-Match` named its tag. No body; the request counts.",
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
        return PROTOCOL
    spoken = API if KINDS[fault.code].text else SPOKEN
    return spoken if isinstance(fault, MethodNotAllowed) else (*spoken, *LIMITS)
