"""What commands share: settings as options, faults as exit codes, data as JSON or a table."""

import inspect
import sys
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime
from typing import Annotated, Any, NoReturn

import msgspec
import typer

from sijill.app import Register, SchemaRefused, open_register
from sijill.database.sealing import Unsealable
from sijill.errors import NotFound, Taken, Unavailable
from sijill.oauth.apps import App
from sijill.settings import SETTINGS, Settings, SettingsFaulty, load
from sijill.stores.model import Store

OK, FAILED, SCHEMA, USAGE = 0, 1, 3, 64
"""Exit codes; 64 is sysexits.h's EX_USAGE."""

WHERE = ("data_dir", "database_url")
"""The settings every command that works on the register takes as options."""

_WIDE = 10_000
"""Columns of a table's paper; a terminal wraps what it cannot show."""

Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]


def with_settings(names: Iterable[str]) -> Callable[[Callable[..., None]], Callable[..., None]]:
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


def fail(*sentences: str, code: int = FAILED) -> NoReturn:
    """End the command: sentences to standard error, and its exit code."""
    for sentence in sentences:
        print(f"sijill: {plain(sentence)}", file=sys.stderr)
    raise typer.Exit(code)


def plain(text: str) -> str:
    """Return text without what a terminal would obey instead of showing."""
    return "".join(
        letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text
    )


@contextmanager
def ending() -> Iterator[None]:
    """Turn what can go wrong with a database, a file or a value into the end of the command."""
    try:
        yield
    except Unavailable as fault:
        fail(f"the database cannot be used ({type(fault.__cause__ or fault).__name__})")
    except SchemaRefused as fault:
        fail(str(fault), code=SCHEMA)
    except Taken as fault:
        fail(f"that {fault.field} is taken")
    except NotFound:
        fail("there is no such thing")
    except Unsealable:
        fail("a secret is sealed under another key: see the setting secret_key")
    except OSError as fault:
        fail(f"{fault.filename or 'a file'} cannot be used: {fault.strerror}")
    except ValueError as fault:
        fail(str(fault), code=USAGE)


@asynccontextmanager
async def opened(
    flags: Mapping[str, Any], *, migrated: bool = True, quiet: bool = False
) -> AsyncIterator[Register]:
    """Yield the register of the settings; what goes wrong with it ends the command."""
    settings = settings_of(flags)
    with ending():
        register = await open_register(settings, migrated=migrated, quiet=quiet)
        try:
            yield register
        finally:
            await register.close()


async def find_store(register: Register, wanted: str) -> Store:
    """Return the store with this id or name, or end the command."""
    for store in await register.stores.all():
        if wanted in (str(store.id), store.name):
            return store
    fail(f"there is no store {wanted}: see sijill store list")


async def find_app(register: Register, wanted: str) -> App:
    """Return the app with this id or name, or end the command."""
    for app in await register.apps.all():
        if wanted in (str(app.id), app.name):
            return app
    fail(f"there is no app {wanted}: see sijill app list")


def show(rows: Sequence[Mapping[str, Any]], *, as_json: bool) -> None:
    """Print rows to standard output: a JSON array, or a table."""
    if as_json:
        print(msgspec.json.format(msgspec.json.encode(rows), indent=2).decode())
        return
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for name in rows[0] if rows else ():
        table.add_column(name, no_wrap=True, overflow="ignore")
    for row in rows:
        table.add_row(*(_cell(value) for value in row.values()))
    # However narrow the terminal: an id that is cut off cannot be used.
    Console(width=_WIDE).print(table if rows else "none", crop=False)


def _cell(value: Any) -> str:
    match value:
        case None | "":
            return "-"
        case datetime():
            return value.isoformat(" ", "seconds")
        case frozenset() | list() | tuple():
            return " ".join(sorted(map(str, value)))
    from rich.markup import escape

    return escape(str(value))
