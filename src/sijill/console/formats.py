"""Moments as people read them, in the time of the store and with Western digits."""

from datetime import UTC, datetime
from typing import NamedTuple

from sijill.values.dates import zone


class Moment(NamedTuple):
    """A moment as pages show it: `2026-11-29 21:40`, and in the form that programs read."""

    text: str
    iso: str


def moment(at: datetime, timezone: str) -> Moment:
    """Return a moment in a time zone, to the minute."""
    local = at.astimezone(zone(timezone))
    return Moment(local.strftime("%Y-%m-%d %H:%M"), local.isoformat(timespec="seconds"))


def second(at: datetime, timezone: str) -> Moment:
    """Return a moment in a time zone, to the second."""
    local = at.astimezone(zone(timezone))
    return Moment(local.strftime("%Y-%m-%d %H:%M:%S"), local.isoformat(timespec="seconds"))


def moment_of_micros(micros: int, timezone: str) -> Moment:
    """Return the same of microseconds of the UTC epoch."""
    return moment(datetime.fromtimestamp(micros / 1_000_000, UTC), timezone)


def hour(at: datetime, timezone: str) -> str:
    """Return the hour of a moment in a time zone: `21:00`."""
    return at.astimezone(zone(timezone)).strftime("%H:00")
