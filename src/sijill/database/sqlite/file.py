"""The file of a database while it is in use: whether it is where it was, and whole."""

import time
from pathlib import Path

import apsw

from sijill.database.driver import DatabaseRefused
from sijill.errors import Unavailable

MOVED = (
    "the database file was moved, replaced or deleted while it was in use:"
    " put it back, or restart the server on the file that it is to use"
)
LOG_GONE = (
    "the log of the database (-wal or -shm) was moved, replaced or deleted while it was in use:"
    " stop every server, which saves what the log holds, and start again"
)
NO_LOG = (
    "the log of the database is missing (there is a -shm and no -wal): if a server runs, stop it,"
    " which saves what the log holds; else put the -wal back, or a copy of the database"
)
DAMAGED = "the database file is damaged: stop the server and put a copy of it back"
NOT_OURS = "the database file cannot be opened or written by this user: see its owner and mode"
BROKEN_DISK = "the disk cannot be read or written: see the system's log"

ADVICE: dict[type[apsw.Error], str] = {
    apsw.CantOpenError: "the database file cannot be opened: is it there, and is it this user's?",
    apsw.CorruptError: DAMAGED,
    apsw.FullError: "the disk is full: free space on it, and writes work again",
    apsw.IOError: BROKEN_DISK,
    apsw.NoMemError: "memory is short",
    apsw.NotADBError: "the file is no database, or its beginning is damaged: put a copy of it back",
    apsw.PermissionsError: NOT_OURS,
    apsw.ReadOnlyError: NOT_OURS,
}
"""The advice for a database that cannot be used."""

_LOOKS, _BETWEEN = 10, 0.05
"""How often, and with how many seconds in between, a missing log is looked for."""

_DAMAGE = (apsw.CorruptError, apsw.NotADBError)


class DatabaseFile:
    """
    The file that every connection of a driver has open.

    An open file that is moved or deleted still takes writes, which nobody would find again.
    """

    def __init__(self, path: Path | None) -> None:
        """`path` is None for a database in memory."""
        self._path = path
        self._known: tuple[int, int] | None = None
        """Device and inode of the file that was read first."""
        self._companions: list[tuple[int, int] | None] = []
        """The same of its log and of the log's index, while a connection has them open."""
        self._open: set[object] = set()
        self._damaged = False

    def settle(self) -> None:
        """Take the file for that of this driver, once a connection has read or written it."""
        if self._known is None and self._path is not None:
            self._known = _identity(self._path)

    def check_place(self) -> None:
        """Raise Unavailable if the driver's file was replaced or removed."""
        if self._known is not None and self._path and _identity(self._path) != self._known:
            raise Unavailable from DatabaseRefused(MOVED)

    def opened(self, connection: object) -> None:
        """Note that a connection is open."""
        self._open.add(connection)

    def closed(self, connection: object) -> None:
        """Note the end of a connection: with the last one SQLite removes the log."""
        self._open.discard(connection)
        if not self._open:
            self._companions.clear()

    def settle_log(self) -> None:
        """Take the log for that of this driver, once a connection has begun to write."""
        if not self._companions and self._path is not None:
            self._companions = self._found_companions()

    def check_log(self) -> None:
        """Raise Unavailable if the driver's log was replaced or removed."""
        if self._companions and self._found_companions() != self._companions:
            raise Unavailable from DatabaseRefused(LOG_GONE)

    def _found_companions(self) -> list[tuple[int, int] | None]:
        return [_identity(Path(f"{self._path}{end}")) for end in ("-wal", "-shm")]

    def note(self, error: apsw.Error) -> None:
        """Remember damage: it stays, even where other pages of the file can be read."""
        if isinstance(error, _DAMAGE) and self._known is not None:
            self._damaged = True

    def check_pages(self) -> None:
        """Raise Unavailable if a damaged page was met."""
        if self._damaged:
            raise Unavailable from DatabaseRefused(DAMAGED)


def insist_on_log(path: Path) -> None:
    """
    Refuse a database whose log is missing: SQLite would go on without what the log holds.

    A process that closes the database removes the log, and a moment later its index.
    Raises: Unavailable.
    """
    for _ in range(_LOOKS):
        if not Path(f"{path}-shm").exists() or Path(f"{path}-wal").exists():
            return
        time.sleep(_BETWEEN)
    raise Unavailable from DatabaseRefused(NO_LOG)


def refused(error: apsw.Error) -> Unavailable:
    """Return the fault of a database that cannot be used, with what to do about it."""
    sentences = (sentence for kind, sentence in ADVICE.items() if isinstance(error, kind))
    fault = Unavailable()
    fault.__cause__ = error
    if sentence := next(sentences, None):
        fault.__cause__ = DatabaseRefused(sentence)
        fault.__cause__.__cause__ = error
    return fault


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
