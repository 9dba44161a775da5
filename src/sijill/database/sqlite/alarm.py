"""An alarm that ends a read of SQLite from another thread, and no other read after it."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

import apsw


class Interrupted(Exception):
    """The alarm rang before the read was done."""


class Alarm:
    """
    Rings once, for one read at most.

    `interrupt` ends the statement that runs on a connection, and a connection reads again soon: a
    lock keeps the alarm of one read from the next.
    """

    def __init__(self) -> None:
        self._lock, self._rung = Lock(), False
        self._reading: apsw.Connection | None = None

    def ring(self) -> None:
        """End the read, or keep it from beginning."""
        with self._lock:
            self._rung = True
            if self._reading is not None:
                self._reading.interrupt()

    @contextmanager
    def over(self, connection: apsw.Connection) -> Iterator[None]:
        """Let the alarm end what the block reads. Raises: Interrupted."""
        with self._lock:
            if self._rung:
                raise Interrupted
            self._reading = connection
        try:
            yield
        except apsw.InterruptError:
            raise Interrupted from None
        finally:
            with self._lock:
                self._reading = None
