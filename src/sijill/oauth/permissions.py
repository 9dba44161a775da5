"""Scopes as an owner reads them: what an app may see, and what it may change."""

from collections.abc import Collection

from sijill.http.languages import Language
from sijill.oauth.scopes import OFFLINE
from sijill.oauth.wording import Text

NOUNS = {
    "customers": Text("بيانات العملاء", "customers' data"),
    "customer-wallets": Text("محافظ العملاء وأرصدتها", "customers' wallets and their balances"),
    "metadata": Text("قوائم الدول والمدن واللغات", "lists of countries, cities and languages"),
    "settings": Text("إعدادات المتجر", "the store's settings"),
    "webhooks": Text("إشعارات الأحداث (Webhooks)", "notifications of events (webhooks)"),
    "orders": Text("الطلبات", "orders"),
    "products": Text("المنتجات", "products"),
    "carts": Text("سلال التسوق", "shopping carts"),
    "branches": Text("الفروع", "branches"),
    "categories": Text("التصنيفات", "categories"),
    "brands": Text("العلامات التجارية", "brands"),
    "payments": Text("المدفوعات", "payments"),
    "taxes": Text("الضرائب", "taxes"),
    "specialoffers": Text("العروض الخاصة", "special offers"),
    "shippings": Text("شركات الشحن وخياراته", "shipping companies and options"),
    "marketing": Text("أدوات التسويق", "marketing tools"),
    "shipments": Text("الشحنات", "shipments"),
    "transactions": Text("المعاملات المالية", "payment transactions"),
    "subscriptions": Text("الاشتراكات", "subscriptions"),
}
"""Each of `auth.scopes.RESOURCES`, in the order an owner is told; in Arabic, ها takes each up."""

_READ = Text("الاطلاع على {noun}", "Read {noun}")
_READ_WRITE = Text("الاطلاع على {noun} وتعديلها", "Read and change {noun}")
_OFFLINE = Text("البقاء متصلًا في غيابك", "Stay connected when you are away")


def permissions(scopes: Collection[str], language: Language) -> list[str]:
    """
    Return a sentence for each scope; one that another of them includes has none of its own.

    Raises: KeyError for a scope nobody knows.
    """
    place = {name: place for place, name in enumerate(NOUNS)}
    may = dict(sorted(scope.split(".") for scope in scopes if scope != OFFLINE))
    told = [_told(name, may[name], language) for name in sorted(may, key=place.__getitem__)]
    return [*told, _OFFLINE.spoken(language)] if OFFLINE in scopes else told


def _told(name: str, may: str, language: Language) -> str:
    sentence = {"read": _READ, "read_write": _READ_WRITE}[may]
    return sentence.spoken(language).format(noun=NOUNS[name].spoken(language))
