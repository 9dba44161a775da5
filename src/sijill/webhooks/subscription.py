"""A webhook from the values of a body, new or changed. Pure."""

from datetime import datetime
from typing import Any

from msgspec.structs import replace

from sijill.errors import Invalid
from sijill.webhooks.model import VERSIONS, Webhook, blank
from sijill.webhooks.signing import header_fault


def subscribed(
    values: dict[str, Any],
    *,
    webhook_id: int,
    store_id: int,
    app_id: int,
    own_secret: str | None,
    at: datetime,
) -> Webhook:
    """
    Return a new webhook; `own_secret` is the app's secret, for a webhook without one of its own.

    Raises: Invalid as for `changed`.
    """
    new = blank(webhook_id, store_id, app_id, values["event"], values["url"], at)
    return changed(new, {"secret": None} | values, own_secret)


def changed(old: Webhook, values: dict[str, Any], own_secret: str | None) -> Webhook:
    """
    Return `old` with the values written over it.

    Without a strategy, a webhook signs if it or its app has a secret.
    Raises: Invalid for a rule without version 2, and for a strategy without a usable secret.
    """
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


def _broken_rules(hook: Webhook) -> dict[str, str | None]:
    """Return the rule that each field breaks, None for those that are good."""
    secret = None
    if hook.strategy != "none" and not hook.secret:
        secret = "required"  # noqa: S105 - a rule
    elif hook.strategy == "token" and hook.secret:
        secret = header_fault("Authorization", hook.secret)
    unsupported = hook.rule is not None and hook.version < VERSIONS[-1]
    return {"rule": "rule_version" if unsupported else None, "secret": secret}
