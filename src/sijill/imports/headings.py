"""The headings of columns in files, in Arabic and English."""

import re
import unicodedata

from sijill.customers.fields import COLUMNS
from sijill.imports.rows import LINE, RAW, REASON, REJECT_COLUMNS

HEADINGS: dict[str, tuple[str, ...]] = {
    **{name: field.headings for name, field in COLUMNS.items() if field.headings},
    LINE: ("رقم السطر",),
    REASON: ("سبب الرفض",),
    RAW: ("النص الأصلي",),
}
"""
Column to its headings beside its own name. Sijill writes the first one in Arabic files.

The list is Sijill's own: no public page of Salla names the columns of its import file.
"""

_MARKS = re.compile(r"[\u064b-\u0652\u0670\u0640\u200b-\u200f\u061c\ufeff]")
_SPACES = re.compile(r"[\s_\-]+")
_LETTERS = str.maketrans("أإآٱىة", "اااايه")


def column_of(heading: str) -> str | None:
    """
    Return the column of a heading, or None.

    The search ignores case, spaces, `_`, `-`, a final `*` or colon, vowel marks, tatweel, and the
    forms of alef, ya and ta marbuta.
    """
    return _COLUMNS.get(_key(heading))


def heading(column: str, language: str) -> str:
    """Return the heading of a column: Arabic if wanted and there is one, else its own name."""
    return HEADINGS[column][0] if language == "ar" and column in HEADINGS else column


def _key(heading: str) -> str:
    text = unicodedata.normalize("NFKC", heading).casefold()
    text = _SPACES.sub(" ", _MARKS.sub("", text).translate(_LETTERS))
    return text.strip(" *:")


_COLUMNS = {_key(name): name for name in (*COLUMNS, *REJECT_COLUMNS)} | {
    _key(heading): name for name, headings in HEADINGS.items() for heading in headings
}
