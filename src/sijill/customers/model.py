"""A customer of a store, and what whoever keeps customers must be able to do."""

from collections.abc import AsyncIterator, Callable, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple, Protocol

from msgspec import Struct

from sijill.database.idempotency_keys import Once
from sijill.errors import Taken

MAX_ID = 2**63 - 1
"""The largest id that is looked for; new ids fit 31 bits, as Salla's do."""

NAME_LENGTH = 25
"""Characters in a first or last name at most. Source: Salla's Customer model."""

MOST_GROUPS = 1_000
"""Groups of one customer at most."""

GENDERS = ("male", "female")


class Extras(Struct, frozen=True):
    """
    What `fields[]` can add to a customer; the defaults hold until someone writes the value.

    Numbers that belong to orders are kept with the customer: Sijill has no orders.
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
    One customer of one store, as kept: none is None for numbers and dates, "" for texts.

    Units: `mobile` is the national number, `mobile_code` the calling code in digits alone,
    `country_code` ISO 3166 upper case, `created_at` and `updated_at` aware UTC to the microsecond.
    `groups` are group ids in ascending order; `extras` is None where they were not asked for.
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
    """Return a customer of whom nothing is known yet, made at `now`."""
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


class CustomerFilter(Struct, frozen=True):
    """
    Which customers a list holds: created at or after `since`, before `until`, found by `terms`.

    `terms` are those of `domain.search.query_of`: None is no search, and () finds nobody.
    """

    since: datetime | None = None
    until: datetime | None = None
    terms: tuple[str, ...] | None = None


class CustomerPage(Struct, frozen=True):
    """One page of customers, newest first, and how many customers the filter matches in all."""

    customers: list[Customer]
    total: int


class Edit(NamedTuple):
    """
    One wanted change: which customer, and what it becomes.

    `decide` is pure. It gets the customer as kept, with extras (None if there is none, or if
    `customer_id` is None), and returns it as it shall be; an id of 0 is given by the store.
    `groups` are those it shall be in by hand, as a request named them: all must exist. None is
    what `decide` changes of `Customer.groups`, where a group that is not there is made.
    """

    customer_id: int | None
    decide: Callable[[Customer | None], Customer]
    groups: Sequence[int] | None = None


class Outcome(NamedTuple):
    """What became of an edit: the customer's id, whether it is new, or why it was refused."""

    customer_id: int
    created: bool
    refused: Taken | None = None
    replayed: bool = False
    """Whether this was done before, under the same key: nothing was done now."""
    written: bool = False
    """Whether anything was written: an edit that changes nothing is not."""


class Customers(Protocol):
    """Whoever keeps customers. Every call names the store: nothing reads across stores."""

    async def find(self, store_id: int, customer_id: int, *, extras: bool = False) -> Customer:
        """
        Return one customer of one store.

        Raises: NotFound if the store has no such id; Unavailable if the database is away.
        """

    async def page(
        self, store_id: int, which: CustomerFilter, *, offset: int, limit: int, extras: bool = False
    ) -> CustomerPage:
        """
        Return `limit` customers from `offset`, by created_at descending, then id descending.

        Raises: Unavailable if the database is away.
        """

    def each(self, store_id: int) -> AsyncIterator[Customer]:
        """
        Yield every customer of a store with extras, by id ascending, a bounded number in memory.

        A customer written while this runs may be left out or come in its new form.
        Raises: Unavailable if the database is away.
        """

    async def change(
        self, store_id: int, edits: Sequence[Edit], *, once: Once | None = None
    ) -> list[Outcome]:
        """
        Make the edits in one transaction, in order, and return what became of each.

        An edit that would take another customer's mobile or e-mail is refused and changes nothing;
        the others stand. All of it is durable when this returns. With `once`, a single edit that
        was made before under this key is not made again.
        Raises: Unavailable if the database is away, KeyReused, Invalid naming each `groups.N` that
        the store does not have: then none of it happened.
        """

    async def delete(
        self,
        store_id: int,
        customer_id: int,
        now: datetime,
        permit: Callable[[Customer], None] = lambda customer: None,
    ) -> None:
        """
        Delete a customer with its memberships; its id is never given again.

        `permit` is pure, gets the customer as kept, and raises to prevent it.
        Raises: NotFound; whatever `permit` raises; Unavailable.
        """
