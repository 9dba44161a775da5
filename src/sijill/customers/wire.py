"""A customer as Salla's JSON: what each key holds, and what stands for an absent value."""

from collections.abc import Collection
from typing import Any

from sijill.customers.answer import CustomerAnswer, Stats, Urls
from sijill.customers.model import Customer, Extras
from sijill.stores.model import Store
from sijill.stores.profiles import PROFILES, Profile
from sijill.stores.wire import country_name
from sijill.values.dates import date_object, day_object


def body(customer: Customer, store: Store, fields: Collection[str] = ()) -> CustomerAnswer:
    """Return the `data` of one customer in the store's profile, with the extra `fields`."""
    profile = PROFILES[store.profile]
    code, number, day = customer.country_code, str(customer.id), customer.birthday
    answer = CustomerAnswer(
        id=customer.id,
        first_name=customer.first_name,
        last_name=customer.last_name,
        mobile=customer.mobile,
        mobile_code=_mobile_code(customer, profile),
        email=customer.email,
        urls=Urls(
            store.customer_url.replace("{id}", number), store.admin_url.replace("{id}", number)
        ),
        avatar=customer.avatar or _default_avatar(customer.gender, store, profile),
        gender=customer.gender,
        birthday=None if day is None else day_object(day, store.timezone),
        city=customer.city,
        country=customer.country or country_name(code, store.locale),
        country_code=code if profile.upper_country_code else code.lower(),
        currency=customer.currency or store.currency,
        location=customer.location or profile.no_location,
        updated_at=date_object(customer.updated_at, store.timezone),
        groups=customer.groups,
    )
    if profile.more_keys:
        answer.full_name = f"{customer.first_name} {customer.last_name}".strip()
        answer.lang = customer.lang or store.locale
        answer.created_at = date_object(customer.created_at, store.timezone)
    if fields and customer.extras is not None:
        _add_extras(answer, customer.extras, store, fields)
    return answer


def _add_extras(
    answer: CustomerAnswer, extras: Extras, store: Store, fields: Collection[str]
) -> None:
    stats = {name: _extra(extras, name, store) for name in STATS if name in fields}
    if stats:
        answer.stats = Stats(**stats)
    if "is_orders_rated" in fields:
        answer.pending_rating_count = extras.pending_rating_count
    for name in fields:
        if name in _AS_KEPT:
            setattr(answer, name, getattr(extras, name))
        elif name not in STATS:
            setattr(answer, name, _extra(extras, name, store))


def _mobile_code(customer: Customer, profile: Profile) -> str:
    if customer.mobile is None or not customer.mobile_code:
        return ""
    return profile.mobile_code_prefix + customer.mobile_code


def _default_avatar(gender: str | None, store: Store, profile: Profile) -> str:
    own = store.avatar_female if gender == "female" else store.avatar_male
    return own or profile.avatars[gender or ""]


def _extra(extras: Extras, name: str, store: Store) -> Any:
    value = getattr(extras, name)
    if name in _DECIMALS:  # Salla's samples write a whole amount or ratio as an integer
        return int(value) if value == int(value) else value
    return value and date_object(value, store.timezone) if name == "latest_purchase" else value


EXTRAS = (
    "is_blocked",
    "is_whitelisted",
    "block_reason",
    "is_inactive",
    "orders_count",
    "orders_amount",
    "orders_average",
    "orders_complete_ratio",
    "orders_cancel_ratio",
    "orders_cancel",
    "latest_purchase",
    "abandoned_carts_items",
    "wallet_balance",
    "total_points",
    "country_id",
    "custom_fields",
    "current_store_customer",
    "is_orders_rated",
    "is_notifications_enabled",
)
"""The names that `fields[]` knows on Customer Details."""

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
_DECIMALS = {
    *("orders_amount", "orders_average", "orders_complete_ratio", "orders_cancel_ratio"),
    "wallet_balance",
}
_AS_KEPT = frozenset(EXTRAS) - _DECIMALS - {*STATS, "latest_purchase"}
