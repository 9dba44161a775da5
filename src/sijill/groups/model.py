"""Groups of customers, and the conditions of membership."""

from collections.abc import Callable, Sequence
from typing import Final, Literal, NamedTuple

from msgspec import Struct

from sijill.errors import Invalid

NAME_LENGTH = 255
"""Characters in a group's name at most."""

MAX_ADDED = 1_000
"""Customers that one request adds to a group at most."""

DEFAULT_GROUP: Final = "default"
"""Stands for the id of the store's default group."""

NO_ORDERS = "doesnt_have_orders"
"""The condition of customers without orders; its symbol and numbers are stored, not read."""


class Condition(Struct, frozen=True, omit_defaults=True):
    """
    A condition on a number of a customer: `type` one of TYPES, `symbol` one of SYMBOLS.

    `>` and `<` read `value`; `between` reads `min_value` and `max_value`, and includes both.
    """

    type: str
    symbol: str = ">"
    value: float = 0
    min_value: float = 0
    max_value: float = 0


Conditions = tuple[Condition, ...]


class Features(Struct, frozen=True, omit_defaults=True):
    """The ways a group's customers may pay and ship, in Salla's words; stored and not checked."""

    payment_method: tuple[str, ...] = ()
    shipping: tuple[str, ...] = ()


class Group(Struct, frozen=True):
    """
    One group of one store; names need not be unique.

    A group without conditions has the members that were added by hand. Each store has one default
    group, which never has conditions.
    """

    id: int
    name: str = ""
    is_default: bool = False
    conditions: Conditions = ()
    features: Features = Features()


GroupsByHand = Sequence[int] | Literal["default"] | None
"""The groups that a write of a customer names, or DEFAULT_GROUP; None if it names no groups."""


class GroupPage(Struct, frozen=True):
    """One page of groups, by id ascending, and the number of all groups of the store."""

    groups: list[Group]
    total: int


class GroupWrite(NamedTuple):
    """The group that a request wrote, and whether the request is a repetition."""

    group: Group
    replayed: bool = False


class OrderNumbers(NamedTuple):
    """The number of a customer's orders, and their sum in the store's currency."""

    orders: int = 0
    amount: float = 0


NUMBERS: dict[str, Callable[[OrderNumbers], float | None]] = {
    "total_sales": lambda numbers: numbers.amount,
    "total_orders": lambda numbers: numbers.orders,
    "store_rating": lambda numbers: None,
}
"""Type of a condition to the number that it compares. Sijill stores no rating."""

TYPES = (*NUMBERS, NO_ORDERS)

SYMBOLS: dict[str, Callable[[Condition, float], bool]] = {
    ">": lambda condition, number: number > condition.value,
    "<": lambda condition, number: number < condition.value,
    "between": lambda condition, number: condition.min_value <= number <= condition.max_value,
}


def matches(conditions: Sequence[Condition], numbers: OrderNumbers) -> bool:
    """Return whether there are conditions, and all hold for a customer's numbers."""
    return bool(conditions) and all(_holds(condition, numbers) for condition in conditions)


def default_group(group_id: int, locale: str) -> Group:
    """Return a new store's default group, its name in Arabic or English."""
    name = "المجموعة الافتراضية" if locale.startswith("ar") else "Default"
    return Group(group_id, name, is_default=True)


def unknown(field: str, wanted: Sequence[int], known: Sequence[int] | set[int]) -> Invalid | None:
    """Return the refusal that names each unknown id of a list, or None."""
    there = set(known)
    faults = {f"{field}.{n}": ["invalid"] for n, id_ in enumerate(wanted) if id_ not in there}
    return Invalid(faults) if faults else None


def _holds(condition: Condition, numbers: OrderNumbers) -> bool:
    if condition.type == NO_ORDERS:
        return numbers.orders == 0
    number = NUMBERS[condition.type](numbers)
    return number is not None and SYMBOLS[condition.symbol](condition, number)
