"""The bytes of every event, against Salla's samples: keys, order, values and escapes."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from sijill.customers.event_body import Source, attributes, event_body
from sijill.customers.model import Customer, Extras, blank
from sijill.stores.model import ProfileName, Store
from sijill.webhooks.events import EVENTS, app_event_body, otp_body
from sijill.webhooks.rule import ATTRIBUTES, attributes_of


def payload(name: str) -> Any:
    return json.loads((Path(__file__).parents[1] / "payloads" / f"{name}.json").read_text("utf-8"))


VECTORS = payload("signature_vectors")["vectors"]

STORE = Store(
    id=1305146709,
    name="dev",
    customer_url="https://salla.sa/dev-wofftr4xsra5xtlv/profile",
    admin_url="https://s.salla.sa/customers/l7mYBdgXA9xJwWZRZK8WD42GNkZbjvRO",
)
MOHAMMED = replace(
    blank(225167971, datetime(2022, 1, 1, tzinfo=UTC)),
    first_name="User",
    last_name="Mohammed",
    mobile=555555555,
    mobile_code="966",
    email="test@gmail.com",
    avatar="https://i.ibb.co/jyqRQfQ/avatar-male.webp",
    gender="female",
    birthday=date(1997, 6, 3),
    city="الرياض",
    country="السعودية",
    country_code="SA",
    currency="AED",
    location="14",
    lang="ar",
    updated_at=datetime(2022, 1, 24, 11, 26, 55, tzinfo=UTC),
    extras=None,
)
SOURCE = Source(
    device="desktop",
    user_agent="Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 "
    "(KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36",
    ip="127.0.0.1",
)
AT = datetime(2022, 1, 25, 9, 36, 49, tzinfo=UTC)
BLANK = replace(
    MOHAMMED,
    mobile=None,
    mobile_code="",
    gender=None,
    birthday=None,
    city="",
    country="",
    country_code="",
    currency="",
    location="",
)


def compact(document: Any) -> bytes:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


@pytest.mark.parametrize("profile", ["documented", "observed"])
@pytest.mark.parametrize("name", ["created", "updated", "login"])
def test_customer_events_are_sallas_samples_in_either_profile(
    name: str, profile: ProfileName
) -> None:
    store = replace(STORE, profile=profile)
    ours = event_body(store, f"customer.{name}", AT, MOHAMMED, source=SOURCE, escaped=False)
    assert ours == compact(payload(f"webhook_customer_{name}"))


@pytest.mark.parametrize(("vector", "escaped"), [(VECTORS[1], True), (VECTORS[2], False)])
def test_a_body_is_byte_for_byte_the_vector_that_is_signed(vector: Any, escaped: bool) -> None:
    ours = event_body(STORE, "customer.login", AT, MOHAMMED, source=SOURCE, escaped=escaped)
    assert ours == vector["body"].encode()


def test_a_body_is_plain_unless_asked_otherwise() -> None:
    body = event_body(STORE, "customer.login", AT, MOHAMMED, source=SOURCE)
    assert body == VECTORS[2]["body"].encode()


@pytest.mark.parametrize("escaped", [True, False])
def test_a_one_time_code_is_sallas_sample(escaped: bool) -> None:
    at = datetime(2021, 6, 30, 9, 9, 11, tzinfo=UTC)
    store = replace(STORE, id=1029864349)
    ours = otp_body(store, at, "5331", "+96652318526", escaped=escaped)
    assert ours == compact(payload("webhook_customer_otp_request"))
    assert ours == VECTORS[0]["body"].encode()


def test_an_app_event_is_sallas_sample() -> None:
    sample = payload("webhook_app_store_authorize")
    at = datetime(2022, 12, 31, 9, 31, 25, 999_999, tzinfo=UTC)
    store = replace(STORE, id=sample["merchant"])
    ours = app_event_body(store, "app.store.authorize", at, sample["data"], escaped=False)
    assert ours == compact(sample)
    data = {"app_name": "a/ع"}
    assert b"a\\/\\u0639" in app_event_body(store, "app.installed", at, data, escaped=True)


def test_a_source_that_is_not_known_is_left_out_and_its_unknown_parts_are_null() -> None:
    data = json.loads(event_body(STORE, "customer.created", AT, MOHAMMED))["data"]
    assert list(data)[-2:] == ["groups", "is_notifications_enabled"]
    some = event_body(STORE, "customer.login", AT, MOHAMMED, source=Source(ip="::1"))
    assert json.loads(some)["data"]["source"] == {"device": None, "user-agent": None, "ip": "::1"}


def test_notifications_and_groups_are_the_customers_own() -> None:
    customer = replace(MOHAMMED, groups=(3, 7), extras=Extras(is_notifications_enabled=False))
    data = json.loads(event_body(STORE, "customer.created", AT, customer))["data"]
    assert (data["groups"], data["is_notifications_enabled"]) == ([3, 7], False)


def test_without_mobile_and_country_their_codes_are_empty() -> None:
    data = json.loads(event_body(STORE, "customer.created", AT, BLANK))["data"]
    assert (data["mobile"], data["mobile_code"], data["country_code"]) == (None, "", "")


@pytest.mark.parametrize(
    ("timezone", "at", "spoken"),
    [
        ("Asia/Riyadh", datetime(2026, 12, 31, 21, 5, 9, tzinfo=UTC), "Fri Jan 01 2027 00:05:09"),
        (
            "UTC",
            datetime(2026, 11, 30, 23, 59, 59, 999_999, tzinfo=UTC),
            "Mon Nov 30 2026 23:59:59",
        ),
        ("America/St_Johns", datetime(2026, 7, 5, tzinfo=UTC), "Sat Jul 04 2026 21:30:00"),
    ],
)
def test_the_moment_is_told_in_the_stores_zone(timezone: str, at: datetime, spoken: str) -> None:
    store = replace(STORE, timezone=timezone)
    offset = {"Asia/Riyadh": "+0300", "UTC": "+0000", "America/St_Johns": "-0230"}[timezone]
    told = json.loads(event_body(store, "customer.created", at, MOHAMMED))["created_at"]
    assert told == f"{spoken} GMT{offset}"


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("é", "\\u00e9"),
        ("😀", "\\ud83d\\ude00"),
        ("/", "\\/"),
        ("\\u0627", "\\\\u0627"),
        ('"\\/"', '\\"\\\\\\/\\"'),
        ("\x7f", "\x7f"),  # PHP leaves DEL alone, Python's json does not
        ("\u2028", "\\u2028"),
        ("\t\n\r\b\f\x01\x1f", "\\t\\n\\r\\b\\f\\u0001\\u001f"),
        ("<&'>", "<&'>"),
    ],
)
def test_escapes_are_those_of_php(text: str, written: str) -> None:
    body = otp_body(STORE, AT, text, "", escaped=True)
    assert body.endswith(b'{"code":"%b","contact":""}}' % written.encode())


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("é/ع", "é/ع"),
        ("😀", "😀"),
        ("\u2028\u2029\ufeff\x7f\x80\u200e", "\u2028\u2029\ufeff\x7f\x80\u200e"),
        ('"\\/"', '\\"\\\\/\\"'),
        ("\t\n\r\b\f", "\\t\\n\\r\\b\\f"),
        ("\x01\x0b\x1f", "\\u0001\\u000b\\u001f"),
        ("<&'>", "<&'>"),
    ],
)
def test_a_plain_body_has_the_escapes_of_json_stringify(text: str, written: str) -> None:
    assert otp_body(STORE, AT, text, "").endswith(b'{"code":"%b","contact":""}}' % written.encode())


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x7f")))
def test_escaped_or_not_a_body_says_the_same(text: str) -> None:
    escaped, plain = (otp_body(STORE, AT, text, "", escaped=way) for way in (True, False))
    assert json.loads(escaped) == json.loads(plain)
    assert json.loads(plain)["data"]["code"] == text
    again = json.dumps(json.loads(plain), separators=(",", ":")).replace("/", "\\/")
    assert escaped == again.encode()


def test_rules_compare_what_the_receiver_is_told() -> None:
    assert attributes(MOHAMMED, STORE) == {
        "id": 225167971,
        "first_name": "User",
        "last_name": "Mohammed",
        "mobile": "555555555",
        "mobile_code": "+966",
        "email": "test@gmail.com",
        "avatar": "https://i.ibb.co/jyqRQfQ/avatar-male.webp",
        "gender": "female",
        "birthday": "1997-06-03",
        "city": "الرياض",
        "country": "السعودية",
        "currency": "AED",
        "location": "14",
    }
    assert tuple(attributes(MOHAMMED, STORE)) == ATTRIBUTES


def test_an_absent_value_is_null_or_the_documented_stand_in() -> None:
    ours = attributes(BLANK, STORE)
    assert (ours["mobile"], ours["gender"], ours["birthday"]) == (None, None, None)
    assert (ours["city"], ours["currency"], ours["location"]) == ("", "SAR", "null")


@pytest.mark.parametrize("escaped", [True, False])
@pytest.mark.parametrize("customer", [MOHAMMED, BLANK])
def test_attributes_read_from_a_body_are_the_customers(customer: Customer, escaped: bool) -> None:
    body = event_body(STORE, "customer.updated", AT, customer, escaped=escaped)
    assert attributes_of(body) == attributes(customer, STORE)


def test_an_event_without_a_customer_has_no_attributes() -> None:
    assert attributes_of(otp_body(STORE, AT, "1", "2")) == dict.fromkeys(ATTRIBUTES)


def test_the_table_of_events_agrees_with_sallas_sample() -> None:
    known = {
        row["event"]: (row["id"], row["label"])
        for row in payload("webhook_events_response")["data"]
    }
    ours = {name: (kind.id, kind.label["ar"]) for name, kind in EVENTS.items()}
    for name in ("customer.created", "customer.updated"):
        assert ours[name] == known[name]
    taken = {number for number, _ in known.values()} | {number for number, _ in ours.values()}
    assert len(taken) == len(known) + 2
    assert all(0 < number < 2**31 for number, _ in ours.values())


def test_there_are_four_events_with_a_label_in_both_languages() -> None:
    assert list(EVENTS) == [f"customer.{n}" for n in ("created", "updated", "login", "otp.request")]
    for kind in EVENTS.values():
        assert kind.label["en"].isascii()
        assert any("؀" <= letter <= "ۿ" for letter in kind.label["ar"])
