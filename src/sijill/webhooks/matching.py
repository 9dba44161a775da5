"""Which webhooks want an event: their rules, and the attributes in the event's body."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import msgspec

from sijill.webhooks.events import Event
from sijill.webhooks.model import Webhook
from sijill.webhooks.rule import ATTRIBUTES, Attributes, Rule, matches
from sijill.webhooks.rule_parser import BadRule, parse_rule

_DAY = len("1997-06-03")


def attributes_of(event: bytes) -> Attributes:
    """Return the attributes in an event's body; an absent attribute is None."""
    return compared_values(msgspec.json.decode(event)["data"])


def compared_values(data: Mapping[str, Any]) -> Attributes:
    """Return the attributes of a customer's JSON: a mobile as text, a date as its day alone."""
    mobile = data.get("mobile")
    return {name: _plain(data.get(name)) for name in ATTRIBUTES} | {
        "mobile": None if mobile is None else str(mobile)
    }


def _plain(value: Any) -> Any:
    """Return the day of a date object, any other value as it is."""
    return value["date"][:_DAY] if isinstance(value, dict) else value


def wants(webhook: Webhook, event: Event) -> bool:
    """
    Return whether the rule of a webhook for this kind of event matches the event.

    A rule that can no longer be parsed matches: an event too many does no harm.
    """
    if webhook.rule is None:
        return True
    try:
        return matches(_parsed(webhook.rule), attributes_of(event.body))
    except BadRule:
        return True


@lru_cache(maxsize=1_000)
def _parsed(rule: str) -> Rule:
    return parse_rule(rule)
