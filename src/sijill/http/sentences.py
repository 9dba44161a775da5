"""
The sentences of faults and of successes in Arabic and English, and the choice of a language.

The sentences for faulty fields are in `fields.rules`, those of bans in `customers.blacklist`,
those of groups in `groups.wire`.
"""

from sijill.localized import Language

INVALID_TOKEN = "The access token is invalid"  # noqa: S105 - a sentence
MISSING_SCOPE = "The access token should have access to one of those scopes: {scope}"
WALLET_FORBIDDEN = "Application does not have permission to customer wallet"
NOT_FOUND = "The content you are trying to access is no longer available"
"""These four are always English, as in Salla's samples."""

DELETED: dict[Language, str] = {
    "ar": "تم حذف Customer بنجاح",
    "en": "Customer has been deleted successfully",
}
"""The answer to Delete Customer. Source: Salla's sample, which mixes both languages."""

POINTS_UPDATED: dict[Language, str] = {
    "ar": "تم تحديث نقاط الولاء للعملاء بنجاح",
    "en": "The customers' loyalty points have been updated successfully",
}
"""The answer to Update Customer Loyalty Points. Source: Salla's sample."""

REMOVED = "The Object has been removed successfully"
"""The answer to Deactivate Webhook, in any language. Source: Salla's sample."""

IMPORTING: dict[Language, str] = {
    "ar": "يتم حالياً معالجة الملف وسوف يستغرق بعض الوقت",
    "en": "The file is being processed, which will take some time",
}
"""The answer to Import Customers. Source: Salla's sample for the Arabic one."""

SENTENCES: dict[str, dict[Language, str]] = {
    "bad_request": {
        "ar": "تعذرت قراءة الطلب: جسمه ليس JSON أو نموذجًا صالحًا",
        "en": "The request could not be read: its body is no valid JSON or form",
    },
    "held": {
        "ar": "لا يُحذف العميل الآن: بياناته واجبة الحفظ مدةً",
        "en": "The customer cannot be deleted now: the data must be kept for a while",
    },
    "gone": {
        "ar": "لم تعد التغييرات التي تلي هذا الموضع محفوظة: اقرأ قائمة العملاء كلها من جديد",
        "en": "The changes after this cursor are no longer stored: list all customers again",
    },
    "precondition_failed": {
        "ar": "تغيّر العميل منذ قراءته، اقرأه مرة أخرى ثم أعد المحاولة",
        "en": "It has changed since it was read: read it again, then retry",
    },
    "method_not_allowed": {
        "ar": "طريقة الطلب غير مسموح بها لهذا العنوان",
        "en": "The method is not allowed for this address",
    },
    "request_timeout": {
        "ar": "لم يصل الطلب كاملًا في الوقت المحدد",
        "en": "The request did not arrive completely in time",
    },
    "payload_too_large": {
        "ar": "جسم الطلب أكبر من الحد المسموح",
        "en": "The body of the request is larger than allowed",
    },
    "uri_too_long": {
        "ar": "عنوان الطلب أطول من الحد المسموح",
        "en": "The address of the request is longer than allowed",
    },
    "upload_empty": {"ar": "الملف المرفوع فارغ!", "en": "The uploaded file is empty!"},
    "upload_kind": {
        "ar": "الملف المرفوع ليس ملف Excel (xlsx) ولا CSV بترميز UTF-8 أو UTF-16",
        "en": "The uploaded file is neither an Excel workbook (xlsx) nor CSV in UTF-8 or UTF-16",
    },
    "upload_unreadable": {
        "ar": "تعذرت قراءة الملف المرفوع",
        "en": "The uploaded file could not be read",
    },
    "upload_unsafe": {
        "ar": "الملف المرفوع يحتوي على وحدات ماكرو أو روابط أو محتوى غير مسموح به",
        "en": "The uploaded file holds macros, links or other content that is not allowed",
    },
    "upload_too_large": {
        "ar": "الملف المرفوع يحتوي على صفوف أو أعمدة أو أجزاء أكثر من المسموح",
        "en": "The uploaded file holds more rows, columns or parts than allowed",
    },
    "upload_headings": {
        "ar": "عناوين أعمدة الملف المرفوع ناقصة أو مكررة أو غير معروفة",
        "en": "A heading of the uploaded file is missing, unknown or repeated",
    },
    "too_many_requests": {
        "ar": "تجاوزت عدد الطلبات المسموح به، حاول مرة أخرى لاحقًا",
        "en": "Too many requests, try again later",
    },
    "too_many_imports": {
        "ar": "ملفات كثيرة أو كبيرة لهذا المتجر تنتظر الاستيراد، حاول مرة أخرى لاحقًا",
        "en": "Too many or too large files of this store wait to be imported, try again later",
    },
    "headers_too_large": {
        "ar": "ترويسات الطلب أكبر من الحد المسموح",
        "en": "The headers of the request are larger than allowed",
    },
    "server_error": {
        "ar": "حدث خطأ في الخادم، حاول مرة أخرى لاحقًا",
        "en": "The server had an error, try again later",
    },
    "not_stored": {
        "ar": "لا نسخة محفوظة بالحداثة المطلوبة، والطلب يمنع الاستدعاء من المتجر الأصلي",
        "en": "No stored answer is as fresh as asked for, and the request forbids to ask upstream",
    },
    "service_unavailable": {
        "ar": "الخدمة غير متاحة حاليًا، حاول مرة أخرى بعد قليل",
        "en": "The service is unavailable at the moment, try again shortly",
    },
}


def language(accept_language: str | None) -> Language:
    """
    Return the language that a client prefers, Arabic or English; Arabic by default.

    Source: RFC 9110 §12.5.4; of equal weights the first wins.
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
