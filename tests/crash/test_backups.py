"""A short run of backups under writes, and faulty ones that it must find."""

import asyncio
import shutil
from datetime import UTC, datetime
from pathlib import Path

import apsw
import pytest

from crash.backups import rounds
from sijill.backups import taking
from sijill.backups.model import Backup
from sijill.backups.taking import take
from sijill.database.sqlite import backup as sqlite
from sijill.database.sqlite.connection import Location
from sijill.settings import Settings

pytestmark = pytest.mark.proves(
    "a backup that is taken while others write holds everything that was acknowledged before it, "
    "without a gap, each customer with its event; the test would find a copy of the file alone"
)


def silent(_: str) -> None:
    """Tell nothing."""


def test_backups_under_writes_hold_a_prefix_of_what_was_acknowledged(tmp_path: Path) -> None:
    assert asyncio.run(rounds(tmp_path, 10, seed=8466, tell=silent)) == []


def test_a_copy_of_the_file_without_its_log_would_be_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def copied(location: Location, target: Path) -> None:
        shutil.copyfile(location.path, target)
        with target.open("r+b") as file:  # it is no file with a log any more
            file.seek(18)
            file.write(b"\x01\x01")

    wrong = []
    monkeypatch.setattr(sqlite, "copy", copied)
    try:
        wrong = asyncio.run(rounds(tmp_path, 5, seed=8466, tell=silent))
    except taking.BackupRefused as refused:  # the file has not even its tables yet
        wrong = [str(refused)]
    assert wrong != []


def test_a_copy_in_steps_that_lets_writers_in_between_would_be_found(tmp_path: Path) -> None:
    """Rows of several tables that are copied one after another belong to several moments."""

    def in_steps(settings: Settings, folder: Path, keep: int, now: datetime) -> Backup:
        backup = take(settings, folder, keep, now)
        later = take(settings, folder, keep + 1, datetime.now(UTC))
        with apsw.Connection(str(backup.copy)) as file:
            file.execute("ATTACH ? AS later", (str(later.copy),))
            file.execute("DELETE FROM events")
            file.execute("INSERT INTO events SELECT * FROM later.events")
        file.close()
        manifest = taking.describe(
            backup.copy, "sqlite", backup.manifest.db_schema, backup.manifest.taken_at, ""
        )
        (backup.folder / "manifest.json").unlink()
        taking.write(backup.folder, manifest)
        return Backup(backup.copy, manifest)

    assert asyncio.run(rounds(tmp_path, 5, seed=8466, taking=in_steps, tell=silent)) != []
