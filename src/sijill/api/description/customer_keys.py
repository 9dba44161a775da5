"""A customer's keys in the description: type, meaning, what stands for none."""

from typing import Any

from sijill.api.description.wording import Json, Text
from sijill.customers.model import GENDERS, NAME_LENGTH
from sijill.values.ids import MAX_ID

PRESENT = "x-sijill-present"
"""Beside a key that not every answer has: `observed` (profile) or `fields[]` (asked for)."""

_DATE_OBJECT = "#/components/schemas/DateObject"


def _key(kind: str | list[str], ar: str, en: str, **more: Any) -> Json:
    return {"type": kind, **more, "description": Text(ar, en)}


def _object(name: str, ar: str, en: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}", "description": Text(ar, en)}


def _date_or_null(ar: str, en: str) -> Json:
    return {"anyOf": [{"$ref": _DATE_OBJECT}, {"type": "null"}], "description": Text(ar, en)}


def _flag(ar: str, en: str) -> Json:
    return _key("boolean", ar, en)


def _observed(schema: Json) -> Json:
    return schema | {PRESENT: "observed"}


def _asked(schema: Json) -> Json:
    return schema | {PRESENT: "fields[]"}


CUSTOMER: Json = {
    "id": _key(
        "integer",
        "رقم العميل، فريد في المتجر.",
        "The customer's number, unique in the store.",
        format="int64",
        minimum=1,
        maximum=MAX_ID,
    ),
    "full_name": _observed(_key("string", "الاسم الكامل.", "First and last name together.")),
    "first_name": _key("string", "الاسم الأول.", "First name.", maxLength=NAME_LENGTH),
    "last_name": _key("string", "اسم العائلة.", "Last name.", maxLength=NAME_LENGTH),
    "mobile": _key(
        ["integer", "null"],
        "رقم الجوال بلا مفتاح الدولة وبلا صفر في أوله؛ `null` إن لم يوجد.",
        "The national mobile number, no country code, no leading zero; `null` for none.",
    ),
    "mobile_code": _key(
        "string",
        'مفتاح الدولة للجوال: `"967"`، وفي الصيغة `observed` هو `"+967"`؛ فارغ إن لم يوجد جوال.',
        'The mobile\'s calling code: `"967"`, in the `observed` profile `"+967"`; empty where '
        "there is no mobile.",
        pattern=r"^(\+?[0-9]{1,3})?$",
    ),
    "email": _key("string", "البريد الإلكتروني؛ فارغ إن لم يوجد.", "E-mail; empty for none."),
    "urls": _object("Urls", "عنوانا العميل.", "The customer's addresses."),
    "avatar": _key(
        "string",
        "رابط الصورة؛ وإن لم تُحدَّد فصورة المتجر الافتراضية بحسب الجنس.",
        "The picture's address; where none was set, the store's default by gender.",
    ),
    "gender": _key(
        ["string", "null"],
        "الجنس؛ `null` إن لم يُعرف.",
        "Gender; `null` for none.",
        enum=[*GENDERS, None],
    ),
    "birthday": _date_or_null(
        "تاريخ الميلاد، بداية يومه؛ `null` إن لم يُعرف.",
        "Day of birth, as the midnight that begins it; `null` for none.",
    ),
    "city": _key("string", "المدينة؛ فارغة إن لم تُعرف.", "City; empty for none."),
    "country": _key(
        "string",
        "الدولة كما حُفظت، أو اسمها بلغة المتجر إن لم يُعرف إلا رمزها.",
        "Country as it was stored, or its name in the store's language where only its code is "
        "known.",
    ),
    "country_code": _key(
        "string",
        'رمز الدولة ISO 3166: `"sa"`، وفي الصيغة `observed` هو `"SA"`؛ فارغ إن لم يُعرف.',
        'ISO 3166 code: `"sa"`, in the `observed` profile `"SA"`; empty for none.',
    ),
    "currency": _key(
        "string",
        "العملة ISO 4217؛ عملة المتجر إن لم تُحدَّد.",
        "ISO 4217 currency; the store's where none was set.",
    ),
    "location": _key(
        "string",
        'العنوان؛ نص دائمًا: `"null"` إن لم يُعرف، وفي الصيغة `observed` نص فارغ.',
        'Address; always text: `"null"` for none, in the `observed` profile empty.',
    ),
    "lang": _observed(_key("string", "لغة العميل.", "The customer's language.")),
    "created_at": _observed(
        _object("DateObject", "وقت إنشاء العميل.", "When the customer was created.")
    ),
    "updated_at": _object("DateObject", "آخر تعديل.", "When it was last changed."),
    "stats": _asked(_object("Stats", "أرقام الطلبات.", "Numbers of orders.")),
    "is_orders_rated": _asked(_flag("هل قيّم طلباته.", "Whether the orders were rated.")),
    "pending_rating_count": _asked(
        _key(
            "integer",
            "طلبات تنتظر التقييم؛ يأتي مع `is_orders_rated`.",
            "Orders that wait for a rating; comes along with `is_orders_rated`.",
        )
    ),
    "groups": _key(
        "array",
        "أرقام مجموعات العميل تصاعديًا.",
        "Ids of the customer's groups, ascending.",
        items={"type": "integer"},
    ),
    "abandoned_carts_items": _asked(
        {
            "description": Text(
                "محتوى السلات المتروكة كما كُتب؛ `null` إن لم يُكتب.",
                "What abandoned carts hold, as it was written; `null` until then.",
            )
        }
    ),
    "block_reason": _asked(_key(["string", "null"], "سبب الحظر.", "Why the customer is blocked.")),
    "country_id": _asked(
        _key(["integer", "null"], "رقم الدولة في سلة.", "The country's id at Salla.")
    ),
    "current_store_customer": _asked(
        {
            "description": Text(
                "علاقة العميل بهذا المتجر كما كُتبت؛ `null` إن لم تُكتب.",
                "How the customer stands to this store, as it was written; `null` until then.",
            )
        }
    ),
    "custom_fields": _asked(
        {
            "description": Text(
                "حقول المتجر الخاصة كما كُتبت؛ `[]` إن لم تُكتب.",
                "The store's own fields, as they were written; `[]` until then.",
            )
        }
    ),
    "is_blocked": _asked(_flag("هل العميل محظور.", "Whether the customer is blocked.")),
    "is_inactive": _asked(_flag("هل العميل غير نشط.", "Whether the customer is inactive.")),
    "is_notifications_enabled": _asked(
        _flag(
            "هل يستقبل الإشعارات؛ `true` ما لم يُكتب غيره.",
            "Whether notifications are on; `true` until written otherwise.",
        )
    ),
    "is_whitelisted": _asked(
        _flag("هل العميل في القائمة البيضاء.", "Whether the customer is whitelisted.")
    ),
    "latest_purchase": _asked(_date_or_null("آخر شراء.", "The latest purchase.")),
    "orders_average": _asked(
        _key("number", "متوسط مبلغ الطلب.", "What an order comes to on average.")
    ),
    "orders_cancel": _asked(_key("integer", "الطلبات الملغاة.", "Cancelled orders.")),
    "orders_cancel_ratio": _asked(
        _key("number", "نسبة الإلغاء المئوية.", "Cancelled orders in a hundred.")
    ),
    "orders_complete_ratio": _asked(
        _key("number", "نسبة الاكتمال المئوية.", "Completed orders in a hundred.")
    ),
    "total_points": _asked(_key("integer", "نقاط الولاء.", "Loyalty points.")),
    "wallet_balance": _asked(_key("number", "رصيد المحفظة.", "The wallet's balance.")),
}
"""Every key a customer can have, in the order of the wire."""
