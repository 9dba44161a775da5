"""What Register, Update and Deactivate Webhook say: documented fields in."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from sijill.errors import Invalid
from sijill.fields.form import Form, as_integer
from sijill.http.bodies import Fields
from sijill.http.query import Pairs, parse_id
from sijill.values.texts import is_unstorable_text
from sijill.webhooks.events import EVENTS
from sijill.webhooks.model import Webhook
from sijill.webhooks.rule_parser import BadRule, parse_rule
from sijill.webhooks.signing import MOST_HEADERS, header_fault, headers_fault

VERSIONS = (1, 2)
STRATEGIES = ("signature", "token", "none")
NAME_LENGTH = 255
SECRET_LENGTH = 255

Accepts = Callable[[str], bool]
"""Whether something may be sent to a URL."""

_CLEARED: dict[str, Any] = {
    "name": "",
    "version": VERSIONS[-1],
    "rule": None,
    "headers": (),
    "security_strategy": None,
    "secret": None,
}
"""What null or an empty value writes: what a webhook has that was registered without it."""


class Removal(NamedTuple):
    """Which webhooks are to go: the one with an id, and all with a URL."""

    webhook_id: int | None
    url: str | None


def read_subscription(fields: Fields, accepts: Accepts) -> dict[str, Any]:
    """
    Return the values of a new webhook, by documented name; what the body omits is not there.

    Source: Salla "Register Webhook". Raises: Invalid naming every faulty field: `headers.0.key`.
    """
    return _read({"url": None, "event": None} | dict(fields), accepts)


def read_change(fields: Fields, accepts: Accepts) -> dict[str, Any]:
    """
    Return the values that a body writes over those of a webhook; its event cannot change.

    Source: Salla "Update Webhook". Raises: Invalid as for `read_subscription`.
    """
    return _read({name: value for name, value in fields.items() if name != "event"}, accepts)


def read_removal(pairs: Pairs) -> Removal:
    """
    Return which webhooks a query names.

    Source: Salla "Deactivate Webhook". Raises: Invalid if it names none, or by an id that is none.
    """
    asked = dict(pairs)
    text, url = asked.get("id", ""), asked.get("url") or None
    webhook_id = parse_id(text)
    if webhook_id is None and (text or url is None):
        raise Invalid({"id": ["integer"]})
    if is_unstorable_text(url):
        raise Invalid({"url": ["characters"]})
    return Removal(webhook_id, url)


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
    Return the webhook that the values make; `own_secret` is the app's, for want of one of its own.

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
    Return the webhook that the values make of `old`.

    Without a strategy it signs if there is a secret: its own, or else the app's.
    Raises: Invalid for a rule without version 2, and for a strategy without a secret that it can
    use.
    """
    plain = {name: value for name, value in values.items() if name not in _SECURITY}
    new = replace(old, **plain)
    if values.keys() & _SECURITY:
        secret = values.get("secret", old.secret) or own_secret
        default = "signature" if secret else "none"
        kept = old.strategy if old.secret else default
        strategy = values.get("security_strategy", kept) or default
        new = replace(new, secret=secret, strategy=strategy)
    faults = {
        name: [rule] for name, rule in (("rule", _rule_fault(new)), ("secret", _fault(new))) if rule
    }
    if faults:
        raise Invalid(faults)
    return new


_SECURITY = frozenset({"security_strategy", "secret"})


def _rule_fault(hook: Webhook) -> str | None:
    return "rule_version" if hook.rule is not None and hook.version < VERSIONS[-1] else None


def _fault(hook: Webhook) -> str | None:
    """Return what is wrong with the secret: as a token it is sent in a header."""
    if hook.strategy == "none":
        return None
    if not hook.secret:
        return "required"
    return header_fault("Authorization", hook.secret) if hook.strategy == "token" else None


def _read(fields: Fields, accepts: Accepts) -> dict[str, Any]:
    cleared = {n: none for n, none in _CLEARED.items() if n in fields and _is_empty(fields[n])}
    form = Form({name: value for name, value in fields.items() if name not in cleared})
    values: dict[str, Any] = {
        "url": _url(form, accepts),
        "event": _event(form),
        "name": form.text("name", NAME_LENGTH),
        "version": _version(form),
        "rule": _rule(form),
        "headers": _headers(form),
        "security_strategy": form.one_of("security_strategy", STRATEGIES),
        "secret": _secret(form),
    }
    form.check()
    return cleared | {name: value for name, value in values.items() if value is not UNSET}


def _is_empty(value: Any) -> bool:
    return value is None or value in ("", [], {})


def _url(form: Form, accepts: Accepts) -> str | UnsetType:
    url = form.raw("url")
    if isinstance(url, UnsetType) or (isinstance(url, str) and accepts(url)):
        return url
    return form.fault("url", "url")


def _event(form: Form) -> str | UnsetType:
    name = form.raw("event")
    if isinstance(name, UnsetType) or (isinstance(name, str) and name in EVENTS):
        return name
    return form.fault("event", "invalid")


def _version(form: Form) -> int | UnsetType:
    number = as_integer(form.raw("version"))
    if number is None:
        return form.fault("version", "integer")
    known = isinstance(number, UnsetType) or number in VERSIONS
    return number if known else form.fault("version", "invalid")


def _rule(form: Form) -> str | UnsetType:
    """Return the rule as it was written: a tab, say, is a space to it."""
    rule = form.raw("rule")
    if isinstance(rule, UnsetType):
        return rule
    if not isinstance(rule, str):
        return form.fault("rule", "string")
    try:
        parse_rule(rule)
    except BadRule as bad:
        return form.fault("rule", bad.fault)
    return rule


def _secret(form: Form) -> str | UnsetType:
    """Return the secret as it was written: every character of it signs."""
    secret = form.raw("secret")
    if isinstance(secret, UnsetType):
        return secret
    if not isinstance(secret, str):
        return form.fault("secret", "string")
    short = len(secret) <= SECRET_LENGTH
    return secret if short else form.fault("secret", f"max:{SECRET_LENGTH}")


def _headers(form: Form) -> tuple[tuple[str, str], ...] | UnsetType:
    items = form.each("headers", MOST_HEADERS, lambda item: item)
    if isinstance(items, UnsetType):
        return items
    pairs = [_pair(form, f"headers.{place}", item) for place, item in enumerate(items)]
    headers = [pair for pair in pairs if pair is not None]
    names = [name.lower() for name, _ in headers]
    for place, name in enumerate(names):
        if name in names[:place]:
            form.fault(f"headers.{place}.key", "taken")
    fault = headers_fault(headers)
    return tuple(headers) if fault is None else form.fault("headers", fault)


def _pair(form: Form, at: str, item: Any) -> tuple[str, str] | None:
    """Return a name and a value; a value may be empty, a name may not."""
    if not isinstance(item, dict):
        form.fault(at, "invalid")
        return None
    name, value = item.get("key"), item.get("value")
    if not isinstance(name, str) or not isinstance(value, str):
        for part, sent in (("key", name), ("value", value)):
            if not isinstance(sent, str):
                form.fault(f"{at}.{part}", "required" if sent is None else "string")
        return None
    fault = header_fault(name, value)
    if fault is not None:
        form.fault(f"{at}.value" if fault == "header_value" else f"{at}.key", fault)
        return None
    return name, value
