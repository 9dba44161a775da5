"""What people write over a column, in Arabic and in English, and the names of the columns."""

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
