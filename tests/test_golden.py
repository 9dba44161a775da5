"""
Each documented key's position, type and value, in every payload that concerns details and lists.

The payloads are Salla's own samples. Where a sample contradicts its family, the exception is named
here with its reason; nothing else may differ.
"""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from sijill.customers.examples import AHMED
from sijill.customers.model import Extras, blank
from sijill.customers.wire import EXTRAS, body
from sijill.demo import demo_store
from sijill.errors import InvalidToken, MissingScope, NotFound
from sijill.http.envelope import encode, listing, pagination, success
from sijill.http.errors import refusal
from sijill.http.query import Paging
from sijill.stores.model import Store
from sijill.stores.profiles import PROFILES

pytestmark = pytest.mark.proves(
    "the demo customer's answer is Salla's sample, key by key, plus `birthday` and `currency`"
)

SEED = """{"status":200,"success":true,"data":{"id":2075683582,"first_name":"Ahmed",\
"last_name":"Ali","mobile":777777777,"mobile_code":"967","email":"ahmedali@test.test","urls":\
{"customer":"https://shtara.com/profile","admin":"https://shtara.com/profiley"},"avatar":\
"https://i.ibb.co/jyqRQfQ/avatar-male.webp","gender":"male","city":"Riyadh","country":"السعودية",\
"country_code":"sa","location":"null","updated_at":{"date":"2020-04-02 22:43:26.000000",\
"timezone_type":3,"timezone":"Asia/Riyadh"},"groups":[11323141,11323142]}}"""
"""The sample of the page Sijill is built after; it masks the e-mail, this is the published one."""

ADDED = {"birthday": None, "currency": "SAR"}
"""In the page's field list or Salla's current page, absent from every old sample."""


def payload(name: str) -> Any:
    return json.loads((Path(__file__).parent / "payloads" / f"{name}.json").read_text("utf-8"))


def sent(raw: bytes) -> Any:
    return json.loads(raw)


def items(value: Any) -> Any:
    """Return a value in which the order of keys counts."""
    if isinstance(value, dict):
        return [(key, items(inner)) for key, inner in value.items()]
    return [items(inner) for inner in value] if isinstance(value, list) else value


def without(document: dict[str, Any], *names: str) -> dict[str, Any]:
    return {key: value for key, value in document.items() if key not in names}


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


ALI = replace(
    blank(1188233194, utc("2025-03-10 09:55:51")),
    first_name="Ali",
    last_name="Ahmed",
    mobile=560000000,
    mobile_code="966",
    email="ali@email.sa",
    gender="male",
    birthday=date(2001, 2, 2),
    country="السعودية",
    country_code="SA",
    currency="SAR",
    lang="ar",
    updated_at=utc("2025-03-17 09:18:35"),
    groups=(474034050, 2134252254),
    extras=Extras(
        orders_count=5,
        orders_amount=720.91,
        orders_average=144.18,
        orders_complete_ratio=88.0,
        orders_cancel_ratio=3.0,
        orders_cancel=4,
        latest_purchase=utc("2025-07-21 08:30:40"),
        total_points=21,
        pending_rating_count=3,
        custom_fields=[],
        current_store_customer=payload("customer_details_extra_fields")["data"][
            "current_store_customer"
        ],
    ),
)
OBSERVED = Store(
    id=1,
    name="observed",
    profile="observed",
    customer_url="https://demostore.salla.sa/demo/profile",
    admin_url="https://s.salla.sa/customers/243798",
)


@pytest.mark.proves("`GET /customers/{customer}`: every key, its place, type and value")
def test_the_demo_customer_is_the_seeds_sample_plus_birthday_and_currency() -> None:
    ours = sent(success(body(AHMED, demo_store("documented"))))
    assert items(without(ours["data"], *ADDED)) == items(json.loads(SEED)["data"])
    assert list(ours) == ["status", "success", "data"]
    assert {key: ours["data"][key] for key in ADDED} == ADDED


def test_details_have_seventeen_keys_in_the_documented_order() -> None:
    keys = """
        id first_name last_name mobile mobile_code email urls avatar gender birthday city
        country country_code currency location updated_at groups
    """
    assert list(sent(success(body(AHMED, demo_store("documented"))))["data"]) == keys.split()


