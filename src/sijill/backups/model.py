"""A backup: a folder with the copy of a database and a manifest that says what the copy is."""

import os
from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import file_digest
from pathlib import Path

import msgspec
from msgspec import Struct

from sijill import __version__
from sijill.database.sql import Dialect

MANIFEST = "manifest.json"

COPIES: dict[Dialect, str] = {"sqlite": "register.db", "postgres": "register.pgdump"}
"""The name of the copy in the folder of a backup, for each database."""

_NAME = "%Y%m%dT%H%M%S.%fZ"


class BackupRefused(Exception):
    """A backup cannot be made, used or put back; the message says why, and what to do."""


class Manifest(Struct, frozen=True):
    """The contents of a backup."""

    database: Dialect
    db_schema: int = msgspec.field(name="schema")
    """The version of the schema."""
    taken_at: datetime
    size: int
    """Bytes of the copy."""
    sha256: str
    """Of the copy, in hex."""
    sijill: str = __version__
    """The version that made the backup."""
    tool: str = ""
    """The program that made the copy, if it was not Sijill itself."""


class Backup(Struct, frozen=True):
    """A copy of a database, and its manifest."""

    copy: Path
    manifest: Manifest

    @property
    def folder(self) -> Path:
        """The folder of this backup alone."""
        return self.copy.parent


def name_of(taken_at: datetime) -> str:
    """Return the name of a backup's folder: names sort as their times do."""
    return taken_at.astimezone(UTC).strftime(_NAME)


def describe(copy: Path, database: Dialect, schema: int, taken_at: datetime, tool: str) -> Manifest:
    """Return the manifest of a copy. Raises: OSError."""
    return Manifest(database, schema, taken_at, copy.stat().st_size, digest(copy), tool=tool)


def digest(copy: Path) -> str:
    """Return the SHA-256 of a file in hex. Raises: OSError."""
    with copy.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def write(folder: Path, manifest: Manifest) -> None:
    """Write a manifest beside its copy, for its owner alone. Raises: OSError."""
    text = msgspec.json.format(msgspec.json.encode(manifest), indent=2) + b"\n"
    target = os.open(folder / MANIFEST, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(target, "wb") as file:
        file.write(text)


def read(folder: Path) -> Backup:
    """
    Return the backup in a folder of its own.

    Raises: BackupRefused if the manifest is not as Sijill writes it; OSError.
    """
    try:
        text = (folder / MANIFEST).read_bytes()
        manifest = msgspec.json.decode(text, type=Manifest)
    except FileNotFoundError:
        raise BackupRefused(f"{folder} holds no backup: it has no {MANIFEST}") from None
    except msgspec.MsgspecError:
        raise BackupRefused(f"{folder / MANIFEST} is not the manifest of a backup") from None
    return Backup(folder / COPIES[manifest.database], manifest)


def backups_in(folder: Path) -> list[Path]:
    """Return the folders of the backups in a folder, the oldest first. Raises: OSError."""
    return sorted(path.parent for path in folder.glob(f"*/{MANIFEST}") if _is_named(path.parent))


def find(path: Path) -> Backup:
    """
    Return the backup at a path, or the newest one of a folder of backups.

    Raises: BackupRefused if there is no backup; OSError.
    """
    if (path / MANIFEST).exists():
        return read(path)
    if not path.is_dir():
        raise BackupRefused(f"{path} is no folder with a backup")
    if not (found := backups_in(path)):
        raise BackupRefused(f"{path} holds no backup: it has no {MANIFEST}")
    return read(found[-1])


def beyond(found: Sequence[Path], keep: int) -> Sequence[Path]:
    """Return the oldest backups, without which `keep` are left; `found` is oldest first."""
    return found[: max(0, len(found) - keep)]


def _is_named(folder: Path) -> bool:
    try:
        datetime.strptime(folder.name, _NAME)
    except ValueError:
        return False
    return True
