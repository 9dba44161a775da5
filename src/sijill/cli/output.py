"""The output of commands: data as JSON or as lines, faults as sentences with an exit code."""

import sys
from collections.abc import Iterable
from typing import Any, NoReturn

import click

FAILED, GAP, SCHEMA, USAGE, AWAY, INTERRUPTED = 1, 2, 3, 64, 69, 130
"""
Exit codes: GAP tells that a copy differs from its original; 64 and 69 are EX_USAGE and
EX_UNAVAILABLE of sysexits.h, 130 is a shell's Ctrl-C.
"""

_JOINERS = "\u200c\u200d"
"""Zero-width characters that shape letters, and do nothing else to a terminal."""


def fail(*sentences: str, code: int = FAILED) -> NoReturn:
    """End the command: sentences to standard error, and its exit code."""
    for sentence in sentences:
        warn(sentence)
    raise click.exceptions.Exit(code)


def warn(sentence: str) -> None:
    """Print a sentence to standard error: standard output is for the result."""
    print(f"sijill: {plain(sentence)}", file=sys.stderr)


def plain(text: str) -> str:
    """Return text without control characters, which a terminal would obey."""
    return "".join(
        letter if letter.isprintable() or letter in _JOINERS else "\N{REPLACEMENT CHARACTER}"
        for letter in text
    )


def say(line: str) -> None:
    """Print one line at once."""
    print(line, flush=True)


def columns(values: Iterable[Any], *names: str) -> list[dict[str, Any]]:
    """
    Return attributes as rows, each under its name; `file=name` puts `name` under `file`.

    A set is sorted, because its order differs from run to run.
    """
    pairs = [(name.partition("=")[0], name.rpartition("=")[2]) for name in names]
    return [
        {name: _in_order(getattr(value, attribute)) for name, attribute in pairs}
        for value in values
    ]


def _in_order(value: Any) -> Any:
    return sorted(value) if isinstance(value, frozenset) else value


def say_json(value: Any) -> None:
    """Print a value as one line of JSON at once."""
    import msgspec  # a list of commands does without

    say(msgspec.json.encode(value).decode())


def show_json(value: Any) -> None:
    """Print a value to standard output as JSON."""
    import msgspec  # a list of commands does without

    print(msgspec.json.format(msgspec.json.encode(value), indent=2).decode())
