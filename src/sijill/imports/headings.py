"""The meaning of the headings of a file: columns that Sijill knows, or that an operator says."""

import unicodedata
from collections.abc import Collection, Mapping, Sequence
from difflib import get_close_matches
from functools import lru_cache
from types import MappingProxyType

from sijill.customers.fields import COLUMNS
from sijill.imports.rows import LINE, RAW, REASON, REJECT_COLUMNS, BadFile, restored
from sijill.values.texts import is_blank

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

SHOWN = 5
"""Unknown headings that a sentence names, at most."""

_LONGEST = 40
"""Characters of a heading in a sentence, at most."""

_MOST_LEFT_OUT = 100
"""Headings of left out columns that are remembered, at most: JSON Lines may have any number."""

_LEFT_OUT = "\0"
"""Parts the name of a column that is left out into "", its place, its heading: no other has it."""

_TATWEEL = "\u0640"  # a letter to Unicode, a stretched line to readers
_LETTERS = str.maketrans("ىیئةہۃھکؤ", "يييههههكو")


class BadHeadings(BadFile):
    """
    The headings of a file do not name each column once; nothing of the file was imported.

    `suggested` has the first unknown headings, each with the nearest column that the file lacks, or
    ""; `repeated` the headings that name a column again.
    """

    def __init__(
        self,
        sentence: str,
        suggested: Mapping[str, str] = MappingProxyType({}),
        repeated: Sequence[str] = (),
    ) -> None:
        super().__init__(sentence)
        self.suggested, self.repeated = suggested, repeated


class Headings:
    """
    The headings of one file, and the names that its columns have in rows.

    An operator may say the column of a heading, or that a column is left out. Rows contain a column
    that is left out too, so that a file of rejects has it; nothing else reads its cells.
    """

    def __init__(self, said: Mapping[str, str] | None = None, *, ignores_unknown: bool = False):
        """`said` has the column of a heading, or "" to leave the column out."""
        self.said, self.ignores_unknown = said or {}, ignores_unknown
        self.written: dict[str, str] = {}
        """Name of a column in rows to its heading as the file writes it."""
        self.left_out: dict[str, None] = {}
        """The headings of the columns that are left out, in their order."""
        self._said = {_key(heading): column for heading, column in self.said.items()}

    def name(self, heading: str, place: int = 0) -> str | None:
        """
        Return the name that a column has in rows; None for an unknown heading.

        `place` tells columns apart that are left out and have one heading.
        """
        key = _key(heading)
        name = self._said.get(key, _COLUMNS.get(key))
        if name is None and not self.ignores_unknown:
            return None
        if not name:
            if len(self.left_out) < _MOST_LEFT_OUT:
                self.left_out[heading] = None
            return _LEFT_OUT.join(("", str(place), heading))
        self.written.setdefault(name, heading)
        return name

    def knows(self, heading: str) -> bool:
        """Return whether a heading is that of a column, or an operator spoke of it."""
        key = _key(heading)
        return key in self._said or key in _COLUMNS

    def names(self, cells: Sequence[str]) -> list[str | None]:
        """
        Return the name of each column of a table by its first row; None under a blank heading.

        Raises: BadHeadings. A first row without a known name may be a customer, so that no sentence
        quotes it.
        """
        headings = [None if is_blank(cell) else restored(cell) for cell in cells]
        given = [heading for heading in headings if heading is not None]
        names = [self.name(heading, place) for place, heading in enumerate(given)]
        if not any(name in _NAMES for name in names):
            raise BadHeadings("the first line names no column: is the header missing?")
        self._check(given, names)
        left = iter(names)
        return [None if heading is None else next(left) for heading in headings]

    def _check(self, given: Sequence[str], names: Sequence[str | None]) -> None:
        """Raise BadHeadings if a column is unknown, stands twice, or was said and is absent."""
        headings: dict[str | None, list[str]] = {}
        for name, heading in zip(names, given, strict=True):
            headings.setdefault(name, []).append(heading)
        unknown, repeated = headings.get(None, []), list[str]()
        faults = [unknown_columns(unknown)] if unknown else []
        for name, same in headings.items():
            if name in _NAMES and len(same) > 1:
                faults.append(f"has {len(same)} columns for {name}: {quoted(same)}")
                repeated += same[1:]
        present = {*map(_key, given)}
        if absent := [heading for heading in self.said if _key(heading) not in present]:
            faults.append(f"has no columns {quoted(absent)}")
        if faults:
            suggested = suggestions(unknown, names)
            raise BadHeadings(f"the file {'; '.join(faults)}", suggested, repeated)


def written_heading(name: str, written: Mapping[str, str], language: str) -> str:
    """Return the heading of a column: as the file writes it, else in a language."""
    if name.startswith(_LEFT_OUT):
        return name.split(_LEFT_OUT, 2)[2]
    return written.get(name) or heading(name, language)


def unknown_columns(names: Sequence[str]) -> str:
    """Return a sentence that names unknown columns."""
    return f"has unknown columns: {quoted(names)}"


def quoted(headings: Sequence[str]) -> str:
    """Return the first headings between quotes, and the number of the others."""
    shown = ", ".join(f'"{heading[:_LONGEST]}"' for heading in headings[:SHOWN])
    more = len(headings) - SHOWN
    return f"{shown} and {more} more" if more > 0 else shown


def column_of(heading: str) -> str | None:
    """
    Return the column of a heading, or None.

    The search ignores case, vowel marks, tatweel, the forms of alef, ya and ta marbuta, and every
    character other than letters and digits: spaces, `_`, `-`, `*`, invisible marks.
    """
    return _COLUMNS.get(_key(heading))


def nearest(heading: str, taken: Collection[str | None] = ()) -> str | None:
    """Return the column, of those not taken, that a heading is most like; None without any."""
    keys = [key for key, name in _COLUMNS.items() if name in COLUMNS and name not in taken]
    near = get_close_matches(_key(heading), keys, n=1)
    return _COLUMNS[near[0]] if near else None


def suggestions(unknown: Sequence[str], names: Collection[str | None]) -> dict[str, str]:
    """Return the first unknown headings of a file that has these columns, with suggestions."""
    taken = frozenset(names)
    return {heading: nearest(heading, taken) or "" for heading in unknown[:SHOWN]}


def heading(column: str, language: str) -> str:
    """Return the heading of a column: Arabic if wanted and there is one, else its own name."""
    return HEADINGS[column][0] if language == "ar" and column in HEADINGS else column


@lru_cache(1_000)  # keys of JSON Lines repeat in every row
def _key(heading: str) -> str:
    text = unicodedata.normalize("NFKC", heading).casefold().translate(_LETTERS)
    decomposed = unicodedata.normalize("NFD", text).replace(_TATWEEL, "")
    return "".join(filter(str.isalnum, decomposed))  # marks are no letters


_NAMES = frozenset({*COLUMNS, *REJECT_COLUMNS})
_COLUMNS = {_key(name): name for name in (*COLUMNS, *REJECT_COLUMNS)} | {
    _key(heading): name for name, headings in HEADINGS.items() for heading in headings
}
