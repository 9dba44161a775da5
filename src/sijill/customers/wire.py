"""A customer as Salla's JSON: keys, order, types, and what stands for none."""

from collections.abc import Callable, Collection
from typing import Any

from sijill.customers.model import Customer, Extras
from sijill.stores.countries_wire import country_name
from sijill.stores.model import Store
from sijill.stores.profiles import PROFILES, Profile
from sijill.values.dates import date_object, day_object

Json = dict[str, Any]


def body(customer: Customer, store: Store, fields: Collection[str] = ()) -> Json:
    """
    Return the `data` of one customer in the store's profile, with the extra `fields` asked for.

    Source: Salla "Customer Details", GET /customers/{customer}.
    """
    profile = PROFILES[store.profile]
    document: Json = {"id": customer.id}
    if profile.more_keys:
        document["full_name"] = f"{customer.first_name} {customer.last_name}".strip()
    document |= {
        "first_name": customer.first_name,
        "last_name": customer.last_name,
        "mobile": customer.mobile,
        "mobile_code": _mobile_code(customer, profile),
        "email": customer.email,
        "urls": {
            "customer": store.customer_url.replace("{id}", str(customer.id)),
            "admin": store.admin_url.replace("{id}", str(customer.id)),
        },
        "avatar": customer.avatar or _default_avatar(customer.gender, store, profile),
        "gender": customer.gender,
        "birthday": customer.birthday and day_object(customer.birthday, store.timezone),
        "city": customer.city,
        "country": customer.country or country_name(customer.country_code, store.locale),
        "country_code": (
            customer.country_code if profile.upper_country_code else customer.country_code.lower()
        ),
        "currency": customer.currency or store.currency,
        "location": customer.location or profile.no_location,
    }
    if profile.more_keys:
        document["lang"] = customer.lang or store.locale
        document["created_at"] = date_object(customer.created_at, store.timezone)
    document["updated_at"] = date_object(customer.updated_at, store.timezone)
    if fields and customer.extras is not None:
        return _with_extras(document, customer, customer.extras, store, fields)
    document["groups"] = customer.groups
    return document


def _with_extras(
    document: Json, customer: Customer, extras: Extras, store: Store, fields: Collection[str]
) -> Json:
    """Place the extra keys: stats and the rating before groups, the rest behind, by name."""
    stats = {name: EXTRAS[name](extras, store) for name in STATS if name in fields}
    if stats:
        document["stats"] = stats
    if RATED in fields:
        document[RATED] = extras.is_orders_rated
        document["pending_rating_count"] = extras.pending_rating_count
    document["groups"] = customer.groups
    for name in _BEHIND_GROUPS:
        if name in fields:
            document[name] = EXTRAS[name](extras, store)
    return document


def _mobile_code(customer: Customer, profile: Profile) -> str:
    if customer.mobile is None or not customer.mobile_code:
        return ""
    return profile.mobile_code_prefix + customer.mobile_code


def _default_avatar(gender: str | None, store: Store, profile: Profile) -> str:
    own = store.avatar_female if gender == "female" else store.avatar_male
    return own or profile.avatars[gender or ""]


def _number(value: float) -> float:
    """Return a whole number as an integer, as Salla's samples write amounts and ratios."""
    return int(value) if value == int(value) else value


def _latest_purchase(extras: Extras, store: Store) -> Any:
    moment = extras.latest_purchase
    return moment and date_object(moment, store.timezone)


EXTRAS: dict[str, Callable[[Extras, Store], Any]] = {
    "is_blocked": lambda extras, _: extras.is_blocked,
    "is_whitelisted": lambda extras, _: extras.is_whitelisted,
    "block_reason": lambda extras, _: extras.block_reason,
    "is_inactive": lambda extras, _: extras.is_inactive,
    "orders_count": lambda extras, _: extras.orders_count,
    "orders_amount": lambda extras, _: _number(extras.orders_amount),
    "orders_average": lambda extras, _: _number(extras.orders_average),
    "orders_complete_ratio": lambda extras, _: _number(extras.orders_complete_ratio),
    "orders_cancel_ratio": lambda extras, _: _number(extras.orders_cancel_ratio),
    "orders_cancel": lambda extras, _: extras.orders_cancel,
    "latest_purchase": _latest_purchase,
    "abandoned_carts_items": lambda extras, _: extras.abandoned_carts_items,
    "wallet_balance": lambda extras, _: _number(extras.wallet_balance),
    "total_points": lambda extras, _: extras.total_points,
    "country_id": lambda extras, _: extras.country_id,
    "custom_fields": lambda extras, _: extras.custom_fields,
    "current_store_customer": lambda extras, _: extras.current_store_customer,
    "is_orders_rated": lambda extras, _: extras.is_orders_rated,
    "is_notifications_enabled": lambda extras, _: extras.is_notifications_enabled,
}
"""The 19 names that `fields[]` knows on Customer Details."""

LIST_EXTRAS = frozenset(
    {
        "is_blocked",
        "is_whitelisted",
        "block_reason",
        "is_inactive",
        "total_points",
        "country_id",
        "custom_fields",
        "current_store_customer",
        "is_orders_rated",
        "is_notifications_enabled",
    }
)
"""The names `fields[]` knows on List Customers. Source: Salla "List Customers"."""

STATS = ("orders_count", "orders_amount")
RATED = "is_orders_rated"
_BEHIND_GROUPS = sorted(EXTRAS.keys() - {*STATS, RATED})
