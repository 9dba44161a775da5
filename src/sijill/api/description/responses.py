"""What the description says of headers, and of every answer that is not a success."""

from collections.abc import Iterable
from typing import NamedTuple

from sijill.api.description.examples import refusal_examples
from sijill.api.description.schemas import fault_schema
from sijill.api.description.wording import Json, Text
from sijill.domain.errors import (
    Fault,
    HeadersTooLarge,
    Invalid,
    InvalidToken,
    MethodNotAllowed,
    MissingScope,
    NotFound,
    PayloadTooLarge,
    RequestTimeout,
    TooManyRequests,
    Unavailable,
    UriTooLong,
)
from sijill.wire.errors import KINDS

_TEXT: Json = {"type": "string"}
_COUNT: Json = {"type": "integer", "minimum": 0}


def _header(schema: Json, example: str | int, ar: str, en: str, *, always: bool = True) -> Json:
    return {
        "description": Text(ar, en),
        "required": always,
        "schema": schema,
        "example": example,
    }


HEADERS: Json = {
    "X-Request-Id": _header(
        {"type": "string", "pattern": "^[0-9A-Fa-f-]{16,36}$"},
        "5f2d9c01a4b7e83600000001",
        "رقم الطلب، كما يظهر في سجلات الخادم.",
        "The request's id, as the server's log has it.",
    ),
    "Cache-Control": _header(
        _TEXT,
        "private, no-cache",
        "`private, no-cache`: يُسأل الخادم قبل كل استعمال لنسخة محفوظة. وفي مسارات المشغّلين "
        "`no-store`.",
        "`private, no-cache`: a kept copy is asked about before each use. `no-store` on the "
        "operators' paths.",
    ),
    "Vary": _header(
        _TEXT,
        "Authorization, Accept-Language",
        "ما يتغير الجواب بتغيره.",
        "What the answer depends on.",
    ),
    "ETag": _header(
        {"type": "string", "pattern": '^"[0-9a-f]{24}"$'},
        '"d41c0f0c6f2c3b1a9e0b7a55"',
        "بصمة الجواب؛ تُرسل في `If-None-Match`.",
        "A strong tag of the body, to be sent in `If-None-Match`.",
    ),
    "Content-Language": _header(
        {"enum": ["ar", "en"]},
        "ar",
        "لغة الرسائل: العربية، أو الإنجليزية إن فضّلتها `Accept-Language`.",
        "The language of the sentences: Arabic, or English where `Accept-Language` prefers it.",
    ),
    "X-RateLimit-Limit": _header(
        _COUNT,
        500,
        "حد المحدِّد الأضيق. لا ترسل المحدِّدات المعطلة شيئًا.",
        "The limit of the tighter limiter. A limiter that is off sends nothing.",
        always=False,
    ),
    "X-RateLimit-Remaining": _header(
        _COUNT,
        499,
        "ما بقي من الطلبات في هذه النافذة.",
        "Requests that are left in this window.",
        always=False,
    ),
    "X-RateLimit-Reset": _header(
        _COUNT,
        1795557600,
        "نهاية النافذة، بثواني UTC منذ 1970، مقرّبة إلى أعلى.",
        "When the window ends: UTC epoch seconds, rounded up.",
        always=False,
    ),
    "Retry-After": _header(
        {"type": "integer", "minimum": 1},
        17,
        "الثواني حتى يمر الطلب التالي.",
        "Whole seconds until the next request would pass.",
    ),
    "Allow": _header(_TEXT, "GET, HEAD", "كل طرق هذا المسار.", "Every method the path has."),
    "Connection": _header(
        _TEXT,
        "close",
        "`close`: يُغلق الاتصال بعد هذا الجواب.",
        "`close`: the connection ends with this answer.",
    ),
    "Content-Security-Policy": _header(
        _TEXT,
        "default-src 'none'",
        "لا تطلب الصفحة شيئًا من أي مكان.",
        "The page asks nothing of anybody.",
    ),
    "X-Content-Type-Options": _header(
        {"const": "nosniff"}, "nosniff", "النوع كما أُعلن.", "The type is the one announced."
    ),
    "Referrer-Policy": _header(
        {"const": "no-referrer"},
        "no-referrer",
        "لا تُذكر الصفحة لغيرها.",
        "No page is told of this one.",
    ),
}
"""Every response header, by name."""

