"""The write-ahead log of a SQLite file: emptied, so that it holds nothing that was deleted."""

import apsw

from sijill.database.sqlite.connection import Location
from sijill.database.sqlite.file import refused

PATIENCE = 0.1
"""Seconds to wait for others; writers wait meanwhile."""


def empty_log(location: Location) -> bool:
    """
    Write the log into the file, then cut it to nothing; return False if others are using it.

    Otherwise the log keeps its length, and with it old pages of rows that were deleted since.
    Source: SQLite "PRAGMA wal_checkpoint". Raises: Unavailable.
    """
    try:
        connection = location.connect(writable=True, patience=PATIENCE)
        try:
            busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").get
        finally:
            connection.close()
    except apsw.BusyError:
        return False
    except apsw.Error as error:
        raise refused(error) from error
    return not busy
