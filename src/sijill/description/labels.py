"""Headings and labels of the page, in both languages."""

from sijill.localized import Localized
from sijill.openapi.keys import Json

LABELS: Json = {
    "title": Localized("سجل: وصف الواجهة", "Sijill: the API"),
    "subtitle": Localized(
        "سجل عملاء تستضيفه بنفسك، متوافق مع واجهة العملاء في سلة.",
        "A self-hosted customer register, compatible with Salla's Customers API.",
    ),
    "skip": Localized("إلى المحتوى", "To the content"),
    "other_language": Localized("English", "العربية"),
    "other": Localized("en", "ar"),
    "other_direction": Localized("ltr", "rtl"),
    "for_programs": Localized("للبرامج", "For programs"),
    "contents": Localized("المحتويات", "Contents"),
    "try_it": Localized("جرّبه", "Try it"),
    "try_it_how": Localized(
        "ضع رمز الوصول مكان النقاط؛ يطبعه `sijill demo` عند تشغيله مع متجر جاهز فيه هذا العميل.",
        "Put an access token in place of the dots; `sijill demo` prints one, and serves a store "
        "that holds this customer.",
    ),
    "about": Localized("ما هو", "What it is"),
    "token": Localized("رمز الوصول", "Access token"),
    "authorization_address": Localized("عنوان الإذن", "Authorization address"),
    "token_address": Localized("عنوان الرموز", "Token address"),
    "address": Localized("العنوان", "Address"),
    "scopes": Localized("الصلاحية", "Scope"),
    "or": Localized("أو", "or"),
    "and": Localized("و", "and"),
    "no_token": Localized("لا يلزم رمز وصول.", "No access token needed."),
    "head": Localized(
        "و `HEAD` جوابه هذا نفسه بلا محتوى.", "`HEAD` gives the same answer without its body."
    ),
    "parameters": Localized("المعاملات", "Parameters"),
    "parameter": Localized("المعامل", "Parameter"),
    "place": Localized("موضعه", "Place"),
    "path": Localized("المسار", "path"),
    "query": Localized("الاستعلام", "query"),
    "header": Localized("ترويسة", "header"),
    "name": Localized("الترويسة", "Header"),
    "meaning": Localized("المعنى", "Meaning"),
    "default": Localized("الأصل", "Default"),
    "body": Localized("محتوى الطلب", "Body"),
    "answer": Localized("الجواب", "Answer"),
    "key": Localized("المفتاح", "Key"),
    "type": Localized("النوع", "Type"),
    "observed": Localized("في الصيغة `observed` فقط", "`observed` profile only"),
    "fields[]": Localized("بطلب `fields[]`", "with `fields[]`"),
    "example": Localized("مثال", "Example"),
    "errors": Localized("الأجوبة الأخرى", "Other answers"),
    "status": Localized("الحالة", "Status"),
    "code": Localized("الرمز", "Code"),
    "text": Localized("النص", "Text"),
    "when": Localized("متى", "When"),
    "headers": Localized("الترويسات", "Headers"),
    "on": Localized("مع", "On"),
    "independent": Localized(
        "سجل مشروع مستقل. سلة علامة لأصحابها، ولا صلة لهم به.",
        "Sijill is independent. Salla is its owner's trademark; they have no part in this.",
    ),
}