LIMITS = ("X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset")
API = ("Cache-Control", "Vary", "X-Request-Id")
_SPOKEN = ("Content-Language", *API)
_EDGE = ("Content-Language", "Connection", "X-Request-Id")


class Refused(NamedTuple):
    """One answer that is not a success: the faults behind it, its meaning, its headers."""

    faults: tuple[Fault, ...]
    text: Text
    headers: tuple[str, ...]


REFUSED = {
    "Unauthorized": Refused(
        (InvalidToken(), MissingScope("customers.read")),
        Text(
            "لا رمز وصول، أو هو مجهول أو منتهٍ أو ملغى، أو لا يحمل الصلاحية المطلوبة. لا تحمل "
            "أرقام الحدود إلا الحالة الأخيرة.",
            "No access token, or one that is unknown, expired or revoked, or that lacks the scope. "
            "Only the last carries the limiter's numbers.",
        ),
        (*API, *LIMITS),
    ),
    "NotFound": Refused(
        (NotFound(),),
        Text(
            "لا عميل بهذا الرقم في هذا المتجر، أو ليس المكتوب رقمًا: الجواب واحد.",
            "This store has no such customer, or the id is none: the two look alike.",
        ),
        (*API, *LIMITS),
    ),
    "MethodNotAllowed": Refused(
        (MethodNotAllowed(["GET", "HEAD"]),),
        Text(
            "جواب هذا المسار عن طريقة ليست له.",
            "What this path answers to a method it does not have.",
        ),
        ("Allow", *_SPOKEN),
    ),
    "RequestTimeout": Refused(
        (RequestTimeout(),),
        Text("لم يصل الطلب كاملًا في الوقت.", "The request did not arrive whole in time."),
        _EDGE,
    ),
    "PayloadTooLarge": Refused(
        (PayloadTooLarge(),),
        Text("محتوى الطلب أكبر من الحد.", "The request's body is over the cap."),
        _EDGE,
    ),
    "UriTooLong": Refused(
        (UriTooLong(),),
        Text("عنوان الطلب أطول من الحد.", "The request's address is over the cap."),
        _EDGE,
    ),
    "InvalidFields": Refused(
        (Invalid({"date_from": ["date"]}),),
        Text(
            "`date_from` أو `date_to` ليس يومًا.",
            "`date_from` or `date_to` is no day.",
        ),
        (*_SPOKEN, *LIMITS),
    ),
    "TooManyRequests": Refused(
        (TooManyRequests(17),),
        Text(
            "بلغ الطلب أحد الحدّين، ولم يُحسب على أي منهما. كثرة الرموز المجهولة من عنوان واحد "
            "جوابها هذا أيضًا، بلا أرقام.",
            "A limit is reached; the refusal counts against neither. Too many unknown tokens from "
            "one address are answered so too, without numbers.",
        ),
        ("Retry-After", *_SPOKEN, *LIMITS),
    ),
    "HeadersTooLarge": Refused(
        (HeadersTooLarge(),),
        Text("ترويسات الطلب أكبر من الحد.", "The request's headers are over the cap."),
        _EDGE,
    ),
    "ServerError": Refused(
        (Fault(),),
        Text(
            "خطأ عندنا؛ تفاصيله في السجل تحت `X-Request-Id`.",
            "Our own fault; the log has the rest under `X-Request-Id`.",
        ),
        (*_SPOKEN, *LIMITS),
    ),
    "ServiceUnavailable": Refused(
        (Unavailable(),),
        Text(
            "الخادم ممتلئ، أو قاعدة البيانات غائبة.",
            "The server is full, or the database is away.",
        ),
        ("Retry-After", *_SPOKEN, *LIMITS),
    ),
}
"""Every answer that is not a success, by its name among the description's responses."""

CAPPED = ("RequestTimeout", "PayloadTooLarge", "UriTooLong", "HeadersTooLarge")
ANYWHERE = ("MethodNotAllowed", *CAPPED, "ServerError", "ServiceUnavailable")
ADMITTED = ("Unauthorized", "TooManyRequests", *ANYWHERE)


def status_of(name: str) -> int:
    """Return the HTTP status of a row of REFUSED."""
    return KINDS[REFUSED[name].faults[0].code].status


def headers(names: Iterable[str], optional: Iterable[str] = ()) -> Json:
    """Return the `headers` of a response; the `optional` ones may be absent."""
    always: Json = {name: {"$ref": f"#/components/headers/{name}"} for name in names}
    return always | {name: HEADERS[name] | {"required": False} for name in optional}


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
