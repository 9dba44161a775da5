"""What a rule compares: the attributes of a customer, read from an event's body."""

from collections.abc import Mapping
from typing import Any

import msgspec

from sijill.webhooks.rule import ATTRIBUTES, Attributes

_DAY = len("1997-06-03")


def attributes_of(event: bytes) -> Attributes:
    """Return the attributes in an event's body; an attribute that is absent there is None."""
    return compared_values(msgspec.json.decode(event)["data"])


def compared_values(data: Mapping[str, Any]) -> Attributes:
    """Return the attributes of a customer's JSON: a mobile is text, a date its day alone."""
    mobile = data.get("mobile")
    return {name: _plain(data.get(name)) for name in ATTRIBUTES} | {
        "mobile": None if mobile is None else str(mobile)
    }


def _plain(value: Any) -> Any:
    """Return the day of a date object, any other value as it is."""
    return value["date"][:_DAY] if isinstance(value, dict) else value
