"""The days of files whose year stands last, 15/03/1990, or whose month has one digit."""

import re
from typing import Any, Literal

from sijill.values.texts import ascii_digits

Order = Literal["iso", "clear", "day-first", "month-first"]
"""
What stands first in a day whose year stands last.

`iso` takes YYYY-MM-DD alone, `clear` what can mean one day only, as 15/03/1990 or 12/12/1988.
"""

AMBIGUOUS = "is ambiguous: its day or its month may come first"

_LAST_MONTH = 12
_YEAR_FIRST = re.compile(r"([0-9]{4})([/.-])([0-9]{1,2})\2([0-9]{1,2})", re.ASCII)
_YEAR_LAST = re.compile(r"([0-9]{1,2})([/.-])([0-9]{1,2})\2([0-9]{4})", re.ASCII)
_MIDNIGHT = re.compile(r"[ T]0{1,2}:00(:00(\.0{1,6})?)?\Z", re.ASCII)
_MARKS = dict.fromkeys(map(ord, "\u061c\u200e\u200f"))  # stand round the signs of Arabic dates


def iso_day(cell: Any, order: Order) -> Any:
    """
    Return a cell that names a day as YYYY-MM-DD, whether or not the calendar has it.

    Any other cell stays as it is, and a midnight behind the day does not count.
    Raises: ValueError, a sentence, if the order leaves two days to choose from.
    """
    if order == "iso" or not isinstance(cell, str):
        return cell
    text = _MIDNIGHT.sub("", ascii_digits(cell.translate(_MARKS)))
    if match := _YEAR_FIRST.fullmatch(text):
        year, month, day = match[1], int(match[3]), int(match[4])
    elif match := _YEAR_LAST.fullmatch(text):
        year, (month, day) = match[4], _month_and_day(int(match[1]), int(match[3]), order)
    else:
        return cell
    return f"{year}-{month:02}-{day:02}"


def _month_and_day(first: int, second: int, order: Order) -> tuple[int, int]:
    if order == "day-first" or (order == "clear" and first > _LAST_MONTH):
        return second, first
    if order == "month-first" or second > _LAST_MONTH or first == second:
        return first, second
    raise ValueError(AMBIGUOUS)
