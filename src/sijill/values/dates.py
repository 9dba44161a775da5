"""Date objects: PHP's DateTime as json_encode writes it."""

from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

DateObject = dict[str, str | int]

_WALL = len("2020-04-02 22:43:26.000000")
_IDENTIFIER = 3  # timezone_type: 1 is an offset, 2 an abbreviation, 3 an identifier


def date_object(moment: datetime, timezone: str) -> DateObject:
    """Return an aware moment as the wall time of `timezone`: six digits, no offset."""
    wall = moment.astimezone(zone(timezone)).isoformat(" ", "microseconds")
    return {
        "date": wall[:_WALL],
        "timezone_type": _IDENTIFIER,
        "timezone": timezone,
    }


def day_object(day: date, timezone: str) -> DateObject:
    """Return a day as the midnight that begins it, wherever the store is."""
    return {
        "date": f"{day.isoformat()} 00:00:00.000000",
        "timezone_type": _IDENTIFIER,
        "timezone": timezone,
    }


def wall_text(moment: datetime, timezone: str) -> str:
    """Return an aware moment as `YYYY-MM-DD HH:MM:SS`, the wall time of `timezone`."""
    return moment.astimezone(zone(timezone)).strftime("%Y-%m-%d %H:%M:%S")


@lru_cache(maxsize=256)
def zone(timezone: str) -> ZoneInfo:
    """Return the zone; a store's zone was checked when the store was made."""
    return ZoneInfo(timezone)
