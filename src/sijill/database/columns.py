"""Values as columns, alike in both databases: moments as microseconds, days and JSON as text."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def micros(moment: datetime) -> int:
    """Return an aware moment as whole microseconds of the UTC epoch, exactly."""
    return (moment - _EPOCH) // _MICROSECOND


def moment(micros: int) -> datetime:
    """Return the aware UTC moment at a number of microseconds of the epoch."""
    return _EPOCH + timedelta(microseconds=micros)


def maybe_micros(moment: datetime | None) -> int | None:
    """Return `micros`, or None for None."""
    return None if moment is None else (moment - _EPOCH) // _MICROSECOND


def maybe_moment(micros: int | None) -> datetime | None:
    """Return `moment`, or None for None."""
    return None if micros is None else _EPOCH + timedelta(microseconds=micros)


def day_text(day: date | None) -> str | None:
    """Return a day as YYYY-MM-DD, or None for None."""
    return None if day is None else day.isoformat()


def day(text: str | None) -> date | None:
    """Return the day that YYYY-MM-DD names, or None for None."""
    return None if text is None else date.fromisoformat(text)


def json_text(value: Any) -> str | None:
    """Return a JSON value as text, or None for None."""
    return None if value is None else msgspec.json.encode(value).decode()


def json_value(text: str | None) -> Any:
    """Return the JSON value of a text, a list as a tuple, or None for None."""
    value = None if text is None else msgspec.json.decode(text)
    return tuple(value) if isinstance(value, list) else value
