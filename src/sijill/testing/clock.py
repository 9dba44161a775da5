"""The clock of a namespace: it moves when a test says so."""

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sijill.testing.control import Control

__tracebackhide__ = True


class Moved(NamedTuple):
    """The way of a clock; times are in UTC."""

    begin: datetime
    end: datetime
    did: list[dict[str, Any]]
    """The background work on the way, as the control API tells it: each has its moment `at`."""
    next_due: datetime | None
    """The moment at which the next delivery comes due."""


class Clock:
    """Moves the time of one namespace; real time is left alone."""

    def __init__(self, control: Control) -> None:
        self._control = control

    def now(self) -> datetime:
        """Return the virtual time, in UTC."""
        return datetime.fromisoformat(self._control.call("GET", "/clock")["now"])

    def advance(self, by: float | timedelta) -> Moved:
        """
        Move on by seconds or a timedelta, and do what is due on the way, each at its moment.

        Raises: ControlRefused if `by` is negative.
        """
        seconds = by.total_seconds() if isinstance(by, timedelta) else by
        return _moved(self._control.call("POST", "/clock/advance", {"seconds": seconds}))

    def set(self, at: datetime | str) -> Moved:
        """
        Move to a later moment: a datetime with its zone, or RFC 3339. Else as `advance`.

        Raises: ControlRefused; only `Salla.restore` goes back.
        """
        text = at.isoformat() if isinstance(at, datetime) else at
        return _moved(self._control.call("POST", "/clock/set", {"at": text}))

    def freeze(self) -> None:
        """Stop the clock: it moves only by `advance` and `set`."""
        self._control.call("POST", "/clock/freeze")

    def resume(self) -> None:
        """Let the clock run on from its time."""
        self._control.call("POST", "/clock/resume")

    def sleep(self, seconds: float) -> None:
        """Move on by seconds at once: give this to a client in place of `time.sleep`."""
        self.advance(max(0.0, seconds))

    async def asleep(self, seconds: float) -> None:
        """Move on by seconds at once: give this to a client in place of `asyncio.sleep`."""
        await asyncio.to_thread(self.sleep, seconds)


def _moved(told: Mapping[str, Any]) -> Moved:
    due = told["next_due"]
    begin, end = (datetime.fromisoformat(told[name]) for name in ("from", "to"))
    return Moved(begin, end, told["did"], due and datetime.fromisoformat(due))
