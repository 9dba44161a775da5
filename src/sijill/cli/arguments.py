"""Settings as options, and checks of what was typed; a fault ends the command with `USAGE`."""

import inspect
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from sijill.cli.output import USAGE, fail
from sijill.settings import SETTINGS, Settings, SettingsFaulty, load
from sijill.values.texts import clean

T = TypeVar("T")

REGISTER = ("data_dir", "database_url")
"""The settings that every command on the register takes as options."""

Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]

MAX_NAME = 255
"""Characters of a name at most."""

_LAST_NEWLINE = re.compile(r"\r?\n\Z")


def with_settings(
    names: Iterable[str] = REGISTER,
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a command one option for each named setting; they arrive in its `**flags`."""

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        signature = inspect.signature(command)
        own = [p for p in signature.parameters.values() if p.kind is not p.VAR_KEYWORD]
        options = [
            inspect.Parameter(
                name,
                inspect.Parameter.KEYWORD_ONLY,
                default=None,
                annotation=Annotated[
                    str | None,
                    typer.Option(f"--{name.replace('_', '-')}", help=SETTINGS[name].sentence),
                ],
            )
            for name in names
        ]
        command.__signature__ = signature.replace(parameters=[*own, *options])  # type: ignore[attr-defined]
        return command

    return decorate


def settings_of(flags: Mapping[str, Any], defaults: Mapping[str, str] | None = None) -> Settings:
    """Return the settings, or end the command with every fault of them."""
    try:
        return load(flags, defaults=defaults)[0]
    except SettingsFaulty as faulty:
        fail(*faulty.faults, code=USAGE)


def checked(name: str, parse: Callable[[str], T], text: str) -> T:
    """Return the parsed text, or end the command with a sentence that `name` opens."""
    try:
        return parse(text)
    except ValueError as fault:
        fail(f"{name} {fault}", code=USAGE)


def cleaned(name: str, text: str, max_length: int = MAX_NAME) -> str:
    """Return a text in its stored form, or end the command."""
    return checked(f"{name}: it", lambda given: clean(given, max_length), text)


def name_of(text: str) -> str:
    """Return a name that can be searched for: a name of digits alone would be an id."""
    name = cleaned("name", text.strip())
    if not name or name.isdigit():
        fail("name: write one that is not empty and not a number", code=USAGE)
    return name


def read_secret(file: Path) -> str:
    """Return the text of a file, or of standard input for `-`, less a newline at its end."""
    try:
        raw = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
        return _LAST_NEWLINE.sub("", raw.decode())
    except OSError as fault:
        fail(f"{file}: {fault.strerror}", code=USAGE)
    except UnicodeDecodeError:  # its own text would repeat a part of the secret
        fail(f"{file}: it is not UTF-8", code=USAGE)
