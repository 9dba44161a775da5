"""
Reads the rows of JSON Lines and CSV files in UTF-8, one at a time.

A line that cannot be read becomes a row with a fault, and reading continues. Lines have the numbers
that an editor shows; blank lines are skipped.
"""

import codecs
import csv
from collections import deque
from collections.abc import Iterator
from typing import Any, BinaryIO, NamedTuple

import msgspec

from sijill.imports.rows import MAX_LINE, RAW, BadFile, Format, Row, column_of, restored, unknown
from sijill.values.depth import DEPTH, exceeds_max_depth

_RAW_LENGTH = 4_096  # characters of a line that is too long, enough to recognize it
_ROW_LINES = 4_100
"""Lines in a CSV row at most: two cells of 2,000 characters may consist of line ends."""

_READ_AGAIN = 1_000_000
"""Lines that open quotes let the reader read again, at most; after that a row is one line."""

_TOO_LONG = f"is longer than {MAX_LINE} bytes"
_NOT_UTF8 = "is not UTF-8"


def read_rows(stream: BinaryIO, form: Format) -> Iterator[Row]:
    """
    Yield the rows of a file or of standard input; memory holds a bounded part of it.

    Raises: BadFile at the first row if a column of the file is unknown or stands twice.
    """
    return _read_jsonl(stream) if form == "jsonl" else _read_csv(stream)


class _Line(NamedTuple):
    """One physical line; `fault` says why its text is incomplete."""

    number: int
    text: str
    fault: str | None


def _lines(stream: BinaryIO) -> Iterator[_Line]:
    number = 0
    while data := stream.readline(MAX_LINE + 1):
        number += 1
        if number == 1:
            data = data.removeprefix(codecs.BOM_UTF8)
        if len(data) > MAX_LINE:
            text = data[:_RAW_LENGTH].decode(errors="replace")
            _skip_line(stream, data)
            yield _Line(number, text, _TOO_LONG)
            continue
        try:
            yield _Line(number, data.decode(), None)
        except UnicodeDecodeError:
            yield _Line(number, data.decode(errors="replace"), _NOT_UTF8)


def _skip_line(stream: BinaryIO, data: bytes) -> None:
    while data and not data.endswith(b"\n"):
        data = stream.readline(MAX_LINE)


class _Key(str):
    """A key that equals only itself, so that a dictionary keeps both of two equal keys."""

    __slots__ = ()
    __hash__ = object.__hash__

    def __eq__(self, other: object) -> bool:
        return self is other


_decoder = msgspec.json.Decoder(dict[_Key, Any], dec_hook=lambda _, key: _Key(key))


def _read_jsonl(stream: BinaryIO) -> Iterator[Row]:
    first = True
    for line in _lines(stream):
        if not line.text.strip():
            continue
        row = _json_row(line)
        if row.fault is None and (names := unknown(row.cells)):
            if first:
                raise BadFile(f"the file {_unknown_names(names)}")
            row = row._replace(fault=_unknown_names(names))
        first = first and row.fault is not None
        yield row


def _json_row(line: _Line) -> Row:
    raw = {RAW: line.text.rstrip("\r\n")}
    if line.fault:
        return Row(line.number, raw, line.fault)
    try:
        pairs = _decoder.decode(line.text)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        # The message of the decoder names a place and a type, never a value.
        reason = str(error) if isinstance(error, msgspec.MsgspecError) else "cannot be decoded"
        return Row(line.number, raw, f"is not a JSON object: {reason}")
    cells = {str(key): value for key, value in pairs.items()}
    if exceeds_max_depth(cells):
        return Row(line.number, raw, f"is nested deeper than {DEPTH} levels")
    if len(cells) < len(pairs):
        return Row(line.number, raw, "has a key twice")
    return Row(line.number, cells)


def _unknown_names(names: list[str]) -> str:
    return "has unknown columns: " + ", ".join(f'"{name[:40]}"' for name in names[:5])


class _Broken(Exception):
    """A line inside a CSV row is not complete text, or the row is too long."""


class _CsvLines:
    """The lines of a CSV file for csv.reader, which remember the present row."""

    def __init__(self, stream: BinaryIO) -> None:
        self._lines = _lines(stream)
        self._again: deque[_Line] = deque()
        self._size = 0
        self._left = _READ_AGAIN
        self.row: list[_Line] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else next(self._lines)
        self.row.append(line)
        self._size += len(line.text)
        if line.fault:
            raise _Broken(line.fault)
        if self._size > MAX_LINE:
            raise _Broken(_TOO_LONG)
        if len(self.row) > (_ROW_LINES if self._left > 0 else 1):
            raise _Broken("has a quote that is never closed")
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


def _read_csv(stream: BinaryIO) -> Iterator[Row]:
    csv.field_size_limit(MAX_LINE)
    lines = _CsvLines(stream)
    reader = csv.reader(lines, strict=True)
    header = _header(reader, lines)
    while True:
        lines.begin_row()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except (csv.Error, _Broken) as error:
            lines.give_back()
            reason = str(error) if isinstance(error, _Broken) else f"is not CSV: {error}"
            yield _unreadable(lines, header, reason)
            continue
        if len(cells) == len(header):
            yield Row(lines.row[0].number, dict(zip(header, map(restored, cells), strict=True)))
        elif cells:
            reason = f"has another number of cells ({len(cells)}) than the header ({len(header)})"
            yield _unreadable(lines, header, reason)


def _header(reader: Iterator[list[str]], lines: _CsvLines) -> list[str]:
    """
    Return the names of the columns, from the first line.

    Raises: BadFile. A first line without a known name may be a customer, so no message quotes it.
    """
    try:
        header = next(reader, [])
    except (csv.Error, _Broken):
        raise BadFile("the first line is not CSV in UTF-8") from None
    header = [column_of(name) or name for name in header]
    names = unknown(dict.fromkeys(header))
    if len(names) == len(set(header)):
        raise BadFile("the first line names no column: is the header missing?")
    if names:
        raise BadFile(f"the file {_unknown_names(names)}")
    if len(set(header)) < len(header):
        raise BadFile("the file names a column twice")
    return header


def _unreadable(lines: _CsvLines, header: list[str], reason: str) -> Row:
    raw = "".join(line.text for line in lines.row).rstrip("\r\n")
    return Row(lines.row[0].number, dict.fromkeys(header, "") | {RAW: raw}, reason)
