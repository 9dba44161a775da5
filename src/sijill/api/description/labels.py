"""The page's own words: headings and labels in both languages."""

from sijill.api.description.wording import Json, Text

LABELS: Json = {
    "title": Text("سجل: وصف الواجهة", "Sijill: the API"),
    "subtitle": Text(
        "سجل عملاء تستضيفه بنفسك، متوافق مع واجهة العملاء في سلة.",
        "A self-hosted customer register, compatible with Salla's Customers API.",
    ),
    "skip": Text("إلى المحتوى", "To the content"),
    "other_language": Text("English", "العربية"),
    "other": Text("en", "ar"),
    "other_direction": Text("ltr", "rtl"),
    "for_programs": Text("للبرامج", "For programs"),
    "contents": Text("المحتويات", "Contents"),
    "try_it": Text("جرّبه", "Try it"),
    "try_it_how": Text(
        "ضع رمز الوصول مكان النقاط؛ يطبعه `sijill demo` عند تشغيله مع متجر جاهز فيه هذا العميل.",
        "Put an access token in place of the dots; `sijill demo` prints one, and serves a store "
        "that holds this customer.",
    ),
    "about": Text("ما هو", "What it is"),
    "token": Text("رمز الوصول", "Access token"),
    "authorization_address": Text("عنوان الإذن", "Authorization address"),
    "token_address": Text("عنوان الرموز", "Token address"),
    "address": Text("العنوان", "Address"),
    "scopes": Text("الصلاحية", "Scope"),
    "or": Text("أو", "or"),
    "no_token": Text("لا يلزم رمز وصول.", "No access token needed."),
    "head": Text(
        "و `HEAD` جوابه هذا نفسه بلا محتوى.", "`HEAD` gives the same answer without its body."
    ),
    "parameters": Text("المعاملات", "Parameters"),
    "parameter": Text("المعامل", "Parameter"),
    "place": Text("موضعه", "Place"),
    "path": Text("المسار", "path"),
    "query": Text("الاستعلام", "query"),
    "header": Text("ترويسة", "header"),
    "name": Text("الترويسة", "Header"),
    "meaning": Text("المعنى", "Meaning"),
    "default": Text("الأصل", "Default"),
    "body": Text("محتوى الطلب", "Body"),
    "answer": Text("الجواب", "Answer"),
    "key": Text("المفتاح", "Key"),
    "type": Text("النوع", "Type"),
    "observed": Text("في الصيغة `observed` فقط", "`observed` profile only"),
    "fields[]": Text("بطلب `fields[]`", "with `fields[]`"),
    "example": Text("مثال", "Example"),
    "errors": Text("الأجوبة الأخرى", "Other answers"),
    "status": Text("الحالة", "Status"),
    "code": Text("الرمز", "Code"),
    "text": Text("النص", "Text"),
    "when": Text("متى", "When"),
    "headers": Text("الترويسات", "Headers"),
    "on": Text("مع", "On"),
    "independent": Text(
        "سجل مشروع مستقل. سلة علامة لأصحابها، ولا صلة لهم به.",
        "Sijill is independent. Salla is its owner's trademark; they have no part in this.",
    ),
}
