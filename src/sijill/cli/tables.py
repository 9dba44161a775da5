"""Tables for people: columns that line up, and lines that a terminal need not break."""

import os
import sys
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sijill.cli.output import plain

GAP = "  "

LEAST = 8
"""Characters that a folded column keeps at least."""

_WHOLE = ("id", "key", "at")
"""The last words of names of columns whose cells stay whole: half an id would be of no use."""

Row = Mapping[str, Any]


def print_table(
    rows: Sequence[Row], columns: Sequence[str] = (), *, to_the_second: bool = False
) -> None:
    """
    Print rows as a table; with `columns`, only these, and times to the minute unless said.

    On a terminal, long texts are folded so that a line fits.
    """
    if not rows:
        print("none")
        return
    names = columns or [*rows[0]]
    cell = _short if columns and not to_the_second else _long
    lines = [[*names], *([cell(row[name]) for name in names] for row in rows)]
    widths = _widths(names, lines, room())
    for line in lines:
        folded = [_folded(text, width) for text, width in zip(line, widths, strict=True)]
        for number in range(max(map(len, folded))):
            parts = [part[number] if number < len(part) else "" for part in folded]
            padded = (_padded(part, width) for part, width in zip(parts, widths, strict=True))
            print(GAP.join(padded).rstrip())


def print_record(row: Row) -> None:
    """Print one row, a line for each of its values."""
    width = max(map(len, row))
    for name, value in row.items():
        print(f"{name:{width}}{GAP}{_long(value)}")


def room() -> int | None:
    """Return the characters of a line on the terminal; None if the output is no terminal."""
    if not sys.stdout.isatty() and "COLUMNS" not in os.environ:
        return None
    from shutil import get_terminal_size  # it brings along what packs files

    return get_terminal_size().columns


def _widths(names: Sequence[str], lines: list[list[str]], limit: int | None) -> list[int]:
    """Return the width of each column; the widest are folded until a line has its room."""
    widths = [max(map(width_of, column)) for column in zip(*lines, strict=True)]
    if limit is None:
        return widths
    least = [
        width if name.rpartition("_")[2] in _WHOLE else min(width, max(LEAST, len(name)))
        for name, width in zip(names, widths, strict=True)
    ]
    while sum(widths) + len(GAP) * (len(widths) - 1) > limit:
        slack = [width - fewest for width, fewest in zip(widths, least, strict=True)]
        if not any(slack):
            break
        widths[slack.index(max(slack))] -= 1
    return widths


def _short(value: Any) -> str:
    """Return a cell, a time to the minute in UTC."""
    return (
        f"{value.astimezone(UTC):%Y-%m-%d %H:%MZ}" if isinstance(value, datetime) else _long(value)
    )


def _long(value: Any) -> str:
    match value:
        case None | "":
            return "-"
        case bool():
            return "on" if value else "off"
        case datetime():
            return f"{value.astimezone(UTC):%Y-%m-%d %H:%M:%SZ}"
        case Mapping():
            return " ".join(map(_long, value.values()))
        case [Mapping(), *_]:
            return ", ".join(map(_long, value))
        case list() | tuple():
            return " ".join(sorted(map(str, value))) or "-"
    return plain(str(value))


def _folded(text: str, width: int) -> list[str]:
    """Return the lines of a text of at most this width, broken between words where it can be."""
    if width_of(text) <= width:
        return [text]
    lines, line = [], ""
    for word in _words(text, width):
        if line and width_of(line) + width_of(word.rstrip()) > width:
            lines.append(line.rstrip())
            line = ""
        line += word
    return [*lines, line.rstrip()]


def _words(text: str, width: int) -> Iterator[str]:
    """Yield the words of a text with the space behind them, cut where they are too wide."""
    word = ""
    for letter in text:
        if word and width_of(word + letter) > width and letter != " ":
            yield word
            word = ""
        word += letter
        if letter == " ":
            yield word
            word = ""
    yield word


def _padded(text: str, width: int) -> str:
    return text + " " * (width - width_of(text))


def width_of(text: str) -> int:
    """Return the number of columns that a text fills on a terminal."""
    return sum(
        0
        if unicodedata.category(letter) in ("Mn", "Me", "Cf")
        else 2
        if unicodedata.east_asian_width(letter) in "WF"
        else 1
        for letter in text
    )
