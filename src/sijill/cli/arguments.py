"""Commands, their options and arguments; a faulty text ends the command with `USAGE`."""

import re
import sys
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

import click
import msgspec

from sijill.cli.help import Described, Noted, Option, Parse, Parsed
from sijill.cli.output import USAGE, fail
from sijill.cli.showing import Shown
from sijill.settings import SETTINGS, Settings, SettingsFaulty, load
from sijill.settings.loading import PREFIX
from sijill.settings.parsers import Parser, lifetime, whole, written
from sijill.values.ids import MAX_ID
from sijill.values.texts import clean

T = TypeVar("T")

NOTHING: Mapping[str, str] = MappingProxyType({})

MAX_NAME = 255
"""Characters of a name at most."""

_SECONDS = re.compile(r"[0-9]{1,9}(\.[0-9]{1,6})?", re.ASCII)
_LAST_NEWLINE = re.compile(r"\r?\n\Z")


def option(
    flag: str, help: str, *name: str, parse: Parse | None = None, **more: Any
) -> click.Option:
    """
    Return an option; `name` is the function's parameter if it is not that of the flag.

    In help the last word of the flag stands for the value, unless the parser has a notation.
    """
    shown = more.get("default") not in (None, "")
    if not isinstance(parse, Parser) and not more.keys() & {"is_flag", "type"}:
        more.setdefault("metavar", flag.rpartition("-")[2].upper())
    return Option([flag, *name], help=help, show_default=shown, **_typed(parse), **more)


def argument(name: str, help: str, parse: Parse | None = None, **more: Any) -> click.Argument:
    """Return an argument; its help lists the permitted values, if they are few."""
    if isinstance(parse, Parser) and parse.names:
        help = f"{help.removesuffix('.')}: {', '.join(parse.names)}."
    more.setdefault("metavar", name.upper() if "default" not in more else f"[{name.upper()}]")
    return click.Argument([name], help=help, **_typed(parse), **more)


def _typed(parse: Parse | None) -> dict[str, Any]:
    return {} if parse is None else {"type": Parsed(parse)}


WIDE = option("--wide", "Show every column, and times to the second.", is_flag=True)
JSON = option("--json", "Print JSON instead of a table.", "as_json", is_flag=True)
DEMO = "demo"
"""The name of the option that stands beside the settings of a register: the sandbox's register."""
_DEMO = option("--demo", "Use the data of the sandbox of the data folder.", DEMO, is_flag=True)
FILE = Parser(Path, "FILE")
ID = Parser(whole(1, MAX_ID).read, "ID")


def command(
    *parameters: click.Parameter,
    settings: Iterable[str] = (),
    defaults: Mapping[str, str] = NOTHING,
    shown: Shown | None = None,
) -> Callable[[Callable[..., Any]], click.Command]:
    """
    Return a decorator that makes a command of a function.

    The command has an option for each of the named settings, of which one may be DEMO. If there
    are any, the first argument of the function has the texts of these options, by name: see
    `settings_of`. `defaults` replace
    those of the table in help. With `shown`, the command prints the result of the function, and
    ends with the exit code of it.
    """
    names = tuple(settings)
    result_flags = () if shown is None else (JSON,) if shown.show_wide is None else (WIDE, JSON)
    flags = [_flag(name, defaults) for name in names]

    def decorate(function: Callable[..., Any]) -> click.Command:
        def call(**given: Any) -> None:
            texts = {name: given.pop(name) for name in names}
            how = {flag.name: given.pop(flag.name) for flag in result_flags}
            result = function(*([texts] if names else []), **given)
            if shown is not None:
                shown(result, **how)

        return Described(None, callback=call, params=[*parameters, *result_flags, *flags])

    return decorate


def _help_of(name: str) -> str:
    """Return the help of a setting's option; that of a secret says how else it can be given."""
    sentence, variable = SETTINGS[name].sentence, PREFIX + name.upper()
    if not SETTINGS[name].secret:
        return sentence
    return f"{sentence} {variable} or {variable}_FILE keeps it out of lists of processes."


def _flag(name: str, defaults: Mapping[str, str]) -> click.Option:
    if name == DEMO:
        return _DEMO
    default = defaults.get(name, SETTINGS[name].default)
    flag, noted = f"--{name.replace('_', '-')}", Noted(SETTINGS[name].parse)
    return Option([flag], help=_help_of(name), type=noted, setting=default)


def settings_of(flags: Mapping[str, Any], defaults: Mapping[str, str] | None = None) -> Settings:
    """
    Return the settings, or end the command with every fault of them.

    A command that opens a register has the option of its address, and takes none in memory.
    """
    try:
        settings = load(flags, defaults=defaults)[0]
    except SettingsFaulty as faulty:
        fail(*faulty.faults, code=USAGE)
    if flags.get(DEMO):
        from sijill.cli.finding import of_sandbox  # few commands are about a sandbox

        return of_sandbox(settings)
    if "database_url" in flags and settings.database_url.endswith(":memory:"):
        fail("database_url: rows in memory end with the process: use sijill sandbox", code=USAGE)
    return settings


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


@written("NAME")
def name_of(text: str) -> str:
    """Return a name that is not like an id: `find_store` and `find_app` take either."""
    name = stored_text(text)
    if not name:
        raise ValueError("a name cannot be empty")
    if name.isdigit():
        raise ValueError("a name cannot be digits alone: commands read digits as an id")
    return name


@written("TIME")
def moment(text: str) -> datetime:
    """Return a moment; without an offset it is UTC."""
    try:
        parsed = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError("write ISO 8601, for example 2026-11-25T10:00 or …T10:00+03:00") from None
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)


@written("NAME=VALUE")
def pair(text: str) -> tuple[str, str]:
    """Return the name and the value of a text such as customer=2075683582."""
    name, equals, value = text.partition("=")
    if not equals:
        raise ValueError("write NAME=VALUE")
    return name, value


@written("DURATION")
def duration(text: str) -> float:
    """Return the seconds of a text such as 600, 0.5, 10m or 14d."""
    try:
        return float(text) if _SECONDS.fullmatch(text) else lifetime(text).total_seconds()
    except ValueError:
        raise ValueError("write seconds, or a number and s, m, h, d or w: 600, 0.5, 10m") from None


@written("FILE")
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
