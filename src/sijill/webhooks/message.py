"""What a delivery looks like on the wire, and which webhooks an event is for: pure."""

from functools import lru_cache
from typing import Literal

from sijill.webhooks.events import Event
from sijill.webhooks.model import ClaimedDelivery, Webhook
from sijill.webhooks.rule import Rule, matches
from sijill.webhooks.rule_parser import BadRule, parse_rule
from sijill.webhooks.rule_values import attributes_of
from sijill.webhooks.signing import delivery_headers

HeaderStyle = Literal["both", "salla"]
"""Whether Standard Webhooks headers go beside Salla's."""


def headers(due: ClaimedDelivery, now: float, style: HeaderStyle) -> list[tuple[str, str]]:
    """Return the headers of a delivery; the timestamp is that of the attempt, `now` in seconds."""
    hook, event = due.webhook, due.event
    return delivery_headers(
        hook.strategy,
        hook.secret,
        event.id,
        int(now),
        event.body,
        hook.headers,
        style == "both",
    )


def wants(webhook: Webhook, event: Event) -> bool:
    """
    Return whether a webhook of an event's name is told of it: its rule decides.

    One that can no longer be read keeps nothing back: who hears too much is not harmed.
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
