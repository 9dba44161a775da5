"""Countries, cities, languages and stores on the wire: Salla's samples, key by key."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec import to_builtins

from sijill.http.envelope import Pagination, pagination
from sijill.http.query import Paging
from sijill.oauth.tokens import Grant
from sijill.oauth.users import NEVER, user
from sijill.stores.countries import CITIES, countries
from sijill.stores.model import SHOP, Store
from sijill.stores.store_wire import info
from sijill.stores.wire import cities_page, country_answer, country_details, languages

SAUDI_ARABIA = next(iter(countries().values()))


def payload(name: str) -> Any:
    return json.loads((Path(__file__).parents[1] / "payloads" / f"{name}.json").read_text("utf-8"))


def keys(value: Any) -> Any:
    """Return the keys of a value in their order, and the types of what they hold."""
    if isinstance(value, dict):
        return [(name, keys(inner)) for name, inner in value.items()]
    return type(value).__name__


def test_the_first_fifteen_countries_are_the_documented_ones() -> None:
    first = to_builtins(
        [country_answer(country, "ar") for country in list(countries().values())[:15]]
    )
    assert json.dumps(first) == json.dumps(payload("countries_list")["data"])


def test_country_details_says_success_before_status() -> None:
    ours = json.loads(country_details(SAUDI_ARABIA, "ar"))
    assert json.dumps(ours) == json.dumps(payload("country_details"))


def test_a_name_is_in_the_language_of_the_request() -> None:
    assert country_answer(SAUDI_ARABIA, "en").name == "Saudi Arabia"


def test_the_documented_cities_in_english_as_the_sample_was_taken() -> None:
    sample = payload("cities_list")
    numbers = msgspec.convert(sample["pagination"], Pagination)
    ours = json.loads(cities_page(CITIES["SA"], SAUDI_ARABIA, "en", numbers))
    assert json.dumps(ours) == json.dumps(sample)


def test_a_city_has_its_arabic_name_by_default() -> None:
    numbers = pagination(count=1, total=1, paging=Paging(1, 1), address="", pairs=(), no_links=[])
    ours = json.loads(cities_page(CITIES["SA"][:1], SAUDI_ARABIA, "ar", numbers))
    assert ours["data"][0]["name"] == "الرياض"
    assert ours["country"]["name"] == "السعودية"


def test_the_documented_languages() -> None:
    assert json.dumps(to_builtins(languages())) == json.dumps(payload("languages_list")["data"])


def test_a_store_has_the_documented_keys_and_types() -> None:
    sample = payload("store_info")["data"]
    assert keys(to_builtins(info(Store(1, "demo", plan="pro")))) == keys(sample)


@pytest.mark.proves("`GET /store/info`", "`GET /oauth2/user/info`")
def test_a_user_has_the_documented_keys_and_types() -> None:
    store = Store(5, "demo", plan="pro")
    scopes = frozenset({"products.read", "orders.read"})
    ours = to_builtins(user(Grant(1, 123, store, scopes, 1721326955.0, revoked=False), None))
    sample = payload("user_info_with_context")["data"]
    assert keys(ours) == keys(sample)
    assert ours["context"] == sample["context"]
    assert ours["merchant"]["id"] == store.id


@pytest.mark.parametrize(
    ("timezone", "wall"),
    [
        ("Asia/Riyadh", "2021-12-31 12:59:59"),
        ("UTC", "2021-12-31 09:59:59"),
        ("Pacific/Kiritimati", "2021-12-31 23:59:59"),
    ],
)
def test_a_merchant_is_as_old_as_its_store(timezone: str, wall: str) -> None:
    store = Store(5, "demo", timezone=timezone, created_at=SHOP.created_at)
    grant = Grant(1, 1, store, frozenset(), None, revoked=False)
    assert user(grant, None).merchant.created_at == wall


def test_a_token_without_an_end_expires_as_late_as_a_client_can_read() -> None:
    grant = Grant(1, 1, Store(5, "demo"), frozenset(), None, revoked=False)
    assert user(grant, None).context.exp == NEVER
