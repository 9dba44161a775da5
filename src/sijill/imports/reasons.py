"""The reasons of refused rows in Arabic: every sentence that reading a row may raise."""

import re

from sijill.customers.fields import COLUMNS
from sijill.imports.headings import heading
from sijill.imports.lines import ENCODINGS

ARABIC = {
    "is not a text": "ليس نصًا",
    "names more than {} groups": "يذكر أكثر من {} مجموعة",
    "is not a balance: from 0 to 10^12, with at most 3 decimals": (
        "ليس رصيدًا: من 0 إلى 10^12، بثلاث خانات عشرية على الأكثر"
    ),
    "is nested deeper than {} levels": "متداخل أكثر من {} مستوى",
    "is neither a text nor a whole number": "ليس نصًا ولا عددًا صحيحًا",
    "is not an id: a whole number from 1": "ليس رقمًا تعريفيًا: عدد صحيح من 1 فما فوق",
    "is neither male nor female": "ليس ذكرًا ولا أنثى",
    "is not a day: write YYYY-MM-DD": "ليس تاريخًا: يُكتب هكذا YYYY-MM-DD",
    "is ambiguous: its day or its month may come first": (
        "يحتمل تاريخين: اليوم أولًا أو الشهر أولًا"
    ),
    "is not a day of the calendar": "ليس يومًا من أيام التقويم",
    "is not between 1900-01-01 and today: write it in the Gregorian calendar": (
        "ليس بين \u200f1900-01-01 واليوم: يُكتب بالتقويم الميلادي"
    ),
    "is not a moment: write it as 2026-01-31T10:00:00Z": (
        "ليس وقتًا: يُكتب هكذا \u200f2026-01-31T10:00:00Z"
    ),
    "is not a count: a whole number from 0 to 2^53-1": "ليس عددًا صحيحًا من 0 إلى 2^53-1",
    "is not a number": "ليس رقمًا",
    "is neither true nor false": "القيمة المطلوبة «نعم» أو «لا»",
    "is not valid JSON": "ليس JSON صالحًا",
    "holds a NUL character": "يحتوي على المحرف NUL",
    "is not a country: two letters of ISO 3166": "ليس رمز دولة: حرفان من ISO 3166",
    "is not a currency: three letters of ISO 4217": "ليس رمز عملة: ثلاثة أحرف من ISO 4217",
    "holds half a surrogate pair": "يحتوي على محرف غير مكتمل",
    "holds a control character": "يحتوي على محرف تحكم",
    "holds a character that reverses text": "يحتوي على محرف يعكس اتجاه النص",
    "has more than {} characters": "أطول من {} حرفًا",
    "is not an e-mail address: write name@host": "ليس بريدًا إلكترونيًا: يُكتب هكذا name@host",
    "is not an e-mail address: it holds a space": "ليس بريدًا إلكترونيًا: فيه مسافة",
    "is not an e-mail address: it holds a character or a dot out of place": (
        "ليس بريدًا إلكترونيًا: فيه محرف أو نقطة في غير موضعها"
    ),
    "has characters that no mobile number has": "فيه محارف لا تكون في رقم جوال",
    "has another calling code than the one given": "مفتاح الدولة فيه يخالف المفتاح المذكور",
    "has a calling code that is not one to three digits": (
        "مفتاح الدولة يجب أن يكون من رقم إلى ثلاثة أرقام"
    ),
    "is not a phone number": "ليس رقم هاتف",
    "begins with a zero that would be lost": "يبدأ بصفر لو حُفظ لضاع",
    "has too few or too many digits for its country": "أرقامه أقل أو أكثر من أرقام دولته",
    "stands without a mobile": "مذكور بلا رقم جوال",
    "is taken by another customer": "مستخدم لعميل آخر في المتجر أو في صف سابق من الملف",
    "is taken by another customer ({})": "مستخدم للعميل {} في المتجر أو في صف سابق من الملف",
    "a new customer needs a mobile or an e-mail": "يلزم للعميل الجديد جوال أو بريد على الأقل",
    "was erased on request, and no file brings the customer back": (
        "مُحيت بياناته بطلب منه، ولا يعيده ملف"
    ),
    "has a cell that stands under no heading": "فيه قيمة في عمود بلا اسم",
    "has another number of cells ({}) than the header ({})": (
        "عدد خلاياه ({}) لا يساوي عدد الأعمدة ({})"
    ),
    "holds an error of a spreadsheet": "فيه خطأ من برنامج الجداول",
    "has a formula without a value: compute it and save the workbook": (
        "فيه معادلة بلا قيمة: افتح الملف في Excel واحفظه ثم أعد رفعه"
    ),
    "is longer than {} bytes": "أطول من {} بايت",
    "has a quote that is never closed": "فيه علامة تنصيص لم تُغلق",
    "has a quote that is never closed: no line after it was read": (
        "فيه علامة تنصيص لم تُغلق: لم يُقرأ أي سطر بعده"
    ),
    **{f"is not {name}": f"ليس بترميز {name}" for name in ENCODINGS.values()},
}
"""English sentence to Arabic sentence, with `{}` for a number."""

_NUMBER = re.compile(r"(?<![\w^-])[0-9]+(?= characters| bytes| levels| groups|\))")


def render(reason: str, language: str) -> str:
    """Return a reason in a language; a part without an Arabic sentence stays English."""
    if language != "ar":
        return reason
    return "؛ ".join(_arabic(part) for part in reason.split("; "))


def _arabic(part: str) -> str:
    name, _, sentence = part.partition(" ")
    if name in COLUMNS and (arabic := _sentence(sentence)):
        return f"{heading(name, 'ar')}: {arabic}"
    return _sentence(part) or part


def _sentence(sentence: str) -> str | None:
    numbers = _NUMBER.findall(sentence)
    arabic = ARABIC.get(_NUMBER.sub("{}", sentence))
    return None if arabic is None else arabic.format(*numbers)
