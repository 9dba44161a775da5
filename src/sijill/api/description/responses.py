"""What the description says of every answer that is not a success."""

from typing import NamedTuple

from sijill.api.description.examples import refusal_examples
from sijill.api.description.headers import API, EDGE, LIMITS, SPOKEN, headers
from sijill.api.description.schemas import fault_schema
from sijill.api.description.wording import Json, Text
from sijill.errors import (
    BadRequest,
    Fault,
    Gone,
    HeadersTooLarge,
    Invalid,
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


class Refused(NamedTuple):
    """One answer that is not a success: the faults behind it, its meaning, its headers."""

    faults: tuple[Fault, ...]
    text: Text
    headers: tuple[str, ...]


REFUSED = {
    "BadRequest": Refused(
        (BadRequest(),),
        Text(
            "محتوى الطلب ليس JSON ولا نموذجًا صالحًا، أو تداخله أعمق من الحد.",
            "The body is no JSON, or no form where it says it is one, or is nested too deep.",
        ),
        (*SPOKEN, *LIMITS),
    ),
    "Unauthorized": Refused(
        (InvalidToken(), MissingScope("customers.read"), MissingScope("customers.read_write")),
        Text(
            "لا رمز وصول، أو هو مجهول أو منتهٍ أو ملغى، أو لا يحمل الصلاحية المطلوبة. لا تحمل "
            "أرقام الحدود إلا الحالة الأخيرة.",
            "No access token, or one that is unknown, expired or revoked, or that lacks the scope. "
            "Only the last carries the limiter's numbers.",
        ),
        (*API, *LIMITS),
    ),
    "WalletForbidden": Refused(
        (WalletForbidden(),),
        Text(
            "لا يُسمح لهذا التطبيق بالمحافظ، أيًّا كانت صلاحيات رمزه.",
            "This app may not use wallets, whatever the token's scopes.",
        ),
        (*API, *LIMITS),
    ),
    "NotFound": Refused(
        (NotFound(),),
        Text(
            "ليس في هذا المتجر ما له هذا الرقم، أو ليس المكتوب رقمًا: الجواب واحد.",
            "This store has nothing with that id, or the id is none: the two look alike.",
        ),
        (*API, *LIMITS),
    ),
    "MethodNotAllowed": Refused(
        (MethodNotAllowed(["GET", "HEAD"]),),
        Text(
            "جواب هذا المسار عن طريقة ليست له.",
            "What this path answers to a method it does not have.",
        ),
        ("Allow", *SPOKEN),
    ),
    "RequestTimeout": Refused(
        (RequestTimeout(),),
        Text("لم يصل الطلب كاملًا في الوقت.", "The request did not arrive whole in time."),
        EDGE,
    ),
    "Gone": Refused(
        (Gone(),),
        Text(
            "الموضع أقدم مما يُحفظ: خذ موضعًا بـ `since=now` ثم اقرأ قائمة العملاء كلها.",
            "The cursor is older than what is kept: take one by `since=now`, then list all "
            "customers.",
        ),
        (*SPOKEN, *LIMITS),
    ),
    "PreconditionFailed": Refused(
        (PreconditionFailed(),),
        Text(
            "لم يعد العميل كما تسميه `If-Match`؛ لم يُكتب شيء.",
            "It is no longer the one that `If-Match` names; nothing was written.",
        ),
        (*SPOKEN, *LIMITS),
    ),
    "PayloadTooLarge": Refused(
        (PayloadTooLarge(),),
        Text("محتوى الطلب أكبر من الحد.", "The request's body is over the cap."),
        EDGE,
    ),
    "UriTooLong": Refused(
        (UriTooLong(),),
        Text("عنوان الطلب أطول من الحد.", "The request's address is over the cap."),
        EDGE,
    ),
    "InvalidFields": Refused(
        (Invalid({"date_from": ["date"]}),),
        Text(
            "`date_from` أو `date_to` ليس يومًا.",
            "`date_from` or `date_to` is no day.",
        ),
        (*SPOKEN, *LIMITS),
    ),
    "TooManyRequests": Refused(
        (TooManyRequests(17),),
        Text(
            "بلغ الطلب أحد الحدّين، ولم يُحسب على أي منهما. كثرة الرموز المجهولة من عنوان واحد "
            "جوابها هذا أيضًا، بلا أرقام.",
            "A limit is reached; the refusal counts against neither. Too many unknown tokens from "
            "one address are answered so too, without numbers.",
        ),
        ("Retry-After", *SPOKEN, *LIMITS),
    ),
    "HeadersTooLarge": Refused(
        (HeadersTooLarge(),),
        Text("ترويسات الطلب أكبر من الحد.", "The request's headers are over the cap."),
        EDGE,
    ),
    "ServerError": Refused(
        (Fault(),),
        Text(
            "خطأ عندنا؛ تفاصيله في السجل تحت `X-Request-Id`.",
            "Our own fault; the log has the rest under `X-Request-Id`.",
        ),
        (*SPOKEN, *LIMITS),
    ),
    "ServiceUnavailable": Refused(
        (Unavailable(),),
        Text(
            "الخادم ممتلئ، أو قاعدة البيانات غائبة.",
            "The server is full, or the database is away.",
        ),
        ("Retry-After", *SPOKEN, *LIMITS),
    ),
}
"""Every answer that is not a success, by its name among the description's responses."""

CAPPED = ("RequestTimeout", "PayloadTooLarge", "UriTooLong", "HeadersTooLarge")
ANYWHERE = ("MethodNotAllowed", *CAPPED, "ServerError", "ServiceUnavailable")
ADMITTED = ("Unauthorized", "TooManyRequests", *ANYWHERE)


def status_of(name: str) -> int:
    """Return the HTTP status of a row of REFUSED."""
    return KINDS[REFUSED[name].faults[0].code].status


def responses() -> Json:
    """Return every shared response: the rows of REFUSED, and NotModified."""
    shared: Json = {name: _refused(row) for name, row in REFUSED.items()}
    shared["NotModified"] = {
        "description": Text(
            "النسخة المحفوظة صالحة: سمّى `If-None-Match` بصمة الجواب. لا محتوى، ويُحسب الطلب.",
            "The kept copy is good: `If-None-Match` named its tag. No body; the request counts.",
        ),
        "headers": headers(("ETag", "Cache-Control", "X-Request-Id", *LIMITS), ("Vary",)),
    }
    return shared


def _refused(row: Refused) -> Json:
    return {
        "description": row.text,
        "headers": headers(row.headers),
        "content": {
            "application/json": {
                "schema": fault_schema(row.faults[0]),
                "examples": refusal_examples(row.faults),
            }
        },
    }
