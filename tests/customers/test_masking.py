"""People who see masked values see no personal value, in no record and in no body."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from fixtures.tables import rows
from hypothesis import given
from hypothesis import strategies as st
from msgspec import json
from msgspec.structs import replace

from sijill.customers.event_body import Source, event_body
from sijill.customers.fields import COLUMNS
from sijill.customers.masking import (
    PERSONAL,
    is_exactly,
    masked,
    masked_body,
    masked_json,
    shown,
)
from sijill.customers.model import Customer, Extras, blank
from sijill.customers.wire import EXTRAS, body
from sijill.stores.model import SHOP
from sijill.values.masking import HIDDEN
from sijill.webhooks.events import CREATED, OTP, UPDATED, otp_body

pytestmark = pytest.mark.proves(
    "no personal value is left in a masked customer or a masked body of any shape, and people who "
    "see masked values find nobody by a part of one"
)

NOW = datetime(2026, 11, 25, tzinfo=UTC)
CANARY = "zqcanary"
PLAIN = {
    *("id", "mobile_code", "country_code", "currency", "lang", "groups", "created_at"),
    *("updated_at", "is_blocked", "is_whitelisted", "is_inactive", "orders_count"),
    *("orders_amount", "orders_average", "orders_complete_ratio", "orders_cancel_ratio"),
    *("orders_cancel", "latest_purchase", "wallet_balance", "total_points", "country_id"),
    *("is_orders_rated", "pending_rating_count", "is_notifications_enabled"),
}
AHMED = replace(
    blank(41, NOW),
    first_name="سارة",
    last_name="العلي",
    mobile=551_234_321,
    mobile_code="966",
    email="ahmed@example.com",
    gender="female",
    birthday=date(1990, 1, 2),
    location="شارع التحلية",
    extras=Extras(is_blocked=True, block_reason="لا يستلم", wallet_balance=7.5),
)


def test_a_field_is_personal_unless_its_row_says_that_it_is_not() -> None:
    assert COLUMNS.keys() - PLAIN == PERSONAL


def test_a_masked_customer_looks_as_the_console_promises() -> None:
    seen = masked(AHMED)
    assert {name: seen[name] for name in PERSONAL if seen[name] not in (None, "", ())} == {
        "first_name": "س•••",
        "last_name": "ا•••",
        "mobile": "+966 •• ••• 4321",
        "email": "a•••@•••.com",
        "gender": HIDDEN,
        "birthday": HIDDEN,
        "location": HIDDEN,
        "block_reason": HIDDEN,
    }
    assert (seen["full_name"], seen["id"], seen["wallet_balance"]) == ("س•••", 41, 7.5)
    assert masked(replace(AHMED, groups=(3, 5)))["groups"] == (3, 5)
    whole = shown(AHMED, whole=True)
    assert whole.keys() == seen.keys()
    assert (whole["mobile"], whole["first_name"]) == ("+966551234321", "سارة")
    listed = {"id": 41, "email": "a•••@•••.com", "mobile": "+966 •• ••• 4321"}
    assert shown(AHMED, whole=False, names=["id", "email"]) == listed


def test_masked_json_keeps_the_shape_of_an_event() -> None:
    told = json.decode(event_body(SHOP, UPDATED, NOW, AHMED))
    seen = masked_json(told)
    assert (seen["event"], seen["merchant"]) == (UPDATED, SHOP.id)
    assert seen["created_at"] == told["created_at"]
    data = seen["data"]
    assert (data["id"], data["first_name"], data["email"]) == (41, "س•••", "a•••@•••.com")
    assert (data["mobile"], data["mobile_code"]) == ("•• ••• 4321", "+966")
    assert data["birthday"] == HIDDEN
    assert data["updated_at"]["date"] == told["data"]["updated_at"]["date"]
    assert data[HIDDEN] == HIDDEN  # the addresses, whose key no table names


LETTERS = st.text(st.characters(codec="utf-8", categories=["L"]), max_size=8)
NAMED = LETTERS.map(lambda text: f"{text}{CANARY}{text}")
KEYS = st.sampled_from([*COLUMNS, "full_name", "data", "event", "stats", "date", "other"]) | NAMED
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(0, 99) | NAMED,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


@st.composite
def customers(draw: st.DrawFn) -> Customer:
    text = NAMED
    email = draw(text) + "@" + draw(text) + "." + draw(text)
    number = 5_000_000_000_000 + draw(st.integers(0, 9_999))
    extras = Extras(
        is_blocked=True,
        block_reason=draw(text),
        abandoned_carts_items=draw(ANY_JSON),
        custom_fields=draw(ANY_JSON),
        current_store_customer=draw(ANY_JSON),
    )
    return replace(
        blank(41, NOW),
        first_name=draw(text),
        last_name=draw(text),
        mobile=number,
        mobile_code="966",
        email=email,
        avatar=f"https://{draw(text)}.example",
        gender="female",
        birthday=date(1990, 1, 2),
        city=draw(text),
        country=draw(text),
        location=draw(text),
        currency=draw(text),
        lang=draw(text),
        extras=extras,
    )


SPOILERS = (CANARY, "500000000", "1990", "female")


def assert_masked(text: str) -> None:
    for value in SPOILERS:
        assert value not in text.casefold()


@given(customers())
def test_no_value_survives_in_a_record(customer: Customer) -> None:
    assert_masked(json.encode(masked(customer)).decode())


@given(customers(), st.sampled_from([CREATED, UPDATED]), st.booleans())
def test_no_value_survives_in_a_body(customer: Customer, name: str, escaped: bool) -> None:
    source = Source(CANARY, CANARY, "1990::1")
    sent = event_body(SHOP, name, NOW, customer, source=source, escaped=escaped)
    assert_masked(masked_body(sent))
    answer = json.encode({"status": 200, "data": body(customer, SHOP, EXTRAS)})
    assert CANARY in answer.decode()
    assert_masked(masked_body(answer))


@given(ANY_JSON)
def test_no_value_survives_in_json_of_any_shape(value: Any) -> None:
    assert_masked(json.encode(masked_json(value)).decode())


@rows(
    ("sent", "expected"),
    [
        (b"", ""),
        (b"zqcanary", HIDDEN),
        (b"\xff", HIDDEN),
        (b'"zqcanary"', '"•••"'),
        (b'{"zqcanary":1}', '{"•••":"•••"}'),
        (b'{"mobile":"+966551234321"}', '{"mobile":"•• ••• 4321"}'),
        (b'["Ali"]', '["•••"]'),  # without a key, no value is known not to be personal
        (b'[551234321,"1990-01-02",true,null]', '["•••","•••","•••",null]'),
        (b'{"data":"Ali"}', '{"data":"•••"}'),
        (b'{"data":["Ali",[551234321]]}', '{"data":["•••",["•••"]]}'),
        (b'{"status":"Ali","success":true}', '{"status":"•••","success":true}'),
        (b'{"orders_count":"Ali"}', '{"orders_count":"•••"}'),
        (b'{"groups":["Ali",3]}', '{"groups":["•••",3]}'),
        (b'{"groups":[{"id":3,"name":"Ali"}]}', '{"groups":[{"id":3,"•••":"•••"}]}'),
        (b'{"currency":"SAR","lang":"ar-SA"}', '{"currency":"SAR","lang":"ar-SA"}'),
        (b'{"mobile_code":"+966"}', '{"mobile_code":"+966"}'),
        (b'{"mobile":["zqcanary"],"id":7}', '{"mobile":"•••","id":7}'),
        (otp_body(SHOP, NOW, "1234", "+966551234321"), None),
    ],
)
def test_a_body_of_any_kind_is_masked(sent: bytes, expected: str | None) -> None:
    seen = masked_body(sent)
    assert expected in (None, seen)
    if expected is None:
        assert json.decode(seen)["event"] == OTP
        assert json.decode(seen)["data"] == {HIDDEN: HIDDEN}


@rows(
    ("keyword", "found"),
    [
        ("41", True),
        ("٤١", True),
        ("4", False),
        ("سارة", True),
        ("ساره", True),
        ("سار", False),
        ("العلي", True),
        ("سارة  العلي", True),
        ("سارة ال", False),
        ("0551234321", True),
        ("+966 55 123 4321", True),
        ("٠٥٥١٢٣٤٣٢١", True),
        ("055123432", False),
        ("4321", False),
        ("ahmed@example.com", True),
        ("AHMED@EXAMPLE.COM", True),
        ("ahmed@example.co", False),
        ("ahmed", False),
        ("", False),
        (" ", False),
    ],
)
def test_a_part_of_a_value_finds_nobody(keyword: str, found: bool) -> None:
    assert is_exactly(keyword, AHMED) is found


def test_an_empty_value_is_found_by_nothing() -> None:
    assert not any(is_exactly(keyword, blank(41, NOW)) for keyword in ("", "x", "@", "0"))
