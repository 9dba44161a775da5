"""Wallets on the wire: the documented bodies, and amounts that are exact or refused."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sijill.errors import Invalid
from sijill.ledgers.fields import read_movement
from sijill.ledgers.model import MAX_AMOUNT, WalletEntry
from sijill.ledgers.wire import movement_answer
from sijill.stores.model import Store

STORE = Store(1, "demo")
AT = datetime(2025, 11, 27, 10, 45, 54, 321280, tzinfo=UTC)
OPENED = datetime(2025, 11, 26, 7, 28, 13, tzinfo=UTC)
WALLET = 1337429619


def payload(name: str) -> Any:
    return json.loads((Path(__file__).parents[1] / "payloads" / f"{name}.json").read_text("utf-8"))


def ordered(value: Any) -> str:
    return json.dumps(value)


def test_the_documented_deposit() -> None:
    ours = msgspec.to_builtins(
        movement_answer(WalletEntry(WALLET, 1_200, 46_800, AT, OPENED), STORE)
    )
    assert ordered(ours) == ordered(payload("wallet_deposit_response")["data"])


def test_the_documented_withdrawal_with_both_names_of_its_amount() -> None:
    sample = payload("wallet_withdraw_response")["data"]
    ours = msgspec.to_builtins(
        movement_answer(WalletEntry(WALLET, -1_200, 46_800, AT, OPENED), STORE)
    )
    assert ours.pop("amount") == sample["amount_float"]  # only the page's list of keys has it
    assert ordered(ours) == ordered(sample)


def test_a_dinar_has_three_decimals() -> None:
    ours = msgspec.to_builtins(
        movement_answer(WalletEntry(1, 1_005, 2_000, AT, OPENED), Store(1, "demo", currency="KWD"))
    )
    assert (ours["amount"], ours["wallet"]["balance"]) == (1.005, 2)


@pytest.mark.proves("`customer_id`", "`amount`")
@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [
        (22, "SAR", 2200),
        (" ٢٢٫٥\u200f", "SAR", 2250),
        ("+22.5", "SAR", 2250),
        (0.01, "SAR", 1),
        (12.1, "SAR", 1210),
        ("12.10", "SAR", 1210),
        ("12.100", "SAR", 1210),
        (1e3, "SAR", 100_000),
        (MAX_AMOUNT, "SAR", MAX_AMOUNT * 100),
        (0.001, "KWD", 1),
        (5, "JPY", 5),
    ],
)
def test_an_amount_is_read_exactly(amount: Any, currency: str, minor: int) -> None:
    assert read_movement({"customer_id": "7", "amount": amount}, currency) == (7, minor)


def test_the_documented_request_is_read() -> None:
    assert read_movement(payload("wallet_deposit_request"), "SAR") == (1994632444, 2200)


@pytest.mark.proves("each of these fields when it is faulty")
@pytest.mark.parametrize(
    ("fields", "faults"),
    [
        ({}, {"customer_id": ["required"], "amount": ["required"]}),
        (
            {"customer_id": None, "amount": ""},
            {"customer_id": ["required"], "amount": ["required"]},
        ),
        ({"customer_id": "x", "amount": 1}, {"customer_id": ["integer"]}),
        ({"customer_id": 0, "amount": 1}, {"customer_id": ["integer"]}),
        ({"customer_id": 2**63, "amount": 1}, {"customer_id": ["integer"]}),
        *(
            ({"customer_id": 1, "amount": amount}, {"amount": [rule]})
            for amount, rule in (
                (0, "between:0.01 - 1000000000"),
                (-1, "between:0.01 - 1000000000"),
                (0.001, "between:0.01 - 1000000000"),
                (MAX_AMOUNT + 0.01, "between:0.01 - 1000000000"),
                (10**400, "between:0.01 - 1000000000"),
                (1e300, "between:0.01 - 1000000000"),
                (1.001, "decimals:2"),
                ("0.1" + "0" * 28 + "1", "decimals:2"),
                (True, "numeric"),
                ("x", "numeric"),
                ("1e9999", "numeric"),
                ([1], "numeric"),
                ({}, "numeric"),
            )
        ),
    ],
)
def test_faulty_fields_are_named(fields: Any, faults: Any) -> None:
    with pytest.raises(Invalid) as refused:
        read_movement(fields, "SAR")
    assert refused.value.fields == faults


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(), inner, max_size=2),
    max_leaves=3,
)


@given(JSON_VALUES, JSON_VALUES)
def test_no_value_breaks_the_form(customer_id: Any, amount: Any) -> None:
    try:
        read, minor = read_movement({"customer_id": customer_id, "amount": amount}, "SAR")
    except Invalid:
        return
    assert read > 0
    assert 0 < minor <= MAX_AMOUNT * 100
