"""Searches every table and every file for values of a person who was erased."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from sijill.database.driver import Driver
from sijill.privacy.person import SHORTEST, Value

CHUNK = 1 << 20
"""Bytes of a file in memory at once."""

LEAST_BYTES = 6
"""Bytes of a value at least, for a search of files: fewer are found by chance."""

CUSTOMERS = "customers"


class Found(NamedTuple):
    """A place that still holds a value of the person, by the name of the value's field."""

    field: str
    place: str
    """The name of a table, or the path of a file within its folder."""
    rows: int
    """Rows of a table; 1 for a file."""


class Residue(NamedTuple):
    """The result of a search after an erasure: names of fields, and never a value."""

    searched: Sequence[str]
    shared: Sequence[str]
    """Values that other customers have too: nobody can tell whose they are."""
    too_short: Sequence[str]
    found: Sequence[Found]


def pattern(text: str) -> str:
    """Return the pattern of LIKE, in small letters, for a text that stands anywhere."""
    return f"%{_literal(text.lower())}%"


def _literal(text: str) -> str:
    """Return a text in a pattern of LIKE; the statements say ESCAPE '!'."""
    return "".join(f"!{letter}" if letter in "!%_" else letter for letter in text)


async def search(driver: Driver, folders: Sequence[Path], values: Sequence[Value]) -> Residue:
    """
    Return where the values of an erased person still stand.

    Raises: Unavailable; OSError if a file cannot be read.
    """
    too_short = [value for value in values if len(value.text) < SHORTEST]
    own: list[Value] = []
    shared: list[Value] = []
    found: list[Found] = []
    for value in [value for value in values if value not in too_short]:
        rows = [row for row in await _tables_with(driver, value.text) if row[1]]
        if CUSTOMERS in dict(rows):
            shared.append(value)
            continue
        own.append(value)
        found += [Found(value.field, f"table {table}", count) for table, count in rows]
    found += [each for folder in folders for each in in_files(folder, own)]
    return Residue(_fields(own), _fields(shared), _fields(too_short), found)


def _fields(values: Sequence[Value]) -> list[str]:
    return list(dict.fromkeys(value.field for value in values))


async def _tables_with(driver: Driver, text: str) -> list[tuple[str, int]]:
    hexadecimal = f"%{text.encode().hex()}%"
    rows = await driver.all("searched_tables", pattern(text), f"%{_literal(text)}%", hexadecimal)
    return [(table, count) for table, count in rows]


def in_files(folder: Path, values: Sequence[Value]) -> Iterator[Found]:
    """Yield each file below a folder that holds a value, in letters of any case."""
    sought = [(value.field, value.text.lower().encode()) for value in values]
    sought = [(field, data) for field, data in sought if len(data) >= LEAST_BYTES]
    for file in sorted(folder.rglob("*")):
        if file.is_file() and not file.is_symlink():
            for field in _held(file, sought):
                yield Found(field, str(file.relative_to(folder)), 1)


def _held(file: Path, sought: Sequence[tuple[str, bytes]]) -> list[str]:
    """Return the fields whose values a file holds; a file that is gone by now holds none."""
    overlap = max((len(data) for _, data in sought), default=1) - 1
    held: dict[str, None] = {}
    try:
        with file.open("rb") as stream:
            before = b""
            while chunk := stream.read(CHUNK):
                text = (before + chunk).lower()
                held |= {field: None for field, data in sought if data in text}
                before = text[-overlap:] if overlap else b""
    except FileNotFoundError:
        return []
    return [*held]
