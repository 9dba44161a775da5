"""The sentence for a faulty field, by the rule it broke: Salla's own texts, then Laravel's."""

from sijill.localized import Language, Localized

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

RULES: dict[str, Localized] = {
    "required": Localized("حقل {field} مطلوب.", "The {field} field is required."),
    "string": Localized("يجب أن يكون حقل {field} نصًا", "The {field} must be a string."),
    "integer": Localized("يجب أن يكون حقل {field} عددًا صحيحًا", "The {field} must be an integer."),
    "numeric": Localized("يجب على حقل {field} أن يكون رقماً", "The {field} must be a number."),
    "boolean": Localized(
        "يجب أن تكون قيمة حقل {field} إما true أو false", "The {field} field must be true or false."
    ),
    "array": Localized("يجب أن يكون حقل {field} مصفوفة", "The {field} must be an array."),
    "object": Localized("يجب أن يكون جسم الطلب كائنًا", "The body must be an object."),
    "max": Localized(
        "يجب أن لا يتجاوز طول النّص {field} {value} حروفٍ/حرفًا",
        "The {field} must not be greater than {value} characters.",
    ),
    "between": Localized(
        "يجب أن تكون قيمة حقل {field} ضمن {value}", "The {field} must be within {value}."
    ),
    "max_items": Localized(
        "يجب أن لا يحتوي حقل {field} على أكثر من {value} عنصر",
        "The {field} must not have more than {value} items.",
    ),
    "email": Localized(
        "يجب أن يكون حقل {field} عنوان بريد إلكتروني صحيح البنية",
        "The {field} must be a valid email address.",
    ),
    "mobile": Localized(
        "حقل {field} ليس رقم جوال صحيحًا", "The {field} must be a valid mobile number."
    ),
    "date": Localized("حقل {field} ليس تاريخًا صحيحًا", "The {field} is not a valid date."),
    "gregorian": Localized(
        "يجب أن يكون حقل {field} تاريخًا ميلاديًا من \u200f1900-01-01 إلى اليوم، لا هجريًا",
        "The {field} must be a Gregorian date from 1900-01-01 to today, not a Hijri one.",
    ),
    "characters": Localized(
        "حقل {field} يحتوي على محارف غير مسموح بها",
        "The {field} holds characters that are not allowed.",
    ),
    "invalid": Localized("حقل {field} غير صالح", "The selected {field} is invalid."),
    "taken": Localized("قيمة حقل {field} مستخدمة من قبل", "The {field} has already been taken."),
    "insufficient": Localized("الرصيد لا يكفي", "The balance is not sufficient."),
    "too_large": Localized(
        "الرصيد الناتج أكبر من الحد المسموح", "The balance would be larger than allowed."
    ),
    "decimals": Localized(
        "يجب أن لا يتجاوز حقل {field} {value} منازل عشرية",
        "The {field} must not have more than {value} decimal places.",
    ),
    "default_group": Localized(
        "لا يمكن حذف المجموعة الافتراضية ولا تغيير اسمها أو شروطها",
        "The default group cannot be deleted, renamed or given conditions.",
    ),
    "idempotency": Localized(
        "استُخدم {field} من قبل لطلب آخر", "The {field} was used before for another request."
    ),
    "url": Localized(
        "لابد أن يكون الرابط في حقل {field} صالحًا وفعّالًا",
        "The {field} must be a valid URL that can be reached (not localhost).",
    ),
    "cursor": Localized(
        "قيمة حقل {field} ليست موضعًا صادرًا عن هذا المتجر",
        "The {field} is not a cursor of this store.",
    ),
    "rule_version": Localized("حقل {field} يحتاج إلى الإصدار 2", "The {field} needs version 2."),
    "rule_attribute": Localized(
        "حقل {field} غير صحيح عند الحرف {value}: المتوقع اسم خاصية معروفة أو قوس مفتوح",
        "The {field} is wrong at character {value}: a known attribute or ( is expected.",
    ),
    "rule_operator": Localized(
        "حقل {field} غير صحيح عند الحرف {value}: المتوقع = أو != أو > أو < أو >= أو <=",
        "The {field} is wrong at character {value}: =, !=, >, <, >= or <= is expected.",
    ),
    "rule_value": Localized(
        "حقل {field} غير صحيح عند الحرف {value}: المتوقع قيمة",
        "The {field} is wrong at character {value}: a value is expected.",
    ),
    "rule_quote": Localized(
        "حقل {field} غير صحيح عند الحرف {value}: المتوقع علامة الاقتباس الختامية",
        "The {field} is wrong at character {value}: the closing quotation mark is expected.",
    ),
    "rule_conjunction": Localized(
        "حقل {field} غير صحيح عند الحرف {value}: المتوقع AND أو OR أو نهاية القاعدة",
        "The {field} is wrong at character {value}: AND, OR or the end is expected.",
    ),
    "rule_parenthesis": Localized(
        "حقل {field} غير صحيح عند الحرف {value}: المتوقع AND أو OR أو قوس مغلق",
        "The {field} is wrong at character {value}: AND, OR or ) is expected.",
    ),
    "rule_length": Localized(
        "حقل {field} غير صحيح عند الحرف {value}: القاعدة أطول من المسموح",
        "The {field} is wrong at character {value}: the rule is longer than allowed.",
    ),
    "rule_conditions": Localized(
        "حقل {field} غير صحيح عند الحرف {value}: الشروط أكثر من المسموح",
        "The {field} is wrong at character {value}: there are more conditions than allowed.",
    ),
    "rule_depth": Localized(
        "حقل {field} غير صحيح عند الحرف {value}: الأقواس متداخلة أكثر من المسموح",
        "The {field} is wrong at character {value}: parentheses are nested too deep.",
    ),
    "header_name": Localized(
        "اسم الترويسة في حقل {field} غير صالح", "The {field} has a name that no header can have."
    ),
    "header_value": Localized(
        "قيمة الترويسة في حقل {field} تحتوي على محارف غير مسموح بها",
        "The {field} has a value that no header can have.",
    ),
    "header_reserved": Localized(
        "الترويسة في حقل {field} محجوزة", "The {field} names a header that cannot be chosen."
    ),
}
"""`{field}` is the field's name with spaces, `{value}` what stands behind the rule's colon."""


def render(field: str, rule: str, language: Language) -> str:
    """Return the sentence for a field that broke a rule, written as `name` or `name:value`."""
    name, _, value = rule.partition(":")
    if language == "ar" and (field, name) in DOCUMENTED:
        return DOCUMENTED[field, name]
    return RULES[name].render(language).format(field=field.replace("_", " "), value=value)
