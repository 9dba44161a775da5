"""Money in smallest units: exact both ways, within what is told apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sijill.errors import Invalid
from sijill.ledgers.model import MAX_BALANCE, moved
from sijill.values.money import MOST_MINOR, minor_digits, to_major, to_minor


@pytest.mark.parametrize(
    ("currency", "digits"),
    [("SAR", 2), ("USD", 2), ("KWD", 3), ("BHD", 3), ("OMR", 3), ("JPY", 0), ("QQQ", 2)],
)
def test_a_currency_has_its_decimals(currency: str, digits: int) -> None:
    assert minor_digits(currency) == digits


@pytest.mark.parametrize(
    ("amount", "digits", "minor"),
    [
        (0.0, 2, 0),
        (0.1, 2, 10),
        (19.99, 2, 1999),
        (-2.5, 2, -250),
        (1.005, 3, 1005),
        (1.005, 2, 100),  # half goes to the even one
        (1.015, 2, 102),
        (7.0, 0, 7),
        (1e308, 3, MOST_MINOR),
        (-1e308, 3, -MOST_MINOR),
    ],
)
def test_an_amount_is_so_many_smallest_units(amount: float, digits: int, minor: int) -> None:
    assert to_minor(amount, digits) == minor


@given(st.integers(-MAX_BALANCE * 100, MAX_BALANCE * 100), st.sampled_from([0, 2, 3]))
def test_smallest_units_come_back_from_the_number_they_became(minor: int, digits: int) -> None:
    assert to_minor(float(to_major(minor, digits)), digits) == minor


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_no_amount_is_beyond_what_is_told_apart(amount: float) -> None:
    assert abs(to_minor(amount, 3)) <= MOST_MINOR


def test_a_whole_amount_is_written_as_an_integer() -> None:
    assert repr(to_major(1200, 2)) == "12"
    assert repr(to_major(-1234, 2)) == "-12.34"


@given(st.integers(-(10**6), 10**6), st.integers(-(10**6), 10**6))
def test_no_movement_makes_a_balance_negative_or_too_large(balance: int, amount: int) -> None:
    most = 10**6
    try:
        after = moved(balance, amount, most)
    except Invalid:
        assert balance + amount < 0 or balance + amount > most
        return
    assert after == balance + amount
    # A balance below zero may be mended in parts.
    assert after >= 0 or amount >= 0
    assert after <= most or amount <= 0
