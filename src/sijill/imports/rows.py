"""Rows of files, the formats of files, and the columns of files of rejects."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, NamedTuple

from sijill.customers.fields import COLUMNS

Format = Literal["jsonl", "csv", "xlsx"]

FORMATS: dict[str, Format] = {".jsonl": "jsonl", ".ndjson": "jsonl", ".csv": "csv", ".xlsx": "xlsx"}
"""Suffix of a file name to format."""

MAX_LINE = 2**20
"""Bytes of a line, and of a row of a CSV file, at most."""

LINE, REASON, RAW = "reject_line", "reject_reason", "raw"
REJECT_COLUMNS = (LINE, REASON, RAW)
"""The columns that a file of rejects adds. An import ignores them."""

_SIGNS = "=+-@＝＋－＠"
_FORMULA = _SIGNS + "\t\r\n"

_INSIDE = re.compile(rf"([;\t\r\n])(?=['\"]*[{re.escape(_SIGNS)}])")
_NEUTRAL_INSIDE = re.compile(rf"([;\t\r\n])'(?=['\"]*[{re.escape(_SIGNS)}])")
"""
Places within a text where another cell begins for a spreadsheet that separates by semicolons.

It reads the quotes of our cells as text, so that they keep nothing together. Source: OWASP, "CSV
Injection", on field separators; list separators of Windows, a semicolon for Arabic.
"""

NOT_AVAILABLE = "#N/A"
ERRORS = frozenset(
    {
        *("#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", NOT_AVAILABLE),
        *("#GETTING_DATA", "#SPILL!", "#CALC!", "#FIELD!", "#BLOCKED!", "#CONNECT!", "#BUSY!"),
        *("#UNKNOWN!", "#EXTERNAL!", "#PYTHON!", "#TIMEOUT!", "#ERROR!"),
        *(f"Err:{number}" for number in range(501, 541)),
    }
)
"""
The texts by which spreadsheets show that a cell has no value.

Sources: Microsoft, "ERROR.TYPE function"; LibreOffice, "Error Codes in LibreOffice Calc"; Google
Sheets writes `#ERROR!`.
"""


STRAY = "has a cell that stands under no heading"


class Row(NamedTuple):
    """
    One row: the number of its first line, and its cells by column name.

    If the row cannot be read, `fault` says why and `cells` has its text under `raw`.
    """

    line: int
    cells: Mapping[str, Any]
    fault: str | None = None
    absent: tuple[str, ...] = ()
    """Columns of the file that the row ends before: nothing is said of them."""


class Reject(NamedTuple):
    """A refused row: the number of its first line, the reason, and its cells."""

    line: int
    reason: str
    cells: Mapping[str, Any]


class BadFile(ValueError):
    """The whole file cannot be imported, and nothing of it was."""


def format_of(path: Path) -> Format:
    """Return the format of a file name. Raises: ValueError, a sentence that lists the suffixes."""
    try:
        return FORMATS[path.suffix.lower()]
    except KeyError:
        raise ValueError(f"the format is not known: end the name in {', '.join(FORMATS)}") from None


def error_fault(cells: Mapping[Any, Any]) -> str | None:
    """Return the fault of a row whose cells show errors of a spreadsheet; None without one."""
    names = [n for n, cell in cells.items() if isinstance(cell, str) and cell.strip() in ERRORS]
    faults = [f"{name} holds an error of a spreadsheet" for name in names if name in COLUMNS]
    return "; ".join(faults) or None


def neutral(text: str) -> str:
    """
    Return a CSV cell that no spreadsheet takes for a formula: it gets an apostrophe in front.

    So does a text that shows an error elsewhere, and a formula behind a semicolon or a line within
    the text. A leading apostrophe gets another one, so that `restored` is the exact inverse.
    Source: OWASP "CSV Injection".
    """
    if _INSIDE.search(text):
        text = _INSIDE.sub(r"\1'", text)
    return "'" + text if _is_taken_otherwise(text) else text


def _is_taken_otherwise(text: str) -> bool:
    return text != "" and (text[0] in _FORMULA + "'" or text.strip() in ERRORS)


def restored(text: str) -> str:
    """Return the argument of `neutral`; other apostrophes stay."""
    if "'" not in text:
        return text
    text = text[1:] if text[0] == "'" and _is_taken_otherwise(text[1:]) else text
    return _NEUTRAL_INSIDE.sub(r"\1", text)
