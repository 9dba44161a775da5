"""What a story is, what its processes tell, and what SQLite finds wrong with a file."""

import random
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import apsw

Told = Sequence[Sequence[Any]]
"""What a process told before it was killed, in order."""

Tell = Callable[..., None]


class Story(NamedTuple):
    """Each part runs in a process of its own: made once, worked on until killed, then checked."""

    make: Callable[[Path], None]
    work: Callable[[Path, Tell, random.Random], None]
    check: Callable[[Path, Told], list[str]]
    """Returns what is wrong, in words."""


def integrity(path: Path) -> list[str]:
    """Return what SQLite finds wrong with a file."""
    with closing(apsw.Connection(str(path))) as file:
        found = [str(text) for (text,) in file.execute("PRAGMA integrity_check") if text != "ok"]
        return found + [str(row) for row in file.execute("PRAGMA foreign_key_check").fetchall()]