def test_text_is_sent_as_utf8_and_not_escaped() -> None:
    raw = success(body(AHMED, demo_store("documented")))
    assert "السعودية".encode() in raw
    assert b"https://shtara.com/profile" in raw


def test_customer_details_sample() -> None:
    expected = payload("customer_details")["data"]
    street = expected["location"]
    ours = body(replace(AHMED, location=street), demo_store("documented"))
    assert items(without(sent(success(ours))["data"], *ADDED)) == items(expected)


@pytest.mark.proves("`GET /customers/{customer}`: every name of `fields[]`")
def test_customer_details_sample_with_every_extra_field() -> None:
    expected = payload("customer_details_extra_fields")
    fields = set(EXTRAS) - {"is_whitelisted"}  # documented as a name, absent from the sample
    assert items(sent(success(body(ALI, OBSERVED, fields)))) == items(expected)


@pytest.mark.proves("`GET /customers`")
def test_list_customers_sample() -> None:
    expected = payload("customers_list")
    first, second = expected["data"]
    # The sample's second customer lacks `urls` and both lack `country_code`: slips of the page.
    ours = [
        body(replace(AHMED, location=first["location"]), demo_store("documented")),
        body(
            replace(
                AHMED,
                id=2075683581,
                first_name="Ali",
                last_name="Ahmed",
                email="aliahmed@test.test",
            ),
            demo_store("documented"),
        ),
    ]
    numbers = pagination(
        count=2,
        total=2,
        paging=Paging(1, 15),
        address="http://127.0.0.1/customers",
        pairs=(),
        no_links=PROFILES["documented"].no_links,
    )
    answer = sent(listing(ours, numbers))
    added = (*ADDED, "country_code")
    assert items(without(answer["data"][0], *added)) == items(first)
    assert items(without(answer["data"][1], *added, "urls")) == items(second)
    assert items(without(answer, "data")) == items(without(expected, "data"))


@pytest.mark.proves("`GET /customers`: names of `fields[]`")
def test_list_customers_sample_with_extra_fields() -> None:
    expected = payload("customers_list_extra_fields")
    customer = replace(
        ALI,
        id=234324533,
        mobile=567000000,
        email="email9@outlook.com",
        birthday=None,
        city="جدة",
        country="السعودية | Saudi Arabia",
        location="حي المحمدية - شارع عبدالعزيز اسماعيل",
        created_at=utc("2025-07-24 09:23:42"),
        updated_at=utc("2025-07-24 09:23:42"),
        groups=(1113849985,),
        extras=Extras(),
    )
    store = Store(
        id=1,
        name="o",
        profile="observed",
        customer_url=OBSERVED.customer_url,
        admin_url="https://s.salla.sa/customers/293847",
    )
    fields = {"block_reason", "is_blocked", "is_inactive", "is_notifications_enabled"}
    # count and total say 2 beside one row: a slip of the page. `links: []` beside 2025 data: the
    # observed profile has {}, as Salla's pagination page does.
    numbers = pagination(count=2, total=2, paging=Paging(1, 15), address="", pairs=(), no_links=[])
    assert items(sent(listing([body(customer, store, fields)], numbers))) == items(expected)


@pytest.mark.proves("`pagination`")
def test_pagination_samples() -> None:
    single = payload("pagination_single_page")["pagination"]
    ours = pagination(count=2, total=2, paging=Paging(1, 15), address="", pairs=(), no_links={})
    assert items(sent(encode(ours))) == items(single)
    middle = payload("pagination_middle_page")["pagination"]
    ours = pagination(
        count=15,
        total=200,
        paging=Paging(3, 15),
        address="http://api.salla.dev/admin/v2/coupons/codes",
        pairs=[("page", "3"), ("coupon_id", "626791646")],
        no_links=[],
    )
    assert items(sent(encode(ours))) == items(middle)


@pytest.mark.proves("401, 404 and 422 as in Salla's samples")
@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("error_401_invalid_token", InvalidToken()),
        ("error_401_scope", MissingScope("customers.read_write")),
        ("error_404_customers", NotFound()),
    ],
)
def test_error_samples(name: str, fault: Any) -> None:
    refused = refusal(fault, "ar")
    assert items(sent(refused.body)) == items(payload(name))
    assert refused.status == payload(name)["status"]
    assert refused.body == refusal(fault, "en").body
