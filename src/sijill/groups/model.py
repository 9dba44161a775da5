"""A group of customers: whom its conditions take in, and what whoever keeps groups must do."""

from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol

from msgspec import Struct

from sijill.customers.model import Extras
from sijill.database.idempotency_keys import Once
from sijill.errors import Invalid

NAME_LENGTH = 255
"""Characters in a group's name at most."""

MOST_ADDED = 1_000
"""Customers that one request adds to a group at most."""

NO_ORDERS = "doesnt_have_orders"
"""The condition that holds for who never ordered; its symbol and numbers are kept, not read."""


class Condition(Struct, frozen=True, omit_defaults=True):
    """
    What a number of a customer must be: `type` one of TYPES, `symbol` one of SYMBOLS.

    `>` and `<` read `value`, `between` reads both ends, which belong to it.
    """

    type: str
    symbol: str = ">"
    value: float = 0
    min_value: float = 0
    max_value: float = 0


Conditions = tuple[Condition, ...]


class Features(Struct, frozen=True, omit_defaults=True):
    """What a group's customers may pay and ship with, in Salla's words; kept, not judged."""

    payment_method: tuple[str, ...] = ()
    shipping: tuple[str, ...] = ()


class Group(Struct, frozen=True):
    """
    One group of one store; names need not differ.

    Without conditions its members are those put in by hand. The default group, which every store
    has exactly once, never has conditions.
    """

    id: int
    name: str = ""
    is_default: bool = False
    conditions: Conditions = ()
    features: Features = Features()


class GroupPage(Struct, frozen=True):
    """One page of groups, by id ascending, and how many the store has in all."""

    groups: list[Group]
    total: int


class Done(NamedTuple):
    """The group that a request made or changed, and whether that was done before."""

    group_id: int
    replayed: bool = False


NUMBERS: dict[str, Callable[[Extras], float | None]] = {
    "total_sales": lambda extras: extras.orders_amount,
    "total_orders": lambda extras: extras.orders_count,
    "store_rating": lambda extras: None,
}
"""Type of a condition to the number it compares. No rating is kept, so that one never holds."""

TYPES = (*NUMBERS, NO_ORDERS)

SYMBOLS: dict[str, Callable[[Condition, float], bool]] = {
    ">": lambda condition, number: number > condition.value,
    "<": lambda condition, number: number < condition.value,
    "between": lambda condition, number: condition.min_value <= number <= condition.max_value,
}


def matches(conditions: Sequence[Condition], extras: Extras) -> bool:
    """Return whether there are conditions and every one holds for a customer's numbers."""
    return bool(conditions) and all(_holds(condition, extras) for condition in conditions)


def same_numbers(one: Extras | None, other: Extras | None) -> bool:
    """Return whether no condition can tell two customers apart."""
    first, second = one or Extras(), other or Extras()
    return all(read(first) == read(second) for read in NUMBERS.values())


def default_group(group_id: int, locale: str) -> Group:
    """Return a new store's default group, its name in Arabic or English."""
    name = "المجموعة الافتراضية" if locale.startswith("ar") else "Default"
    return Group(group_id, name, is_default=True)


def unknown(field: str, wanted: Sequence[int], known: Sequence[int] | set[int]) -> Invalid | None:
    """Return the refusal that names each id of a list that is not known, or None."""
    there = set(known)
    faults = {f"{field}.{n}": ["invalid"] for n, id_ in enumerate(wanted) if id_ not in there}
    return Invalid(faults) if faults else None


def _holds(condition: Condition, extras: Extras) -> bool:
    if condition.type == NO_ORDERS:
        return extras.orders_count == 0
    number = NUMBERS[condition.type](extras)
    return number is not None and SYMBOLS[condition.symbol](condition, number)


class Groups(Protocol):
    """Whoever keeps groups. Every call names the store: nothing reads across stores."""

    async def group_page(self, store_id: int, *, offset: int, limit: int) -> GroupPage:
        """
        Return `limit` groups from `offset`, by id ascending.

        Raises: Unavailable if the database is away.
        """

    async def find_group(self, store_id: int, group_id: int | None = None) -> Group:
        """
        Return one group of one store; without an id, its default group.

        Raises: NotFound; Unavailable.
        """

    async def create_group(self, store_id: int, group: Group, *, once: Once | None = None) -> Done:
        """
        Keep a new group; an id of 0 is given by the store. Its conditions are evaluated later.

        Raises: Taken if its id is another's; KeyReused; Unavailable.
        """

    async def change_group(
        self,
        store_id: int,
        group_id: int | None,
        decide: Callable[[Group], Group],
        *,
        once: Once | None = None,
    ) -> Done:
        """
        Make of a group (None: the default one) what `decide`, which is pure, makes of it.

        Changed conditions are evaluated later. Raises: NotFound; whatever `decide` raises;
        KeyReused; Unavailable: then nothing happened.
        """

    async def delete_group(self, store_id: int, group_id: int) -> None:
        """
        Forget a group and its memberships, never a customer.

        Raises: NotFound; Invalid for the default group; Unavailable.
        """

    async def add_to_group(
        self,
        store_id: int,
        group_id: int,
        customer_ids: Sequence[int],
        *,
        once: Once | None = None,
    ) -> Done:
        """
        Put customers in a group by hand, all or none; who is in it already stays.

        Raises: Invalid naming `group_id` and each `customers.N` that the store does not have;
        KeyReused; Unavailable.
        """
