"""What a database says of itself that an operator should know: one table by dialect."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from sijill.database.driver import Driver, Row
from sijill.database.sql import Dialect

_OLDEST_POSTGRES = 150_000  # server_version_num of 15: the oldest the schema is tested for

_DURABLE = ("on", "remote_write", "remote_apply", "local")
"""Values of synchronous_commit under which an acknowledged write survives a crash."""


class Observation(NamedTuple):
    """One thing observed: its name, whether it is sound, and a sentence for people."""

    name: str
    sound: bool
    sentence: str


async def examine(driver: Driver) -> list[Observation]:
    """
    Return what the database says of itself; a SQLite file is read whole for it.

    Raises: Unavailable if it is away.
    """
    return _READINGS[driver.dialect](await driver.all("examine"))


def _sqlite(rows: Sequence[Row]) -> list[Observation]:
    (first,) = rows[0]
    found = "intact" if first == "ok" else "damaged: restore a backup"
    return [Observation("integrity", first == "ok", found)]


def _postgres(rows: Sequence[Row]) -> list[Observation]:
    number, shown, commit = rows[0]
    return [
        Observation("postgresql", int(number) >= _OLDEST_POSTGRES, f"{shown} (15 or newer)"),
        Observation(
            "synchronous_commit",
            commit in _DURABLE,
            commit if commit in _DURABLE else f"{commit}: a crash loses acknowledged writes",
        ),
    ]


_READINGS: dict[Dialect, Callable[[Sequence[Row]], list[Observation]]] = {
    "sqlite": _sqlite,
    "postgres": _postgres,
}
