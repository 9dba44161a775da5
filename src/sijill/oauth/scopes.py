"""Scopes: their names, how a list of them is written, and which one satisfies which."""

import re
from collections.abc import Collection

SCOPES = {
    "customers.read": "Read customers",
    "customers.read_write": "Read and change customers",
    "customer-wallets.read_write": "Move money in and out of customers' wallets",
    "metadata.read": "Read countries, cities and languages",
    "settings.read": "Read the store's settings",
    "webhooks.read": "See the app's webhooks",
    "webhooks.read_write": "Manage the app's webhooks",
}
"""Every scope a route of Sijill asks for. Source: Salla "Authorization"."""

OFFLINE = "offline_access"
"""Asks for a refresh token. Any app may have it; it opens no resource."""

RESOURCES = (
    *("customers", "customer-wallets", "metadata", "settings", "webhooks"),
    *("orders", "products", "carts", "branches", "categories", "brands", "payments", "taxes"),
    *("specialoffers", "shippings", "marketing", "shipments", "transactions", "subscriptions"),
)
"""What Salla has scopes for; apps may hold those that nothing here asks for."""

KNOWN = frozenset(f"{name}.{may}" for name in RESOURCES for may in ("read", "read_write"))

_SEPARATORS = re.compile(r"[\s,+]+")


def split_scopes(text: str) -> frozenset[str]:
    """Return what stands in `text`, which real clients separate by space, comma or plus."""
    return frozenset(filter(None, _SEPARATORS.split(text)))


def parse_scopes(text: str) -> frozenset[str]:
    """
    Return the scopes in `text`, as `split_scopes`.

    Raises: ValueError naming the scopes nobody knows.
    """
    scopes = split_scopes(text)
    unknown = sorted(scopes - KNOWN - {OFFLINE})
    if unknown:
        raise ValueError(
            f"unknown scope: {', '.join(unknown)} (known: {', '.join(SCOPES)}, {OFFLINE}, and "
            "those of Salla's other resources)"
        )
    return scopes


def scope_text(scopes: Collection[str]) -> str:
    """Return scopes as a token response has them: by name, `offline_access` last."""
    return " ".join(sorted(scopes, key=lambda scope: (scope == OFFLINE, scope)))


def satisfies(granted: Collection[str], needed: str) -> bool:
    """
    Return whether `granted` holds `needed`; a read_write scope satisfies its read scope.

    A `needed` of "" is satisfied by any token.
    """
    if not needed:
        return True
    return needed in granted or (needed.endswith(".read") and f"{needed}_write" in granted)


def narrowed(granted: Collection[str], asked: Collection[str]) -> frozenset[str] | None:
    """Return `asked` if all of it is within `granted`, else None: scopes only ever narrow."""
    return frozenset(asked) if all(satisfies(granted, scope) for scope in asked) else None
