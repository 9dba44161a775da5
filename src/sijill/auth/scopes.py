"""Scopes: their names, how a list of them is written, and which one satisfies which."""

import re
from collections.abc import Collection

SCOPES = {
    "customers.read": "Read customers",
    "customers.read_write": "Read and change customers",
    "customer-wallets.read_write": "Move money in and out of customers' wallets",
    "metadata.read": "Read countries, cities and languages",
    "settings.read": "Read the store's settings",
}
"""Every scope Sijill knows, with what it lets an app do. Source: Salla "Authorization"."""

_SEPARATORS = re.compile(r"[\s,+]+")


def parse_scopes(text: str) -> frozenset[str]:
    """
    Return the scopes in `text`, which real clients separate by space, comma or plus.

    Raises: ValueError naming the scopes nobody knows.
    """
    scopes = frozenset(filter(None, _SEPARATORS.split(text)))
    unknown = sorted(scopes - SCOPES.keys())
    if unknown:
        raise ValueError(f"unknown scope: {', '.join(unknown)} (known: {', '.join(SCOPES)})")
    return scopes


def satisfies(granted: Collection[str], needed: str) -> bool:
    """
    Return whether `granted` holds `needed`; a read_write scope satisfies its read scope.

    A `needed` of "" is satisfied by any token.
    """
    if not needed:
        return True
    return needed in granted or (needed.endswith(".read") and f"{needed}_write" in granted)
