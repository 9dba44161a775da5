"""Date objects: PHP's DateTime as json_encode writes it."""

from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from msgspec import Struct

from sijill.localized import Localized
from sijill.openapi.keys import key

_EPOCH = datetime(1970, 1, 1)
_IDENTIFIER: Literal[3] = 3  # timezone_type: 1 is an offset, 2 an abbreviation, 3 an identifier


_DATE = r"^[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}$"


class DateObject(Struct, gc=False):
    """A moment or a day as PHP writes it."""

    component = "DateObject"
    words = Localized(
        "وقت أو يوم، بالصورة التي يكتبها `DateTime` في PHP.",
        "A time or a day, in the form that PHP's `DateTime` has.",
    )
    examples = (
        {"date": "2020-04-02 22:43:26.000000", "timezone_type": 3, "timezone": "Asia/Riyadh"},
    )

    date: Annotated[
        str,
        key(
            "الوقت المحلي للمتجر: ست خانات لكسور الثانية، بلا فرق توقيت.",
            "The store's local time, with six decimals of a second and without an offset.",
            pattern=_DATE,
        ),
    ]
    timezone_type: Annotated[
        Literal[3],
        key("3 دائمًا: المنطقة الزمنية معرّف.", "Always 3: the time zone is an identifier."),
    ]
    timezone: Annotated[
        str,
        key("معرّف IANA للمنطقة الزمنية للمتجر.", "The IANA identifier of the store's time zone."),
    ]


def date_object(moment: datetime, timezone: str) -> DateObject:
    """Return an aware moment as the wall time of `timezone`: six digits, no offset."""
    wall = moment.astimezone(zone(timezone)).isoformat(" ", "microseconds")
    return DateObject(wall[:26], _IDENTIFIER, timezone)


def moment_object(micros: int, timezone: str) -> DateObject:
    """
    Return the same of the moment at a number of microseconds of the UTC epoch.

    Reads of customers spend much of their time here: a wall time without a zone is written in half
    the time, since `isoformat` then looks for no offset.
    """
    since = timedelta(0, 0, micros)
    utc = _epoch(timezone) + since
    offset = zone(timezone).fromutc(utc) - utc  # both are of one zone: wall time less UTC
    wall = _EPOCH + (since + offset)
    return DateObject(wall.isoformat(" ", "microseconds"), _IDENTIFIER, timezone)


def day_object(day: str, timezone: str) -> DateObject:
    """Return a day, YYYY-MM-DD, as the midnight that begins it, wherever the store is."""
    return DateObject(f"{day} 00:00:00.000000", _IDENTIFIER, timezone)


def wall_text(moment: datetime, timezone: str) -> str:
    """Return an aware moment as `YYYY-MM-DD HH:MM:SS`, the wall time of `timezone`."""
    return moment.astimezone(zone(timezone)).strftime("%Y-%m-%d %H:%M:%S")


def bounds_of_days(
    first: date | None, last: date | None, timezone: str
) -> tuple[datetime | None, datetime | None]:
    """
    Return the first moment of the days from `first` to `last`, and the first one after them.

    None is no bound, and so is the end of the last day of the calendar.
    """
    after = None if last is None or last == date.max else last + timedelta(days=1)
    return _midnight(first, timezone), _midnight(after, timezone)


def _midnight(day: date | None, timezone: str) -> datetime | None:
    if day is None:
        return None
    return datetime(day.year, day.month, day.day, tzinfo=zone(timezone))


@lru_cache(maxsize=256)
def zone(timezone: str) -> ZoneInfo:
    """Return the zone; a store's zone was checked when the store was made."""
    return ZoneInfo(timezone)


@lru_cache(maxsize=256)
def _epoch(timezone: str) -> datetime:
    """Return 1970-01-01 00:00 UTC in the form that `fromutc` of the zone takes."""
    return datetime(1970, 1, 1, tzinfo=zone(timezone))


def utc_text(moment: datetime) -> str:
    """Return a moment of UTC as RFC 3339, such as `2026-03-01T00:00:00Z`."""
    return moment.isoformat().replace("+00:00", "Z")
