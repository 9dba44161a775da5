"""What Create Group, Update Group and Add Customers To Group say: documented fields in."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from msgspec import UNSET, UnsetType, structs

from sijill.errors import Invalid
from sijill.fields.form import Form, as_id, as_integer
from sijill.groups.model import (
    MOST_ADDED,
    NAME_LENGTH,
    NO_ORDERS,
    SYMBOLS,
    TYPES,
    Condition,
    Features,
    Group,
)
from sijill.http.bodies import Fields
from sijill.values.texts import clean

MOST_CONDITIONS = 20
MOST_FEATURES = 100
"""Conditions of a group, and members of each list of its features, at most."""

MOST_NUMBER = 10**12
"""The largest number of a condition: any amount of money, and exact in every JSON reader."""

_CLEARED: dict[str, Any] = {"name": "", "conditions": (), "features": Features()}
"""What null or an empty value writes; every field is optional."""


class Addition(NamedTuple):
    """Whom a request adds to which group, in the order it names them."""

    group_id: int
    customers: list[int]


def read_group(fields: Fields) -> dict[str, Any]:
    """
    Return the values that a body writes, by attribute of `Group`; what it omits is not there.

    Source: Salla "Create Customer Group", "Update Customer Group".
    Raises: Invalid naming every faulty field: `conditions.0.type`, `features.shipping.1`.
    """
    cleared = {n: none for n, none in _CLEARED.items() if n in fields and _is_empty(fields[n])}
    form = Form({name: value for name, value in fields.items() if name not in cleared})
    values: dict[str, Any] = {
        "name": form.text("name", NAME_LENGTH),
        "conditions": _conditions(form),
        "features": _features(form),
    }
    form.check()
    return cleared | {name: value for name, value in values.items() if value is not UNSET}


def read_features(fields: Fields) -> Features:
    """
    Return the features that a body gives the default group; nothing else of it can change.

    Source: Salla "Update Default Customer Group". Raises: Invalid naming every faulty field.
    """
    form = Form(fields)
    if not form.has("features"):
        form.fault("features", "required")
    features = _features(form)
    form.check()
    return features if isinstance(features, Features) else Features()


def read_addition(fields: Fields) -> Addition:
    """
    Return whom a body adds to which group.

    Source: Salla "Add Customers To Group". Raises: Invalid naming every faulty field.
    """
    form = Form({"group_id": None, "customers": None} | dict(fields))
    number = as_integer(form.raw("group_id"))
    if number is None:
        form.fault("group_id", "integer")
    elif as_id(number) is None and number is not UNSET:
        form.fault("group_id", "invalid")
    customers = form.each("customers", MOST_ADDED, as_id)
    form.check()
    return Addition(as_id(number) or 0, [] if isinstance(customers, UnsetType) else customers)


def regrouped(old: Group, values: dict[str, Any]) -> Group:
    """
    Return the group that the values make of `old`.

    Raises: Invalid naming what the default group cannot have changed.
    """
    fixed = [name for name in ("name", "conditions") if name in values]
    if old.is_default and fixed:
        raise Invalid({name: ["default_group"] for name in fixed})
    return structs.replace(old, **values)


def _is_empty(value: Any) -> bool:
    return value is None or value in ("", [], {})


def _conditions(form: Form) -> Any:
    items = form.each("conditions", MOST_CONDITIONS, lambda item: item)
    if not isinstance(items, list):
        return UNSET
    read = [_condition(form, f"conditions.{place}", item) for place, item in enumerate(items)]
    return tuple(condition for condition in read if condition is not None)


def _condition(form: Form, at: str, item: Any) -> Condition | None:
    if not isinstance(item, dict):
        form.fault(at, "invalid")
        return None
    inner = Form(item)
    kind = _required(inner, "type", TYPES)
    if kind == NO_ORDERS and not inner.has("symbol"):
        return Condition(NO_ORDERS)
    symbol = _required(inner, "symbol", tuple(SYMBOLS))
    names = {"between": ("min_value", "max_value")}.get(str(symbol), ("value",))
    numbers = _numbers(inner, names) if isinstance(symbol, str) else {}
    for name, rules in inner.faults.items():
        for rule in rules:
            form.fault(f"{at}.{name}", rule)
    return None if inner.faults else Condition(str(kind), str(symbol), **numbers)


def _required(form: Form, name: str, names: Sequence[str]) -> str | UnsetType:
    return form.one_of(name, names) if form.has(name) else form.fault(name, "required")


def _numbers(form: Form, names: Sequence[str]) -> dict[str, float]:
    """Each of two ends is at least the one before it."""
    numbers: dict[str, float] = {}
    least: float = 0
    for name in names:
        if not form.has(name):
            form.fault(name, "required")
        number = form.number(name, least, MOST_NUMBER)
        if not isinstance(number, UnsetType):
            numbers[name] = least = number
    return numbers


def _features(form: Form) -> Any:
    value = form.raw("features")
    if value is UNSET:
        return UNSET
    if not isinstance(value, dict):
        return form.fault("features", "invalid")
    given = {name: value[name] for name in Features.__struct_fields__ if value.get(name)}
    inner = Form(given)
    lists = {name: inner.each(name, MOST_FEATURES, _word, "string") for name in given}
    for name, rules in inner.faults.items():
        for rule in rules:
            form.fault(f"features.{name}", rule)
    return Features(**{n: tuple(words) for n, words in lists.items() if isinstance(words, list)})


def _word(value: Any) -> str | None:
    try:
        return clean(value, NAME_LENGTH) or None if isinstance(value, str) else None
    except ValueError:
        return None
