"""Loyalty points on the wire: the documented bodies, and what a faulty one is told."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sijill.errors import Invalid
from sijill.http.envelope import success
from sijill.http.sentences import POINTS_UPDATED
from sijill.ledgers.fields import read_change, refusal_of
from sijill.ledgers.model import MAX_GIVEN, PointsChange, PointsEntry, PointsRefused
from sijill.ledgers.wire import PointsChangedAnswer, points_line
from sijill.stores.model import Store

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def payload(name: str) -> Any:
    return json.loads((Path(__file__).parents[1] / "payloads" / f"{name}.json").read_text("utf-8"))


def read(fields: Any) -> Any:
    return read_change(fields, 1, NOW)


def test_a_line_has_the_documented_keys_in_their_order() -> None:
    (sample, _) = payload("loyalty_points_list")["data"]
    entry = PointsEntry(3215487, 900, "reason text", datetime(2024, 12, 17, 14, 42, 14, tzinfo=UTC))
    ours = msgspec.to_builtins(points_line(entry, Store(1, "demo")))
    assert list(ours) == list(sample)
    # There are no orders here, and no point expires.
    differ = {"expiry_date": "", "order_id": None}
    assert ours == sample | differ


def test_the_documented_answer_says_code_before_message() -> None:
    ours = success(PointsChangedAnswer(201, POINTS_UPDATED["ar"]), 201)
    assert json.dumps(json.loads(ours)) == json.dumps(payload("loyalty_points_update_response"))


def test_the_documented_request_is_read() -> None:
    wanted = read(payload("loyalty_points_update_request"))
    assert wanted.change == PointsChange(900, False, "Valid reason text", 1, NOW)
    assert wanted.customers == [748394059, 873874834]


@pytest.mark.proves(
    "`points`", "`type`", "`reset_points`", "`customers`", "`select_all`", "`channel_send`"
)
@pytest.mark.parametrize(
    ("fields", "points", "reset", "customers"),
    [
        ({"points": "5", "type": "minus", "customers": ["1"]}, -5, False, [1]),
        ({"points": 5, "type": "Plus", "select_all": True}, 5, False, None),
        ({"points": 5, "type": "plus", "select_all": "1", "customers": "x"}, 5, False, None),
        ({"reset_points": True, "customers": [1]}, 0, True, [1]),
        ({"reset_point": "true", "customers": [1]}, 0, True, [1]),
        ({"reset_points": 1, "points": 5, "type": "plus", "customers": [1]}, 5, True, [1]),
        (
            {"points": 5, "type": "plus", "customers": [1, 1], "reason": None, "reset_points": ""},
            5,
            False,
            [1, 1],
        ),
    ],
)
def test_documented_fields_are_read(fields: Any, points: int, reset: bool, customers: Any) -> None:
    wanted = read(fields)
    assert (wanted.change.points, wanted.change.reset) == (points, reset)
    assert wanted.customers == customers


GOOD = {"points": 5, "type": "plus", "customers": [1]}


@pytest.mark.proves("each of these fields when it is faulty")
@pytest.mark.parametrize(
    ("fields", "faults"),
    [
        ({}, {"points": ["required"], "type": ["required"], "customers": ["required"]}),
        (
            {"select_all": False},
            {"points": ["required"], "type": ["required"], "customers": ["required"]},
        ),
        ({"reset_points": True, "points": 5, "customers": [1]}, {"type": ["required"]}),
        (GOOD | {"points": 0}, {"points": [f"between:1 - {MAX_GIVEN}"]}),
        (GOOD | {"points": MAX_GIVEN + 1}, {"points": [f"between:1 - {MAX_GIVEN}"]}),
        (GOOD | {"points": 1.5}, {"points": ["integer"]}),
        (GOOD | {"points": True}, {"points": ["integer"]}),
        (GOOD | {"type": "times"}, {"type": ["invalid"]}),
        (GOOD | {"reason": "x" * 256}, {"reason": ["max:255"]}),
        (GOOD | {"reason": 5}, {"reason": ["string"]}),
        (GOOD | {"channel_send": ["email", "pigeon"]}, {"channel_send.1": ["invalid"]}),
        (GOOD | {"channel_send": "email"}, {"channel_send": ["array"]}),
        (GOOD | {"customers": []}, {"customers": ["required"]}),
        (GOOD | {"customers": 5}, {"customers": ["array"]}),
        (GOOD | {"customers": [1, "x"]}, {"customers.1": ["invalid"]}),
        (GOOD | {"customers": [1] * 1001}, {"customers": ["max_items:1000"]}),
        (GOOD | {"select_all": "all"}, {"select_all": ["boolean"]}),
        (
            GOOD | {"reset_points": [], "reset_point": 2},
            {"reset_points": ["boolean"], "reset_point": ["boolean"]},
        ),
    ],
)
def test_faulty_fields_are_named(fields: Any, faults: Any) -> None:
    with pytest.raises(Invalid) as refused:
        read(fields)
    assert refused.value.fields == faults


@pytest.mark.parametrize(
    ("refused", "customers", "faults"),
    [
        (
            PointsRefused(unknown=[7], short=[5]),
            [5, 6, 7, 5],
            {
                "points": ["insufficient"],
                "customers.0": ["insufficient"],
                "customers.2": ["invalid"],
                "customers.3": ["insufficient"],
            },
        ),
        (PointsRefused(unknown=[7]), [7], {"customers.0": ["invalid"]}),
        (PointsRefused(), None, {"points": ["insufficient"]}),
        (PointsRefused(full=True), [1], {"points": ["too_large"]}),
    ],
)
def test_a_refusal_names_customers_by_their_place(
    refused: PointsRefused, customers: Any, faults: Any
) -> None:
    assert refusal_of(refused, customers).fields == faults


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(), inner, max_size=2),
    max_leaves=3,
)
NAMES = "points type reason channel_send customers select_all reset_points reset_point"


@given(st.dictionaries(st.sampled_from(NAMES.split()), VALUES))
def test_no_value_breaks_the_form(fields: Any) -> None:
    try:
        wanted = read(fields)
    except Invalid:
        return
    assert abs(wanted.change.points) <= MAX_GIVEN
