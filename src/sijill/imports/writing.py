"""Rows into a file: JSON Lines, CSV or a workbook. No spreadsheet takes a cell for a formula."""

import csv
import io
import os
import stat
from codecs import BOM_UTF8
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Any, BinaryIO, Protocol, Self

import msgspec

from sijill.customers.fields import cell_text, cells
from sijill.customers.table import CustomerTable
from sijill.imports.headings import heading, written_heading
from sijill.imports.reasons import render
from sijill.imports.rows import (
    ERRORS,
    LINE,
    REASON,
    REJECT_COLUMNS,
    Format,
    Reject,
    neutral,
)

LONGEST = 32_767
"""Characters in a cell at most. Source: Microsoft, "Excel specifications and limits"."""

MOST_ROWS = 1_048_576
"""Rows of a sheet at most, with the row of headings. Source: the same."""

_SHEET_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_UNTRIED = (stat.S_ISFIFO, stat.S_ISCHR, stat.S_ISBLK)  # pipes and devices
_STEP = 500  # customers between two calls of `on_progress`

_encoder = msgspec.json.Encoder()


class Writer(Protocol):
    """Writes rows: column name to JSON value."""

    def write(self, cells: Mapping[str, Any]) -> None:
        """Write one row; a column that it lacks is empty."""

    def close(self) -> None:
        """Finish the file; its stream stays open."""


