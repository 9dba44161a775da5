"""
Reads the rows of JSON Lines, one at a time; those of CSV are read in `separated`.

A line that cannot be read becomes a row with a fault, and reading continues. Lines have the numbers
that an editor shows; blank lines are skipped.
"""

from collections.abc import Iterator
from typing import Any, BinaryIO

import msgspec

from sijill.imports.headings import BadHeadings, Headings, suggestions, unknown_columns
from sijill.imports.lines import Line, Source
from sijill.imports.rows import RAW, Format, Row
from sijill.imports.separated import read_separated
from sijill.values.depth import DEPTH, exceeds_max_depth


def read_rows(
    stream: BinaryIO, form: Format, headings: Headings | None = None, encoding: str = ""
) -> Iterator[Row]:
    """
    Yield the rows of a file or of standard input; memory holds a bounded part of it.

    A key of JSON Lines is a heading too. `encoding` is that of a CSV file if an operator says it.
    Raises: BadFile at the first row if a column of the file is unknown or stands twice.
    """
    headings = headings or Headings()
    if form == "jsonl":
        return _read_jsonl(stream, headings)
    return read_separated(stream, headings, encoding)


class _Key(str):
    """A key that equals only itself, so that a dictionary keeps both of two equal keys."""

    __slots__ = ()
    __hash__ = object.__hash__

    def __eq__(self, other: object) -> bool:
        return self is other


_decoder = msgspec.json.Decoder(dict[_Key, Any], dec_hook=lambda _, key: _Key(key))


def _read_jsonl(stream: BinaryIO, headings: Headings) -> Iterator[Row]:
    first = True
    for line in Source(stream).lines():
        if not line.text.strip():
            continue
        row = _json_row(line)
        if row.fault is None:
            row = _named(row, headings, first=first)
        first = first and row.fault is not None
        yield row


def _named(row: Row, headings: Headings, *, first: bool) -> Row:
    """Return a row with the names of its columns. Raises: BadHeadings in a first row."""
    names = {key: headings.name(key) for key in row.cells}
    if unknown := [key for key, name in names.items() if name is None]:
        if first:
            suggested = suggestions(unknown, names.values())
            raise BadHeadings(f"the file {unknown_columns(unknown)}", suggested)
        return row._replace(fault=unknown_columns(unknown))
    cells = {name: row.cells[key] for key, name in names.items() if name is not None}
    if len(cells) < len(names):
        return row._replace(fault="has a key twice")
    return row._replace(cells=cells)


def _json_row(line: Line) -> Row:
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
