"""Headings as people write them."""

from fixtures.tables import rows

from sijill.customers.fields import COLUMNS
from sijill.imports.rows import HEADINGS, REJECT_COLUMNS, column_of, heading


@rows(
    ("written", "column"),
    [
        ("first_name", "first_name"),
        ("First Name", "first_name"),
        ("  FIRST-NAME * ", "first_name"),
        ("الاسم الأول", "first_name"),
        ("الإسم  الاول", "first_name"),
        ("الاِسْمُ الأوَّل", "first_name"),
        ("الاســم الأول:", "first_name"),
        ("العائلة", "last_name"),
        ("العائله", "last_name"),
        ("رقم الجوال", "mobile"),
        ("رقم_الجوال", "mobile"),
        ("mobile_code_country", "mobile_code"),
        ("رمز الدولة", "mobile_code"),
        ("البريد الالكتروني", "email"),
        ("E-Mail", "email"),
        ("ｅｍａｉｌ", "email"),
        ("الجنس", "gender"),
        ("تاريخ الميلاد", "birthday"),
        ("المدينه", "city"),
        ("الدولة", "country"),
        ("سبب الرفض", "reject_reason"),
        ("FirstName", "first_name"),
        ("firstname", "first_name"),
        ("الاسمالأول", "first_name"),
        ("\u202bالاسم الأول\u202c", "first_name"),
        ("\u2067الاسم\u00a0الأول\u2069", "first_name"),
        ("\ufeffالا\u200cسم الأول\u200f", "first_name"),
        ("الا\u0655سم الأ\u064eوّل", "first_name"),
        ("العائلۃ", "last_name"),
        ("المدينہ", "city"),
        ("مدینة العميل", None),
        ("المدینة", "city"),
        ("رقم الهاتف", "mobile"),
        ("الهاتف", "mobile"),
        ("جوال", "mobile"),
        ("Mobile No.", "mobile"),
        ("Tel.", "mobile"),
        ("Telephone", "mobile"),
        ("TELEPHONE NO", "mobile"),
        ("Mobile_Number:", "mobile"),
        ("email", "email"),
        ("E mail*", "email"),
        ("إيميل", "email"),
        ("D.O.B.", "birthday"),
        ("Birth-Date", "birthday"),
        ("اسم الجد", None),
        ("***", None),
        ("", None),
        ("سارة", None),
    ],
)
def test_a_heading_means_a_column_however_it_is_spelled(written: str, column: str | None) -> None:
    assert column_of(written) == column


def test_no_two_columns_share_a_heading_and_each_knows_its_own() -> None:
    for name in (*COLUMNS, *REJECT_COLUMNS):
        for written in (name, heading(name, "ar"), heading(name, "en"), *HEADINGS.get(name, ())):
            assert column_of(written) == name
    assert HEADINGS.keys() <= {*COLUMNS, *REJECT_COLUMNS}
