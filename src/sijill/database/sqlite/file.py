"""The file of a database while it is in use: whether it is where it was."""

from sijill.database.driver import DatabaseRefused
from sijill.database.sqlite.connection import Location
from sijill.errors import Unavailable

MOVED = (
    "the database file was moved, replaced or deleted while it was in use:"
    " put it back, or restart the server on the file that it shall use"
)


class DatabaseFile:
    """
    The file that every connection of a driver has open.

    An open file that is moved or deleted still takes writes, which nobody would find again.
    """

    def __init__(self, location: Location) -> None:
        self._location = location
        self._known: tuple[int, int] | None = None
        """Device and inode of the file that was read first."""

    def settle(self) -> None:
        """Take the file for that of this driver, once a connection has read or written it."""
        if self._known is None and not self._location.memory:
            self._known = self._found()

    def check(self) -> None:
        """Raise Unavailable if another file, or none, stands where the driver's stood."""
        if self._known is not None and self._found() != self._known:
            raise Unavailable from DatabaseRefused(MOVED)

    def _found(self) -> tuple[int, int] | None:
        try:
            found = self._location.path.stat()
        except OSError:
            return None
        return found.st_dev, found.st_ino
