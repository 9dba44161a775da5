"""
The conditions of a webhook: a tree, and whether a customer's values match it.

`webhooks.rule_parser` makes the tree of a text. How values compare:

- The type of the attribute decides, not the quotes in the rule: a number is compared as a number,
  anything else as text. A rule's value that is no number differs from every number.
- Texts compare code point by code point, so upper and lower case differ, and so `>` and `<` order
  them too. A mobile is text, and a birthday is one such as `1997-06-03`, whose order is that of
  days.
- An attribute that is null, or that the event does not have, matches `!=` alone.
"""

import operator
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from msgspec import Struct, json

ATTRIBUTES = (
    "id",
    "first_name",
    "last_name",
    "mobile",
    "mobile_code",
    "email",
    "avatar",
    "gender",
    "birthday",
    "city",
    "country",
    "currency",
    "location",
)
"""The attributes that rules of customer events can name. Source: Salla "Conditional Webhooks"."""

Attributes = Mapping[str, str | int | None]
"""The attributes of one event by name."""

OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    "<": operator.lt,
    ">=": operator.ge,
    "<=": operator.le,
}

_DIGITS = frozenset("0123456789")
_DAY = len("1997-06-03")


class Comparison(Struct, frozen=True):
    """One comparison of an attribute with a value, a text as written."""

    attribute: str
    operator: str
    value: str


class And(Struct, frozen=True):
    """All of two or more parts."""

    parts: "tuple[Rule, ...]"


class Or(Struct, frozen=True):
    """Any of two or more parts."""

    parts: "tuple[Rule, ...]"


Rule = Comparison | And | Or


def attributes_of(event: bytes) -> Attributes:
    """Return the attributes in an event's body; an absent attribute is None."""
    return compared_values(json.decode(event)["data"])


def compared_values(data: Mapping[str, Any]) -> Attributes:
    """Return the attributes of a customer's JSON: a mobile as text, a date as its day alone."""
    mobile = data.get("mobile")
    return {name: _plain(data.get(name)) for name in ATTRIBUTES} | {
        "mobile": None if mobile is None else str(mobile)
    }


def _plain(value: Any) -> Any:
    """Return the day of a date object, any other value as it is."""
    return value["date"][:_DAY] if isinstance(value, dict) else value


def matches(rule: Rule, attributes: Attributes) -> bool:
    """Return whether the attributes of an event match a rule."""
    match rule:
        case And(parts):
            return all(matches(part, attributes) for part in parts)
        case Or(parts):
            return any(matches(part, attributes) for part in parts)
        case Comparison(attribute, name, value):
            return _holds(attributes.get(attribute), name, value)


def _holds(actual: str | int | None, name: str, value: str) -> bool:
    wanted = _number(value) if isinstance(actual, int) else value
    if actual is None or wanted is None:
        return name == "!="
    return OPERATORS[name](actual, wanted)


def _number(text: str) -> Decimal | None:
    """Return a number in ASCII digits, with or without a minus and a point; None if it is none."""
    if not _DIGITS.issuperset(text.removeprefix("-").replace(".", "", 1)):
        return None
    try:
        return Decimal(text)
    except InvalidOperation:
        return None
