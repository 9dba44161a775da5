"""Verifies a backup without changing it: its bytes, its pages, its schema."""

from pathlib import Path

import apsw

from sijill.backups.model import Backup, BackupRefused, digest
from sijill.database.migrate import NewerSchema, migrations
from sijill.database.postgres import programs
from sijill.database.sqlite.backup import inspect


def verify(backup: Backup, pg_bin: Path | None = None) -> None:
    """
    Read a backup whole, and compare it with its manifest.

    Raises: BackupRefused for bytes that changed or a copy that is not sound; SchemaRefused if this
    Sijill does not know its schema; ProgramFailed; OSError.
    """
    copy, manifest = backup.copy, backup.manifest
    if not copy.exists():
        raise BackupRefused(f"{copy} is missing: use another backup")
    if copy.stat().st_size != manifest.size or digest(copy) != manifest.sha256:
        raise BackupRefused(f"{copy} is not as it was written: use another backup")
    refuse_newer(manifest.db_schema)
    if manifest.database == "postgres":
        programs.read_through(programs.find("pg_restore", pg_bin), copy)
    elif sound(copy) != manifest.db_schema:
        raise BackupRefused(f"{copy} has another schema than its manifest says")


def sound(copy: Path) -> int:
    """Return the schema of a SQLite file. Raises: BackupRefused if it is damaged or no register."""
    try:
        found = inspect(copy)
    except apsw.Error as fault:
        raise BackupRefused(f"{copy} is no database, or is damaged: use another backup") from fault
    if found.faults:
        raise BackupRefused(f"{copy} is damaged ({found.faults[0]}): use another backup")
    if not found.schema:
        raise BackupRefused(f"{copy} is no register: it has no tables of Sijill")
    return found.schema


def refuse_newer(schema: int) -> None:
    """Raise SchemaRefused if a newer Sijill has made a schema."""
    known = max(step.version for step in migrations("sqlite"))
    if schema > known:
        raise NewerSchema(schema, known)
