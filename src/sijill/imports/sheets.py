"""Reads the rows of a workbook (.xlsx): its first visible sheet, under a row of headings."""

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sijill.customers.fields import COLUMNS
from sijill.fields.doors import MAX_COUNT
from sijill.imports.model import BadUpload
from sijill.imports.rows import Row, column_of
from sijill.imports.scanning import CAPS, SheetCaps, scan

_1904 = re.compile(rb"<workbookPr\b[^>]*\bdate1904=[\"'](1|true)[\"']")
_DAYS = frozenset(name for name, field in COLUMNS.items() if field.kind.is_day)
_LAST_DAY = 2_958_465  # 9999-12-31, counted from 1900
_LEAP = 60  # 1900-02-29, which did not exist; days before it count from one day later


def read_sheet(data: bytes, caps: SheetCaps = CAPS) -> Iterator[Row]:
    """
    Yield the rows of a workbook; empty rows are skipped.

    A formula has its last computed value; a cell with an error is empty.
    Raises: BadUpload before the first row; any exception of the reader for a damaged workbook.
    """
    scan(data, caps)
    sheet = _first_sheet(data)
    if sheet.end is None:
        raise BadUpload("empty")
    last_row, last_column = sheet.end
    if last_row > caps.rows or last_column >= caps.columns:
        raise BadUpload("too_large")
    lines = enumerate(sheet.to_python(skip_empty_area=False), 1)
    header = _header(next(cells for _, cells in lines if _is_filled(cells)))
    from_1904 = _counts_from_1904(data)
    return (_row(line, header, cells, from_1904) for line, cells in lines if _is_filled(cells))


def _first_sheet(data: bytes) -> Any:
    # Loaded where a workbook is read.
    from python_calamine import SheetTypeEnum, SheetVisibleEnum, load_workbook

    workbook = load_workbook(io.BytesIO(data))
    for number, sheet in enumerate(workbook.sheets_metadata):
        if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible:
            return workbook.get_sheet_by_index(number)
    raise BadUpload("empty")


def _counts_from_1904(data: bytes) -> bool:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return _1904.search(archive.read("xl/workbook.xml")) is not None


def _is_filled(cells: Sequence[Any]) -> bool:
    return any(cell != "" for cell in cells)


def _header(cells: Sequence[Any]) -> list[str | None]:
    """Return the column of each heading; None for an empty heading."""
    header = [column_of(str(cell)) for cell in cells]
    known = [name for name in header if name is not None]
    given = [cell for cell in cells if str(cell).strip()]
    if len(known) < len(given) or len(set(known)) < len(known):
        raise BadUpload("headings")
    return header


def _row(line: int, header: list[str | None], cells: Sequence[Any], from_1904: bool) -> Row:
    named = {
        name: _cell(name, cell, from_1904)
        for name, cell in zip(header, cells, strict=True)
        if name is not None
    }
    stray = any(cell != "" for name, cell in zip(header, cells, strict=True) if name is None)
    return Row(line, named, "has a cell that stands under no heading" if stray else None)


def _cell(name: str, cell: Any, from_1904: bool) -> Any:
    """Return a cell as a JSON value: a whole number as int, a day as YYYY-MM-DD."""
    match cell:
        case datetime() if cell.time() == datetime.min.time():
            return cell.date().isoformat()
        case date():
            return cell.isoformat()
        case float() if cell.is_integer() and abs(cell) <= MAX_COUNT:
            number = int(cell)
            return _day(number, from_1904) if name in _DAYS else number
        case bool() | int() | float() | str():
            return cell
    return str(cell)


def _day(serial: int, from_1904: bool) -> Any:
    """
    Return the day of a serial number, or the number if it is not a day.

    Source: ECMA-376 part 1, §18.17.4.1.
    """
    if not 0 < serial <= _LAST_DAY or (serial == _LEAP and not from_1904):
        return serial
    first = date(1904, 1, 1) if from_1904 else date(1899, 12, 30 if serial > _LEAP else 31)
    try:
        return (first + timedelta(days=serial)).isoformat()
    except OverflowError:
        return serial
