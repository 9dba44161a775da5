"""A customer of a store, and the edits that change one."""

from collections.abc import Callable
from datetime import date, datetime
from operator import attrgetter
from typing import Any, NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from sijill.database.driver import Row
from sijill.errors import Taken
from sijill.groups.model import GroupsByHand, OrderNumbers

NAME_LENGTH = 25
"""Characters in a first or last name at most. Source: Salla's Customer model."""

MAX_GROUPS = 1_000
"""Groups of one customer at most."""

GENDERS = ("male", "female")

FIRST_BIRTHDAY = date(1900, 1, 1)


class Extras(Struct, frozen=True):
    """
    The values that `fields[]` adds to a customer; the defaults hold until the first write.

    The numbers of orders are stored with the customer: Sijill has no orders.
    Source: Salla "Customer Details", the extra-keys example.
    """

    is_blocked: bool = False
    is_whitelisted: bool = False
    block_reason: str | None = None
    is_inactive: bool = False
    orders_count: int = 0
    orders_amount: float = 0
    orders_average: float = 0
    orders_complete_ratio: float = 0
    orders_cancel_ratio: float = 0
    orders_cancel: int = 0
    latest_purchase: datetime | None = None
    abandoned_carts_items: Any = None
    wallet_balance: float = 0
    total_points: int = 0
    country_id: int | None = None
    custom_fields: Any = ()
    current_store_customer: Any = None
    is_orders_rated: bool = False
    pending_rating_count: int = 0
    is_notifications_enabled: bool = True


class Customer(Struct, frozen=True):
    """
    One customer of one store. An absent number or date is None, an absent text "".

    Units: `mobile` is the national number, `mobile_code` the calling code in digits alone,
    `country_code` ISO 3166 upper case, `created_at` and `updated_at` aware UTC to the microsecond.
    `groups` are group ids in ascending order; `extras` is None in a read without extras.
    """

    id: int
    first_name: str
    last_name: str
    mobile: int | None
    mobile_code: str
    email: str
    avatar: str
    gender: str | None
    birthday: date | None
    city: str
    country: str
    country_code: str
    currency: str
    location: str
    lang: str
    created_at: datetime
    updated_at: datetime
    groups: tuple[int, ...] = ()
    extras: Extras | None = None


def blank(customer_id: int, now: datetime) -> Customer:
    """Return a customer created at `now`, with all fields absent."""
    return Customer(
        id=customer_id,
        first_name="",
        last_name="",
        mobile=None,
        mobile_code="",
        email="",
        avatar="",
        gender=None,
        birthday=None,
        city="",
        country="",
        country_code="",
        currency="",
        location="",
        lang="",
        created_at=now,
        updated_at=now,
        extras=Extras(),
    )


def order_numbers(extras: Extras) -> OrderNumbers:
    """Return the numbers that the conditions of groups compare."""
    return OrderNumbers(extras.orders_count, extras.orders_amount)


class CustomerFilter(Struct, frozen=True):
    """
    The filter of a list: customers created at or after `since`, before `until`, found by `terms`.

    `terms` are those of `customers.search.query_of`: None is no search, and () finds nobody.
    """

    since: datetime | None = None
    until: datetime | None = None
    terms: tuple[str, ...] | None = None


class CustomerPage(Struct, frozen=True):
    """One page of customers, newest first, and how many customers the filter matches in all."""

    rows: list[Row]
    """As `customers.row` reads them and `customers.wire` shows them."""
    total: int


class Edit(NamedTuple):
    """
    A change of one customer, which `decide` makes.

    `decide` is pure. It gets the stored customer with extras (None if the id is unknown or None)
    and returns the customer to store; the table gives an id to one whose id is 0.
    `groups` are the memberships by hand that a request names, all of which must exist, or
    DEFAULT_GROUP for a new customer whose request names no group. With None the table follows
    `Customer.groups` of the result, and creates missing groups.
    """

    customer_id: int | None
    decide: Callable[[Customer | None], Customer]
    groups: GroupsByHand = None


def changed_at(now: datetime, old: Customer, new: Customer) -> Customer:
    """Return `new` with the moment of its change, or `old` if nothing changed."""
    return old if new == old else replace(new, updated_at=now)


_NOT_TOLD = frozenset({"id", "updated_at", "extras"})
_OWN_FIELDS = [name for name in Customer.__struct_fields__ if name not in _NOT_TOLD]
_own_values = attrgetter(*_OWN_FIELDS)


def written_fields(old: Customer | None, new: Customer) -> tuple[str, ...]:
    """Return the names of the fields that a write changed; for a new customer, that it gave."""
    before = old or blank(new.id, new.created_at)
    values = zip(_OWN_FIELDS, _own_values(before), _own_values(new), strict=True)
    own = [name for name, was, is_now in values if was != is_now]
    had, has = before.extras or Extras(), new.extras or Extras()
    if had == has:
        return tuple(own)
    extras = [name for name in Extras.__struct_fields__ if getattr(had, name) != getattr(has, name)]
    return (*own, *extras)


class EditOutcome(NamedTuple):
    """The outcome of an edit: the customer as stored after it, or the reason of a refusal."""

    customer: Customer
    created: bool = False
    refused: Taken | None = None
    replayed: bool = False
    """Whether an earlier request with the same key made the edit; this one wrote nothing."""
    written: bool = False
    """Whether a row was written; an edit without changes writes no row."""
    before: Customer | None = None
    """The customer before, of whom a row was written."""
