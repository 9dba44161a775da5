"""Webhooks: which events an app gets and where, and the state of each delivery."""

from datetime import datetime
from functools import lru_cache
from typing import Any, Final, Literal, NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from sijill.errors import Invalid
from sijill.oauth.apps import Strategy
from sijill.webhooks.attempts import NONE, Attempt
from sijill.webhooks.events import Event
from sijill.webhooks.rule import attributes_of, matches
from sijill.webhooks.rule_parser import BadRule, parse_rule
from sijill.webhooks.signing import header_fault, headers_fault

INSTALLS = "app.*"
"""The event of the webhook that gets an app's own installs; no list shows this webhook."""

NO_GRANT = "no_grant"
"""Shown as the reason of a pause where an app has no living grant in the store; never stored."""

STOPPED = "stopped"
"""The reason of a pause that the operator ordered."""

MASK: Final = "********"
"""The text in place of a secret that is stored; where it is sent back, the secret stays."""

VERSIONS = (1, 2)
State = Literal["pending", "done", "dead", "captured", "erased"]


class Webhook(Struct, frozen=True):
    """One subscription of an app in a store to one event. Source: Salla "Register Webhook"."""

    id: int
    store_id: int
    app_id: int
    name: str
    event: str
    url: str
    version: int
    rule: str | None
    headers: tuple[tuple[str, str], ...]
    strategy: Strategy
    secret: str | None
    created_at: datetime
    failing_since: datetime | None = None
    """The time since which no delivery has succeeded; None while deliveries succeed."""
    paused: str | None = None
    """
    Why nothing is sent: `gone` (it answered 410), `failing` (for too long), `sealed` (its secrets
    are sealed under another key) or STOPPED; None while deliveries are sent.
    """


def blank(
    webhook_id: int, store_id: int, app_id: int, event: str, url: str, at: datetime
) -> Webhook:
    """Return a webhook without name, rule, headers and secret, created at `at`."""
    return Webhook(
        webhook_id, store_id, app_id, "", event, url, VERSIONS[-1], None, (), "none", None, at
    )


def subscribed(
    values: dict[str, Any],
    *,
    webhook_id: int,
    store_id: int,
    app_id: int,
    own_secret: str | None,
    at: datetime,
    replaced: Webhook | None = None,
) -> Webhook:
    """
    Return a new webhook; `own_secret` is the app's secret, for a webhook without one of its own.

    A mask stands for the value that the `replaced` webhook has. Raises: Invalid as for `changed`.
    """
    new = blank(webhook_id, store_id, app_id, values["event"], values["url"], at)
    values = {"headers": (), "secret": None} | values
    if replaced is not None:
        new = replace(new, headers=replaced.headers)
    if replaced is not None and values["secret"] == MASK:
        new = replace(new, secret=replaced.secret, strategy=replaced.strategy)
    elif values["secret"] == MASK:
        values["secret"] = None
    return changed(new, values, own_secret)


def changed(old: Webhook, values: dict[str, Any], own_secret: str | None) -> Webhook:
    """
    Return `old` with the values written over it.

    Without a strategy, a webhook signs if it or its app has a secret. A mask leaves what is stored.
    Raises: Invalid for a rule without version 2, for a strategy without a usable secret, and for
    headers that are too long together.
    """
    values = _unmasked(values, old)
    plain = {name: value for name, value in values.items() if name not in _SECURITY}
    new = replace(old, **plain)
    if values.keys() & _SECURITY:
        secret = values.get("secret", old.secret) or own_secret
        default = "signature" if secret else "none"
        current = old.strategy if old.secret else default
        strategy = values.get("security_strategy", current) or default
        new = replace(new, secret=secret, strategy=strategy)
    if faults := {name: [rule] for name, rule in _broken_rules(new).items() if rule}:
        raise Invalid(faults)
    return new


_SECURITY = frozenset({"security_strategy", "secret"})


def _unmasked(values: dict[str, Any], stored: Webhook) -> dict[str, Any]:
    """Return the values without a masked secret, and the stored values of masked headers."""
    own = {name: value for name, value in values.items() if (name, value) != ("secret", MASK)}
    if "headers" in own:
        known = {name.lower(): value for name, value in stored.headers}
        own["headers"] = tuple(
            (name, known.get(name.lower(), value) if value == MASK else value)
            for name, value in own["headers"]
        )
    return own


def _broken_rules(hook: Webhook) -> dict[str, str | None]:
    """Return the rule that each field breaks, None for those that are good."""
    secret = None
    if hook.strategy != "none" and not hook.secret:
        secret = "required"  # noqa: S105 - a rule
    elif hook.strategy == "token" and hook.secret:
        secret = header_fault("Authorization", hook.secret)
    unsupported = hook.rule is not None and hook.version < VERSIONS[-1]
    rule = "rule_version" if unsupported else None
    return {"rule": rule, "secret": secret, "headers": headers_fault(hook.headers)}


class WebhookPage(NamedTuple):
    """Some webhooks, and how many there are."""

    webhooks: list[Webhook]
    total: int


class Delivery(Struct, frozen=True):
    """One event for one webhook, and its state."""

    webhook_id: int
    event_id: str
    store_id: int
    event: str
    state: State
    attempts: int
    created_at: datetime
    next_at: datetime
    status: int | None
    """The HTTP status of the last answer."""
    error: str | None
    """Why the last attempt had no answer: a slug such as `timeout`."""
    tried: tuple[Attempt, ...] = ()
    """The attempts that were sent, oldest first, also those before it was sent again."""


class ClaimedDelivery(NamedTuple):
    """A delivery that one worker has leased: no other sends it until the lease ends."""

    webhook: Webhook
    event: Event
    attempt: int
    """From 1."""
    tried: str = NONE
    """The attempts before, as the row has them."""


class DeliveryDetail(NamedTuple):
    """A delivery with its webhook and its event."""

    delivery: Delivery
    webhook: Webhook
    event: Event


class AttemptResult(NamedTuple):
    """The state of a delivery after an attempt."""

    state: State
    status: int | None
    error: str | None
    next_at: datetime
    """When the next attempt is due, if the delivery is pending."""
    pause: str | None = None
    """Why the webhook is to be paused; None if it is not."""


Subscriber = tuple[int, int]
"""A store and an app in it."""


def wants(webhook: Webhook, event: Event) -> bool:
    """
    Return whether the rule of a webhook matches an event of its kind.

    A rule that can no longer be parsed matches: an event too many does no harm.
    """
    if webhook.rule is None:
        return True
    try:
        return matches(_parse_once(webhook.rule), _attributes_once(event.body))
    except BadRule:
        return True


_parse_once = lru_cache(maxsize=1_000)(parse_rule)

_attributes_once = lru_cache(maxsize=1)(attributes_of)
"""An event is compared with the rules of many webhooks, one after another."""
