"""Scopes as an owner reads them: what an app may see, and what it may change."""

from collections.abc import Collection

from sijill.localized import Language, Localized
from sijill.oauth.scopes import OFFLINE

NOUNS = {
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
"""Each of `auth.scopes.RESOURCES`, in the order an owner is told; in Arabic, ها takes each up."""

_READ = Localized("الاطلاع على {noun}", "Read {noun}")
_READ_WRITE = Localized("الاطلاع على {noun} وتعديلها", "Read and change {noun}")
_OFFLINE = Localized("البقاء متصلًا في غيابك", "Stay connected when you are away")


def permissions(scopes: Collection[str], language: Language) -> list[str]:
    """
    Return a sentence for each scope; one that another of them includes has none of its own.

    Raises: KeyError for a scope nobody knows.
    """
    place = {name: place for place, name in enumerate(NOUNS)}
    may = dict(sorted(scope.split(".") for scope in scopes if scope != OFFLINE))
    told = [_told(name, may[name], language) for name in sorted(may, key=place.__getitem__)]
    return [*told, _OFFLINE.render(language)] if OFFLINE in scopes else told


def _told(name: str, may: str, language: Language) -> str:
    sentence = {"read": _READ, "read_write": _READ_WRITE}[may]
    return sentence.render(language).format(noun=NOUNS[name].render(language))
