"""Takes a backup while servers go on: whole in its folder, or not there at all."""

import asyncio
import os
import shutil
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import apsw

from sijill.backups.last import LastBackup, note
from sijill.backups.model import (
    COPIES,
    Backup,
    BackupRefused,
    Manifest,
    backups_in,
    beyond,
    describe,
    name_of,
    read,
    write,
)
from sijill.backups.server import look_at
from sijill.database.open import SERVERS, location_of
from sijill.database.postgres import programs
from sijill.database.sqlite import backup as sqlite
from sijill.database.sqlite.file import ADVICE
from sijill.database.sqlite.replacing import sync
from sijill.opening import ERASURES_FILE, database_url, insist_on_file
from sijill.privacy import ledger_file
from sijill.settings import Settings
from sijill.temporary import claimed


def take(
    settings: Settings, folder: Path, keep: int | None, now: datetime, pg_bin: Path | None = None
) -> Backup:
    """
    Copy the register into a new folder of `folder`, and return the backup.

    With `keep`, older backups of the folder beyond that number are removed afterwards. Beside them
    lies the file of erasures, so that a restore on another machine erases again.

    Raises: BackupRefused; NoRegister; Unavailable if a server is away; ProgramFailed; OSError.
    """
    insist_on_file(database_url(settings))
    _refuse_within(folder, settings)
    with claimed(folder, "backup") as work:
        staged = work / name_of(now)
        staged.mkdir(mode=0o700)
        manifest = _copy(settings, staged, now, pg_bin)
        write(staged, manifest)
        for written in (*staged.iterdir(), staged):
            sync(written)
        staged.replace(folder / staged.name)
        sync(folder)
        ledger_file.carry(Path(settings.data_dir) / ERASURES_FILE, folder / ERASURES_FILE)
        note(settings.data_dir, LastBackup(now, str((folder / staged.name).absolute())))
        if keep is not None:
            _remove(beyond(backups_in(folder), keep), work)
    return read(folder / name_of(now))


def _remove(backups: Sequence[Path], work: Path) -> None:
    """Remove backups, each whole: what is half removed must not look like one."""
    for backup in backups:
        gone = work / backup.name
        backup.replace(gone)
        shutil.rmtree(gone)


def _refuse_within(folder: Path, settings: Settings) -> None:
    """Refuse the data folder: a thief of the register would have its copies too."""
    if Path(settings.data_dir).absolute() in (folder.absolute(), *folder.absolute().parents):
        raise BackupRefused(
            f"{folder} lies in the data folder, and would be lost with it: name another folder,"
            " best of all on another disk"
        )


def _copy(settings: Settings, staged: Path, now: datetime, pg_bin: Path | None) -> Manifest:
    url = database_url(settings)
    if url.startswith(SERVERS):
        return _dump(settings, url, staged, now, pg_bin)
    location, target = location_of(url), staged / COPIES["sqlite"]
    if location.memory:
        raise BackupRefused("there is no register in a file: the database is in memory")
    try:
        sqlite.copy(location, target)
        found = sqlite.inspect(target)
    except apsw.Error as fault:
        told = next((text for kind, text in ADVICE.items() if isinstance(fault, kind)), str(fault))
        raise BackupRefused(
            f"{location.path} could not be copied to {staged.parent.parent.parent}: {told}"
        ) from fault
    if not found.schema:
        raise BackupRefused(f"there is no register at {location.path}: it has no tables")
    return describe(target, "sqlite", found.schema, now, "")


def _dump(
    settings: Settings, url: str, staged: Path, now: datetime, pg_bin: Path | None
) -> Manifest:
    program, target = programs.find("pg_dump", pg_bin), staged / COPIES["postgres"]
    server = asyncio.run(look_at(settings))
    if not server.schema:
        raise BackupRefused("there is no register in the database: it has no tables")
    programs.insist_on(program, server.major)
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    programs.dump(program, url, target)
    return describe(target, "postgres", server.schema, now, program.version)
