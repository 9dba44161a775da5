"""Reasons in Arabic: every sentence that a row can be refused with has one."""

import ast
from pathlib import Path

import pytest

import sijill
from sijill.imports.reasons import ARABIC, render

SOURCE = Path(sijill.__file__).parent
RAISING = (
    "imports/changes.py",
    "imports/days.py",
    "customers/fields.py",
    "fields/doors.py",
    "fields/texts.py",
    "fields/numbers.py",
    "fields/times.py",
    "values/texts.py",
    "values/mobiles.py",
)


def sentences(path: Path) -> set[str]:
    """Return the sentences of a module that say what a value is, has or holds."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.JoinedStr):
            text = "".join(
                part.value if isinstance(part, ast.Constant) else "{}" for part in node.values
            )
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            text = node.value
        else:
            continue
        if text.split(" ")[0] in ("is", "has", "holds", "begins") and "\n" not in text:
            found.add(text)
    return found


@pytest.mark.parametrize("module", RAISING)
def test_every_sentence_about_a_cell_has_its_arabic(module: str) -> None:
    found = sentences(SOURCE / module) - {
        "has more than ",
        " characters",
        "is nested deeper than ",
        "names more than ",
        " groups",
        " levels",
    }
    assert {text for text in found if text not in ARABIC} == set()


@pytest.mark.parametrize(
    ("reason", "arabic"),
    [
        ("gender is neither male nor female", "الجنس: ليس ذكرًا ولا أنثى"),
        ("first_name has more than 25 characters", "الاسم الأول: أطول من 25 حرفًا"),
        (
            "mobile is taken by another customer (41)",
            "رقم الجوال: مستخدم للعميل 41 في المتجر أو في صف سابق من الملف",
        ),
        (
            "mobile is taken by another customer",
            "رقم الجوال: مستخدم لعميل آخر في المتجر أو في صف سابق من الملف",
        ),
        ("mobile_code stands without a mobile", "رمز الدولة: مذكور بلا رقم جوال"),
        (
            "birthday is not a day: write YYYY-MM-DD; orders_cancel is not a number",
            "تاريخ الميلاد: ليس تاريخًا: يُكتب هكذا YYYY-MM-DD؛ orders_cancel: ليس رقمًا",
        ),
        (
            "has another number of cells (4) than the header (3)",
            "عدد خلاياه (4) لا يساوي عدد الأعمدة (3)",
        ),
        ("is longer than 1048576 bytes", "أطول من 1048576 بايت"),
        ("is not CSV: unexpected end of data", "is not CSV: unexpected end of data"),
    ],
)
def test_a_reason_is_told_in_arabic_with_the_headings_of_the_file(reason: str, arabic: str) -> None:
    assert render(reason, "ar") == arabic
    assert render(reason, "en") == reason
