"""Kinds of time, days and moments; and the JSON value."""

import re
from datetime import UTC, date, datetime
from typing import Any

from msgspec import MsgspecError, json

from sijill.database.columns import (
    day,
    day_text,
    json_text,
    json_value,
    maybe_micros,
    maybe_moment,
)
from sijill.fields.doors import cell_digits
from sijill.fields.field import Kind
from sijill.fields.form import Refused
from sijill.values.depth import DEPTH, exceeds_max_depth

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_FIRST, _LAST = datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)
"""The moments that have a day in every zone of the world."""

_ENCODED_NUL = re.compile(rb"(?<!\\)(\\\\)*\\u0000")


_MIDNIGHT = " 00:00:00.000000"


def parse_day(text: str) -> date:
    """Return the day that YYYY-MM-DD names. Raises: ValueError with a short sentence."""
    if not _DAY.fullmatch(text):
        raise ValueError("is not a day: write YYYY-MM-DD")
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError("is not a day of the calendar") from None


def _read_day(value: Any) -> date:
    """Return the day of a text, or of a date object as answers hold one."""
    text = value.get("date") if isinstance(value, dict) else value
    if isinstance(value, dict) and isinstance(text, str):
        text = text.removesuffix(_MIDNIGHT)
    try:
        return _parse_day_cell(text)
    except ValueError:
        raise Refused("date") from None


def _parse_day_cell(cell: Any) -> date:
    return parse_day(cell_digits(cell).replace("/", "-"))


DAY = Kind(
    {"type": "string", "format": "date"},
    _read_day,
    _parse_day_cell,
    cell=day_text,
    store=day_text,
    load=day,
    is_day=True,
)


def _parse_moment(cell: Any) -> datetime:
    """Return aware UTC; a moment without its zone is refused, as the zone would be guessed."""
    try:
        moment = datetime.fromisoformat(cell_digits(cell))
        if moment.tzinfo is not None and _FIRST <= moment.astimezone(UTC) < _LAST:
            return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise ValueError("is not a moment: write it as 2026-01-31T10:00:00Z")


def _moment_cell(moment: datetime | None) -> str | None:
    if moment is None:
        return None
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat("T", "microseconds") + "Z"


MOMENT = Kind(parse=_parse_moment, cell=_moment_cell, store=maybe_micros, load=maybe_moment)


def parse_json(cell: Any) -> Any:
    """
    Return a JSON value: a text is JSON text, in either format.

    Raises: ValueError with a short sentence.
    """
    try:
        value = json.decode(cell) if isinstance(cell, str) else cell
        encoded = json.encode(value)
    except (MsgspecError, UnicodeError, RecursionError):
        raise ValueError("is not valid JSON") from None
    if exceeds_max_depth(value):
        raise ValueError(f"is nested deeper than {DEPTH} levels")
    if _ENCODED_NUL.search(encoded):
        raise ValueError("holds a NUL character")  # no database keeps one in JSON
    return value


def _json_cell(value: Any) -> Any:
    return json.encode(value).decode() if isinstance(value, str) else value


JSON = Kind(parse=parse_json, cell=_json_cell, store=json_text, load=json_value)
