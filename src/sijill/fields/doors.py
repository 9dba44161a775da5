"""
How texts and numbers are read from the two sources: the body of a request, the cell of a file.

A value of a body that cannot be read breaks a rule, raised as Refused. A cell that cannot be read
raises ValueError with a short sentence that never repeats the cell.
"""

import re
from decimal import Decimal
from math import isfinite
from typing import Any

from msgspec import json

from sijill.fields.form import Refused
from sijill.values.texts import ascii_digits, trimmed, without_point

MAX_COUNT = 2**53 - 1
"""The largest count: every JSON reader represents it exactly. Source: RFC 8259 §6."""

MAX_ID = 2**63 - 1

_DIGITS = re.compile(r"[0-9]{1,19}", re.ASCII)
_NUMBER = re.compile(r"[+-]?[0-9]{1,30}(\.[0-9]{1,30})?([eE][+-]?[0-9]{1,3})?", re.ASCII)
"""The spelling of a number, which includes JSON numbers as Python writes them."""

_ARABIC_POINT = "٫"
_ID = re.compile(r"[1-9][0-9]{0,18}", re.ASCII)
_encoder = json.Encoder()


def body_text(value: Any, rule: str = "string") -> str:
    """Return a text of a body, as it was written. Raises: Refused."""
    if not isinstance(value, str):
        raise Refused(rule)
    return value


def body_integer(value: Any) -> int | None:
    """Return a whole number that a body has as number or text, else None."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if not isinstance(value, str):
        return None
    digits = whole_digits(value)
    return int(digits) if _DIGITS.fullmatch(digits) else None


def exact_number(value: Any) -> Decimal | None:
    """Return the number that a body or a cell has as number or text, exactly; else None."""
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    text = _number_text(value)
    return None if text is None else Decimal(text)


def read_float(value: Any) -> float | None:
    """Return a finite number that a body or a cell has as number or text, else None."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    text = _number_text(value)
    if text is None or not isfinite(float(text)):
        return None
    return int(text) if text.isdecimal() else float(text)


def _number_text(value: Any) -> str | None:
    """Return a number as ASCII, `1.5e3`; None for what is neither a text nor a float of one."""
    if not isinstance(value, str | float):
        return None
    text = ascii_digits(str(value)).replace(_ARABIC_POINT, ".")
    return text if _NUMBER.fullmatch(text) else None


def body_id(value: Any) -> int | None:
    """Return an id that a body has as number or text, else None."""
    number = body_integer(value)
    return number if number is not None and 0 < number <= MAX_ID else None


def cell_text(cell: Any) -> str:
    """Return a cell of free text as it was written."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, int) and not isinstance(cell, bool):
        return str(cell)
    raise ValueError("is not a text")


def cell_token(cell: Any) -> str:
    """Return a cell other than free text, trimmed; a sheet may write 5 as 5.0."""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) <= MAX_COUNT:
        cell = int(cell)
    if isinstance(cell, bool) or not isinstance(cell, str | int):
        raise ValueError("is neither a text nor a whole number")
    return trimmed(str(cell))


def cell_digits(cell: Any) -> str:
    """Return a cell other than free text, its Arabic digits as ASCII digits."""
    return ascii_digits(cell_token(cell))


def whole_digits(text: str) -> str:
    """Return the ASCII digits of a whole number, however a text writes it."""
    return without_point(ascii_digits(text))


def cell_id(cell: Any) -> int:
    """Return the id that a cell holds."""
    token = whole_digits(cell_token(cell))
    if not _ID.fullmatch(token) or int(token) > MAX_ID:
        raise ValueError("is not an id: a whole number from 1")
    return int(token)


def plain_text(cell: Any) -> str:
    """Return a cell (a JSON value) for a format of texts alone: null is the empty text."""
    if cell is None or isinstance(cell, str):
        return cell or ""
    return _encoder.encode(cell).decode()
