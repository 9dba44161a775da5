"""A webhook from the values of a body, new or changed. Pure."""

from datetime import datetime
from typing import Any

from msgspec.structs import replace

from sijill.errors import Invalid
from sijill.webhooks.fields import VERSIONS
from sijill.webhooks.model import Webhook
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
    blank = Webhook(
        id=webhook_id,
        store_id=store_id,
        app_id=app_id,
        name="",
        event=values["event"],
        url=values["url"],
        version=VERSIONS[-1],
        rule=None,
        headers=(),
        strategy="none",
        secret=None,
        created_at=at,
    )
    return changed(blank, {"secret": None} | values, own_secret)


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
    faults = {
        name: [rule]
        for name, rule in (("rule", _rule_fault(new)), ("secret", _secret_fault(new)))
        if rule
    }
    if faults:
        raise Invalid(faults)
    return new


_SECURITY = frozenset({"security_strategy", "secret"})


def _rule_fault(hook: Webhook) -> str | None:
    return "rule_version" if hook.rule is not None and hook.version < VERSIONS[-1] else None


def _secret_fault(hook: Webhook) -> str | None:
    """Return the rule that the secret breaks: as a token it stands in a header."""
    if hook.strategy == "none":
        return None
    if not hook.secret:
        return "required"
    return header_fault("Authorization", hook.secret) if hook.strategy == "token" else None
