"""The note of the last backup, in the data folder: the doctor and the metrics read it."""

import os
from datetime import datetime
from pathlib import Path

import msgspec
from msgspec import Struct

from sijill.folders import make_private

NOTE = "last_backup.json"


class LastBackup(Struct, frozen=True):
    """When the last backup was taken, and where it lies."""

    taken_at: datetime
    folder: str


def note(data_dir: str | Path, last: LastBackup) -> None:
    """Put a new note in the place of the old one. Raises: OSError."""
    home = Path(data_dir)
    make_private(home)
    fresh = home / f".{NOTE}.{os.getpid()}"
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(msgspec.json.encode(last))
    fresh.replace(home / NOTE)


def last_backup(data_dir: str | Path) -> LastBackup | None:
    """Return the note; None before the first backup, or if the note cannot be read."""
    try:
        text = (Path(data_dir) / NOTE).read_bytes()
        return msgspec.json.decode(text, type=LastBackup)
    except (OSError, msgspec.MsgspecError):
        return None


def last_backup_time(data_dir: str | Path) -> float:
    """Return when the last backup was taken, in seconds of the UTC epoch; 0 before the first."""
    last = last_backup(data_dir)
    return 0.0 if last is None else last.taken_at.timestamp()
