"""`sijill backup`, `sijill backup verify` and `sijill restore`."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sijill.cli.arguments import FILE, argument, command, option, settings_of
from sijill.cli.output import fail, say, warn
from sijill.cli.register import REGISTER, Register, ending, no_register, opened
from sijill.cli.showing import Shown
from sijill.settings import Settings
from sijill.settings.parsers import Parser, whole

FOLDER = Parser(Path, "FOLDER")
PG_BIN = option(
    "--pg-bin",
    "Folder of pg_dump and pg_restore; without it, the newest of PATH and of the distribution.",
    parse=FOLDER,
)
_APART = "the keys in secret.key are not in a backup: keep a copy of that file apart from it"


@contextmanager
def _ending(settings: Settings | None = None) -> Iterator[None]:
    from sijill.backups.model import BackupRefused  # help takes no backup
    from sijill.database.postgres.programs import ProgramFailed

    try:
        with ending(settings):
            yield
    except (BackupRefused, ProgramFailed) as fault:
        fail(str(fault))


def _row(backup: Any) -> dict[str, Any]:
    from msgspec import to_builtins

    return {"backup": str(backup.folder), **to_builtins(backup.manifest)}


def _show_taken(row: dict[str, Any]) -> None:
    say(f"{row['backup']}: {row['size']} bytes, schema {row['schema']}")
    warn(_APART)


@command(
    argument("folder", "A folder for backups, outside of the data folder.", parse=FOLDER),
    option(
        "--keep",
        "How many backups stay in the folder; without it, all of them.",
        parse=whole(1, 100_000),
    ),
    PG_BIN,
    settings=REGISTER,
    shown=Shown(_show_taken),
)
def backup_command(
    flags: dict[str, Any], folder: Path, keep: int | None, pg_bin: Path | None
) -> dict[str, Any]:
    from sijill.backups.taking import take
    from sijill.opening import NoRegister

    settings = settings_of(flags)
    with _ending(settings):
        try:
            backup = take(settings, folder, keep, datetime.now(UTC), pg_bin)
        except NoRegister:
            fail(no_register(settings))
        record(settings, _copied)
    return _row(backup)


async def _copied(register: Register) -> None:
    for store in await register.stores.all():
        await register.note("customer.export", store.id, whole=True)


def record(settings: Settings, work: Callable[[Register], Awaitable[None]]) -> None:
    """Let a command tell in the audit log what it did, unless the schema is yet to be migrated."""
    from asyncio import run

    async def whole() -> None:
        async with opened(settings, migrated=False, quiet=True) as register:
            if not await register.schema.pending():
                await work(register)

    run(whole())


@command(
    argument("path", "A backup, or a folder of backups: of these, the newest.", parse=FILE),
    PG_BIN,
    shown=Shown(lambda row: say(f"{row['backup']}: sound, taken at {row['taken_at']}")),
)
def verify_command(path: Path, pg_bin: Path | None) -> dict[str, Any]:
    from sijill.backups.model import find
    from sijill.backups.verifying import verify

    with _ending():
        backup = find(path)
        verify(backup, pg_bin)
    return _row(backup)


def _show_restored(row: dict[str, Any]) -> None:
    say(f"{row['backup']} is restored")
    if row["taken_at"]:
        say(f"it was taken at {row['taken_at']}; later changes are not in it")
    if row["migrated"]:
        say(f"migrated: {', '.join(row['migrated'])}")
    if row["erased"]:
        say(f"{row['erased']} customer(s) erased since then are erased again")
    if row["replaced"]:
        say(f"what was there before is {row['replaced']}: delete it once everything works")
        for end in ("-wal", "-shm"):
            if (beside := Path(row["replaced"] + end)).exists():
                say(f"delete {beside} too: it holds changes of that register")
    if row["missing_keys"]:
        keys = ", ".join(row["missing_keys"])
        warn(f"what is sealed under {keys} does not open: put secret.key of that time back")


@command(
    argument(
        "path",
        "A backup, a folder of backups (of these, the newest), or a SQLite file.",
        parse=FILE,
    ),
    option(
        "--replace",
        "Put a register that is there, and that nobody uses, beside.",
        "may_replace",
        is_flag=True,
    ),
    PG_BIN,
    settings=(*REGISTER, "secret_key"),
    shown=Shown(_show_restored),
)
def restore_command(
    flags: dict[str, Any], path: Path, may_replace: bool, pg_bin: Path | None
) -> dict[str, Any]:
    from msgspec import to_builtins

    from sijill.backups.restoring import restore

    settings, now = settings_of(flags), datetime.now(UTC)
    with _ending(settings):
        restored = restore(settings, path, now, may_replace=may_replace, pg_bin=pg_bin)
        record(settings, lambda register: register.note("audit.restore"))
    row: dict[str, Any] = to_builtins(restored)
    return row
