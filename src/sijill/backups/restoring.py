"""
Puts a backup back: verified, migrated, and without those who were erased since, before it serves.

Until everything is done nothing stands in the place of the register. One that is in use, or that
nobody said may be replaced, is refused.
"""

import asyncio
import shutil
from datetime import datetime
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from sijill.backups.model import COPIES, Backup, BackupRefused, find
from sijill.backups.server import look_at
from sijill.backups.verifying import refuse_newer, sound, verify
from sijill.database.open import SERVERS, location_of
from sijill.database.postgres import programs
from sijill.database.sealing import key_id
from sijill.database.sqlite import backup as sqlite
from sijill.database.sqlite.connection import Location
from sijill.database.sqlite.replacing import InUse
from sijill.database.sqlite.replacing import replace as put_in_place
from sijill.folders import make_private
from sijill.opening import ERASURES_FILE, database_url, open_register, replay_ledger
from sijill.privacy import ledger_file
from sijill.register import Register
from sijill.settings import Settings
from sijill.temporary import claimed, count


class Restored(Struct, frozen=True):
    """The result of a restore."""

    backup: str
    """The path of the copy."""
    taken_at: datetime | None
    """When the backup was taken; None for a bare file."""
    migrated: list[str]
    """The migrations that the copy needed."""
    erased: int
    """Customers who were erased since the backup was taken, and are erased again."""
    replaced: str = ""
    """Where the file is that stood there before."""
    missing_keys: list[str] = []
    """Ids of keys that open what is sealed, and are not here."""


def restore(
    settings: Settings,
    path: Path,
    now: datetime,
    *,
    may_replace: bool = False,
    pg_bin: Path | None = None,
) -> Restored:
    """
    Let the register of the settings be that of a backup.

    `path` is a backup, a folder of backups, of which the newest is meant, or a bare SQLite file.

    Raises: BackupRefused; SchemaRefused; Unavailable; ProgramFailed; OSError; Unsealable if the key
    that the marks of erased persons need is not here.
    """
    backup = None if path.is_file() else find(path)
    kind = "sqlite" if backup is None else backup.manifest.database
    url = database_url(settings)
    if (kind == "postgres") != url.startswith(SERVERS):
        raise BackupRefused(f"the backup is of {kind}, and the setting database_url names another")
    if backup is not None:
        verify(backup, pg_bin)
    else:
        refuse_newer(sound(path))
    with claimed(settings.data_dir, "restore") as work:
        ledger = work / ERASURES_FILE
        for place in () if backup is None else (backup.folder.parent, backup.folder):
            ledger_file.carry(place / ERASURES_FILE, ledger)
        if backup is not None and kind == "postgres":
            return _into_server(settings, backup, ledger, now, pg_bin)
        _refuse_used(settings, may_replace=may_replace)
        return _into_file(settings, backup, path, work, ledger, now)


def _into_file(
    settings: Settings,
    backup: Backup | None,
    path: Path,
    work: Path,
    ledger: Path,
    now: datetime,
) -> Restored:
    target, staged = location_of(database_url(settings)), work / COPIES["sqlite"]
    if backup is None:
        sqlite.copy(Location(str(path.absolute())), staged)
    else:
        shutil.copyfile(backup.copy, staged)
        staged.chmod(0o600)
    there = replace(settings, database_url=f"sqlite://{staged.absolute()}")
    restored = asyncio.run(_made_ready(there, ledger, path, backup, now))
    make_private(target.path.parent)
    try:
        old = put_in_place(target, staged, now)
    except InUse:
        raise BackupRefused(_IN_USE) from None
    return replace(restored, replaced="" if old is None else str(old))


def _into_server(
    settings: Settings, backup: Backup, ledger: Path, now: datetime, pg_bin: Path | None
) -> Restored:
    program = programs.find("pg_restore", pg_bin)
    server = asyncio.run(look_at(settings))
    if server.schema:
        raise BackupRefused(
            "the database has a register: name an empty database in database_url, and let the"
            " servers use it once it is restored"
        )
    programs.insist_on(program, server.major)
    programs.restore(program, database_url(settings), backup.copy)
    return asyncio.run(_made_ready(settings, ledger, backup.copy, backup, now))


async def _made_ready(
    settings: Settings, ledger: Path, path: Path, backup: Backup | None, now: datetime
) -> Restored:
    """Migrate, and erase again by the ledgers of the data folder and of the backups."""
    register = await open_register(settings, migrated=False, create=False)
    try:
        due = await register.schema.migrate(now)
        erased = 0
        for file in (Path(settings.data_dir) / ERASURES_FILE, ledger):
            erased += await replay_ledger(file, register)
        await ledger_file.save(Path(settings.data_dir) / ERASURES_FILE, register.erasures)
        missing = await _missing_keys(register)
    finally:
        await register.close()
    taken_at = None if backup is None else backup.manifest.taken_at
    return Restored(
        str(path if backup is None else backup.copy), taken_at, due, erased, "", missing
    )


async def _missing_keys(register: Register) -> list[str]:
    here = {key_id(key) for key in register.sealed.sealer.keyring.all()}
    return sorted(id_.hex() for id_ in (await register.sealed.counts()).keys() - here)


def _refuse_used(settings: Settings, *, may_replace: bool) -> None:
    target = location_of(database_url(settings))
    if target.memory:
        raise BackupRefused("a register in memory cannot be restored")
    if count(settings.data_dir, "server"):
        raise BackupRefused(_IN_USE)
    if target.path.exists() and not may_replace:
        raise BackupRefused(
            f"there is a register at {target.path}: with --replace it makes way, and stays beside"
        )


_IN_USE = "the register is in use: stop every server and command on it first"
