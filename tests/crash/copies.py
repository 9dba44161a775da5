"""The stories of whole files: a migration, a backup and a restore that are killed in the middle."""

import asyncio
import random
import shutil
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import apsw
from backups.homes import everything, settings_of, sqlite_home
from database.first_schema import EXPORT, FILE, make_postgres
from database.first_schema import migrate as migrated

from crash.places import Place
from crash.telling import Tell, Told
from sijill.backups.model import backups_in, find
from sijill.backups.restoring import restore
from sijill.backups.taking import take
from sijill.backups.verifying import verify

# Migrations


def make_migrations(place: Place) -> None:
    if place.kind == "sqlite":
        shutil.copyfile(FILE, place.file)
    else:
        asyncio.run(make_postgres(place.url))


def work_migrations(place: Place, tell: Tell, chance: random.Random) -> None:
    asyncio.run(migrated(place.url))


def check_migrations(place: Place, told: Told) -> list[str]:
    asyncio.run(migrated(place.url))
    wrong = place.faults()
    if place.everything() != EXPORT.read_text("utf-8"):
        wrong.append("the schema or a row is not as after a migration that was not killed")
    for copy in place.folder.glob("*.before-*.db"):
        wrong += integrity(copy)
    return wrong


def integrity(path: Path) -> list[str]:
    """Return what SQLite finds wrong with a copy of a file."""
    with closing(apsw.Connection(str(path))) as file:
        return [str(text) for (text,) in file.execute("PRAGMA integrity_check") if text != "ok"]


# Backups and restores

LATER = datetime(2026, 11, 30, tzinfo=UTC)


def make_backups(place: Place) -> None:
    sqlite_home(place.folder)


def work_backups(place: Place, tell: Tell, chance: random.Random) -> None:
    folder = place.folder
    for number in range(3):
        at = LATER + timedelta(hours=number)
        tell("taken", take(settings_of(folder / "data"), folder / "bk", 2, at).folder.name)


def check_backups(place: Place, told: Told) -> list[str]:
    folder = place.folder
    bk, wrong = folder / "bk", []
    there = backups_in(bk) if bk.is_dir() else []
    for one in there:
        verify(find(one))
    if told and (not there or there[-1].name < told[-1][1]):
        wrong.append(f"the backup {told[-1][1]} is not there")
    take(settings_of(folder / "data"), bk, 1, LATER + timedelta(days=1))
    if left := [*(bk / "tmp").iterdir()]:
        wrong.append(f"{len(left)} files are left of a backup that was killed")
    if len(backups_in(bk)) != 1:
        wrong.append("more is kept than was asked for")
    return wrong


def make_restores(place: Place) -> None:
    make_backups(place)
    folder = place.folder
    settings = settings_of(folder / "data")
    take(settings, folder / "bk", None, LATER)
    (folder / "then").write_text(everything(settings))
    with closing(apsw.Connection(str(folder / "data" / "sijill.db"))) as file:
        file.execute("PRAGMA journal_mode = WAL")
        file.execute("UPDATE customers SET first_name = 'later'")
    (folder / "now").write_text(everything(settings))


def work_restores(place: Place, tell: Tell, chance: random.Random) -> None:
    folder = place.folder
    restore(settings_of(folder / "data"), folder / "bk", LATER, may_replace=True)
    tell("restored")


def check_restores(place: Place, told: Told) -> list[str]:
    folder = place.folder
    settings = settings_of(folder / "data")
    if not (folder / "data" / "sijill.db").exists():
        return ["there is no register"]
    then, now = ((folder / name).read_text() for name in ("then", "now"))
    found = everything(settings)
    wrong = [] if found == then or (found == now and not told) else ["the register is neither"]
    restore(settings, folder / "bk", LATER + timedelta(hours=1), may_replace=True)
    if everything(settings) != then:
        wrong.append("a second restore did not end it")
    return wrong
