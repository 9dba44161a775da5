"""Opens the register that the settings name: its database, its key, its events."""

import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sijill.database.driver import DatabaseRefused
from sijill.database.key_file import KeyFile
from sijill.database.open import SERVERS, location_of
from sijill.database.sealing import FixedKeys, Sealer, parse_keys
from sijill.database.sqlite.memory import IN_MEMORY
from sijill.errors import Unavailable
from sijill.register import Register
from sijill.register import open_register as open_unmigrated
from sijill.settings import Settings
from sijill.stores.model import Store
from sijill.values.ids import Draw, by_chance, new_event_id
from sijill.webhooks.events import Event

if TYPE_CHECKING:
    from sijill.customers.events import Announce
    from sijill.customers.model import Customer

KEY_FILE = "secret.key"
"""In the data folder, apart from the database: a copy of the database opens no sealed value."""

ERASURES_FILE = "erasures.jsonl"
"""In the data folder too: who was erased, for a copy of the database that is put back."""


class NoRegister(Unavailable):
    """There is no database where the settings say, or it has no tables."""


def database_url(settings: Settings) -> str:
    """Return the address of the database: the setting, or sijill.db in the data folder."""
    if settings.database_url:
        return settings.database_url
    return f"sqlite:///{Path(settings.data_dir).absolute() / 'sijill.db'}"


async def open_register(
    settings: Settings, *, migrated: bool = True, quiet: bool = False, create: bool = True
) -> Register:
    """
    Return the register of the settings, its schema brought up to date unless `migrated` is off.

    A `quiet` register writes no events of its changes. Without `create` nothing is made: neither
    the file of a database, nor its first tables.

    Raises: Unavailable if the database is away; NoRegister, one of its kind, if without `create`
    there is none; SchemaRefused if its schema is not known here; ValueError if database_url is not
    an address of a database.
    """
    if not create:
        insist_on_file(database_url(settings))
    register = await open_unmigrated(
        database_url(settings),
        connections=settings.database_connections,
        sealer=sealer(settings),
        announce=None if quiet else announce(settings, time.time),
        audit=settings.audit,
        create=create,
    )
    register.waiting = settings.webhook_waiting
    register.tells_erasures = settings.erased_notice
    try:
        if migrated:
            if not create and not database_url(settings).endswith(IN_MEMORY.name):
                await _insist_on_tables(register)
            await _announce_migrations(register)
            await register.schema.migrate(datetime.now(UTC))
            await replay_erasures(register, settings)
    except BaseException:
        await register.close()
        raise
    return register


async def replay_erasures(register: Register, settings: Settings) -> int:
    """
    Erase who is back with an old copy of the database; return how many customers that were.

    Raises: as `ledger_file.replay`.
    """
    return await replay_ledger(Path(settings.data_dir) / ERASURES_FILE, register)


async def replay_ledger(path: Path, register: Register) -> int:
    """Do the same by the file of erasures at a path, if there is one. Raises: as there."""
    if not path.exists():  # noqa: ASYNC240 - nothing is served yet
        return 0
    now = datetime.now(UTC)
    from sijill.privacy import ledger_file  # most folders have no such file

    back = await ledger_file.replay(path, register.driver, register.eraser, register.erasures, now)
    if back:
        await register.driver.empty_log()
        await register.driver.vacuum()
    return back


def sealer(settings: Settings) -> Sealer:
    """
    Return the sealer of secrets, with the keys of the settings or a key file in the data folder.

    The first secret, or the first sign-in, creates the key file: most registers have neither.
    """
    if settings.secret_key:
        return Sealer(FixedKeys(*parse_keys(settings.secret_key)))
    return Sealer(KeyFile(Path(settings.data_dir) / KEY_FILE))


def announce(settings: Settings, clock: Callable[[], float], draw: Draw = by_chance) -> "Announce":
    """Return the function that makes the event of a write: its bytes, its time and its id."""
    escaped = settings.webhook_body == "escaped"

    def event(store: Store, name: str, customer: "Customer") -> Event:
        from sijill.customers.event_body import event_body  # a list of commands writes no events

        at = datetime.fromtimestamp(clock(), UTC)
        body = event_body(store, name, at, customer, escaped=escaped)
        return Event(new_event_id(at, draw), store.id, name, at, body, customer.id)

    return event


def insist_on_file(url: str) -> None:
    """Refuse the address of a SQLite file that is not there. Raises: NoRegister; ValueError."""
    if url.startswith(SERVERS):
        return
    location = location_of(url)
    if not location.memory and not location.path.exists():
        raise NoRegister from DatabaseRefused(f"there is no file {location.path}")


async def _insist_on_tables(register: Register) -> None:
    """Refuse a database that was emptied or put aside: an empty one would forget every token."""
    if not await register.schema.version():
        raise NoRegister from DatabaseRefused(
            "it has no tables: put the database back, or restart the server to make an empty one"
        )


async def _announce_migrations(register: Register) -> None:
    """Announce the migrations of an older database: a million customers take minutes."""
    due = await register.schema.pending() if await register.schema.version() else []
    if not due:
        return
    from sijill.telemetry import logs  # it takes longer to load than a command that needs no log

    if logs.is_configured():
        logs.log.info("migrating", steps=due)
    else:
        # Standard output is for the result of a command.
        sys.stderr.write(f"sijill: migrating {', '.join(due)}\n")
