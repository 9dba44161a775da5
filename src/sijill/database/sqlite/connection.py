"""
One connection to SQLite: opened when first used, opened again after it broke.

Source: apsw, https://rogerbinns.github.io/apsw/; SQLite "Result and Error Codes".
"""

import os
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import apsw

from sijill.database.driver import Conflict, Row, StatementRefused
from sijill.database.sqlite.alarm import Alarm
from sijill.database.sqlite.file import DatabaseFile, insist_on_log, refused
from sijill.errors import Unavailable
from sijill.folders import make_private

_BUSY = (apsw.BusyError, apsw.LockedError)
"""Another connection holds the database: this one stays usable."""

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
"""How SQLite reports a key that exists, a primary key too; the columns follow, never a value."""


class Location(NamedTuple):
    """Where a database is: a file, or memory."""

    name: str
    memory: bool = False

    @property
    def path(self) -> Path:
        """The file."""
        return Path(self.name)

    def create(self) -> None:
        """
        Create the file and its folder if they are absent, for their owner alone.

        Raises: OSError.
        """
        if not self.memory:
            make_private(self.path.parent)
            os.close(os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))

    def connect(self, *, writable: bool, patience: float) -> apsw.Connection:
        """
        Return a new connection that waits `patience` seconds for a lock; it never creates a file.

        Raises: apsw.Error; Unavailable if the log of the database is missing.
        """
        insist_on_log(self.path)
        flags = apsw.SQLITE_OPEN_READWRITE if writable else apsw.SQLITE_OPEN_READONLY
        connection = apsw.Connection(self.name, flags)
        connection.set_busy_timeout(int(patience * 1000))
        keep_plans(connection)
        return connection

    def open(self, *, writable: bool, patience: float) -> apsw.Connection:
        """Return a connection as `connect` does, prepared for the statements of a driver."""
        connection = self.connect(writable=writable, patience=patience)
        try:
            connection.execute("PRAGMA temp_store = MEMORY")  # sorting opens no file
            if writable:
                _prepare_to_write(connection, patience)
        except apsw.Error:
            connection.close()
            raise
        return connection


def keep_plans(connection: apsw.Connection) -> None:
    """
    Let the plan of a statement not depend on the value of a LIMIT.

    Otherwise SQLite prepares the statement again for each value, which takes longer than to run it.
    Source: SQLite "Query Planner Stability Guarantee".
    """
    connection.config(apsw.SQLITE_DBCONFIG_ENABLE_QPSG, 1)


class Connection:
    """
    A connection to one database, for one thread at a time.

    Every call raises Unavailable while the database cannot be used, and works when it can again.
    """

    def __init__(
        self,
        opened: Callable[[], apsw.Connection],
        file: DatabaseFile,
        statements: Mapping[str, str],
    ) -> None:
        """`opened` returns a new connection of apsw."""
        self._opened, self._file, self.statements = opened, file, statements
        self._handle: apsw.Connection | None = None

    def rows(
        self, name: str, args: Sequence[Any] = (), alarm: Alarm | None = None
    ) -> Sequence[Row]:
        """
        Return every row of a named statement.

        Raises: Unavailable, Conflict, StatementRefused; Interrupted if the alarm rings before.
        """
        try:
            if alarm is None:
                return self.handle.execute(self.statements[name], args).fetchall()
            with alarm.over(self.handle):
                return self.handle.execute(self.statements[name], args).fetchall()
        except (apsw.Error, UnicodeEncodeError, OverflowError) as error:
            fault = self._fault(name, error)
            raise fault from fault.__cause__ or error

    @property
    def handle(self) -> apsw.Connection:
        """
        The connection of apsw, opened if it is not.

        Raises: apsw.Error.
        """
        if self._handle is None:
            self._handle = self._opened()
            self._file.opened(self)
        return self._handle

    def changes(self) -> int:
        """Return how many rows the last statement changed."""
        return self._handle.changes() if self._handle else 0

    def written(self) -> int:
        """Return how many rows this connection has changed since it was opened."""
        return self._handle.total_changes() if self._handle else 0

    def execute(self, text: str) -> None:
        """
        Run SQL that has no name: BEGIN, COMMIT, a savepoint, a migration.

        Raises: Unavailable, Conflict, StatementRefused.
        """
        try:
            self.handle.execute(text).fetchall()
        except apsw.Error as error:
            fault = self._fault("script", error)
            raise fault from fault.__cause__ or error

    def roll_back(self) -> None:
        """Undo the open transaction; a connection that cannot roll back is closed."""
        if self._handle is not None and self._handle.in_transaction:
            try:
                self._handle.execute("ROLLBACK")
            except apsw.Error:
                self.close()

    def close(self) -> None:
        """Close the connection; the next use opens another."""
        connection, self._handle = self._handle, None
        if connection is not None:
            connection.close(force=True)
            self._file.closed(self)

    def _fault(self, name: str, error: Exception) -> Exception:
        if isinstance(error, _BUSY):
            return Unavailable()
        if isinstance(error, _AWAY):
            self.close()
            self._file.note(error)
            return refused(error)
        if isinstance(error, apsw.ConstraintError) and _UNIQUE in str(error):
            return Conflict(str(error))
        if isinstance(error, apsw.Error):
            return StatementRefused(name, str(error))
        return StatementRefused(name, type(error).__name__)


class ThreadConnections:
    """One read-only connection for each thread."""

    def __init__(self, open_reader: Callable[[], Connection]) -> None:
        self._open_reader = open_reader
        self._local = threading.local()
        self._all: list[Connection] = []

    def current(self) -> Connection:
        """Return the connection of the calling thread."""
        connection: Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = self._open_reader()
            self._all.append(connection)
        return connection

    def close(self) -> None:
        """Close every connection; their threads have ended."""
        for connection in self._all:
            connection.close()


def _prepare_to_write(connection: apsw.Connection, patience: float) -> None:
    _enter_wal(connection, time.monotonic() + patience)
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    # What is deleted is overwritten with zeros; the index of terms has an option of its own.
    connection.execute("PRAGMA secure_delete = ON")


def _enter_wal(connection: apsw.Connection, deadline: float) -> None:
    """Switch to the write-ahead log; SQLite does not wait when another process switches too."""
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except apsw.BusyError:
            if time.monotonic() >= deadline:
                raise
            time.sleep(0.01)
