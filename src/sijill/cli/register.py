"""Commands on the register: they open and search it, and turn its faults into exit codes."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from sijill.audit.causes import operator
from sijill.cli.arguments import DEMO, command, option, settings_of
from sijill.cli.output import SCHEMA, USAGE, fail
from sijill.cli.showing import Shown
from sijill.database.migrate import SchemaRefused
from sijill.database.sealing import Unsealable
from sijill.errors import Held, NotFound, Taken, Unavailable
from sijill.oauth.apps import App
from sijill.settings import Settings
from sijill.stores.model import Store

if TYPE_CHECKING:
    from sijill.register import Register as Register
else:  # the tables are loaded with the first register that is opened: help opens none
    Register = Any

T = TypeVar("T")
Named = TypeVar("Named", Store, App)

REGISTER = ("data_dir", "database_url", DEMO)
"""The options of every command on the register: settings, and --demo."""

_UPDATED = ("store", "app", "person")
"""Nouns that a command changes: who follows several pages meets the names of the first again."""

_LISTS = {"import": "imports list", "customer": "customer find"}
"""The command that lists a noun, unless it is that of the noun's group."""

STORE = option("--store", "Id or name of a store.", required=True)
STORE_OR_ONLY = option(
    "--store", "Id or name of a store; may be left out if it is the only one.", default=""
)


def on_register(
    *parameters: click.Parameter,
    settings: Iterable[str] = (),
    shown: Shown | None = None,
    migrated: bool = True,
    quiet: bool = False,
    create: bool = False,
) -> Callable[[Callable[..., Awaitable[Any]]], click.Command]:
    """
    Return a decorator that makes a command of an async function on the register.

    The first argument of the function is the register. If `settings` names any, beside REGISTER or
    of it, the function gets the argument `settings`. `shown` is for `command`; `migrated`, `quiet`
    and `create` are for `open_register`: only a command that may begin a register creates one.
    """
    named = tuple(settings)

    def decorate(work: Callable[..., Awaitable[Any]]) -> click.Command:
        @command(*parameters, settings=dict.fromkeys((*REGISTER, *named)), shown=shown)
        def call(flags: dict[str, Any], **given: Any) -> Any:
            chosen = settings_of(flags)
            if named:
                given["settings"] = chosen
            return run(
                chosen,
                lambda register: work(register, **given),
                migrated=migrated,
                quiet=quiet,
                create=create,
            )

        return call

    return decorate


def run(
    settings: Settings,
    work: Callable[[Register], Awaitable[T]],
    *,
    migrated: bool = True,
    quiet: bool = False,
    create: bool = False,
) -> T:
    """Return the result of `work` on the register; a fault ends the command."""

    async def opened_work() -> T:
        async with opened(settings, migrated=migrated, quiet=quiet, create=create) as register:
            return await work(register)

    import asyncio  # help runs nothing

    return asyncio.run(opened_work())


@asynccontextmanager
async def opened(
    settings: Settings, *, migrated: bool = True, quiet: bool = False, create: bool = False
) -> AsyncIterator[Register]:
    """Yield the register of the settings; a fault of the database, or its absence, is the end."""
    from sijill.opening import NoRegister, open_register  # see Register

    with ending(settings):
        try:
            register = await open_register(settings, migrated=migrated, quiet=quiet, create=create)
        except NoRegister:
            fail(no_register(settings))
        register.act_as(operator(command_words()))
        try:
            yield register
        finally:
            await register.close()


def no_register(settings: Settings) -> str:
    """Return where the settings name no register, and what to do about it."""
    from sijill.database.reasons import place_of
    from sijill.demo_credentials import folder_of

    if settings.database_url:
        place = place_of(settings.database_url)
        return f"there is no register at {place}: sijill store create begins one there"
    folder, of_demo = Path(settings.data_dir).absolute(), folder_of(settings)
    if of_demo.is_dir():
        begin = f"the sandbox's is in {of_demo}: add --demo"
    else:
        begin = "sijill store create begins one there"
    return f"there is no register in {folder}: --data-dir names another folder; {begin}"


