"""
SQL in files: one text for both databases, spelled for each.

`{name}` stands for a word of WORDS or, among named statements, for the text of another block.
Where the databases differ, the lines for one of them stand between `-- only sqlite` or
`-- only postgres` and the next such line or `-- end`.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple, get_args

Dialect = Literal["sqlite", "postgres"]


class Word(NamedTuple):
    """The spelling of one word in each dialect."""

    sqlite: str
    postgres: str


WORDS: Mapping[str, Word] = {
    # The type of a column, by its values. TEXT is the same in both databases and needs no word.
    "id": Word("INTEGER", "BIGINT"),
    "number": Word("INTEGER", "BIGINT"),  # a count, an amount of points, a place in an order
    "serial": Word("INTEGER", "BIGINT GENERATED ALWAYS AS IDENTITY"),  # counts up; a primary key
    "moment": Word("INTEGER", "BIGINT"),  # microseconds of the UTC epoch
    "day": Word("TEXT", "TEXT"),  # YYYY-MM-DD
    "boolean": Word("INTEGER", "BOOLEAN"),  # TRUE or FALSE, which SQLite stores as 1 and 0
    "real": Word("REAL", "DOUBLE PRECISION"),
    "bytes": Word("BLOB", "BYTEA"),
    "json": Word("TEXT", "TEXT"),  # a list or an object as text
    # The options of a table, after its columns. SQLite checks the types of a STRICT table, as
    # PostgreSQL always does. A clustered one stores its rows in the order of the primary key.
    "strict": Word("STRICT", ""),
    "clustered": Word("STRICT, WITHOUT ROWID", ""),
    # Locks until the transaction ends. SQLite needs none: it has one writing transaction at a time.
    "for_update": Word("", "FOR UPDATE"),
    "for_share": Word("", "FOR SHARE"),
    "for_key_share": Word("", "FOR KEY SHARE"),
    "advisory_lock": Word("", "pg_advisory_xact_lock"),  # before a number in parentheses
}
"""The words of both dialects, by the `{name}` that stands for them."""

_HEADER = re.compile(r"(?:\A|(?<=\n\n))-- ([a-z][a-z0-9_]*)\n")
_COMMENT = re.compile(r"^[ ]*--.*\n?", re.MULTILINE)
_INCLUDE = re.compile(r"\{([a-z0-9_]+)\}")
_PLACEHOLDER = re.compile(r"\$(\d+)")
_WRITTEN = re.compile(r"(?:INSERT INTO|UPDATE|DELETE FROM) (\w+)")
_READ = re.compile(r"\b(?:FROM|JOIN) (\w+)")
_SWITCH = re.compile(r" *-- (?:only (\w+)|end)")


def statements(dialect: Dialect, lists: Mapping[str, str]) -> Mapping[str, str]:
    """
    Return every statement of Sijill by name, in this dialect.

    The statements come from `queries.sql` of every folder of the package. `lists` are blocks that
    tables of fields provide: lists of columns, of placeholders, of settings.

    Raises: ValueError if a name stands twice, in one file or in two, or is a word.
    """
    return _statements(dialect, tuple(lists.items()))


@cache
def _statements(dialect: Dialect, lists: tuple[tuple[str, str], ...]) -> Mapping[str, str]:
    blocks = merge([dict(lists), *(parse(text) for text in sources(dialect))])
    named = {name: fill(text, blocks | words(dialect)).strip() for name, text in blocks.items()}
    if dialect == "sqlite":
        return {name: _PLACEHOLDER.sub(r"?\1", text) for name, text in named.items()}
    return named


def script(text: str, dialect: Dialect) -> str:
    """
    Return the text of a migration in this dialect, without its comments.

    Raises: KeyError for a `{name}` that is not in WORDS; ValueError as `choose` does.
    """
    return fill(_COMMENT.sub("", choose(text, dialect)), words(dialect))


def words(dialect: Dialect) -> dict[str, str]:
    """Return the spellings of WORDS in this dialect."""
    return {name: getattr(word, dialect) for name, word in WORDS.items()}


def parse(text: str) -> dict[str, str]:
    """
    Return the blocks of a file by name, without their comments.

    Raises: ValueError if a name stands twice or is in WORDS.
    """
    _, *parts = _HEADER.split(text)
    names = parts[::2]
    if len(set(names)) < len(names) or WORDS.keys() & set(names):
        raise ValueError("a statement is named twice, or as a word")
    return {
        name: _COMMENT.sub("", body).strip() for name, body in zip(names, parts[1::2], strict=True)
    }


@cache
def table_written(statement: str) -> str | None:
    """Return the table that a statement writes to, or None if it only reads."""
    written = _WRITTEN.match(statement)
    return written and written[1]


@cache
def tables_read(statement: str) -> frozenset[str]:
    """Return the tables that a statement reads."""
    return frozenset(_READ.findall(statement))


def fill(text: str, blocks: Mapping[str, str]) -> str:
    """
    Return `text` with every `{name}` replaced by the block of that name.

    Raises: KeyError for a name without a block.
    """
    return _INCLUDE.sub(lambda name: fill(blocks[name[1]], blocks), text)


def choose(text: str, dialect: Dialect) -> str:
    """
    Return `text` without the lines that are for another dialect only.

    Raises: ValueError for an unknown dialect, a stray `-- end`, or a missing one.
    """
    return "".join(_chosen(text, dialect))


def _chosen(text: str, dialect: Dialect) -> Iterator[str]:
    only: str | None = None
    for line in text.splitlines(keepends=True):
        switch = _SWITCH.fullmatch(line.rstrip("\n"))
        if switch is None:
            if only in (None, dialect):
                yield line
        elif switch[1] is None and only is None:
            raise ValueError("`-- end` ends nothing")
        elif switch[1] not in (None, *get_args(Dialect)):
            raise ValueError(f"no dialect is called {switch[1]}")
        else:
            only = switch[1]
    if only is not None:
        raise ValueError(f"`-- only {only}` has no end")


def merge(parts: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """
    Return the blocks of every file as one mapping.

    Raises: ValueError if two files use the same name.
    """
    blocks: dict[str, str] = {}
    for part in parts:
        if twice := blocks.keys() & part.keys():
            raise ValueError(f"a statement is named twice: {', '.join(sorted(twice))}")
        blocks |= part
    return blocks


def sources(dialect: Dialect) -> list[str]:
    """Return the text of each `queries.sql` of the package, in this dialect."""
    found = sorted(Path(__file__).parents[1].glob("*/queries.sql"))
    return [choose(file.read_text("utf-8"), dialect) for file in found]
