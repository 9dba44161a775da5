"""Headings and labels of the page, in both languages."""

from sijill.localized import Localized
from sijill.openapi.keys import Json

LABELS: Json = {
    "brand": Localized("سجل", "Sijill"),
    "title": Localized("سجل: توثيق الواجهة", "Sijill: the API"),
    "subtitle": Localized(
        "سجل عملاء تستضيفه بنفسك، متوافق مع واجهة العملاء في سلة.",
        "A self-hosted customer register, compatible with Salla's Customers API.",
    ),
    "skip": Localized("تخطَّ إلى المحتوى", "To the content"),
    "other_language": Localized("English", "العربية"),
    "other": Localized("en", "ar"),
    "other_direction": Localized("ltr", "rtl"),
    "for_programs": Localized("وصف OpenAPI:", "OpenAPI description:"),
    "contents": Localized("المحتويات", "Contents"),
    "try_it": Localized("جرّبه", "Try it"),
    "try_it_how": Localized(
        "ضع رمز الوصول مكان النقاط. يطبع الأمر `sijill sandbox` رمزًا، ومعه متجر جاهز فيه هذا "
        "العميل.",
        "Put an access token in place of the dots. `sijill sandbox` prints one, and serves a store "
        "with this customer.",
    ),
    "copy_lines": Localized("نسخ", "Copy"),
    "lines_copied": Localized("تم النسخ", "Copied"),
    "about": Localized("عن الواجهة", "About the API"),
    "token": Localized("رمز الوصول", "Access token"),
    "authorization_address": Localized("عنوان طلب الإذن", "Authorization URL"),
    "token_address": Localized("عنوان إصدار الرموز", "Token URL"),
    "scopes": Localized("الصلاحية", "Scope"),
    "or": Localized("أو", "or"),
    "and": Localized("و", "and"),
    "no_token": Localized("لا يلزم رمز وصول.", "No access token needed."),
    "sample": Localized("نموذج الطلب", "Sample request"),
    "browser": Localized("يُفتح في المتصفح:", "Open it in a browser:"),
    "parameters": Localized("المعاملات", "Parameters"),
    "parameter": Localized("المعامل", "Parameter"),
    "place": Localized("موضعه", "In"),
    "path": Localized("المسار", "path"),
    "query": Localized("الاستعلام", "query"),
    "header": Localized("ترويسة", "header"),
    "name_of_header": Localized("الترويسة", "Header"),
    "meaning": Localized("المعنى", "Meaning"),
    "default": Localized("القيمة الافتراضية", "Default"),
    "body": Localized("جسم الطلب", "Request body"),
    "answer": Localized("الرد", "Answer"),
    "key": Localized("المفتاح", "Key"),
    "object": Localized("الكائن", "Object"),
    "type": Localized("النوع", "Type"),
    "observed": Localized("في الصيغة `observed` فقط", "`observed` profile only"),
    "fields[]": Localized("بطلب `fields[]`", "with `fields[]`"),
    "example": Localized("مثال", "Example"),
    "errors": Localized("الأخطاء", "Errors"),
    "status": Localized("الحالة", "Status"),
    "code": Localized("رمز الخطأ", "Code"),
    "text": Localized("النص", "Text"),
    "when": Localized("متى", "When"),
    "on": Localized("مع", "On"),
    "shared": Localized("المشترك بين العمليات", "Shared by operations"),
    "common": Localized(
        "في كل عملية تحتاج إلى رمز وصول", "On every operation with an access token"
    ),
    "request_headers": Localized("ترويسات الطلب", "Request headers"),
    "shared_answers": Localized("ردود مشتركة", "Shared answers"),
    "answer_headers": Localized("ترويسات الرد", "Answer headers"),
    "schemas": Localized("الكائنات", "Objects"),
    "independent": Localized(
        "سجل مشروع مستقل. «سلة» علامة تجارية لمالكها، ولا صلة لمالكها بهذا المشروع.",
        "Sijill is an independent project. Salla is a trademark of its owner, who has no "
        "part in Sijill.",
    ),
}
