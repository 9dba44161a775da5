"""
Counts in a SQLite file of their own: exact for every process of one machine.

The file is disposable: it holds some minutes of counting at most. So nothing is synced to the
disk (a killed process loses nothing, a power cut may), and a damaged or foreign file is renamed
and a new file begun. A hit runs on the event loop: it costs less than a hop to a thread.
"""

import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import apsw

from sijill.limits.window import (
    NO_WINDOW,
    Count,
    CounterAway,
    Decision,
    Rule,
    decide,
    returned,
    seen,
)

BUSY = 0.5
"""
Seconds to wait for another process's hit before the counter counts as away.

A hit takes some 30 µs, but a process that waits for a core in the middle of one holds the file.
"""

_SWEEP = 60.0
"""Seconds between two sweeps of expired rows."""

_MARK = 0x736A6C01
"""`application_id` of our files, its last byte the version of their layout."""

_LAYOUT = f"""
BEGIN IMMEDIATE;
PRAGMA application_id = {_MARK};
CREATE TABLE counts (
  key TEXT PRIMARY KEY, "end" REAL NOT NULL, used INTEGER NOT NULL, next REAL NOT NULL
) STRICT, WITHOUT ROWID;
COMMIT;
"""
_READ = 'SELECT "end", used, next FROM counts WHERE key = ?'
_WRITE = "INSERT OR REPLACE INTO counts VALUES (?, ?, ?, ?)"
_FORGET = 'DELETE FROM counts WHERE "end" <= ?'

_DAMAGE = (apsw.CorruptError, apsw.NotADBError)


class SQLiteCounters:
    """Counts shared by all processes that open the same file."""

    def __init__(self, path: Path, busy: float = BUSY) -> None:
        """
        Open the file, or begin it; its folder must exist.

        Raises: OSError, apsw.Error if neither can be done.
        """
        self._path = path
        self._busy = busy
        self._swept = 0.0
        self._connection = _open(path, busy)

    async def hit(self, rules: Sequence[Rule], now: float) -> Decision:
        """
        Count one request against every rule at once; see SharedCounters.

        Raises: CounterAway if other processes keep the file busy, or it cannot be used; it has
        been opened again by then, empty if it was damaged, so that the next hit may pass.
        """
        with self._usable():
            return self._count(rules, now)

    async def give_back(self, rules: Sequence[Rule], taken: Decision) -> None:
        """Count an admitted request no longer; see SharedCounters. Raises: CounterAway."""
        with self._usable(), _transaction(self._connection):
            kept = returned(self._read(rules), taken.counts)
            self._write(rules, kept)

    async def look(self, rules: Sequence[Rule], now: float) -> list[Count]:
        """Return the standing window of each rule; see SharedCounters. Raises: CounterAway."""
        with self._usable():
            return seen(rules, self._read(rules), now)

    async def about(self) -> str:
        """Return the version of SQLite. Raises: CounterAway."""
        with self._usable():
            return f"SQLite {self._connection.execute('SELECT sqlite_version()').get}"

    async def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def _count(self, rules: Sequence[Rule], now: float) -> Decision:
        with _transaction(self._connection):
            counts = self._read(rules)
            verdict, kept = decide(rules, counts, now)
            self._write(rules, kept)
            if abs(now - self._swept) >= _SWEEP:
                self._connection.execute(_FORGET, (now,))
                self._swept = now
        left = [new or old or NO_WINDOW for new, old in zip(kept, counts, strict=True)]
        return Decision(verdict, left, now)

    def _read(self, rules: Sequence[Rule]) -> list[Count | None]:
        rows = [self._connection.execute(_READ, (rule.key,)).fetchone() for rule in rules]
        return [row and Count(*row) for row in rows]

    def _write(self, rules: Sequence[Rule], counts: Sequence[Count | None]) -> None:
        for rule, count in zip(rules, counts, strict=True):
            if count is not None:
                self._connection.execute(_WRITE, (rule.key, *count))

    @contextmanager
    def _usable(self) -> Iterator[None]:
        """Raise CounterAway for a fault of the file, which is then opened again."""
        try:
            yield
        except apsw.BusyError as fault:
            raise CounterAway("the counter's file is busy") from fault
        except apsw.Error as fault:
            self._reopen()
            raise CounterAway("the counter's file could not be used") from fault

    def _reopen(self) -> None:
        self._connection.close()
        try:
            self._connection = _open(self._path, self._busy)
        except (OSError, apsw.Error) as fault:
            raise CounterAway("the counter's file cannot be opened") from fault


@contextmanager
def _transaction(connection: apsw.Connection) -> Iterator[None]:
    """Take the write lock of the file before reading, so that no other hit comes between."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _open(path: Path, busy: float) -> apsw.Connection:
    """
    Return a connection to a good file.

    Under a lock: two processes that met the same damaged file at once would each rename the new
    file of the other, and count apart.
    """
    with _locked(path.with_name(path.name + ".lock")):
        try:
            return _connect(path, busy)
        except _DAMAGE:
            _put_aside(path)
            return _connect(path, busy)


def _connect(path: Path, busy: float) -> apsw.Connection:
    os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
    path.chmod(0o600)
    connection = apsw.Connection(str(path))
    try:
        connection.set_busy_timeout(int(busy * 1000))
        begun = _is_begun(connection)
        connection.pragma("journal_mode", "wal")
        connection.pragma("synchronous", "off")
        connection.pragma("secure_delete", "on")
        if not begun:
            connection.execute(_LAYOUT)
    except BaseException:
        connection.close()
        raise
    return connection


def _is_begun(connection: apsw.Connection) -> bool:
    """
    Return whether the file is one of ours, False if it is empty.

    Raises: NotADBError if it is another program's, CorruptError if it is damaged.
    """
    mark = connection.pragma("application_id")
    tables = connection.execute("SELECT count(*) FROM sqlite_schema").get
    if mark != _MARK and (mark or tables):
        raise apsw.NotADBError("another program's file")
    if connection.execute("PRAGMA quick_check(1)").get != "ok":
        raise apsw.CorruptError("damaged")
    return bool(mark)


def _put_aside(path: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        part = path.with_name(path.name + suffix)
        if part.exists():
            part.replace(path.with_name(f"{path.name}.aside{suffix}"))


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
