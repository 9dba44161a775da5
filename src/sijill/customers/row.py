"""A customer as columns, both ways. The order is that of queries.sql."""

from collections.abc import Callable
from typing import Any

from sijill.customers.model import Customer, Extras
from sijill.database.columns import (
    day,
    day_text,
    json_text,
    json_value,
    maybe_micros,
    maybe_moment,
    micros,
    moment,
)
from sijill.database.driver import Row
from sijill.values.texts import email_key

BASE = len(Customer.__struct_fields__) - 1
"""Columns of a customer without extras; the last are the groups."""


def customer(row: Row) -> Customer:
    """Return the customer of a row that holds `customer_columns`."""
    return _customer(row, None)


def customer_with_extras(row: Row) -> Customer:
    """Return the customer of a row that holds `customer_columns`, then `extra_columns`."""
    return _customer(row[:BASE], _extras(row[BASE:]))


def arguments(store_id: int, customer: Customer) -> tuple[Any, ...]:
    """Return the arguments of insert_customer and update_customer; `extras` None is the default."""
    return (
        store_id,
        customer.id,
        customer.first_name,
        customer.last_name,
        customer.mobile,
        customer.mobile_code,
        customer.email,
        customer.avatar,
        customer.gender,
        day_text(customer.birthday),
        customer.city,
        customer.country,
        customer.country_code,
        customer.currency,
        customer.location,
        customer.lang,
        micros(customer.created_at),
        micros(customer.updated_at),
        email_key(customer.email),
        *_extra_arguments(customer.extras or Extras()),
    )


def _customer(row: Row, extras: Extras | None) -> Customer:
    (
        id_,
        first_name,
        last_name,
        mobile,
        mobile_code,
        email,
        avatar,
        gender,
        birthday,
        city,
        country,
        country_code,
        currency,
        location,
        lang,
        created_at,
        updated_at,
        groups,
    ) = row
    return Customer(
        id_,
        first_name,
        last_name,
        mobile,
        mobile_code,
        email,
        avatar,
        gender,
        day(birthday),
        city,
        country,
        country_code,
        currency,
        location,
        lang,
        moment(created_at),
        moment(updated_at),
        # In a group by hand and by condition: its id comes twice.
        tuple(sorted(set(map(int, groups.split(","))))) if groups else (),
        extras,
    )


def _extras(row: Row) -> Extras:
    values = dict(zip(Extras.__struct_fields__, row, strict=True))
    for name, decode in _DECODED.items():
        values[name] = decode(values[name])
    return Extras(**values)


def _extra_arguments(extras: Extras) -> list[Any]:
    return [
        _ENCODED.get(name, _as_it_is)(getattr(extras, name)) for name in Extras.__struct_fields__
    ]


def _as_it_is(value: Any) -> Any:
    return value


_FLAGS = (
    "is_blocked",
    "is_whitelisted",
    "is_inactive",
    "is_orders_rated",
    "is_notifications_enabled",
)
_JSON = ("abandoned_carts_items", "custom_fields", "current_store_customer")

_DECODED: dict[str, Callable[[Any], Any]] = {
    **dict.fromkeys(_FLAGS, bool),
    **dict.fromkeys(_JSON, json_value),
    "latest_purchase": maybe_moment,
}
_ENCODED: dict[str, Callable[[Any], Any]] = {
    **dict.fromkeys(_JSON, json_text),
    "latest_purchase": maybe_micros,
}
"""Columns of `Extras` that differ from their values; SQLite keeps a flag as 0 or 1."""
