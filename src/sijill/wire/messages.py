"""Every sentence people read in an answer, in Arabic and in English."""

from typing import Literal

Language = Literal["ar", "en"]

INVALID_TOKEN = "The access token is invalid"  # noqa: S105 - a sentence
MISSING_SCOPE = "The access token should have access to one of those scopes: {scope}"
NOT_FOUND = "The content you are trying to access is no longer available"
"""These three are English whatever is asked: so Salla's samples have them."""

SENTENCES: dict[str, dict[Language, str]] = {
    "bad_request": {
        "ar": "تعذرت قراءة الطلب: محتواه ليس JSON صالحًا",
        "en": "The request could not be read: its body is not valid JSON",
    },
    "method_not_allowed": {
        "ar": "طريقة الطلب غير مسموح بها لهذا العنوان",
        "en": "The method is not allowed for this address",
    },
    "request_timeout": {
        "ar": "لم يصل الطلب كاملًا في الوقت المحدد",
        "en": "The request did not arrive whole in time",
    },
    "payload_too_large": {
        "ar": "محتوى الطلب أكبر من الحد المسموح",
        "en": "The body of the request is larger than allowed",
    },
    "uri_too_long": {
        "ar": "عنوان الطلب أطول من الحد المسموح",
        "en": "The address of the request is longer than allowed",
    },
    "too_many_requests": {
        "ar": "تجاوزت عدد الطلبات المسموح به، حاول مرة أخرى لاحقًا",
        "en": "Too many requests, try again later",
    },
    "headers_too_large": {
        "ar": "ترويسات الطلب أكبر من الحد المسموح",
        "en": "The headers of the request are larger than allowed",
    },
    "server_error": {
        "ar": "حدث خطأ في الخادم، حاول مرة أخرى لاحقًا",
        "en": "The server met an error, try again later",
    },
    "service_unavailable": {
        "ar": "الخدمة غير متاحة حاليًا، حاول مرة أخرى بعد قليل",
        "en": "The service is unavailable at the moment, try again shortly",
    },
}

RULES: dict[str, dict[Language, str]] = {
    "date": {
        "ar": "حقل {field} ليس تاريخًا صحيحًا",
        "en": "The {field} is not a valid date.",
    },
}
"""What a faulty field is told, by the rule it broke; `{field}` is its name, with spaces."""


def language(accept_language: str | None) -> Language:
    """
    Return the language a client prefers among Arabic and English; Arabic unless English is.

    Source: RFC 9110 §12.5.4; of equal weights the first named wins.
    """
    if accept_language is None:
        return "ar"
    best: tuple[float, Language] = (0.0, "ar")
    for item in accept_language.split(","):
        tag, _, weight = item.partition(";")
        match tag.strip().lower().partition("-")[0]:
            case "en":
                name: Language = "en"
            case "ar" | "*":
                name = "ar"
            case _:
                continue
        quality = _quality(weight)
        if quality > best[0]:
            best = (quality, name)
    return best[1]


def _quality(weight: str) -> float:
    name, _, value = weight.strip().partition("=")
    if not name:
        return 1.0
    try:
        quality = float(value)
    except ValueError:
        return 0.0
    return quality if name.strip().lower() == "q" and 0.0 <= quality <= 1.0 else 0.0
