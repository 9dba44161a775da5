"""What the page about testing says to do provokes what it says one sees."""

import pytest

from sijill.pytest_plugin import Salla
from sijill.testing.client import Answer, Client

AHMED = "/customers/2075683582"

OBSERVED = {
    "store": {"profile": "observed"},
    "customers": [
        {"id": 7, "mobile": "0501234567", "mobile_code_country": "966", "country_code": "SA"}
    ],
}


def read(salla: Salla, path: str = AHMED, **headers: str) -> Answer:
    return salla.client.get(path, headers={n.replace("_", "-"): v for n, v in headers.items()})


@pytest.mark.salla(limits={"customers_limit": "3/10m"})
def test_a_fourth_request_has_to_wait(salla: Salla) -> None:
    answers = [read(salla) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert 590 <= int(answers[-1].headers["Retry-After"]) <= 600


@pytest.mark.salla(limits={"customers_limit": "off"})
def test_without_the_limit_of_customers_the_plan_counts(salla: Salla) -> None:
    assert read(salla).headers["X-RateLimit-Limit"] == "720"


@pytest.mark.salla(limits={"customers_limit": "off", "plan_limit": "off", "others_limit": "off"})
def test_without_limits_no_header_tells_of_them(salla: Salla) -> None:
    assert "X-RateLimit-Limit" not in read(salla).headers


@pytest.mark.salla(limits={"failed_tokens_limit": "2/m"})
def test_a_third_wrong_token_is_a_429_without_headers_of_limits(salla: Salla) -> None:
    stranger = Client(salla.url, "any other token")
    answers = [stranger.get(AHMED) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [401, 401, 429]
    assert "X-RateLimit-Limit" not in answers[-1].headers


def test_requests_that_need_no_preparation(salla: Salla) -> None:
    assert read(salla, "/customers/1").status_code == 404
    faulty = read(salla, "/customers?date_from=yesterday", accept_language="en")
    assert (faulty.status_code, faulty.headers["Content-Language"]) == (422, "en")
    assert read(salla, if_none_match=read(salla).headers["ETag"]).status_code == 304
    assert read(salla, "/customers?page=9999").json()["data"] == []


@pytest.mark.salla(seed=OBSERVED)
def test_the_observed_profile_has_plus_signs_capitals_and_three_keys_more(salla: Salla) -> None:
    customer = read(salla, "/customers/7").json()["data"]
    assert (customer["mobile_code"], customer["country_code"]) == ("+966", "SA")
    assert {"full_name", "lang", "created_at"} <= customer.keys()
