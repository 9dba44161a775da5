"""The customers that the conditions of a group take in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sijill.groups.model import (
    NO_ORDERS,
    SYMBOLS,
    TYPES,
    Condition,
    OrderNumbers,
    default_group,
    matches,
    unknown,
)

numbers = st.floats(0, 1e12) | st.integers(0, 10**12)
conditions = st.builds(
    Condition, st.sampled_from(TYPES), st.sampled_from([*SYMBOLS]), numbers, numbers, numbers
)
people = st.builds(OrderNumbers, st.integers(0, 2**53 - 1), st.floats(-1e15, 1e15))


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        (Condition("total_sales", ">", 100), False),
        (Condition("total_sales", ">", 99.99), True),
        (Condition("total_sales", "<", 100), False),
        (Condition("total_sales", "<", 100.01), True),
        (Condition("total_sales", "between", min_value=100, max_value=100), True),
        (Condition("total_sales", "between", min_value=100.5, max_value=200), False),
        (Condition("total_sales", "between", min_value=0, max_value=99), False),
        (Condition("total_orders", ">", 2), True),
        (Condition("total_orders", "<", 3), False),
        (Condition("total_orders", "between", min_value=3, max_value=4), True),
        (Condition("store_rating", ">", 0), False),
        (Condition("store_rating", "<", 5), False),
        (Condition(NO_ORDERS), False),
    ],
)
def test_a_condition_compares_its_number(condition: Condition, holds: bool) -> None:
    assert matches([condition], OrderNumbers(orders=3, amount=100)) is holds


def test_a_customer_who_never_ordered_has_no_orders_whatever_the_number() -> None:
    assert matches([Condition(NO_ORDERS, ">", 30)], OrderNumbers())
    assert not matches([Condition(NO_ORDERS, ">", 30)], OrderNumbers(orders=1))


def test_no_conditions_take_in_nobody() -> None:
    assert not matches([], OrderNumbers(orders=3, amount=100))


@given(st.lists(conditions, min_size=1, max_size=4), people)
def test_conditions_hold_when_each_of_them_holds(
    rules: list[Condition], extras: OrderNumbers
) -> None:
    assert matches(rules, extras) == all(matches([rule], extras) for rule in rules)


@given(st.sampled_from(["total_sales", "total_orders"]), numbers, people)
def test_a_number_is_below_above_or_at_a_value(
    kind: str, value: float, extras: OrderNumbers
) -> None:
    rules = (
        Condition(kind, "<", value),
        Condition(kind, ">", value),
        Condition(kind, "between", min_value=value, max_value=value),
    )
    assert sum(matches([rule], extras) for rule in rules) == 1


@pytest.mark.parametrize(
    ("locale", "name"),
    [("ar", "المجموعة الافتراضية"), ("ar-SA", "المجموعة الافتراضية"), ("en", "Default")],
)
def test_the_default_group_is_named_in_the_stores_language(locale: str, name: str) -> None:
    group = default_group(7, locale)
    assert (group.id, group.name, group.is_default) == (7, name, True)


def test_unknown_ids_are_named_by_their_places() -> None:
    refusal = unknown("groups", [5, 6, 5], {6})
    assert refusal is not None
    assert refusal.fields == {"groups.0": ["invalid"], "groups.2": ["invalid"]}
    assert unknown("groups", [5, 6, 5], {5, 6, 7}) is None
