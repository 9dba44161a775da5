"""What people write over a column, in Arabic and in English, and the names of the columns."""

import re
import unicodedata

from sijill.imports.columns import COLUMNS
from sijill.imports.rows import LINE, RAW, REASON, REJECT_COLUMNS

HEADINGS: dict[str, tuple[str, ...]] = {
    "id": ("رقم العميل", "معرف العميل", "customer id"),
    "first_name": ("الاسم الأول", "الاسم"),
    "last_name": ("الاسم الأخير", "اسم العائلة", "العائلة", "family name", "surname"),
    "mobile": ("رقم الجوال", "الجوال", "mobile number", "phone", "phone number"),
    "mobile_code": ("رمز الدولة", "مفتاح الدولة", "mobile_code_country", "calling code"),
    "email": ("البريد الإلكتروني", "البريد", "الإيميل", "e-mail", "email address"),
    "avatar": ("الصورة", "صورة العميل"),
    "gender": ("الجنس", "sex"),
    "birthday": ("تاريخ الميلاد", "date of birth", "birth date", "birthdate"),
    "city": ("المدينة",),
    "country": ("الدولة", "البلد"),
    "country_code": ("كود الدولة",),
    "currency": ("العملة",),
    "location": ("العنوان", "الموقع", "address"),
    "lang": ("اللغة", "language"),
    "groups": ("المجموعات", "مجموعات العميل"),
    "created_at": ("تاريخ الإنشاء", "تاريخ التسجيل"),
    "updated_at": ("تاريخ التحديث",),
    "is_blocked": ("محظور",),
    "block_reason": ("سبب الحظر",),
    "orders_count": ("عدد الطلبات",),
    "orders_amount": ("إجمالي الطلبات",),
    "wallet_balance": ("رصيد المحفظة",),
    "total_points": ("النقاط", "نقاط الولاء"),
    LINE: ("رقم السطر",),
    REASON: ("سبب الرفض",),
    RAW: ("النص الأصلي",),
}
"""
Column to its headings beside its own name; the first is how Sijill writes it in Arabic.

No public page of Salla's names the columns of its import file, so this list is ours.
"""

_MARKS = re.compile(r"[\u064b-\u0652\u0670\u0640\u200b-\u200f\u061c\ufeff]")
_SPACES = re.compile(r"[\s_\-]+")
_LETTERS = str.maketrans("أإآٱىة", "اااايه")


def column_of(heading: str) -> str | None:
    """
    Return the column that a heading means, or None.

    Case, spaces, `_`, `-`, a `*` or a colon behind it, vowel marks, tatweel, and the forms of
    alef, ya and ta marbuta do not count.
    """
    return _COLUMNS.get(_key(heading))


def heading(column: str, language: str) -> str:
    """Return how a column is headed: in Arabic where it has such a heading, else its own name."""
    return HEADINGS[column][0] if language == "ar" and column in HEADINGS else column


def _key(heading: str) -> str:
    text = unicodedata.normalize("NFKC", heading).casefold()
    text = _SPACES.sub(" ", _MARKS.sub("", text).translate(_LETTERS))
    return text.strip(" *:")


_COLUMNS = {_key(name): name for name in (*COLUMNS, *REJECT_COLUMNS)} | {
    _key(heading): name for name, headings in HEADINGS.items() for heading in headings
}
