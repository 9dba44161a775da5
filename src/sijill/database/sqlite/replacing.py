"""Another file in the place of a SQLite file that nobody uses; the old state stays beside it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import apsw

from sijill.database.sqlite.connection import Location

_COMPANIONS = ("-wal", "-shm", "-journal")
"""The ends of the names of files beside a database: they belong to it, and to no other."""


class InUse(Exception):
    """Another connection has the database open."""


def replace(location: Location, fresh: Path, now: datetime) -> Path | None:
    """
    Put a file of the same folder's disk in the place of a database; return where the old one is.

    At every moment the old or the new database stands there, whole. None if none stood there.
    Raises: InUse; OSError.
    """
    path = location.path
    old = path.with_name(f"{path.stem}.before-restore-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}.db")
    with _alone(location):
        for end in _COMPANIONS:
            with suppress(FileNotFoundError):
                path.with_name(path.name + end).replace(f"{old}{end}")
        there = path.exists()
        if there:
            os.link(path, old)
            os.utime(old)  # its age counts from now on
        fresh.replace(path)
        sync(path.parent)
    return old if there else None


def sync(path: Path) -> None:
    """Make a file durable, or the names in a folder. Raises: OSError."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _alone(location: Location) -> Iterator[None]:
    """
    Keep everybody else from a database meanwhile; its log goes into the file first.

    A file that SQLite cannot read is used by nobody. Raises: InUse.
    """
    connection = None
    try:
        if location.path.exists():
            connection = location.connect(writable=True, patience=0.5)
            connection.execute("PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = DELETE")
            connection.execute("BEGIN EXCLUSIVE")
    except (apsw.BusyError, apsw.LockedError):
        if connection is not None:
            connection.close()
        raise InUse from None
    except apsw.Error:  # it is damaged, which may be why another takes its place
        pass
    try:
        yield
    finally:
        if connection is not None:
            connection.close(force=True)
