"""Scopes: their names, their order in a text, which scope satisfies which, and their sentences."""

import re
from collections.abc import Collection, Sequence

from sijill.localized import Language, Localized

SCOPES = (
    *("customers.read", "customers.read_write", "customer-wallets.read_write"),
    *("metadata.read", "settings.read", "webhooks.read", "webhooks.read_write"),
)
"""Every scope that a route of Sijill needs. Source: Salla "Authorization"."""

OFFLINE = "offline_access"
"""Asks for a refresh token. Every app may have it; no route needs it."""

RESOURCES = {
    "customers": Localized("بيانات العملاء", "customers' data"),
    "customer-wallets": Localized(
        "محافظ العملاء وأرصدتها", "customers' wallets and their balances"
    ),
    "metadata": Localized("قوائم الدول والمدن واللغات", "lists of countries, cities and languages"),
    "settings": Localized("إعدادات المتجر", "the store's settings"),
    "webhooks": Localized("إشعارات الأحداث (Webhooks)", "notifications of events (webhooks)"),
    "orders": Localized("الطلبات", "orders"),
    "products": Localized("المنتجات", "products"),
    "carts": Localized("سلال التسوق", "shopping carts"),
    "branches": Localized("الفروع", "branches"),
    "categories": Localized("التصنيفات", "categories"),
    "brands": Localized("العلامات التجارية", "brands"),
    "payments": Localized("المدفوعات", "payments"),
    "taxes": Localized("الضرائب", "taxes"),
    "specialoffers": Localized("العروض الخاصة", "special offers"),
    "shippings": Localized("شركات الشحن وخياراته", "shipping companies and options"),
    "marketing": Localized("أدوات التسويق", "marketing tools"),
    "shipments": Localized("الشحنات", "shipments"),
    "transactions": Localized("المعاملات المالية", "payment transactions"),
    "subscriptions": Localized("الاشتراكات", "subscriptions"),
}
"""
The resources that Salla has scopes for; an app may have scopes that no route of Sijill needs.

The nouns stand in the order of the consent page; in Arabic the suffix ها refers to each of them.
"""

KNOWN = frozenset(f"{name}.{may}" for name in RESOURCES for may in ("read", "read_write"))

_READ = Localized("الاطلاع على {noun}", "Read {noun}")
_READ_WRITE = Localized("الاطلاع على {noun} وتعديلها", "Read and change {noun}")
_STAY = Localized("الوصول إلى بيانات متجرك وأنت غير متصل", "Stay connected when you are away")

_SEPARATORS = re.compile(r"[\s,+]+")
_UNQUOTABLE = re.compile(r"[^\x21\x23-\x5b\x5d-\x7e]")

NAMED, NAMED_CHARACTERS = 5, 64
"""Scopes that an error names at most, and characters of each."""


def split_scopes(text: str) -> frozenset[str]:
    """Return the scopes in `text`, which real clients separate by space, comma or plus."""
    return frozenset(filter(None, _SEPARATORS.split(text)))


def parse_scopes(text: str) -> frozenset[str]:
    """Return the scopes in `text`. Raises: ValueError that names the unknown scopes."""
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

    Every token satisfies a `needed` of "".
    """
    if not needed:
        return True
    return needed in granted or (needed.endswith(".read") and f"{needed}_write" in granted)


def narrowed(granted: Collection[str], asked: Collection[str]) -> frozenset[str] | None:
    """Return `asked` if `granted` satisfies all of it, else None."""
    return None if beyond(granted, asked) else frozenset(asked)


def beyond(granted: Collection[str], asked: Collection[str]) -> tuple[str, ...]:
    """Return, by name, the scopes of `asked` that `granted` does not satisfy."""
    return tuple(sorted(scope for scope in asked if not satisfies(granted, scope)))


def named(scopes: Sequence[str]) -> str:
    """
    Return the first of some scopes that a client sent, as an error_description may name them.

    Each is cut; a character that may not stand in one becomes `?`. Source: RFC 6749 §4.1.2.1.
    """
    words = [_UNQUOTABLE.sub("?", scope[:NAMED_CHARACTERS]) for scope in scopes[:NAMED]]
    more = len(scopes) - len(words)
    return ", ".join(words) + (f" and {more} more" if more else "")


def permissions(scopes: Collection[str], language: Language) -> list[str]:
    """Return a sentence for each resource of scopes. Raises: KeyError for an unknown scope."""
    order = {name: place for place, name in enumerate(RESOURCES)}
    may = dict(sorted(scope.split(".") for scope in scopes if scope != OFFLINE))
    sentences = [
        {"read": _READ, "read_write": _READ_WRITE}[may[name]]
        .render(language)
        .format(noun=RESOURCES[name].render(language))
        for name in sorted(may, key=order.__getitem__)
    ]
    return [*sentences, _STAY.render(language)] if OFFLINE in scopes else sentences
