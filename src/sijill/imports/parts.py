"""
What the reader of workbooks does not tell: where the days of a workbook begin, and which cells of
a sheet have lost their values.

Names are compared together with their namespaces: a producer may choose any prefix.
Source: ECMA-376 part 1, §18.2 (workbooks) and §18.3 (worksheets).
"""

import io
import posixpath
import re
import zipfile
from collections.abc import Callable, Mapping
from typing import IO, NamedTuple
from xml.parsers import expat

from sijill.imports.model import BadUpload
from sijill.imports.rows import ERRORS, NOT_AVAILABLE
from sijill.imports.scanning import SheetCaps, part_name

_WORKBOOK, _RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
_SHEETS = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
)
_LINKS = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "http://purl.oclc.org/ooxml/officeDocument/relationships",
)
_PACKAGE = ("http://schemas.openxmlformats.org/package/2006/relationships",)
_PLACE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})", re.ASCII)
_ZERO = re.compile(r"0(\.0*)?", re.ASCII)
_MOST_LOST = 1_000_000  # each takes about a hundred bytes

Attributes = Mapping[str, str]
Lost = Mapping[int, Mapping[int, str]]
"""Line from 1, then column from 0, to the text that stands for the value."""


class NoValue(str):
    """The text that stands for the value of a formula which was never computed."""

    __slots__ = ()


class Facts(NamedTuple):
    """Whether days count from 1904, and the cells of a sheet whose values are lost."""

    from_1904: bool
    lost: Lost


def facts_of(data: bytes, number: int, caps: SheetCaps) -> Facts:
    """
    Return the facts of a workbook and of its sheet with this number, from 0.

    Raises: BadUpload; KeyError, ValueError, IndexError or ExpatError for a damaged workbook.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = {part_name(name).lower(): name for name in archive.namelist()}
        book = _Book()
        for part in (_WORKBOOK, _RELATIONS):
            with archive.open(names[part]) as stream:
                _parse(stream, book.handlers)
        with archive.open(names[book.part_of(number)]) as stream:
            lost = _Cells(stream, caps, uncomputed=book.uncomputed).lost
    return Facts(book.from_1904, lost)


Handlers = dict[str, tuple[Callable[[Attributes], None], Callable[[], None]]]
"""Name of an element, with its namespace, to what to call at its beginning and at its end."""


def _named(name: str, begin: Callable[[Attributes], None], end: Callable[[], None]) -> Handlers:
    return {f"{space} {name}": (begin, end) for space in _SHEETS + _PACKAGE}


def _nothing() -> None:
    pass


def _parser(handlers: Handlers) -> expat.XMLParserType:
    parser = expat.ParserCreate(namespace_separator=" ")

    def begin(name: str, attributes: Attributes) -> None:
        if known := handlers.get(name):
            known[0](attributes)

    def end(name: str) -> None:
        if known := handlers.get(name):
            known[1]()

    parser.StartElementHandler, parser.EndElementHandler = begin, end
    parser.StartDoctypeDeclHandler = _refuse
    return parser


def _refuse(*_: object) -> None:
    raise BadUpload("unsafe")


def _parse(stream: IO[bytes], handlers: Handlers) -> None:
    _parser(handlers).ParseFile(stream)


def _is_true(attributes: Attributes, name: str) -> bool:
    return attributes.get(name, "").strip() in ("1", "true")


class _Book:
    """The part of the workbook itself, and its relations to other parts."""

    def __init__(self) -> None:
        self.from_1904 = False
        self.uncomputed = False
        """Whether a spreadsheet is asked to compute every formula when it opens the workbook."""
        self._sheets: list[str] = []
        self._targets: dict[str, str] = {}
        self.handlers: Handlers = {
            **_named("workbookPr", self._properties, _nothing),
            **_named("calcPr", self._calculation, _nothing),
            **_named("sheet", self._sheet, _nothing),
            **_named("Relationship", self._relation, _nothing),
        }

    def part_of(self, number: int) -> str:
        """Return the name of a sheet's part, in lower case."""
        target = part_name(self._targets[self._sheets[number]])
        return posixpath.normpath(posixpath.join("/xl", target)).lstrip("/").lower()

    def _properties(self, attributes: Attributes) -> None:
        self.from_1904 = _is_true(attributes, "date1904")

    def _calculation(self, attributes: Attributes) -> None:
        self.uncomputed = _is_true(attributes, "fullCalcOnLoad")

    def _sheet(self, attributes: Attributes) -> None:
        self._sheets.append(
            next(attributes[key] for s in _LINKS if (key := f"{s} id") in attributes)
        )

    def _relation(self, attributes: Attributes) -> None:
        self._targets[attributes["Id"]] = attributes["Target"]


class _Cells:
    """The cells of a sheet that hold an error, or a formula without a computed value."""

    def __init__(self, stream: IO[bytes], caps: SheetCaps, *, uncomputed: bool) -> None:
        self.lost: dict[int, dict[int, str]] = {}
        self._caps, self._uncomputed = caps, uncomputed
        self._line, self._column, self._place = 0, -1, ""
        self._kind, self._formula, self._value = "n", False, list[str]()
        self._left = _MOST_LOST
        self._parser = _parser(
            {
                **_named("row", self._begin_row, _nothing),
                **_named("c", self._begin_cell, self._end_cell),
                **_named("f", self._begin_formula, _nothing),
                **_named("v", self._begin_value, self._end_value),
                **_named("t", self._begin_value, self._end_value),
            }
        )
        self._parser.ParseFile(stream)

    def _begin_row(self, attributes: Attributes) -> None:
        line, _ = self._where()
        self._line, self._column, self._place = int(attributes.get("r", line + 1)), -1, ""

    def _begin_cell(self, attributes: Attributes) -> None:
        if place := attributes.get("r"):
            self._place = place
        else:  # it follows the one before
            line, column = self._where()
            self._line, self._column, self._place = line, column + 1, ""
        self._kind, self._formula, self._value = attributes.get("t", "n"), False, []

    def _begin_formula(self, _: Attributes) -> None:
        self._formula = True

    def _begin_value(self, _: Attributes) -> None:
        self._parser.CharacterDataHandler = self._value.append

    def _end_value(self) -> None:
        self._parser.CharacterDataHandler = None
        self._value.append("")  # an empty value is a value

    def _end_cell(self) -> None:
        if self._kind == "e":
            error = "".join(self._value).strip()
            self._lose(error if error in ERRORS else NOT_AVAILABLE)
        elif self._formula and not self._is_computed():
            self._lose(NoValue(NOT_AVAILABLE))

    def _is_computed(self) -> bool:
        """
        Return whether a formula has a value; the empty text is one.

        A producer that computes nothing may write 0, and asks for the computing.
        """
        if not self._value:
            return False
        value = "".join(self._value).strip()
        if self._uncomputed and self._kind in ("n", "str") and _ZERO.fullmatch(value):
            return False
        return bool(value) or self._kind in ("str", "inlineStr")

    def _lose(self, text: str) -> None:
        line, column = self._where()
        self._left -= 1
        if line > self._caps.rows + 1 or column >= self._caps.columns or not self._left:
            raise BadUpload("too_large")
        self.lost.setdefault(line, {})[column] = text

    def _where(self) -> tuple[int, int]:
        """Return the line, from 1, and the column, from 0, of the present cell."""
        if self._place:
            match = _PLACE.fullmatch(self._place)
            if match is None:
                raise ValueError("a cell has no place")
            column = 0
            for letter in match[1]:
                column = column * 26 + ord(letter) - ord("A") + 1
            self._line, self._column, self._place = int(match[2]), column - 1, ""
        return self._line, self._column
