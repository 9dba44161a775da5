"""The requests of apps that passed their limits or were refused: in memory, until written."""

from collections.abc import Sequence
from typing import NamedTuple

WINDOW = 600
"""Seconds of a row, by the clock on the wall: that of the customers limit."""

MOST = 10_000
"""Rows in memory at most; while the database is away, requests of further ones are not counted."""

Key = tuple[int, int, int, bool]


class Used(NamedTuple):
    """The requests of one app in one store in WINDOW seconds."""

    store_id: int
    began_at: int
    """UTC epoch seconds, a multiple of WINDOW."""
    app_id: int
    customers: bool
    """Whether they were under /customers."""
    passed: int
    refused: int


class Tally:
    """Counts requests. It belongs to the event loop."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._counts: dict[Key, list[int]] = {}

    def count(
        self, store_id: int, app_id: int, now: float, *, customers: bool, passed: bool
    ) -> None:
        """Count one request at a moment, in UTC epoch seconds."""
        key = (store_id, int(now) // WINDOW, app_id, customers)
        counts = self._counts.get(key)
        if counts is None:
            if len(self._counts) >= self._most:
                return
            counts = self._counts[key] = [0, 0]
        counts[0 if passed else 1] += 1

    def take(self) -> list[Used]:
        """Return what was counted, in the order of keys, and forget it."""
        counts, self._counts = self._counts, {}
        return [
            Used(store_id, window * WINDOW, app_id, customers, passed, refused)
            for (store_id, window, app_id, customers), (passed, refused) in sorted(counts.items())
        ]

    def put_back(self, taken: Sequence[Used]) -> None:
        """Count once more what was taken and could not be written."""
        for store_id, began_at, app_id, customers, passed, refused in taken:
            key = (store_id, began_at // WINDOW, app_id, customers)
            counts = self._counts.setdefault(key, [0, 0])
            counts[0] += passed
            counts[1] += refused
