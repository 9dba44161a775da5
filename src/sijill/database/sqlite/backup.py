"""A checked copy of a SQLite file beside it, made while the file is in use."""

import os
from contextlib import suppress
from pathlib import Path

import apsw

from sijill.database.sqlite.connection import Location
from sijill.errors import Unavailable


def back_up(location: Location, label: str) -> Path | None:
    """
    Copy the last committed state of `NAME.db` to `NAME.LABEL.db` and return its path.

    The copy is whole or absent, and for its owner alone. Return None, without a copy, for a file
    without tables. Raises: Unavailable if the copy cannot be made or fails SQLite's check.
    """
    target = location.path.with_name(f"{location.path.stem}.{label}.db")
    part = target.with_name(f"{target.name}.part")
    try:
        source = location.connect(writable=False, patience=5.0)
        try:
            if not source.execute("SELECT count(*) FROM sqlite_schema").get:
                return None
            _copy(source, part)
        finally:
            source.close()
        part.replace(target)
    except (apsw.Error, OSError) as error:
        with suppress(OSError):
            part.unlink()
        raise Unavailable from error
    return target


def _copy(source: apsw.Connection, part: Path) -> None:
    os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600))
    copy = apsw.Connection(str(part), apsw.SQLITE_OPEN_READWRITE)
    try:
        with copy.backup("main", source, "main") as steps:
            steps.step()
        # One file is easier to store than a file with its log.
        copy.execute("PRAGMA journal_mode = DELETE")
        if copy.execute("PRAGMA integrity_check").get != "ok":
            raise apsw.CorruptError("the copy is not whole")
    finally:
        copy.close()
