"""Checked copies of a SQLite file, made while the file is in use; and what a copy holds."""

import os
import re
from collections.abc import Sequence
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

import apsw

from sijill.database.sqlite.connection import Location
from sijill.database.sqlite.pages import Pages, connect
from sijill.errors import Unavailable

_COPY = re.compile(r"before-([0-9]{4}|restore-[0-9TZ]+)\.db(\.part|-wal|-shm)?")
"""The names of old states beside a file, behind that of the file and a full stop."""


class Copy(NamedTuple):
    """The contents of a file."""

    schema: int
    """The newest migration; 0 before the first."""
    faults: Sequence[str]
    """The findings of SQLite's checks of pages, indexes and references."""


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
        finally:
            source.close()
        copy(location, part)
        part.replace(target)
    except (apsw.Error, OSError) as error:
        with suppress(OSError):
            part.unlink()
        raise Unavailable from error
    return target


def remove_backups(location: Location, before: datetime) -> int:
    """
    Remove old states that were put beside the file before a time, and return their number.

    They are copies that migrations made, and files that a restored one has replaced; also what is
    left of a copy that was broken off. Raises: Unavailable if the folder cannot be used.
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


def copy(location: Location, target: Path) -> None:
    """
    Write the last committed state of a file, which may be in use, to a new one for its owner alone.

    Raises: apsw.Error if a file cannot be used, or the copy fails SQLite's check; OSError.
    """
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600))
    with closing(location.connect(writable=False, patience=5.0)) as source:
        made = apsw.Connection(str(target), apsw.SQLITE_OPEN_READWRITE)
        try:
            with made.backup("main", source, "main") as steps:
                steps.step()
            # One file is easier to store than a file with its log.
            made.execute("PRAGMA journal_mode = DELETE")
            if made.execute("PRAGMA integrity_check").get != "ok":
                raise apsw.CorruptError("the copy is not whole")
        finally:
            made.close()


def inspect(path: Path) -> Copy:
    """
    Return what a file that nobody writes to holds; it is read whole.

    Raises: apsw.Error if it is no database, or damaged beyond reading.
    """
    with closing(apsw.Connection(f"file:{quote(str(path))}?immutable=1", _AS_IT_IS)) as file:
        whole = file.execute("PRAGMA integrity_check").fetchall()
        faults = [str(text) for (text,) in whole if text != "ok"]
        orphans = file.execute("PRAGMA foreign_key_check").fetchall()
        faults += [f"{table}: a row refers to a missing row" for table, *_ in orphans[:1]]
        found = file.execute("SELECT count(*) FROM sqlite_schema WHERE name = 'schema_migrations'")
        newest = "SELECT coalesce(max(version), 0) FROM schema_migrations"
        return Copy(int(file.execute(newest).get) if found.get else 0, faults)


_AS_IT_IS = apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI
