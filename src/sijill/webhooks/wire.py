"""Webhooks and what became of their deliveries, as they are answered."""

from collections.abc import Sequence
from typing import Any

from sijill.http.languages import Language
from sijill.webhooks.events import EVENTS
from sijill.webhooks.model import Kept, Webhook

MASKED = "***"
"""What stands where a secret would."""

Json = dict[str, Any]


def registered(hook: Webhook) -> Json:
    """Return the answer to Register Webhook. Source: Salla's samples of version 1 and 2."""
    names: tuple[str, ...] = ("id", "name", "event", "type", "url", "version", "rule", "headers")
    if hook.version == 1:
        names = ("id", "name", "event", "url", "headers")
    return _told(hook, names)


def updated(hook: Webhook) -> Json:
    """Return the answer to Update Webhook. Source: Salla's sample."""
    names = ("id", "name", "event", "version", "rule", "url", "headers", "type", "security")
    return _told(hook, names)


def listed(hook: Webhook) -> Json:
    """Return an item of List Active Webhooks: Salla's sample, and `security` behind it."""
    names = ("id", "name", "event", "version", "rule", "type", "url", "headers", "security")
    return _told(hook, names)


def events(language: Language) -> list[Json]:
    """Return List Events. Source: Salla's sample, of which it has what concerns customers."""
    return [
        {"id": kind.id, "label": kind.label[language], "event": name}
        for name, kind in EVENTS.items()
    ]


def delivery(kept: Kept, headers: Sequence[tuple[str, str]], *, shows_body: bool) -> Json:
    """
    Return one delivery: how it stands, and what was or would be sent.

    `headers` are those it is sent with; the secret that a token strategy sends in one is masked.
    Without `shows_body` the body, which tells of a customer, is null.
    """
    state, hook, event = kept
    sent = dict(headers)
    if hook.strategy == "token" and "Authorization" in sent:
        sent["Authorization"] = MASKED
    return {
        "id": event.id,
        "webhook": hook.id,
        "event": event.name,
        "url": hook.url,
        "state": state.state,
        "attempts": state.attempts,
        "status": state.status,
        "error": state.error,
        "created_at": state.created_at,
        "headers": sent,
        "body": event.body.decode() if shows_body else None,
    }


def _told(hook: Webhook, names: Sequence[str]) -> Json:
    values = {
        "id": hook.id,
        "name": hook.name,
        "event": hook.event,
        "type": "manual",
        "url": hook.url,
        "version": hook.version,
        "rule": hook.rule,
        # An object, but a list where it is empty: so PHP writes it.
        "headers": dict(hook.headers) or [],
        # Nobody is told a secret again: who may list webhooks could sign in our name.
        "security": {
            "strategy": "" if hook.strategy == "none" else hook.strategy,
            "secret": None,
        },
    }
    return {name: values[name] for name in names}
