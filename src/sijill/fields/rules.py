"""What a faulty field is told, by the rule it broke: Salla's documented texts, then Laravel's."""

from sijill.http.languages import Language

DOCUMENTED: dict[tuple[str, str], str] = {
    ("first_name", "required"): "الاسم الاول للعميل مطلوب",
    ("last_name", "required"): "الاسم الاخير للعميل مطلوبً",
    ("country_code", "required"): "حقل كود الدولة مطلوب",
    ("mobile_code_country", "required"): "حقل رمز الدولة للجوال مطلوب",
    ("mobile", "required"): "رقم الجوال مطلوب",
    ("url", "url"): "لابد أن يكون الرابط صالح وفعّال (لا يحتوي على localhost أو test.)",
    ("event", "invalid"): "حقل event غير صالحٍ",
}
"""
(field, rule) to the Arabic text of Salla's own samples.

Source: Salla "Responses"; the last two "Register Webhook".
"""

RULES: dict[str, dict[Language, str]] = {
    "required": {"ar": "حقل {field} مطلوب.", "en": "The {field} field is required."},
    "string": {"ar": "يجب أن يكون حقل {field} نصًا", "en": "The {field} must be a string."},
    "integer": {
        "ar": "يجب أن يكون حقل {field} عددًا صحيحًا",
        "en": "The {field} must be an integer.",
    },
    "numeric": {"ar": "يجب على حقل {field} أن يكون رقماً", "en": "The {field} must be a number."},
    "boolean": {
        "ar": "يجب أن تكون قيمة حقل {field} إما true أو false",
        "en": "The {field} field must be true or false.",
    },
    "array": {"ar": "يجب أن يكون حقل {field} مصفوفة", "en": "The {field} must be an array."},
    "object": {"ar": "يجب أن يكون محتوى الطلب كائنًا", "en": "The body must be an object."},
    "max": {
        "ar": "يجب أن لا يتجاوز طول النّص {field} {value} حروفٍ/حرفًا",
        "en": "The {field} must not be greater than {value} characters.",
    },
    "between": {
        "ar": "يجب أن تكون قيمة حقل {field} ضمن {value}",
        "en": "The {field} must be within {value}.",
    },
    "max_items": {
        "ar": "يجب أن لا يحتوي حقل {field} على أكثر من {value} عنصر",
        "en": "The {field} must not have more than {value} items.",
    },
    "email": {
        "ar": "يجب أن يكون حقل {field} عنوان بريد إلكتروني صحيح البنية",
        "en": "The {field} must be a valid email address.",
    },
    "mobile": {
        "ar": "حقل {field} ليس رقم جوال صحيحًا",
        "en": "The {field} must be a valid mobile number.",
    },
    "date": {"ar": "حقل {field} ليس تاريخًا صحيحًا", "en": "The {field} is not a valid date."},
    "characters": {
        "ar": "حقل {field} يحتوي على رموز غير مسموح بها",
        "en": "The {field} holds characters that are not allowed.",
    },
    "invalid": {"ar": "حقل {field} غير صالح", "en": "The selected {field} is invalid."},
    "taken": {
        "ar": "قيمة حقل {field} مستخدمة من قبل",
        "en": "The {field} has already been taken.",
    },
    "insufficient": {
        "ar": "الرصيد لا يكفي",
        "en": "The balance is not sufficient.",
    },
    "too_large": {
        "ar": "الرصيد الناتج أكبر من الحد المسموح",
        "en": "The balance would be larger than allowed.",
    },
    "decimals": {
        "ar": "يجب أن لا يتجاوز حقل {field} {value} منازل عشرية",
        "en": "The {field} must not have more than {value} decimal places.",
    },
    "default_group": {
        "ar": "لا يمكن حذف المجموعة الافتراضية ولا تغيير اسمها أو شروطها",
        "en": "The default group cannot be deleted, renamed or given conditions.",
    },
    "idempotency": {
        "ar": "استُخدم {field} من قبل لطلب آخر",
        "en": "The {field} was used before for another request.",
    },
    "url": {
        "ar": "لابد أن يكون الرابط في حقل {field} صالحًا وفعّالًا",
        "en": "The {field} must be a valid URL that can be reached (not localhost).",
    },
    "cursor": {
        "ar": "حقل {field} ليس موضعًا أعطاه هذا المتجر",
        "en": "The {field} is no cursor that this store gave.",
    },
    "rule_version": {
        "ar": "حقل {field} يحتاج إلى الإصدار 2",
        "en": "The {field} needs version 2.",
    },
    "rule_attribute": {
        "ar": "حقل {field} غير صحيح عند الحرف {value}: المتوقع اسم خاصية معروفة أو قوس مفتوح",
        "en": "The {field} is wrong at character {value}: a known attribute or ( is expected.",
    },
    "rule_operator": {
        "ar": "حقل {field} غير صحيح عند الحرف {value}: المتوقع = أو != أو > أو < أو >= أو <=",
        "en": "The {field} is wrong at character {value}: =, !=, >, <, >= or <= is expected.",
    },
    "rule_value": {
        "ar": "حقل {field} غير صحيح عند الحرف {value}: المتوقع قيمة",
        "en": "The {field} is wrong at character {value}: a value is expected.",
    },
    "rule_quote": {
        "ar": "حقل {field} غير صحيح عند الحرف {value}: المتوقع علامة الاقتباس الختامية",
        "en": "The {field} is wrong at character {value}: the closing quotation mark is expected.",
    },
    "rule_conjunction": {
        "ar": "حقل {field} غير صحيح عند الحرف {value}: المتوقع AND أو OR أو نهاية القاعدة",
        "en": "The {field} is wrong at character {value}: AND, OR or the end is expected.",
    },
    "rule_parenthesis": {
        "ar": "حقل {field} غير صحيح عند الحرف {value}: المتوقع AND أو OR أو قوس مغلق",
        "en": "The {field} is wrong at character {value}: AND, OR or ) is expected.",
    },
    "rule_length": {
        "ar": "حقل {field} غير صحيح عند الحرف {value}: القاعدة أطول من المسموح",
        "en": "The {field} is wrong at character {value}: the rule is longer than allowed.",
    },
    "rule_conditions": {
        "ar": "حقل {field} غير صحيح عند الحرف {value}: الشروط أكثر من المسموح",
        "en": "The {field} is wrong at character {value}: there are more conditions than allowed.",
    },
    "rule_depth": {
        "ar": "حقل {field} غير صحيح عند الحرف {value}: الأقواس متداخلة أكثر من المسموح",
        "en": "The {field} is wrong at character {value}: parentheses are nested too deep.",
    },
    "header_name": {
        "ar": "اسم الترويسة في حقل {field} غير صالح",
        "en": "The {field} has a name that no header can have.",
    },
    "header_value": {
        "ar": "قيمة الترويسة في حقل {field} تحتوي على رموز غير مسموح بها",
        "en": "The {field} has a value that no header can have.",
    },
    "header_reserved": {
        "ar": "الترويسة في حقل {field} محجوزة",
        "en": "The {field} names a header that cannot be chosen.",
    },
}
"""`{field}` is the field's name with spaces, `{value}` what stands behind the rule's colon."""


def told(field: str, rule: str, language: Language) -> str:
    """Return the sentence for a field that broke a rule, written as `name` or `name:value`."""
    name, _, value = rule.partition(":")
    if language == "ar" and (field, name) in DOCUMENTED:
        return DOCUMENTED[field, name]
    return RULES[name][language].format(field=field.replace("_", " "), value=value)
