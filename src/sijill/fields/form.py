"""The form of one body: it collects the faults of all fields, so that one answer names them all."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from msgspec import UNSET, UnsetType

from sijill.errors import Invalid
from sijill.values.texts import is_unstorable_text

Fields = Mapping[str, Any]
"""The fields of a body by name, as JSON values."""


class Refused(ValueError):
    """
    A value that breaks rules, each written as `name` or `name:value` (`max:25`).

    Shape of `faults`: place inside the value to its rules; "" is the value itself, `0.type` the
    field `type` of its first item.
    """

    def __init__(self, faults: str | Mapping[str, Sequence[str]]) -> None:
        super().__init__()
        self.faults = {"": [faults]} if isinstance(faults, str) else faults

    def at(self, place: str) -> dict[str, Sequence[str]]:
        """Return the faults by their places in a value that holds this one at `place`."""
        return {f"{place}.{inner}" if inner else place: f for inner, f in self.faults.items()}


class Form:
    """The fields of one body, read by name; one that is absent or faulty reads as UNSET."""

    def __init__(self, fields: Fields) -> None:
        self._fields = {name: v for name, v in fields.items() if not is_unstorable_text(v)}
        self.faults: dict[str, list[str]] = {
            name: ["characters"] for name in fields if name not in self._fields
        }

    def has(self, name: str) -> bool:
        """Return whether the field was sent, with any value."""
        return name in self._fields or name in self.faults

    def fault(self, name: str, rule: str) -> UnsetType:
        """Note that a field broke a rule, once for each rule."""
        broken = self.faults.setdefault(name, [])
        if rule not in broken:
            broken.append(rule)
        return UNSET

    def require(self, *names: str) -> None:
        """Note that each of these fields is required, unless it was sent."""
        for name in names:
            if not self.has(name):
                self.fault(name, "required")

    def raw(self, name: str) -> Any:
        """Return a field as it was sent; a null or empty field breaks `required`."""
        value = self._fields.get(name, UNSET)
        return self.fault(name, "required") if value is None or value in ("", []) else value

    def read(self, name: str, reader: Callable[[Any], Any]) -> Any:
        """Return a field as `reader` reads it; the form notes the faults that the reader raises."""
        value = self.raw(name)
        if value is UNSET:
            return UNSET
        try:
            return reader(value)
        except Refused as refused:
            for place, rules in refused.at(name).items():
                for rule in rules:
                    self.fault(place, rule)
            return UNSET

    def check(self) -> None:
        """Raise Invalid naming every faulty field, if there is one."""
        if self.faults:
            raise Invalid(self.faults)

    def check_inner(self) -> None:
        """Raise Refused with every faulty field, if any: the form is inside another value."""
        if self.faults:
            raise Refused(self.faults)
