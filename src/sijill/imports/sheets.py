"""Reads the rows of a workbook (.xlsx): its first visible sheet, under a row of headings."""

import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sijill.customers.fields import COLUMNS
from sijill.fields.doors import MAX_COUNT
from sijill.imports.headings import Headings
from sijill.imports.model import BadUpload
from sijill.imports.parts import Lost, NoValue, facts_of
from sijill.imports.rows import STRAY, Row, error_fault
from sijill.imports.scanning import CAPS, SheetCaps, scan
from sijill.values.texts import is_blank

_DAYS = frozenset(name for name, field in COLUMNS.items() if field.kind.is_day)
_LAST_DAY = 2_958_465  # 9999-12-31, counted from 1900
_LEAP = 60  # 1900-02-29, which did not exist; days before it count from one day later
_YEARS = range(1300, 2101)  # of either calendar
_NO_VALUE = "has a formula without a value: compute it and save the workbook"


def read_sheet(data: bytes, headings: Headings, caps: SheetCaps = CAPS) -> Iterator[Row]:
    """
    Yield the rows of a workbook; empty rows are skipped.

    A formula has its last computed value. A row with an error, or with a formula that was never
    computed, has a fault.
    Raises: BadUpload or BadHeadings before the first row; any exception of the reader for a damaged
    workbook.
    """
    scan(data, caps)
    number, sheet = _first_sheet(data)
    if sheet.end is None:
        raise BadUpload("empty")
    last_row, last_column = sheet.end
    if last_row > caps.rows or last_column >= caps.columns:
        raise BadUpload("too_large")
    facts = facts_of(data, number, caps)
    lines = _lines(sheet.to_python(skip_empty_area=False), facts.lost)
    header = headings.names([str(cell) for cell in next((cells for _, cells in lines), [])])
    return (_row(line, header, cells, facts.from_1904) for line, cells in lines)


def _first_sheet(data: bytes) -> tuple[int, Any]:
    # Loaded where a workbook is read.
    from python_calamine import SheetTypeEnum, SheetVisibleEnum, load_workbook

    workbook = load_workbook(io.BytesIO(data))
    for number, sheet in enumerate(workbook.sheets_metadata):
        if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible:
            return number, workbook.get_sheet_by_index(number)
    raise BadUpload("empty")


def _lines(grid: list[list[Any]], lost: Lost) -> Iterator[tuple[int, list[Any]]]:
    """Yield the lines that are filled, with their numbers; a lost value is no empty cell."""
    for line in range(1, max(len(grid), *lost, 1) + 1):
        cells = grid[line - 1] if line <= len(grid) else []
        for column, text in lost.get(line, {}).items():
            cells += [""] * (column + 1 - len(cells))
            cells[column] = text
        if any(map(_is_filled, cells)):
            yield line, cells


def _is_filled(cell: Any) -> bool:
    return not (isinstance(cell, str) and is_blank(cell))


def _row(line: int, header: list[str | None], cells: Sequence[Any], from_1904: bool) -> Row:
    stray = any(
        _is_filled(cell) and (place >= len(header) or header[place] is None)
        for place, cell in enumerate(cells)
    )
    named = {
        name: cells[place] if place < len(cells) else ""
        for place, name in enumerate(header)
        if name is not None
    }
    values = {name: _cell(name, cell, from_1904) for name, cell in named.items()}
    return Row(line, values, STRAY if stray else _fault(named))


def _fault(named: Mapping[str, Any]) -> str | None:
    """Return the fault of cells whose values are lost: to read them as empty would erase others."""
    lost = [n for n, cell in named.items() if isinstance(cell, NoValue) and n in COLUMNS]
    errors = error_fault({name: cell for name, cell in named.items() if name not in lost})
    return "; ".join([f"{name} {_NO_VALUE}" for name in lost] + [*filter(None, [errors])]) or None


def _cell(name: str, cell: Any, from_1904: bool) -> Any:
    """Return a cell as a JSON value: a whole number as int, a day as YYYY-MM-DD."""
    match cell:
        case datetime() if cell.time() == datetime.min.time():
            return cell.date().isoformat()
        case date():
            return cell.isoformat()
        case float() if cell.is_integer() and abs(cell) <= MAX_COUNT:
            number = int(cell)
            return _undated(number, from_1904) if name in _DAYS else number
        case bool() | int() | float():
            return cell
    return str(cell)


def _undated(number: int, from_1904: bool) -> Any:
    """Return the day of a number without the format of a date; what looks typed stays as it is."""
    if number in _YEARS or _is_day_month_year(str(number)):
        return number
    return _day(number, from_1904)


def _is_day_month_year(digits: str) -> bool:
    """Return whether digits read as a day, a month and two digits of a year: 150390, 50390."""
    if len(digits) not in (5, 6) or not digits.isdecimal():
        return False
    return 1 <= int(digits[:-4]) <= 31 and 1 <= int(digits[-4:-2]) <= 12


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