def command_words() -> str:
    """Return the words of the command that runs, such as `owner create`."""
    words: list[str] = []
    context = click.get_current_context(silent=True)
    while context is not None and context.parent is not None:
        words.insert(0, context.info_name or "")
        context = context.parent
    return " ".join(words)


@contextmanager
def ending(settings: Settings | None = None) -> Iterator[None]:
    """
    Turn a fault of a database, a file or a value into the end of the command.

    With `settings` the sentence on a database that is away says where it was looked for.
    """
    try:
        yield
    except Unavailable as fault:
        from sijill.database.reasons import place_of, reason_of
        from sijill.opening import database_url

        where = "" if settings is None else f" at {place_of(database_url(settings))}"
        fail(f"the database{where} cannot be used: {reason_of(fault)}")
    except SchemaRefused as fault:
        fail(str(fault), code=SCHEMA)
    except Taken as fault:
        fail(f"the {fault.field} belongs to another record")
    except NotFound:
        fail("what the command names is gone")
    except Held as fault:
        from sijill.privacy.holds import REASONS
        from sijill.privacy.wording import KEPT_BACK

        told = {"until": f"{fault.until:%Y-%m-%d}", "reason": REASONS[fault.reason].en}
        fail(KEPT_BACK.en.format_map(told))
    except Unsealable:
        fail("a secret is sealed under another key: see the setting secret_key")
    except OSError as fault:
        fail(f"{fault.filename or 'a file'} cannot be used: {fault.strerror}")
    except ValueError as fault:
        fail(str(fault), code=USAGE)


@contextmanager
def naming(noun: str, **values: object) -> Iterator[None]:
    """Turn a value that is taken, or a record that is not there, into the end of the command."""
    try:
        yield
    except Taken as fault:
        told = f"another {noun} has the {fault.field} {values.get(fault.field, '')}".rstrip()
        change = f": use that one, or change it with sijill {noun} update"
        fail(told + change * (noun in _UPDATED))
    except NotFound:
        listed = _LISTS.get(noun, f"{noun} list")
        fail(f"there is no {noun} {values.get('id', '')}: see sijill {listed}")


async def find_store(register: Register, id_or_name: str) -> Store:
    """Return the store with this id or name, or end the command."""
    return _named("store", await register.stores.all(), id_or_name)


async def find_app(register: Register, id_or_name: str) -> App:
    """Return the app with this id or name, or end the command."""
    return _named("app", await register.apps.all(), id_or_name)


def _named(noun: str, found: Sequence[Named], id_or_name: str) -> Named:
    named = (one for one in found if id_or_name in (str(one.id), one.name))
    return next(named, None) or fail(f"there is no {noun} {id_or_name}: see sijill {noun} list")


async def find_store_or_only(register: Register, id_or_name: str) -> Store:
    """Return the named store, or for "" the only store of the register; else end the command."""
    if id_or_name:
        return await find_store(register, id_or_name)
    stores = await register.stores.all()
    if len(stores) != 1:
        fail(f"there are {len(stores)} stores: name one with --store", code=USAGE)
    return stores[0]


async def with_names(register: Register, rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return rows with the names of stores and apps behind their ids."""
    stores = {store.id: store.name for store in await register.stores.all()}
    names = {"store": stores, "app": await register.apps.names()}
    return [_with_names(row, names) for row in rows]


def _with_names(row: dict[str, Any], names: dict[str, dict[int, str]]) -> dict[str, Any]:
    named = {}
    for column, value in row.items():
        named[column] = value
        noun = column.removesuffix("_id")
        if noun != column and noun in names:
            named[noun] = names[noun].get(value)
    return named


async def find_store_id(register: Register, id_or_name: str) -> int | None:
    """Return the id of the named store, None for ""; or end the command."""
    return (await find_store(register, id_or_name)).id if id_or_name else None
