"""Reads an uploaded file, an .xlsx workbook or CSV, as batches of rows within limits."""

import io
from collections.abc import Iterator
from itertools import islice

import msgspec

from sijill.imports.headings import Headings
from sijill.imports.lines import encoding_of
from sijill.imports.model import BadUpload
from sijill.imports.reading import read_rows
from sijill.imports.rows import Row
from sijill.imports.scanning import CAPS, SheetCaps
from sijill.imports.sheets import read_sheet

BATCH = 50
"""Rows in one transaction, for which other writers wait."""

_WORKBOOK = b"PK\x03\x04"


def batches(
    data: bytes, caps: SheetCaps = CAPS, headings: Headings | None = None
) -> Iterator[tuple[int, bytes]]:
    """
    Yield batches of a file: the number of their rows, and the rows as JSON.

    Raises: BadUpload, perhaps after some batches, which are void then; BadFile before the first.
    """
    rows, count, size = _rows(data, caps, headings or Headings()), 0, 0
    while some := list(islice(rows, BATCH)):
        text = msgspec.json.encode(some)
        count, size = count + len(some), size + len(text)
        if count > caps.rows or size > caps.most_text(len(data)):
            raise BadUpload("too_large")
        yield len(some), text
    if not count:
        raise BadUpload("empty")


def rows_of(batch: str | bytes) -> list[Row]:
    """Return the rows of a batch."""
    return _decoder.decode(batch)


_decoder = msgspec.json.Decoder(list[Row])


def _rows(data: bytes, caps: SheetCaps, headings: Headings) -> Iterator[Row]:
    if data.startswith(_WORKBOOK):
        return read_sheet(data, headings, caps)
    if not data.strip():
        raise BadUpload("empty")
    if not _is_text(data):
        raise BadUpload("kind")
    return _csv_rows(data, caps, headings)


def _csv_rows(data: bytes, caps: SheetCaps, headings: Headings) -> Iterator[Row]:
    for row in read_rows(io.BytesIO(data), "csv", headings):
        if len(row.cells) > caps.columns:
            raise BadUpload("too_large")
        yield row


def _is_text(data: bytes) -> bool:
    try:
        return "\0" not in data.decode(encoding_of(data[: data.find(b"\n") + 1] or data))
    except UnicodeDecodeError:
        return False
