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
        "The request's id, as the server's log has it.",
    ),
    "Cache-Control": _header(
        _TEXT,
        "private, no-cache",
        "`private, no-cache`: يُسأل الخادم قبل كل استعمال لنسخة محفوظة. وفي مسارات المشغّلين وفي "
        "الرموز وصفحات المالك `no-store`.",
        "`private, no-cache`: a kept copy is asked about before each use. `no-store` on the "
        "operators' paths, on tokens and on the owner's pages.",
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
        "بصمة الجواب؛ تُرسل في `If-None-Match`، وبصمة العميل الأساسية في `If-Match`.",
        "A strong tag of the body, to be sent in `If-None-Match`; that of a customer without "
        "`fields[]` in `If-Match`.",
    ),
    "Idempotent-Replayed": _header(
        {"const": "true"},
        "true",
        "سبق أن نُفّذ هذا الطلب بالمفتاح نفسه؛ لم يُنفَّذ الآن شيء.",
        "This was done before under the same key: nothing was done now.",
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
    "X-Frame-Options": _header(
        {"const": "DENY"}, "DENY", "لا تُعرض داخل صفحة أخرى.", "No other page may hold this one."
    ),
    "X-Accel-Buffering": _header(
        {"const": "no"}, "no", "لا يُجمع البث في وسيط.", "No proxy may hold a stream back."
    ),
    "Referrer-Policy": _header(
        {"enum": ["no-referrer", "same-origin"]},
        "no-referrer",
        "لا تُذكر الصفحة لغير هذا الخادم.",
        "No page elsewhere is told of this one.",
    ),
    "Location": _header(_TEXT, "/_/login", "إلى أين.", "Where to."),
    "Set-Cookie": _header(
        {"type": "string", "pattern": "^__Host-sijill(-visitor)?="},
        "__Host-sijill=sjl_ws_…; Path=/; Secure; HttpOnly; SameSite=Lax",
        "ملف تعريف ارتباط للجلسة أو للزائر: لهذا الخادم وحده، ولا يقرؤه نص برمجي.",
        "The cookie of the session or the visitor: for this host alone, and no script reads it.",
    ),
    "Pragma": _header(
        {"const": "no-cache"}, "no-cache", "مثل `no-store`، للقديم.", "As `no-store`, for the old."
    ),
    "WWW-Authenticate": _header(
        {"const": 'Basic realm="oauth2"'},
        'Basic realm="oauth2"',
        "عرّف التطبيق نفسه بترويسة، فيُقال له كيف.",
        "The app named itself by a header, and is told how.",
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

PROTOCOL = ("Content-Language", "Connection", "X-Request-Id")
"""On a refusal by the protocol, which never reaches the API."""


def headers(names: Iterable[str], optional: Iterable[str] = ()) -> Json:
    """Return the `headers` of a response; the `optional` ones may be absent."""
    always: Json = {name: {"$ref": f"#/components/headers/{name}"} for name in names}
    return always | {name: HEADERS[name] | {"required": False} for name in optional}
