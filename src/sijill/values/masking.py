"""
Personal values as people see them who may not see them whole.

A mask takes any value that JSON has, and shows of it what its docstring says and nothing else.
"""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

Mask = Callable[[Any], Any]

HIDDEN = "•••"
"""The mask of a part, of the same length for every value: it tells nothing of it."""

_LEAST_DIGITS = 8
"""A mobile of fewer digits shows no digit: four would be half of it."""

_LABEL = re.compile(r"[A-Za-z]{2,4}")
"""The last label of a host that is shown: `com`, `info`. A longer one may be a name."""

_CODE = re.compile(
    r"\+?[0-9]{1,3}"  # a calling code
    r"|[A-Za-z]{2,3}(-[A-Za-z0-9]{2,4})?"  # a country, a currency, a language
)

_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9:.]{5,15}(Z|[+-][0-9:]{4,6})?)?"  # a moment
    r"|[A-Z][a-z]{2} [A-Z][a-z]{2} [0-9]{2} [0-9]{4} [0-9:]{8} GMT[+-][0-9]{4}"
)


def hide(value: Any) -> Any:
    """Return `•••` for every value; an empty one (null, "", [], {}) as it is."""
    return value if value in (None, "", [], (), {}) else HIDDEN


def plain(value: Any) -> Any:
    """Return numbers, flags and moments as they are; `•••` else."""
    if value is None or isinstance(value, bool | int | float | datetime):
        return value
    if isinstance(value, str) and _MOMENT.fullmatch(value):
        return value
    return tuple(map(plain, value)) if isinstance(value, tuple) else hide(value)


def plain_code(value: Any) -> Any:
    """Return the code of a country, currency, language or call as it is; others as `plain`."""
    return value if isinstance(value, str) and _CODE.fullmatch(value) else plain(value)


def mask_name(name: Any) -> Any:
    """Return a name as `س•••`: its first letter; "" for an empty one."""
    if not isinstance(name, str):
        return hide(name)
    letters = [letter for letter in name if letter.isalnum()]
    if len(letters) < 2:  # the letter would be the whole name
        return HIDDEN if name else ""
    return f"{letters[0]}{HIDDEN}"


def mask_number(number: Any) -> Any:
    """Return the number of a mobile as `•• ••• 4321`: its last digits; an empty one as it is."""
    if number is None or number == "":
        return number
    if isinstance(number, bool) or not isinstance(number, int | str):
        return hide(number)
    digits = "".join(c for c in str(number) if c.isdecimal())
    last = digits[-4:] if len(digits) >= _LEAST_DIGITS else "••••"
    return f"•• ••• {last}"


def mask_mobile(code: str, number: int | None) -> str:
    """Return a mobile as `+966 •• ••• 4321`: its calling code and last digits; "" without one."""
    if number is None:
        return ""
    return f"+{code} {mask_number(number)}" if code else f"{mask_number(number)}"


def mask_email(email: Any) -> Any:
    """Return an address as `a•••@•••.com`: its first letter and a short last label; "" for ""."""
    if not isinstance(email, str):
        return hide(email)
    if not email:
        return ""
    local, _, host = email.rpartition("@")
    first = local[0] if len(local) > 1 and local[0].isalnum() else ""
    name, _, last = host.rpartition(".")
    shown = f".{last}" if name and _LABEL.fullmatch(last) else ""
    return f"{first}{HIDDEN}@{HIDDEN}{shown}"
