"""Writes a JSON value as a literal of JSON, JavaScript or PHP, for code samples."""

import re
from collections.abc import Callable
from typing import Any, NamedTuple

from msgspec import json

_LINE = 60
"""Longest literal on one line, in characters."""


class Notation(NamedTuple):
    """How a language writes literals."""

    open: str
    """Before the members of an object."""
    close: str
    between: str
    """Between a key and its value."""
    key: Callable[[str], str]
    scalar: Callable[[Any], str]
    """Writes a text, a number, a truth value or null."""
    step: str
    """The indentation of a level."""
    last: str
    """After the last member of a literal of several lines."""


def literal(value: Any, notation: Notation, indent: str = "") -> str:
    """Return a value in a notation: on one line if it is short, else one member a line."""
    deeper = indent + notation.step
    if isinstance(value, dict):
        opened, closed = notation.open, notation.close
        members = [
            f"{notation.key(name)}{notation.between}{literal(inner, notation, deeper)}"
            for name, inner in value.items()
        ]
    elif isinstance(value, list):
        opened, closed = "[", "]"
        members = [literal(inner, notation, deeper) for inner in value]
    else:
        return notation.scalar(value)
    line = f"{opened}{', '.join(members)}{closed}"
    if len(line) <= _LINE and "\n" not in line:
        return line
    lines = f",\n{deeper}".join(members)
    return f"{opened.strip()}\n{deeper}{lines}{notation.last}\n{indent}{closed.strip()}"


def _json(value: Any) -> str:
    return json.encode(value).decode()


def _name(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z_$][\w$]*", key) else _json(key)


def php_text(text: str) -> str:
    """Return a text as a string of PHP in single quotes."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def _php(value: Any) -> str:
    return php_text(value) if isinstance(value, str) else _json(value)


JSON = Notation("{", "}", ": ", _json, _json, "  ", "")
JAVASCRIPT = Notation("{ ", " }", ": ", _name, _json, "  ", ",")
PHP = Notation("[", "]", " => ", php_text, _php, "    ", ",")
