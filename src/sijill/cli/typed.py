"""What an operator typed, checked: what it lacks is a sentence, and the exit code of usage."""

import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from sijill.cli.common import USAGE, fail
from sijill.values.texts import clean

T = TypeVar("T")

MOST = 255
"""Characters of a name at most."""

_LAST_NEWLINE = re.compile(r"\r?\n\Z")


def checked(what: str, parse: Callable[[str], T], text: str) -> T:
    """Return what `parse` makes of a text, or end the command; `what` opens the sentence."""
    try:
        return parse(text)
    except ValueError as fault:
        fail(f"{what} {fault}", code=USAGE)


def cleaned(what: str, text: str, most: int = MOST) -> str:
    """Return a text as it is kept, or end the command."""
    return checked(f"{what}: it", lambda given: clean(given, most), text)


def name_of(text: str) -> str:
    """Return a name by which something can be found: one of digits alone would be an id."""
    name = cleaned("name", text.strip())
    if not name or name.isdigit():
        fail("name: write one that is not empty and not a number", code=USAGE)
    return name


def read_secret(file: Path) -> str:
    """Return what a file holds, or standard input for `-`, less a newline at its end."""
    try:
        raw = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
        return _LAST_NEWLINE.sub("", raw.decode())
    except OSError as fault:
        fail(f"{file}: {fault.strerror}", code=USAGE)
    except UnicodeDecodeError:  # its own text would repeat a part of the secret
        fail(f"{file}: it is not UTF-8", code=USAGE)
