"""The description of the headers of answers."""

from collections.abc import Iterable

from sijill.localized import Localized
from sijill.openapi.keys import Json

_TEXT: Json = {"type": "string"}
_COUNT: Json = {"type": "integer", "minimum": 0}


def _header(schema: Json, example: str | int, ar: str, en: str, *, always: bool = True) -> Json:
    return {
        "description": Localized(ar, en),
        "required": always,
        "schema": schema,
        "example": example,
    }


HEADERS: Json = {
    "X-Request-Id": _header(
        {"type": "string", "pattern": "^[0-9A-Fa-f-]{16,36}$"},
        "5f2d9c01a4b7e83600000001",
        "رقم الطلب، كما يظهر في سجلات الخادم.",
        "The request's id, as in the server's log.",
    ),
    "Cache-Control": _header(
        _TEXT,
        "private, no-cache",
        "`private, no-cache`: يُسأل الخادم قبل كل استخدام لنسخة محفوظة. و `no-store` في مسارات "
        "مدير الخادم وفي الرموز وصفحات المالك.",
        "`private, no-cache`: a cache revalidates its copy before each use. `no-store` on "
        "the operator's paths, on tokens and on the owner's pages.",
    ),
    "Vary": _header(
        _TEXT,
        "Authorization, Accept-Language",
        "ترويسات الطلب التي يتغير الرد بتغيرها.",
        "The headers of the request that the answer depends on.",
    ),
    "Content-Encoding": _header(
        {"const": "gzip"},
        "gzip",
        "`gzip` إن قبلته `Accept-Encoding`، وإلا فلا تُرسل.",
        "`gzip` where `Accept-Encoding` takes it; otherwise absent.",
        always=False,
    ),
    "ETag": _header(
        {"type": "string", "pattern": '^"[0-9a-f]{24}"$'},
        '"d41c0f0c6f2c3b1a9e0b7a55"',
        "بصمة الرد، وتُرسل في `If-None-Match`. وبصمة العميل دون `fields[]` تُرسل أيضًا في `If-Match`.",
        "A strong tag of the body, for `If-None-Match`. The tag of a customer read without "
        "`fields[]` is also for `If-Match`.",
    ),
    "Idempotent-Replayed": _header(
        {"const": "true"},
        "true",
        "سبق تنفيذ هذا الطلب بالمفتاح نفسه، ولم يُنفَّذ مرة أخرى.",
        "The request was executed before with the same key, and was not executed again.",
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
        "أضيق الحدود السارية. والحد المعطّل لا ترويسات له.",
        "The tighter of the limits in force. A limit that is off has no headers.",
        always=False,
    ),
    "X-RateLimit-Remaining": _header(
        _COUNT,
        499,
        "عدد الطلبات الباقية في هذه النافذة.",
        "The number of requests left in this window.",
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
        "Whole seconds until the next request may pass.",
    ),
    "Allow": _header(
        _TEXT, "GET, HEAD", "الطرق التي يقبلها هذا المسار.", "The methods that the path allows."
    ),
    "Connection": _header(
        _TEXT,
        "close",
        "`close`: يُغلق الاتصال بعد هذا الرد.",
        "`close`: the connection ends with this answer.",
    ),
    "Content-Security-Policy": _header(
        _TEXT,
        "default-src 'none'",
        "الصفحة لا تحمّل شيئًا من أي خادم.",
        "The page loads nothing from any server.",
    ),
    "X-Content-Type-Options": _header(
        {"const": "nosniff"}, "nosniff", "لا يُخمَّن نوع المحتوى.", "Browsers do not guess the type."
    ),
    "X-Frame-Options": _header(
        {"const": "DENY"}, "DENY", "لا تُعرض داخل صفحة أخرى.", "No other page may frame this one."
    ),
    "X-Accel-Buffering": _header(
        {"const": "no"},
        "no",
        "لا يؤخر الخادم الوكيل (proxy) البث.",
        "No proxy may buffer the stream.",
    ),
    "Referrer-Policy": _header(
        {"enum": ["no-referrer", "same-origin"]},
        "no-referrer",
        "لا يُرسل عنوان الصفحة إلى خادم آخر.",
        "Browsers send the address of this page to no other server.",
    ),
    "Location": _header(_TEXT, "/_/login", "العنوان التالي.", "The next address."),
    "Set-Cookie": _header(
        {"type": "string", "pattern": "^(__Host-)?sijill(-visitor|-device)?="},
        "__Host-sijill=sjl_ws_…; Path=/; Secure; HttpOnly; SameSite=Lax",
        "ملف تعريف ارتباط للجلسة أو للزائر أو للجهاز: لهذا الخادم فقط، ولا يقرؤه نص برمجي.",
        "The cookie of the session, the visitor or the device: for this host alone, and no script "
        "reads it.",
    ),
    "Pragma": _header(
        {"const": "no-cache"},
        "no-cache",
        "مثل `no-store`، لـ HTTP/1.0.",
        "The same as `no-store`, for HTTP/1.0.",
    ),
    "WWW-Authenticate": _header(
        {"const": 'Basic realm="oauth2"'},
        'Basic realm="oauth2"',
        "طريقة إثبات الهوية، بعد ترويسة `Authorization` غير صحيحة.",
        "The authentication scheme, after an invalid `Authorization` header.",
        always=False,
    ),
}
"""Every response header, by name."""

API = ("Cache-Control", "Vary", "X-Request-Id")
"""On every answer of the API."""

LIMITS = ("X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset")
"""On every answer to a known token, while a limiter is on."""

SPOKEN = ("Content-Language", *API)
"""On an answer with sentences in Arabic or English."""

CLOSING = (*SPOKEN, "Connection")
"""On a refusal that ends the connection."""


def headers(names: Iterable[str], optional: Iterable[str] = ()) -> Json:
    """Return the `headers` of a response; the `optional` ones may be absent."""
    always: Json = {name: {"$ref": f"#/components/headers/{name}"} for name in names}
    return always | {name: HEADERS[name] | {"required": False} for name in optional}
