"""Headings as people write them."""

from time import process_time

import pytest
from fixtures.tables import rows
from hypothesis import given
from hypothesis import strategies as st

from sijill.customers.fields import COLUMNS
from sijill.imports.headings import (
    HEADINGS,
    BadHeadings,
    Headings,
    column_of,
    heading,
    nearest,
    written_heading,
)
from sijill.imports.rows import REJECT_COLUMNS, restored
from sijill.values.texts import is_blank


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
        ("Name", "first_name"),
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


@rows(
    ("written", "column"),
    [
        ("frist_name", "first_name"),
        ("Fisrt Name", "first_name"),
        ("e-mial", "email"),
        ("الجوال الأساسي", "mobile"),
        ("تاريخ الميلاد هـ", "birthday"),
        ("ملاحظات", None),
        ("xyzzy", None),
    ],
)
def test_the_nearest_column_of_a_heading_is_told(written: str, column: str | None) -> None:
    assert nearest(written) == column


MERCHANTS = ["الاسم", "الجوال الأساسي", "هاتف آخر", " ملاحظات ", "", "ملاحظات"]
"""The headings of a merchant: two mobiles, and a column of the merchant's own that stands twice."""


@rows(
    ("said", "ignores", "names"),
    [
        (
            {"الجوال الأساسي": "mobile", "هاتف آخر": "", "ملاحظات": ""},
            False,
            ["first_name", "mobile", "\0002\0هاتف آخر", "\0003\0 ملاحظات ", None, "\0004\0ملاحظات"],
        ),
        (
            {"الجوال الاساسى:": "mobile"},
            True,
            ["first_name", "mobile", "\0002\0هاتف آخر", "\0003\0 ملاحظات ", None, "\0004\0ملاحظات"],
        ),
        (
            {"الاسم": "", "هاتف آخر": "email"},
            True,
            [
                "\0000\0الاسم",
                "\0001\0الجوال الأساسي",
                "email",
                "\0003\0 ملاحظات ",
                None,
                "\0004\0ملاحظات",
            ],
        ),
    ],
)
def test_an_operator_says_what_headings_mean_and_which_columns_are_left_out(
    said: dict[str, str], ignores: bool, names: list[str | None]
) -> None:
    headings = Headings(said, ignores_unknown=ignores)
    assert headings.names(MERCHANTS) == names
    left = [name.split("\0")[2] for name in names if name is not None and name[0] == "\0"]
    assert [*headings.left_out] == left
    assert headings.written == {
        name: cell
        for name, cell in zip(names, MERCHANTS, strict=True)
        if name is not None and name[0] != "\0"
    }


@rows(
    ("cells", "said", "sentence", "suggested", "repeated"),
    [
        (
            ["mobile", "ملاحظات", "frist_name"],
            {},
            'has unknown columns: "ملاحظات", "frist_name"',
            {"ملاحظات": "", "frist_name": "first_name"},
            [],
        ),
        (
            ["هاتف", "الجوال الأساسي", "e-mial"],
            {},
            'has unknown columns: "الجوال الأساسي", "e-mial"',
            {"الجوال الأساسي": "", "e-mial": "email"},
            [],
        ),
        (
            ["mobile", *"1234567"],
            {},
            'has unknown columns: "1", "2", "3", "4", "5" and 2 more',
            dict.fromkeys("12345", ""),
            [],
        ),
        (
            ["الجوال", "هاتف", "email"],
            {},
            'has 2 columns for mobile: "الجوال", "هاتف"',
            {},
            ["هاتف"],
        ),
        (
            ["email", "a"],
            {"a": "city", "b": "", "c": "country"},
            'has no columns "b", "c"',
            {},
            [],
        ),
        (["سارة", "0551234567"], {}, "the first line names no column", {}, []),
        (["سارة", "0551234567"], {"سارة": ""}, "the first line names no column", {}, []),
        ([], {}, "the first line names no column", {}, []),
    ],
)
def test_headings_that_do_not_name_each_column_once_are_told(
    cells: list[str],
    said: dict[str, str],
    sentence: str,
    suggested: dict[str, str],
    repeated: list[str],
) -> None:
    with pytest.raises(BadHeadings) as raised:
        Headings(said).names(cells)
    assert sentence in str(raised.value)
    assert raised.value.suggested == suggested
    assert [*raised.value.repeated] == repeated


def test_a_first_line_of_customers_is_never_quoted_even_where_unknown_columns_are_left_out() -> (
    None
):
    with pytest.raises(BadHeadings) as raised:
        Headings(ignores_unknown=True).names(["سارة", "0551234567"])
    assert "سارة" not in str(raised.value)


@given(
    st.lists(st.text().filter(lambda cell: column_of(cell) is None), max_size=8),
    st.sampled_from(["mobile", "هاتف", "E-mail"]),
)
def test_every_column_has_a_name_of_its_own_whatever_the_headings_are(
    cells: list[str], known: str
) -> None:
    headings = Headings({known: "first_name"}, ignores_unknown=True)
    names = headings.names([*cells, known])
    filled = [name for name in names if name is not None]
    assert len(set(filled)) == len(filled)
    assert names[-1] == "first_name"
    assert headings.written == {"first_name": known}
    for cell, name in zip(cells, names, strict=False):
        assert (name is None) == is_blank(cell)
        assert name is None or written_heading(name, {}, "ar") == restored(cell)


@pytest.mark.parametrize("ignores", [False, True])
def test_a_line_of_very_many_headings_is_judged_soon(ignores: bool) -> None:
    """In seconds of the processor, as the process that reads an upload has few of them."""
    headings, began = Headings(ignores_unknown=ignores), process_time()
    cells = [*("x" for _ in range(200_000)), "email"]
    if ignores:
        assert headings.names(cells)[-1] == "email"
    else:
        with pytest.raises(BadHeadings, match="and 199995 more"):
            headings.names(cells)
    assert process_time() - began < 10
