"""A row of a file, the formats of files, and the columns that only files of rejects have."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, NamedTuple

from sijill.customers.fields import COLUMNS

Format = Literal["jsonl", "csv", "xlsx"]

FORMATS: dict[str, Format] = {".jsonl": "jsonl", ".ndjson": "jsonl", ".csv": "csv", ".xlsx": "xlsx"}
"""Suffix of a file's name to its format."""

MAX_LINE = 2**20
"""Bytes in one line, and in one row of a CSV file, at most."""

LINE, REASON, RAW = "reject_line", "reject_reason", "raw"
REJECT_COLUMNS = (LINE, REASON, RAW)
"""What a file of rejects adds to a row; ignored when it is imported again."""

_FORMULA = "=+-@\t\r\n＝＋－＠"


class Row(NamedTuple):
    """
    One row as it came: the number of its first line, and its cells by column name.

    `fault` says why the row cannot be read, if it cannot: then `cells` holds its text under `raw`.
    """

    line: int
    cells: Mapping[str, Any]
    fault: str | None = None


class Reject(NamedTuple):
    """A row that was refused: its first line, why, and its cells as they came."""

    line: int
    reason: str
    cells: Mapping[str, Any]


class BadFile(ValueError):
    """The file as a whole cannot be imported: nothing of it was."""


def format_of(path: Path) -> Format:
    """
    Return the format that a file's name tells.

    Raises: ValueError with a sentence that lists the suffixes.
    """
    try:
        return FORMATS[path.suffix.lower()]
    except KeyError:
        raise ValueError(f"the format is not known: end the name in {', '.join(FORMATS)}") from None


def unknown(names: Mapping[str, Any]) -> list[str]:
    """Return the names that are no column: dropping one in silence would lose data."""
    return [name for name in names if name not in COLUMNS and name not in REJECT_COLUMNS]


def neutral(text: str) -> str:
    """
    Return a CSV cell that no spreadsheet takes for a formula: an apostrophe stands before it.

    One also goes before a leading apostrophe, so that `restored` undoes exactly this.
    Source: OWASP "CSV Injection".
    """
    return "'" + text if text and text[0] in _FORMULA + "'" else text


def restored(text: str) -> str:
    """Return what `neutral` was given; an apostrophe that it did not put there stays."""
    return text[1:] if text[:1] == "'" and text[1:2] and text[1] in _FORMULA + "'" else text