class JsonlWriter:
    """Writes one JSON object a line."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def write(self, cells: Mapping[str, Any]) -> None:
        """Write one row."""
        self._stream.write(_encoder.encode(cells) + b"\n")

    def close(self) -> None:
        """Do nothing: each line is whole."""


class CsvWriter:
    """Writes text cells, all quoted, under a header. Source: RFC 4180."""

    def __init__(
        self,
        stream: BinaryIO,
        columns: tuple[str, ...],
        headings: Sequence[str],
        *,
        as_it_is: Collection[str] = (),
    ) -> None:
        """`as_it_is` are the texts that are written as they came, since they are to be fixed."""
        self._stream, self._columns, self._as_it_is = stream, columns, as_it_is
        self._line = io.StringIO(newline="")
        self._writer = csv.writer(self._line, quoting=csv.QUOTE_ALL)
        self._put([neutral(heading) for heading in headings])

    def write(self, cells: Mapping[str, Any]) -> None:
        """Write one row."""
        texts = [cell_text(name, cells.get(name)) for name in self._columns]
        self._put([t if t.strip() in self._as_it_is else neutral(t) for t in texts])

    def _put(self, texts: Sequence[str]) -> None:
        self._writer.writerow(texts)
        self._stream.write(self._line.getvalue().encode())
        self._line.seek(0)
        self._line.truncate()

    def close(self) -> None:
        """Do nothing: each line is whole."""


class SheetWriter:
    """Writes text cells under a row of headings, as a workbook (.xlsx) with one sheet."""

    def __init__(
        self,
        stream: BinaryIO,
        columns: tuple[str, ...],
        headings: Sequence[str],
        *,
        right_to_left: bool = False,
    ) -> None:
        import xlsxwriter  # type: ignore[import-untyped] # loaded where a workbook is written

        self._columns, self._rows = columns, 0
        self._book = xlsxwriter.Workbook(stream, _SHEET_OPTIONS)
        self._sheet = self._book.add_worksheet()
        if right_to_left:
            self._sheet.right_to_left()
        self._put(headings)

    def write(self, cells: Mapping[str, Any]) -> None:
        """Write one row. Raises: ValueError if the sheet is full, or a cell is too long."""
        if self._rows == MOST_ROWS:
            raise ValueError(f"a sheet holds {MOST_ROWS} rows: write .csv or .jsonl")
        self._put([cell_text(name, cells.get(name)) for name in self._columns])

    def close(self) -> None:
        """Write the workbook to the stream."""
        self._book.close()

    def _put(self, texts: Sequence[str]) -> None:
        for column, text in enumerate(texts):
            if len(text) > LONGEST:
                raise ValueError(f"a cell holds {LONGEST} characters: write .csv or .jsonl")
            if text:
                self._sheet.write_string(self._rows, column, text)
        self._rows += 1


def writer(
    stream: BinaryIO,
    form: Format,
    columns: tuple[str, ...],
    language: str = "en",
    as_it_is: Collection[str] = (),
    headings: Sequence[str] | None = None,
) -> Writer:
    """
    Return the writer of a format.

    `headings` are those of the columns, without them Sijill's own in a language. See CsvWriter.
    """
    if form == "jsonl":
        return JsonlWriter(stream)
    if headings is None:
        headings = [heading(name, language) for name in columns]
    if form == "csv":
        return CsvWriter(stream, columns, headings, as_it_is=as_it_is)
    return SheetWriter(stream, columns, headings, right_to_left=language == "ar")


async def export_customers(
    customers: CustomerTable,
    store_id: int,
    writer: Writer,
    on_progress: Callable[[int], None] = lambda done: None,
) -> int:
    """
    Write every customer of a store, by id ascending, and return their number.

    `on_progress` gets the number of customers written so far.
    Raises: Unavailable if the database is away; the file is incomplete then.
    """
    done = 0
    async for customer in customers.each(store_id):
        writer.write(cells(customer))
        done += 1
        if done % _STEP == 0:
            on_progress(done)
    writer.close()
    on_progress(done)
    return done


class Rejects:
    """
    A file of refused rows, for the owner alone. The first refused row creates it.

    The rows are as they came, under the headings of their file, so that a person can fix them and
    import the file. A byte order mark tells spreadsheets, and the import, that CSV is UTF-8.
    """

    def __init__(
        self,
        path: Path,
        form: Format,
        language: str = "en",
        written: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        """
        `written` has the headings of the rows' file by column, at the latest when a row is written.

        `language` is that of the reasons, and of headings that `written` lacks.
        """
        self._path, self._form, self._language, self._written = path, form, language, written
        self._stream: BinaryIO | None = None
        self._writer: Writer | None = None

    def write(self, reject: Reject) -> None:
        """Write one refused row, with its line and the reason."""
        cells = {n: cell for n, cell in reject.cells.items() if n not in (LINE, REASON)}
        cells |= {LINE: reject.line, REASON: render(reject.reason, self._language)}
        if self._form == "jsonl":
            cells = {self._heading(name): cell for name, cell in cells.items()}
        if self._writer is None:
            names = tuple(name for name in cells if name not in REJECT_COLUMNS) + REJECT_COLUMNS
            headings = [self._heading(name) for name in names]
            self._stream = _private(self._path)
            if self._form == "csv":
                self._stream.write(BOM_UTF8)
            self._writer = writer(self._stream, self._form, names, self._language, ERRORS, headings)
        self._writer.write(cells)

    def _heading(self, name: str) -> str:
        return written_heading(name, self._written, self._language)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Finish the file, if there is one. Raises: OSError."""
        if self._stream is not None and self._writer is not None:
            with self._stream:
                self._writer.close()
            self._stream = None


def try_to_write(path: Path) -> None:
    """
    Insist that a private file can be written; an older one stays, and so does a link to none.

    Pipes and devices are not tried: a reader would take the trial for the whole. Raises: OSError.
    """
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        target = Path(os.path.realpath(path))
        os.close(_opened(target, os.O_EXCL))
        target.unlink()
    else:
        if not any(untried(mode) for untried in _UNTRIED):
            os.close(_opened(path))


def _private(path: Path) -> BinaryIO:
    """Open a file with mode 0600; an older file is emptied, and closed to others first."""
    return os.fdopen(_opened(path, os.O_TRUNC), "wb")


def _opened(path: Path, more: int = 0) -> int:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC | more, 0o600)
    if stat.S_ISREG(os.fstat(handle).st_mode):  # /dev/null stays everybody's
        os.fchmod(handle, 0o600)
    return handle
