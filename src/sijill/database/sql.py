"""Named statements: SQL files in, one text for each name out, in the dialect of a database."""

import re
from collections.abc import Mapping
from importlib.resources import files
from typing import Literal

Dialect = Literal["sqlite", "postgres"]

_HEADER = re.compile(r"(?:\A|(?<=\n\n))-- ([a-z][a-z0-9_]*)\n")
_COMMENT = re.compile(r"^--.*\n?", re.MULTILINE)
_INCLUDE = re.compile(r"\{([a-z0-9_]+)\}")
_PLACEHOLDER = re.compile(r"\$(\d+)")


def statements(dialect: Dialect) -> dict[str, str]:
    """Return every statement of Sijill by name, as the database of this dialect reads it."""
    blocks = parse(read("queries.sql")) | parse(read(f"queries.{dialect}.sql"))
    named = {name: fill(text, blocks) for name, text in blocks.items()}
    if dialect == "sqlite":
        return {name: _PLACEHOLDER.sub(r"?\1", text) for name, text in named.items()}
    return named


def parse(text: str) -> dict[str, str]:
    """
    Return the blocks of a file by name, without their comments.

    Raises: ValueError if a name stands twice.
    """
    _, *parts = _HEADER.split(text)
    names = parts[::2]
    if len(set(names)) < len(names):
        raise ValueError("a statement is named twice")
    return {
        name: _COMMENT.sub("", body).strip() for name, body in zip(names, parts[1::2], strict=True)
    }


def fill(text: str, blocks: Mapping[str, str]) -> str:
    """
    Return `text` with every `{name}` replaced by the block of that name.

    Raises: KeyError for a name that is no block.
    """
    return _INCLUDE.sub(lambda name: fill(blocks[name[1]], blocks), text)


def read(name: str) -> str:
    """Return the text of a file of this package."""
    return files(__package__).joinpath(name).read_text(encoding="utf-8")
