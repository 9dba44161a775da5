"""The bodies of group requests, and every way in which they can be wrong."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sijill.customers.model import Extras
from sijill.errors import Invalid
from sijill.groups.fields import changed, read_addition, read_features, read_group
from sijill.groups.model import NO_ORDERS, Condition, Features, Group, matches
from sijill.http.errors import refusal

PAYLOADS = Path(__file__).parents[1] / "payloads"
RULE = {"type": "total_sales", "symbol": ">", "value": 100}


def payload(name: str) -> Any:
    return json.loads((PAYLOADS / f"{name}.json").read_text("utf-8"))


def faults(read: Any, fields: Any) -> Any:
    with pytest.raises(Invalid) as refused:
        read(fields)
    return refused.value.fields


def test_the_documented_bodies_are_read() -> None:
    features = Features(("credit_card", "mada", "bank", "cod", "apple_pay", "stc_pay"), ("all",))
    assert read_group(payload("group_create_request")) == {
        "name": "VIPCustomers",
        "conditions": (Condition("total_sales", ">", 100),),
        "features": features,
    }
    assert read_group(payload("group_update_request")) == {
        "name": "VIP",
        "conditions": (Condition("total_sales", "between", min_value=100, max_value=500),),
        "features": features,
    }
    assert read_features(payload("group_default_update_request")) == features
    assert read_addition(payload("group_add_customers_request")) == (
        667738032,
        [447121768, 1761729493],
    )


@pytest.mark.proves("`name`, `conditions`, `features` of a group")
@pytest.mark.parametrize(
    ("fields", "values"),
    [
        ({}, {}),
        ({"id": 5, "is_default": True, "store_id": 9}, {}),
        ({"name": "  ذهبي "}, {"name": "ذهبي"}),
        ({"name": "e\u0301" * 255}, {"name": "\u00e9" * 255}),
        (
            {"name": None, "conditions": None, "features": None},
            {"name": "", "conditions": (), "features": Features()},
        ),
        (
            {"name": " \u200f", "conditions": [], "features": {}},
            {"name": "", "conditions": (), "features": Features()},
        ),
        (
            {"conditions": [{"type": "Total_Orders", "symbol": "<", "value": "2.5"}]},
            {"conditions": (Condition("total_orders", "<", 2.5),)},
        ),
        ({"conditions": [{"type": NO_ORDERS}]}, {"conditions": (Condition(NO_ORDERS),)}),
        (
            {"conditions": [{"type": NO_ORDERS, "symbol": ">", "value": 30}]},
            {"conditions": (Condition(NO_ORDERS, ">", 30),)},
        ),
        (
            {"conditions": [RULE, {"type": "store_rating", "symbol": "<", "value": 3}]},
            {
                "conditions": (
                    Condition("total_sales", value=100),
                    Condition("store_rating", "<", 3),
                )
            },
        ),
        ({"features": {"shipping": [], "other": 5}}, {"features": Features()}),
        ({"features": {"shipping": ["all"]}}, {"features": Features(shipping=("all",))}),
    ],
)
def test_documented_fields_are_read_and_others_ignored(fields: Any, values: Any) -> None:
    assert read_group(fields) == values


@pytest.mark.proves("each of these fields when it is faulty")
@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"name": 5}, {"name": ["string"]}),
        ({"name": "x" * 256}, {"name": ["max:255"]}),
        ({"name": "a\u202eb"}, {"name": ["characters"]}),
        ({"conditions": RULE}, {"conditions": ["array"]}),
        ({"conditions": "x"}, {"conditions": ["array"]}),
        ({"conditions": [RULE] * 21}, {"conditions": ["max_items:20"]}),
        ({"conditions": [RULE, 5]}, {"conditions.1": ["invalid"]}),
        (
            {"conditions": [{}]},
            {"conditions.0.type": ["required"], "conditions.0.symbol": ["required"]},
        ),
        ({"conditions": [RULE | {"type": "age"}]}, {"conditions.0.type": ["invalid"]}),
        ({"conditions": [RULE | {"symbol": ">="}]}, {"conditions.0.symbol": ["invalid"]}),
        ({"conditions": [RULE | {"value": None}]}, {"conditions.0.value": ["required"]}),
        ({"conditions": [RULE | {"value": "x"}]}, {"conditions.0.value": ["numeric"]}),
        ({"conditions": [RULE | {"value": True}]}, {"conditions.0.value": ["numeric"]}),
        ({"conditions": [RULE | {"value": -1}]}, {"conditions.0.value": ["between:0 - 1e+12"]}),
        (
            {"conditions": [RULE | {"value": 10**400}]},
            {"conditions.0.value": ["between:0 - 1e+12"]},
        ),
        ({"conditions": [RULE | {"value": 1e13}]}, {"conditions.0.value": ["between:0 - 1e+12"]}),
        (
            {"conditions": [RULE, {"type": "total_sales", "symbol": "between", "value": 1}]},
            {"conditions.1.min_value": ["required"], "conditions.1.max_value": ["required"]},
        ),
        (
            {
                "conditions": [
                    {"type": "total_sales", "symbol": "between", "min_value": 5, "max_value": 4}
                ]
            },
            {"conditions.0.max_value": ["between:5 - 1e+12"]},
        ),
        ({"features": "x"}, {"features": ["invalid"]}),
        ({"features": {"shipping": "all"}}, {"features.shipping": ["array"]}),
        (
            {"features": {"shipping": ["all", 5], "payment_method": [""]}},
            {"features.shipping.1": ["string"], "features.payment_method.0": ["string"]},
        ),
        (
            {"name": 5, "conditions": [5], "features": []} | {"features": 7},
            {"name": ["string"], "conditions.0": ["invalid"], "features": ["invalid"]},
        ),
    ],
)
def test_every_faulty_field_is_named_at_once(fields: Any, expected: Any) -> None:
    assert faults(read_group, fields) == expected


@pytest.mark.parametrize("fields", [{}, {"name": "New"}, {"features": None}])
def test_the_default_group_is_told_its_features(fields: Any) -> None:
    assert faults(read_features, fields) == {"features": ["required"]}


@pytest.mark.parametrize(
    ("fields", "addition"),
    [
        ({"group_id": "7", "customers": ["1", 2]}, (7, [1, 2])),
        ({"group_id": 7, "customers": [2, 1, 2]}, (7, [2, 1, 2])),
        ({"group_id": 7, "customers": list(range(1, 1001))}, (7, list(range(1, 1001)))),
    ],
)
def test_ids_are_numbers_or_texts(fields: Any, addition: Any) -> None:
    assert read_addition(fields) == addition


@pytest.mark.proves("`group_id`", "`customers`")
@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, {"group_id": ["required"], "customers": ["required"]}),
        ({"group_id": "", "customers": []}, {"group_id": ["required"], "customers": ["required"]}),
        ({"group_id": "x", "customers": "5"}, {"group_id": ["integer"], "customers": ["array"]}),
        ({"group_id": 1.5, "customers": [1]}, {"group_id": ["integer"]}),
        ({"group_id": True, "customers": [1]}, {"group_id": ["integer"]}),
        ({"group_id": [7], "customers": [1]}, {"group_id": ["integer"]}),
        ({"group_id": 0, "customers": [1]}, {"group_id": ["invalid"]}),
        ({"group_id": -7, "customers": [1]}, {"group_id": ["invalid"]}),
        ({"group_id": 2**63, "customers": [1]}, {"group_id": ["invalid"]}),
        (
            {"group_id": 7, "customers": [1, "x", 0, None, 2**63]},
            {f"customers.{n}": ["invalid"] for n in (1, 2, 3, 4)},
        ),
        (
            {"group_id": 7, "customers": list(range(1, 1002))},
            {"customers": ["max_items:1000"]},
        ),
    ],
)
def test_additions_that_cannot_be_are_named(fields: Any, expected: Any) -> None:
    assert faults(read_addition, fields) == expected


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("error_422_add_customers_required", {}),
        ("error_422_add_customers_invalid", {"group_id": "x", "customers": ["x"]}),
    ],
)
def test_refused_additions_are_told_in_the_documented_words(name: str, fields: Any) -> None:
    with pytest.raises(Invalid) as refused:
        read_addition(fields)
    assert json.loads(refusal(refused.value, "ar").body) == payload(name)


@pytest.mark.parametrize("name", ["name", "conditions"])
def test_the_default_group_keeps_its_name_and_has_no_conditions(name: str) -> None:
    values = read_group({name: None})
    default = Group(5, "Default", is_default=True)
    with pytest.raises(Invalid) as refused:
        changed(default, values)
    assert refused.value.fields == {name: ["default_group"]}
    assert changed(default, {"features": Features(("cod",))}).features == Features(("cod",))
    assert getattr(changed(Group(5, "x"), values), name) == values[name]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=2),
    max_leaves=5,
)
rules = st.dictionaries(
    st.sampled_from(["type", "symbol", "value", "min_value", "max_value"]),
    json_values | st.sampled_from(["total_sales", "total_orders", ">", "<", "between", NO_ORDERS]),
)
bodies = st.fixed_dictionaries(
    {},
    optional={
        "name": json_values,
        "conditions": json_values | st.lists(rules, max_size=3),
        "features": json_values
        | st.dictionaries(st.sampled_from(["payment_method", "shipping"]), json_values),
        "group_id": json_values,
        "customers": json_values,
    },
)


@given(bodies)
def test_no_value_breaks_a_form_and_what_is_read_can_be_evaluated(fields: Any) -> None:
    for read in (read_group, read_features, read_addition):
        try:
            found = read(fields)
        except Invalid as refused:
            json.loads(refusal(refused, "ar").body)
            continue
        if read is read_group:
            matches(changed(Group(1), found).conditions, Extras(orders_count=1))
