"""
Reads the rows of CSV files, and of their like with semicolons or tabs.

A row that cannot be read has a fault, and reading continues.
"""

import csv
import re
from collections import deque
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from sijill.imports.headings import Headings
from sijill.imports.lines import TOO_LONG, UNDECODABLE, BadEncoding, Line, Source
from sijill.imports.rows import (
    ERRORS,
    MAX_LINE,
    RAW,
    STRAY,
    BadFile,
    Row,
    error_fault,
    restored,
)
from sijill.values.texts import is_blank

SEPARATORS = ",;\t|،؛"
_SAID = re.compile(r'\s*"?sep=([^\r\n"])"?\s*', re.IGNORECASE)
"""The line by which Excel is told the separator."""

_ROW_LINES = 4_100
"""Lines in a row at most: two cells of 2,000 characters may consist of line ends."""

_READ_AGAIN = 1_000_000
"""Lines that open quotes let the reader read again, at most; after that a row is one line."""

_REST = 16 * 2**20
"""
Bytes behind an open quote, from which on the rest of the file is not read.

To take a gigabyte apart line by line would cost minutes, and may not be what it was meant to be.
"""

_OPEN = "has a quote that is never closed"
_LAST = "has a quote that is never closed: no line after it was read"


class _Broken(Exception):
    """A line inside a row is not complete text, or the row is too long."""


class _Endless(_Broken):
    """A row goes on over more lines or bytes than any row has."""


class _Lines:
    """The lines of a file for csv.reader, which remember the present row."""

    def __init__(self, source: Source) -> None:
        self._lines = source.lines()
        self._again: deque[Line] = deque()
        self._size = 0
        self._left = _READ_AGAIN
        self.row: list[Line] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else next(self._lines)
        self.row.append(line)
        self._size += len(line.text)
        if line.fault:
            raise _Broken(line.fault)
        if self._size > MAX_LINE:
            raise _Endless(TOO_LONG)
        if len(self.row) > _ROW_LINES:
            raise _Endless(_OPEN)
        if len(self.row) > 1 and self._left <= 0:
            raise _Broken(_OPEN)
        return line.text

    def begin_row(self) -> None:
        """Begin a new row."""
        self.row.clear()
        self._size = 0

    def give_back(self) -> None:
        """Read all but the first line of the row again: an open quote has swallowed good rows."""
        self._left -= len(self.row) - 1
        self._again.extendleft(reversed(self.row[1:]))
        del self.row[1:]

    def separator(self, headings: Headings) -> str:
        """Return what parts the cells: as a first line says, or as most headings are known."""
        for line in self._lines:
            if said := _SAID.fullmatch(line.text):
                return said[1]
            if not is_blank(line.text.strip(SEPARATORS + '" \r\n')):
                self._again.append(line)
                return max(SEPARATORS, key=lambda one: _known(line.text, one, headings))
        return SEPARATORS[0]


def _known(line: str, separator: str, headings: Headings) -> int:
    """Return how many headings of a line are known if this parts them."""
    try:
        cells = next(csv.reader([line], delimiter=separator), [])
    except csv.Error:
        return 0
    return sum(map(headings.knows, cells))


def read_separated(stream: BinaryIO, headings: Headings, encoding: str) -> Iterator[Row]:
    """Yield the rows; blank ones are skipped. Raises: BadFile at the first row."""
    csv.field_size_limit(MAX_LINE)
    source = Source(stream, encoding)
    lines = _Lines(source)
    reader = csv.reader(lines, strict=True, delimiter=lines.separator(headings))
    header = _header(reader, lines, headings)
    is_short = False
    while True:
        lines.begin_row()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except (csv.Error, _Broken) as error:
            lines.give_back()
            reason = str(error) if isinstance(error, _Broken) else f"is not CSV: {error}"
            if isinstance(error, _Endless) and not is_short:
                is_short = not source.goes_on(_REST)
                reason = reason if is_short else _LAST
            yield _unreadable(lines, header, reason)
            if reason == _LAST:
                return
            continue
        if not all(map(is_blank, cells)):
            yield _row(lines, header, cells)


def _row(lines: _Lines, header: Sequence[str | None], cells: list[str]) -> Row:
    """Return a row; columns behind its last cell are absent."""
    line, names = lines.row[0].number, [name for name in header if name is not None]
    if len(cells) == len(header) == len(names) and ERRORS.isdisjoint(map(str.strip, cells)):
        return Row(line, dict(zip(names, map(restored, cells), strict=True)))  # the usual row, fast
    if any(not is_blank(cell) for cell in cells[len(header) :]):
        reason = f"has another number of cells ({len(cells)}) than the header ({len(header)})"
        return _unreadable(lines, header, reason)
    given = [*zip(header, cells, strict=False)]
    if any(name is None and not is_blank(cell) for name, cell in given):
        return _unreadable(lines, header, STRAY)
    named = dict.fromkeys(names, "")
    named |= {name: restored(cell) for name, cell in given if name is not None}
    absent = tuple(name for name in header[len(cells) :] if name is not None)
    written = dict(zip(header, cells, strict=False))
    return Row(line, named, error_fault(written), absent)


def _header(reader: Iterator[list[str]], lines: _Lines, headings: Headings) -> list[str | None]:
    """Return the columns of the first line that is not blank; None for an empty heading."""
    try:
        cells = next((cells for cells in _rows(reader, lines) if not all(map(is_blank, cells))), [])
    except (csv.Error, _Broken) as fault:
        if str(fault) == TOO_LONG:
            raise BadFile(f"the first line {fault}") from None
        if str(fault) in UNDECODABLE:
            raise BadEncoding(f"the first line {fault}") from None
        raise BadFile("the first line is not CSV") from None
    header = headings.names(cells)
    while header[-1] is None:
        header.pop()
    return header


def _rows(reader: Iterator[list[str]], lines: _Lines) -> Iterator[list[str]]:
    for cells in reader:
        yield cells
        lines.begin_row()


def _unreadable(lines: _Lines, header: Sequence[str | None], reason: str) -> Row:
    raw = "".join(line.text for line in lines.row).rstrip("\r\n")
    named = {name: "" for name in header if name is not None}
    return Row(lines.row[0].number, named | {RAW: raw}, reason)
