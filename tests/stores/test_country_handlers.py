"""Countries, cities, languages, the store and the user, through the whole application."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from fixtures.world import Answer, World

from sijill.demo import APP

PAYLOADS = Path(__file__).parents[1] / "payloads"
SAUDI_ARABIA = "/countries/1473353380"


def payload(name: str) -> Any:
    return json.loads((PAYLOADS / f"{name}.json").read_text("utf-8"))


def get(world: World, path: str, **headers: str) -> Answer:
    return world.get(path, world.mint(world.store, "metadata.read"), **headers)


@pytest.mark.proves("`GET /countries`")
def test_the_first_page_of_countries_is_the_documented_one(world: World) -> None:
    answer, sample = get(world, "/admin/v2/countries"), payload("countries_list")
    ours = answer.json
    assert (answer.status, answer.headers["content-language"]) == (200, "ar")
    assert list(ours) == list(sample)
    assert json.dumps(ours["data"]) == json.dumps(sample["data"])
    # Which countries there are is libphonenumber's to say.
    differ = {"total", "totalPages", "links"}
    assert ours["pagination"].keys() == sample["pagination"].keys()
    assert {n: v for n, v in ours["pagination"].items() if n not in differ} == {
        n: v for n, v in sample["pagination"].items() if n not in differ
    }
    assert ours["pagination"]["links"]["next"].endswith("/admin/v2/countries?page=2")


def test_all_pages_together_hold_every_country_once(world: World) -> None:
    pages = [get(world, f"/countries?per_page=60&page={n}").json for n in range(1, 6)]
    codes = [country["code"] for page in pages for country in page["data"]]
    assert len(set(codes)) == len(codes) == pages[0]["pagination"]["total"]


def test_names_are_in_the_language_that_is_asked_for(world: World) -> None:
    answer = get(world, SAUDI_ARABIA, accept_language="en")
    assert (answer.json["data"]["name"], answer.headers["content-language"]) == (
        "Saudi Arabia",
        "en",
    )
    assert answer.headers["etag"] != get(world, SAUDI_ARABIA).headers["etag"]


@pytest.mark.proves("`GET /countries/{country}`")
def test_country_details_is_the_documented_one(world: World) -> None:
    answer = get(world, SAUDI_ARABIA)
    assert (
        answer.body
        == json.dumps(
            payload("country_details"), ensure_ascii=False, separators=(",", ":")
        ).encode()
    )
    assert get(world, SAUDI_ARABIA, if_none_match=answer.headers["etag"]).status == 304


@pytest.mark.proves("`GET /countries/{country}/cities`")
def test_the_documented_cities(world: World) -> None:
    ours = get(world, f"{SAUDI_ARABIA}/cities", accept_language="en").json
    sample = payload("cities_list")
    assert list(ours) == list(sample)
    assert (ours["data"], ours["country"]) == (sample["data"], sample["country"])
    # Only that first page of Salla's is documented.
    assert (ours["pagination"]["count"], ours["pagination"]["total"]) == (15, 15)


def test_a_country_without_known_cities_has_an_empty_list(world: World) -> None:
    answer = get(world, "/countries/566146469/cities")
    assert (answer.status, answer.json["data"]) == (200, [])
    assert answer.json["country"]["code"] == "AE"


@pytest.mark.parametrize("path", ["/countries/5", "/countries/SA", "/countries/5/cities"])
def test_an_unknown_country_is_a_404(world: World, path: str) -> None:
    assert get(world, path).json == payload("error_404_customers")


@pytest.mark.proves("`GET /languages`")
def test_the_documented_languages(world: World) -> None:
    answer = get(world, "/languages")
    assert json.dumps(answer.json) == json.dumps(payload("languages_list"))


def test_the_plan_counts_them_and_the_customers_limit_does_not(world: World) -> None:
    for path in ("/countries", "/languages", "/store/info", "/oauth2/user/info"):
        assert get(world, path).headers["x-ratelimit-limit"] == "720"
    assert get(world, "/countries").headers["x-ratelimit-remaining"] == "715"


@pytest.mark.parametrize("path", ["/store/info", "/oauth2/user/info"])
@pytest.mark.parametrize("prefix", ["", "/admin/v2"])
def test_any_valid_token_may_know_its_own_store_and_no_other(
    world: World, path: str, prefix: str
) -> None:
    assert world.get(prefix + path, None).status == 401
    assert world.get(prefix + path, "unknown-unknown-unknown").status == 401
    for store in (world.store, world.other_store):
        data = world.get(prefix + path, world.mint(store, "")).json["data"]
        assert data["id"] == store.id
        assert data["name"] == store.name


def test_a_store_is_told_with_its_plan_and_currency(world: World) -> None:
    data = world.get("/store/info").json["data"]
    assert (data["plan"], data["currency"], data["status"]) == ("special", "SAR", "active")
    other = world.get("/store/info", world.mint(world.other_store)).json["data"]
    assert other["plan"] == "basic"


def test_the_user_is_told_what_the_token_is_good_for(world: World) -> None:
    ends = world.moment + timedelta(days=14)
    token = world.mint(world.store, "metadata.read customers.read", expires_at=ends)
    data = world.get("/oauth2/user/info", token).json["data"]
    assert data["context"] == {
        "app": str(APP.id),
        "scope": "customers.read metadata.read",
        "exp": int(ends.timestamp()),
    }
    assert data["merchant"]["id"] == world.store.id
