"""Commands, their options and arguments; a faulty text ends the command with `USAGE`."""

import re
import sys
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import click
import msgspec

from sijill.cli.output import USAGE, fail
from sijill.settings import SETTINGS, Settings, SettingsFaulty, load
from sijill.settings.loading import PREFIX
from sijill.settings.parsers import lifetime
from sijill.values.texts import clean

T = TypeVar("T")

MAX_NAME = 255
"""Characters of a name at most."""

_SECONDS = re.compile(r"[0-9]{1,9}(\.[0-9]{1,6})?", re.ASCII)
_LAST_NEWLINE = re.compile(r"\r?\n\Z")


class Parsed(click.ParamType[Any]):
    """
    A text that `parse` reads; its ValueError ends the command with a sentence.

    Where the default is an empty text, an empty text is None.
    """

    name = "text"

    def __init__(self, parse: Callable[[str], Any]) -> None:
        self._parse = parse

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the value of a text."""
        if not isinstance(value, str):
            return value
        if param is not None and value == param.default == "":
            return None
        try:
            return self._parse(value)
        except ValueError as fault:
            fail(f"{param.name if param else 'value'}: {fault}", code=USAGE)


Parser = Callable[[str], Any]


def option(
    flag: str, help: str, *name: str, parse: Parser | None = None, **more: Any
) -> click.Option:
    """Return an option; `name` is the function's parameter if it is not that of the flag."""
    shown = bool(more.get("default"))
    return click.Option([flag, *name], help=help, show_default=shown, **_typed(parse), **more)


def argument(name: str, help: str, parse: Parser | None = None, **more: Any) -> click.Argument:
    """Return an argument."""
    return click.Argument([name], help=help, **_typed(parse), **more)


def _typed(parse: Parser | None) -> dict[str, Any]:
    return {} if parse is None else {"type": Parsed(parse)}


JSON = option("--json", "Print JSON instead of a table.", "as_json", is_flag=True)
FILE = click.Path(path_type=Path)


def command(
    *parameters: click.Parameter, settings: Iterable[str] = ()
) -> Callable[[Callable[..., None]], click.Command]:
    """
    Return a decorator that makes a command of a function.

    The command has an option for each of the named settings. If there are any, the first argument
    of the function has the texts of these options, by name: see `settings_of`.
    """
    names = tuple(settings)
    flags = [option(f"--{name.replace('_', '-')}", _help_of(name)) for name in names]

    def decorate(function: Callable[..., None]) -> click.Command:
        def call(**given: Any) -> None:
            texts = {name: given.pop(name) for name in names}
            function(*([texts] if names else []), **given)

        return click.Command(None, callback=call, params=[*parameters, *flags])

    return decorate


def _help_of(name: str) -> str:
    """Return the help of a setting's option; that of a secret says how else it can be given."""
    sentence, variable = SETTINGS[name].sentence, PREFIX + name.upper()
    if not SETTINGS[name].secret:
        return sentence
    return f"{sentence} {variable} or {variable}_FILE keeps it out of lists of processes."


def settings_of(flags: Mapping[str, Any], defaults: Mapping[str, str] | None = None) -> Settings:
    """Return the settings, or end the command with every fault of them."""
    try:
        return load(flags, defaults=defaults)[0]
    except SettingsFaulty as faulty:
        fail(*faulty.faults, code=USAGE)


# Parsers


def it(parse: Callable[[str], T]) -> Callable[[str], T]:
    """Return the parser with "it" before its sentences: "it holds a control character"."""

    def parsed(text: str) -> T:
        try:
            return parse(text)
        except ValueError as fault:
            raise ValueError(f"it {fault}") from None

    return parsed


def stored_text(text: str, max_length: int = MAX_NAME) -> str:
    """Return a text in its stored form, without outer spaces; raises ValueError."""
    return it(lambda given: clean(given, max_length))(text)


def name_of(text: str) -> str:
    """Return a name that is not like an id: `find_store` and `find_app` take either."""
    name = stored_text(text)
    if not name or name.isdigit():
        raise ValueError("write one that is not empty and not a number")
    return name


def moment(text: str) -> datetime:
    """Return a moment; without an offset it is UTC."""
    try:
        parsed = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError("write ISO 8601, for example 2026-11-25T10:00 or …T10:00+03:00") from None
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)


def pair(text: str) -> tuple[str, str]:
    """Return the name and the value of a text such as customer=2075683582."""
    name, equals, value = text.partition("=")
    if not equals:
        raise ValueError("write NAME=VALUE")
    return name, value


def duration(text: str) -> float:
    """Return the seconds of a text such as 600, 0.5, 10m or 14d."""
    try:
        return float(text) if _SECONDS.fullmatch(text) else lifetime(text).total_seconds()
    except ValueError:
        raise ValueError("write seconds, or a number and s, m, h, d or w: 600, 0.5, 10m") from None


def read_secret(file: str) -> str:
    """Return the text of a file, or of standard input for `-`, without a final newline."""
    try:
        return _LAST_NEWLINE.sub("", read_file(file).decode())
    except UnicodeDecodeError:  # the message of the error quotes the secret
        fail(f"{file}: it is not UTF-8", code=USAGE)


def read_document(file: str) -> Any:
    """Return the JSON value in a file, or in standard input for `-`."""
    try:
        return msgspec.json.decode(read_file(file))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as fault:
        fail(f"{file}: it is not JSON: {fault}", code=USAGE)


def read_file(file: str) -> bytes:
    """Return the bytes of a file, or of standard input for `-`."""
    try:
        return sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as fault:
        fail(f"{file}: {fault.strerror}", code=USAGE)
