"""The Arabic texts say one thing by one word: those of the field, as readers in Salla know them."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from fixtures.documents import FENCE, ROOT
from fixtures.tables import rows

_LETTER = re.compile(r"[\u0621-\u064a]")

INSTEAD = (
    (r"جواب|أجوبة|\b[يت]ُ?جيب\b|\b[يت]ُجاب\b", "رد، يرد، يستجيب", "في الجواب ترويسة"),
    (r"\bوحد(ه|ها|هم|هما)\b", "فقط", "تتغير الحقول المرسلة وحدها"),
    (r"\b[وف]?[يت]جوز\b", "يمكن", "ويجوز تكراره"),
    (r"\bلازم(ة|ان|ين)?\b", "مطلوب", "المعامل لازم"),
    (r"(?<!\()المشغّل\b|للمشغّل|مشغّل النظام", "مدير الخادم", "يرى المشغّل كل صف"),
    (r"(عنوان|عناوين) (ال)?عودة", "رابط إعادة التوجيه", "عنوان العودة غير مسجّل"),
    (r"\bوسيط\b|الوسيطة", "خادم وكيل", "عبر خادم وسيط"),
    (r"محتوى (ال)?طلب", "جسم الطلب", "محتوى الطلب أكبر من الحد"),
    (r"\bملحقً?ا?\b", "إضافة", "ملحق لأداة pytest"),
    (r"\bالأصل\b|متاجر المصدر", "المتجر الأصلي", "تسأل النسخة الأصل"),
    (r"ستبدل به", "بادله بـ", "استبدل به رموز الوصول"),
    (r"رم(ز|وز) (تحكم|خفية|غير مسموح|ASCII)", "محرف", "رموز غير مسموح بها"),
    (r"بيئة التجربة|خط الاختبار", "البيئة التجريبية، CI", "شغّل بيئة التجربة"),
    (r"إرسالات|إرساليات", "عمليات الإرسال", "لا توجد إرسالات"),
    (r"[مت]ُ?ستعمل|استُعمل", "مستخدم", "الرابط مستعمل"),
    (r"بلا (جسم|محتوى|رد|استيراد|اختيار|إرسال|استخدام|سؤال)\b", "دون", "تجربة بلا استيراد"),
    (r"السجل الزمني|سجل المراجعة", "سجل التغييرات، سجل التدقيق", "في سجل المراجعة"),
    (r"(?<![\u200f`\d-])\d{4}-\d\d-\d\d", "علامة \\u200f قبل التاريخ", "اكتب 2026-01-31"),
)
"""What the texts do not say, what they say instead, and a text that breaks the rule.

A date right after Arabic letters is shown from its end; the mark keeps its order.
"""


def in_code() -> Iterator[tuple[str, str]]:
    """Yield each text in Arabic of the package, and where it stands."""
    for path in sorted((ROOT / "src").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield f"{path.relative_to(ROOT)}:{node.lineno}", node.value


def on_pages() -> Iterator[tuple[str, str]]:
    """Yield each paragraph of the pages in Arabic, without their blocks of code."""
    pages: list[Path] = [ROOT / "README.ar.md", *sorted((ROOT / "docs" / "ar").glob("*.md"))]
    for path in pages:
        for line in FENCE.sub("", path.read_text("utf-8")).splitlines():
            yield path.name, line


TEXTS = [(at, text) for at, text in (*in_code(), *on_pages()) if _LETTER.search(text)]


def test_there_are_texts_of_both_kinds() -> None:
    assert len(TEXTS) > 2000
    assert {"README.ar.md", "quickstart.md"} <= {at for at, _ in TEXTS}


@rows(("rule", "instead", "broken"), INSTEAD)
def test_no_text_says_it_by_another_word(rule: str, instead: str, broken: str) -> None:
    assert re.search(rule, broken), "the rule finds nothing"
    found = [f"{at}: {text}" for at, text in TEXTS if re.search(rule, text)]
    assert found == [], f"write {instead}"
