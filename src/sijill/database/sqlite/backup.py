"""A checked copy of a SQLite file beside it, made while the file is in use."""

import os
import re
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path

import apsw

from sijill.database.sqlite.connection import Location
from sijill.database.sqlite.pages import Pages, connect
from sijill.errors import Unavailable

_COPY = re.compile(r"before-[0-9]{4}\.db(\.part)?")
"""The names of copies made before migrations, behind that of the file and a full stop."""


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


def remove_backups(location: Location, before: datetime) -> int:
    """
    Remove the copies that migrations made before a time, and return their number.

    Also what is left of one that was broken off. Raises: Unavailable if the folder cannot be used.
    """
    stem, removed = f"{location.path.stem}.", 0
    try:
        for copy in location.path.parent.iterdir():
            named = copy.name.startswith(stem) and _COPY.fullmatch(copy.name.removeprefix(stem))
            if named and copy.stat().st_mtime < before.timestamp():
                copy.unlink(missing_ok=True)
                removed += 1
    except FileNotFoundError:
        return removed  # another process was faster; the next turn goes on
    except OSError as error:
        raise Unavailable from error
    return removed


def restore(location: Location, pages: Pages) -> None:
    """
    Let a file hold what pages hold, in one transaction: others that have it open go on with that.

    Raises: Unavailable if the file cannot be written.
    """
    try:
        with closing(connect(pages.copy())) as source:
            target = location.connect(writable=True, patience=5.0)
            with closing(target), target.backup("main", source, "main") as steps:
                while not steps.done:
                    steps.step()
    except apsw.Error as error:
        raise Unavailable from error


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
