"""Reading the fields of a body one by one; what is wrong with them is gathered, not raised."""

import re
from collections.abc import Callable, Collection
from datetime import date
from math import isfinite
from typing import Any

from msgspec import UNSET, UnsetType

from sijill.errors import Invalid
from sijill.http.bodies import Fields
from sijill.values.texts import clean, is_unstorable_text, parse_email

_DIGITS = re.compile(r"[0-9]{1,19}", re.ASCII)
_NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,15})?", re.ASCII)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


class Form:
    """
    The fields of one body. A reader returns UNSET for a field that is absent or faulty.

    Numbers may come as texts and ids as numbers or texts, as real clients send them.
    """

    def __init__(self, fields: Fields) -> None:
        self._fields = {
            name: value for name, value in fields.items() if not is_unstorable_text(value)
        }
        self.faults: dict[str, list[str]] = {
            name: ["characters"] for name in fields if name not in self._fields
        }

    def has(self, name: str) -> bool:
        """Return whether the field was sent, whatever it holds."""
        return name in self._fields or name in self.faults

    def fault(self, name: str, rule: str) -> UnsetType:
        """Note that a field broke a rule; once is enough."""
        broken = self.faults.setdefault(name, [])
        if rule not in broken:
            broken.append(rule)
        return UNSET

    def check(self) -> None:
        """Raise Invalid naming every faulty field, if there is one."""
        if self.faults:
            raise Invalid(self.faults)

    def raw(self, name: str) -> Any:
        """Return a field as it came; a null or empty one breaks `required`."""
        value = self._fields.get(name, UNSET)
        return self.fault(name, "required") if value is None or value in ("", []) else value

    def text(self, name: str, most: int) -> str | UnsetType:
        """Return a text of at most `most` characters, in NFC."""
        value = self.raw(name)
        if isinstance(value, UnsetType):
            return value
        if not isinstance(value, str):
            return self.fault(name, "string")
        if not value.strip():
            return self.fault(name, "required")
        try:
            cleaned = clean(value.strip(), 2**31)
        except ValueError:
            return self.fault(name, "characters")
        if not any(map(str.isprintable, cleaned)):
            return self.fault(name, "required")  # nobody can see it
        return cleaned if len(cleaned) <= most else self.fault(name, f"max:{most}")

    def email(self, name: str) -> str | UnsetType:
        """Return an e-mail address."""
        value = self.raw(name)
        if isinstance(value, UnsetType):
            return value
        try:
            return (
                parse_email(value.strip()) if isinstance(value, str) else self.fault(name, "email")
            )
        except ValueError:
            return self.fault(name, "email")

    def one_of(self, name: str, names: Collection[str]) -> str | UnsetType:
        """Return one of the names, written in any case."""
        value = self.raw(name)
        if isinstance(value, UnsetType):
            return value
        known = isinstance(value, str) and value.lower() in names
        return value.lower() if known else self.fault(name, "invalid")

    def day(self, name: str) -> date | UnsetType:
        """Return a day written YYYY-MM-DD."""
        value = self.raw(name)
        if isinstance(value, UnsetType):
            return value
        try:
            if isinstance(value, str) and _DAY.fullmatch(value):
                return date.fromisoformat(value)
        except ValueError:
            pass
        return self.fault(name, "date")

    def integer(self, name: str, least: int, most: int) -> int | UnsetType:
        """Return a whole number from `least` to `most`."""
        number = as_integer(self.raw(name))
        if number is UNSET or number is None:
            return UNSET if number is UNSET else self.fault(name, "integer")
        within = least <= number <= most
        return number if within else self.fault(name, f"between:{least} - {most}")

    def number(self, name: str, least: float, most: float) -> float | UnsetType:
        """Return a finite number from `least` to `most`."""
        value = self.raw(name)
        if isinstance(value, UnsetType):
            return value
        number = as_number(value)
        if number is None:
            return self.fault(name, "numeric")
        within = least <= number <= most
        return number if within else self.fault(name, f"between:{least:g} - {most:g}")

    def each(
        self, name: str, most: int, read: Callable[[Any], Any | None], rule: str = "invalid"
    ) -> list[Any] | UnsetType:
        """Return a list whose members `read` gives (None is faulty); faults name `name.N`."""
        values = self.raw(name)
        if isinstance(values, UnsetType):
            return values
        if not isinstance(values, list):
            return self.fault(name, "array")
        if len(values) > most:
            return self.fault(name, f"max_items:{most}")
        found = [read(value) for value in values]
        for place, value in enumerate(found):
            if value is None:
                self.fault(f"{name}.{place}", rule)
        return found if None not in found else UNSET


def as_integer(value: Any) -> int | UnsetType | None:
    """Return a whole number sent as number or text, None for anything else; UNSET stays."""
    if isinstance(value, UnsetType) or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return int(value) if isinstance(value, str) and _DIGITS.fullmatch(value) else None


def as_number(value: Any) -> float | None:
    """Return a finite number sent as number or text, None for anything else."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return value if isinstance(value, int) or isfinite(value) else None
    return float(value) if isinstance(value, str) and _NUMBER.fullmatch(value) else None


def as_id(value: Any) -> int | None:
    """Return an id sent as number or text, None for what cannot be one."""
    number = as_integer(value)
    return number if isinstance(number, int) and 0 < number < 2**63 else None
