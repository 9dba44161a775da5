"""Rows into a workbook (.xlsx) whose every cell is a text: none is ever a formula or a link."""

from collections.abc import Mapping
from typing import Any, BinaryIO

from sijill.customers.fields import cell_text

LONGEST = 32_767
"""Characters in a cell at most. Source: Microsoft, "Excel specifications and limits"."""

MOST_ROWS = 1_048_576
"""Rows of a sheet, the headings among them. Source: the same."""

_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


class SheetWriter:
    """Text cells under a row of headings; the file is whole once this is closed."""

    def __init__(
        self,
        stream: BinaryIO,
        columns: tuple[str, ...],
        headings: tuple[str, ...],
        *,
        right_to_left: bool = False,
    ) -> None:
        # Loaded where a workbook is written.
        import xlsxwriter  # type: ignore[import-untyped]

        self._columns, self._rows = columns, 0
        self._book = xlsxwriter.Workbook(stream, _OPTIONS)
        self._sheet = self._book.add_worksheet()
        if right_to_left:
            self._sheet.right_to_left()
        self._put(headings)

    def write(self, cells: Mapping[str, Any]) -> None:
        """
        Write one row; a column it lacks is empty.

        Raises: ValueError if a sheet holds no more rows, or no cell that is so long.
        """
        if self._rows == MOST_ROWS:
            raise ValueError(f"a sheet holds {MOST_ROWS} rows: write .csv or .jsonl")
        self._put(tuple(cell_text(name, cells.get(name)) for name in self._columns))

    def close(self) -> None:
        """Write what is left."""
        self._book.close()

    def _put(self, texts: tuple[str, ...]) -> None:
        for column, text in enumerate(texts):
            if len(text) > LONGEST:
                raise ValueError(f"a cell holds {LONGEST} characters: write .csv or .jsonl")
            if text:
                self._sheet.write_string(self._rows, column, text)
        self._rows += 1
