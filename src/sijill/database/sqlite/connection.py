"""
One connection to SQLite: opened when first used, opened again after it broke.

Source: apsw, https://rogerbinns.github.io/apsw/; SQLite "Result and Error Codes".
"""

import os
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import apsw

from sijill.database.driver import Conflict, Refused, Row
from sijill.errors import Unavailable

_WAITING = (apsw.BusyError, apsw.LockedError)
"""Somebody else holds the database: the connection is as good as before."""

_AWAY = (
    apsw.CantOpenError,
    apsw.ConnectionClosedError,
    apsw.CorruptError,
    apsw.FullError,
    apsw.InterruptError,
    apsw.IOError,
    apsw.NoMemError,
    apsw.NotADBError,
    apsw.PermissionsError,
    apsw.ProtocolError,
    apsw.ReadOnlyError,
)
"""The file cannot be used: the connection is closed, and the next use opens another."""

_UNIQUE = "UNIQUE constraint failed"
"""How SQLite says that a key is taken, a primary key too; the columns follow, never a value."""


class Place(NamedTuple):
    """Where a database is: a file, or a name in memory that the whole process shares."""

    name: str
    memory: bool = False

    @property
    def path(self) -> Path:
        """The file."""
        return Path(self.name)

    def create(self) -> None:
        """
        Make the file if there is none, for its owner alone, and its folder if there is none.

        Raises: OSError if that cannot be done.
        """
        if not self.memory:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            os.close(os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))

    def connect(self, *, writable: bool, patience: float) -> apsw.Connection:
        """
        Return a new connection that waits `patience` seconds for a lock. It never makes a file.

        Raises: apsw.Error.
        """
        flags = apsw.SQLITE_OPEN_READWRITE if writable else apsw.SQLITE_OPEN_READONLY
        if self.memory and writable:
            flags |= apsw.SQLITE_OPEN_CREATE
        connection = apsw.Connection(self.name, flags, "memdb" if self.memory else None)
        connection.set_busy_timeout(int(patience * 1000))
        return connection


class Link:
    """
    A connection to one place, for one thread at a time.

    Every call raises Unavailable while the database cannot be used, and works when it can again.
    """

    def __init__(
        self, place: Place, statements: Mapping[str, str], *, writable: bool, patience: float
    ) -> None:
        self._place = place
        self._statements = statements
        self._writable = writable
        self._patience = patience
        self._connection: apsw.Connection | None = None

    def rows(self, name: str, args: Sequence[Any] = ()) -> Sequence[Row]:
        """
        Return every row of a named statement.

        Raises: Unavailable, Conflict, Refused.
        """
        try:
            connection = self._connection or self._open()
            return connection.execute(self._statements[name], args).fetchall()
        except (apsw.Error, UnicodeEncodeError, OverflowError) as error:
            raise self._fault(name, error) from error

    def run(self, name: str, args: Sequence[Any]) -> int:
        """
        Run a named statement and return how many rows it changed.

        Raises: Unavailable, Conflict, Refused.
        """
        self.rows(name, args)
        return self._connection.changes() if self._connection else 0

    def execute(self, text: str) -> None:
        """
        Run SQL that is no named statement: a transaction's edges, a migration.

        Raises: Unavailable, Conflict, Refused.
        """
        try:
            (self._connection or self._open()).execute(text).fetchall()
        except apsw.Error as error:
            raise self._fault("script", error) from error

    def roll_back(self) -> None:
        """Undo whatever is open; a connection that cannot even do that is let go."""
        if self._connection is not None and self._connection.in_transaction:
            try:
                self._connection.execute("ROLLBACK")
            except apsw.Error:
                self.close()

    def close(self) -> None:
        """Let the connection go; the next use opens another."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close(force=True)

    def _open(self) -> apsw.Connection:
        connection = self._place.connect(writable=self._writable, patience=self._patience)
        try:
            if self._writable:
                _prepare_to_write(connection, self._patience)
        except apsw.Error:
            connection.close()
            raise
        self._connection = connection
        return connection

    def _fault(self, name: str, error: Exception) -> Exception:
        if isinstance(error, _WAITING):
            return Unavailable()
        if isinstance(error, _AWAY):
            self.close()
            return Unavailable()
        if isinstance(error, apsw.ConstraintError) and _UNIQUE in str(error):
            return Conflict(str(error))
        if isinstance(error, apsw.Error):
            return Refused(name, str(error))
        return Refused(name, type(error).__name__)


class ThreadLinks:
    """A link for each thread that asks for one."""

    def __init__(self, place: Place, statements: Mapping[str, str], *, patience: float) -> None:
        self._place = place
        self._statements = statements
        self._patience = patience
        self._mine = threading.local()
        self._all: list[Link] = []

    def mine(self) -> Link:
        """Return the link of the thread that asks."""
        link: Link | None = getattr(self._mine, "link", None)
        if link is None:
            link = Link(self._place, self._statements, writable=False, patience=self._patience)
            self._mine.link = link
            self._all.append(link)
        return link

    def close(self) -> None:
        """Let every link go; their threads have ended."""
        for link in self._all:
            link.close()


def _prepare_to_write(connection: apsw.Connection, patience: float) -> None:
    _enter_wal(connection, time.monotonic() + patience)
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")


def _enter_wal(connection: apsw.Connection, deadline: float) -> None:
    """Switch to the write-ahead log; SQLite lets nobody wait for another who does it too."""
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except apsw.BusyError:
            if time.monotonic() >= deadline:
                raise
            time.sleep(0.01)
