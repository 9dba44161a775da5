"""What commands print: data as JSON or a table, faults as sentences with an exit code."""

import sys
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NoReturn

import msgspec
import typer

FAILED, SCHEMA, USAGE = 1, 3, 64
"""Exit codes; 64 is sysexits.h's EX_USAGE."""

_TABLE_WIDTH = 10_000
"""Columns of a printed table; a terminal wraps what it cannot show."""


def fail(*sentences: str, code: int = FAILED) -> NoReturn:
    """End the command: sentences to standard error, and its exit code."""
    for sentence in sentences:
        print(f"sijill: {plain(sentence)}", file=sys.stderr)
    raise typer.Exit(code)


def plain(text: str) -> str:
    """Return text without the characters that a terminal would obey instead of showing."""
    return "".join(
        letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text
    )


def say(line: str) -> None:
    """Print one plain line, unwrapped and at once, on a terminal or not."""
    print(line, flush=True)


def show(rows: Sequence[Mapping[str, Any]], *, as_json: bool) -> None:
    """Print rows to standard output: a JSON array, or a table."""
    if as_json:
        print(msgspec.json.format(msgspec.json.encode(rows), indent=2).decode())
        return
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for name in rows[0] if rows else ():
        table.add_column(name, no_wrap=True, overflow="ignore")
    for row in rows:
        table.add_row(*(_cell(value) for value in row.values()))
    # However narrow the terminal: an id that is cut off cannot be used.
    Console(width=_TABLE_WIDTH).print(table if rows else "none", crop=False)


def _cell(value: Any) -> str:
    match value:
        case None | "":
            return "-"
        case datetime():
            return value.isoformat(" ", "seconds")
        case frozenset() | list() | tuple():
            return " ".join(sorted(map(str, value)))
    from rich.markup import escape

    return escape(str(value))
