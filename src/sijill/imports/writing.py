"""Rows into a file: JSON Lines, a workbook, or CSV that no spreadsheet takes for formulas."""

import csv
import io
import os
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Protocol, Self

import msgspec

from sijill.customers.fields import cell_text
from sijill.imports.headings import heading
from sijill.imports.reasons import render
from sijill.imports.rows import LINE, RAW, REASON, REJECT_COLUMNS, Format, Reject, neutral
from sijill.imports.sheet_writing import SheetWriter

_encoder = msgspec.json.Encoder()


class Writer(Protocol):
    """Whoever writes rows. Every row of a CSV file has the columns of the first."""

    def write(self, cells: Mapping[str, Any]) -> None:
        """Write one row: column name to JSON value."""

    def close(self) -> None:
        """Write what is left; the stream stays open."""


class JsonlWriter:
    """One JSON object a line; values keep their JSON types."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def write(self, cells: Mapping[str, Any]) -> None:
        """Write one row."""
        self._stream.write(_encoder.encode(cells) + b"\n")

    def close(self) -> None:
        """Nothing is left."""


class CsvWriter:
    """
    Text cells, all quoted, under a header. Source: RFC 4180.
    """

    def __init__(
        self, stream: BinaryIO, columns: tuple[str, ...], headings: tuple[str, ...]
    ) -> None:
        self._stream, self._columns = stream, columns
        self._line = io.StringIO(newline="")
        self._writer = csv.writer(self._line, quoting=csv.QUOTE_ALL)
        self._put(list(headings))

    def write(self, cells: Mapping[str, Any]) -> None:
        """Write one row; a column it lacks is empty."""
        self._put([neutral(cell_text(name, cells.get(name))) for name in self._columns])

    def _put(self, texts: list[str]) -> None:
        self._writer.writerow(texts)
        self._stream.write(self._line.getvalue().encode())
        self._line.seek(0)
        self._line.truncate()

    def close(self) -> None:
        """Nothing is left."""


def writer(
    stream: BinaryIO, form: Format, columns: tuple[str, ...], language: str = "en"
) -> Writer:
    """Return a writer of one format, its columns headed in a language, where it has headings."""
    if form == "jsonl":
        return JsonlWriter(stream)
    headings = tuple(heading(name, language) for name in columns)
    if form == "csv":
        return CsvWriter(stream, columns, headings)
    return SheetWriter(stream, columns, headings, right_to_left=language == "ar")


class Rejects:
    """
    A file of refused rows, made when the first one comes, that its owner alone can read.

    The rows are as they came, so that one can mend them and import the file.
    """

    def __init__(self, path: Path, form: Format, language: str = "en") -> None:
        self._path, self._form, self._language = path, form, language
        self._stream: BinaryIO | None = None
        self._writer: Writer | None = None

    def write(self, reject: Reject) -> None:
        """Write one refused row, with its line and the reason."""
        cells = {n: cell for n, cell in reject.cells.items() if n not in (LINE, REASON)}
        if self._writer is None:
            columns = tuple(name for name in cells if name != RAW) + REJECT_COLUMNS
            self._stream = _private(self._path)
            self._writer = writer(self._stream, self._form, columns, self._language)
        reason = render(reject.reason, self._language)
        self._writer.write(cells | {LINE: reject.line, REASON: reason})

    def close(self) -> None:
        """Finish the file, if there is one."""
        if self._stream is not None and self._writer is not None:
            with self._stream:
                self._writer.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _private(path: Path) -> BinaryIO:
    """Open a new file with mode 0600; one that was there is emptied and closed to others first."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    os.fchmod(handle, 0o600)
    return os.fdopen(handle, "wb")
