"""Namespaces: chosen by a request, apart from each other, and the same again after a reset."""

from base64 import b64encode
from typing import Any

import pytest
from sandbox.conftest import SandboxWorld

from sijill.customers.examples import AHMED

pytestmark = pytest.mark.proves(
    "namespaces of the sandbox share nothing, and the same requests give the same bytes"
)

PATH = f"/admin/v2/customers/{AHMED.id}"


def in_namespace(name: str) -> str:
    return f"/_/ns/{name}{PATH}"


def test_the_default_namespace_holds_the_customer_of_the_demo(sandbox: SandboxWorld) -> None:
    answer = sandbox.ask("GET", PATH)
    assert (answer.status, answer.json["data"]["id"]) == (200, AHMED.id)


def test_address_header_and_token_lead_to_a_namespace(sandbox: SandboxWorld) -> None:
    one = sandbox.create("one")
    token = one["token"]
    assert one["url"] == "http://127.0.0.1:8466/_/ns/one/admin/v2"
    assert sandbox.ask("DELETE", in_namespace("one"), token).status == 200
    assert sandbox.ask("GET", in_namespace("one"), token).status == 404
    assert sandbox.ask("GET", PATH, token).status == 404
    assert sandbox.ask("GET", PATH, token, x_sijill_namespace="one").status == 404
    assert sandbox.ask("GET", PATH).status == 200


@pytest.mark.parametrize(
    ("path", "token_of", "header", "status"),
    [
        (in_namespace("one"), "two", None, 409),
        (in_namespace("one"), "one", "two", 409),
        (PATH, "one", "two", 409),
        (PATH, "one", "three", 404),
        (in_namespace("three"), "one", None, 404),
        (in_namespace("one"), "default", None, 409),
        (PATH, "default", "one", 409),
    ],
)
def test_a_request_that_names_two_namespaces_is_refused(
    sandbox: SandboxWorld, path: str, token_of: str, header: str | None, status: int
) -> None:
    tokens = {"default": sandbox.token}
    for name in ("one", "two"):
        tokens[name] = sandbox.create(name)["token"]
    headers = {} if header is None else {"x_sijill_namespace": header}
    assert sandbox.ask("GET", path, tokens[token_of], **headers).status == status


def test_the_secrets_of_a_name_are_the_same_each_time_and_no_others(sandbox: SandboxWorld) -> None:
    names = ("token", "refresh_token", "client_secret", "control_token")
    made = {name: sandbox.create(name) for name in ("one", "two")}
    one, other = ([made[name][secret] for secret in names] for name in ("one", "two"))
    assert sandbox.control("DELETE", "ns/one").status == 204
    again = sandbox.create("one")
    assert [again[secret] for secret in names] == one
    assert not set(one) & set(other)
    sandbox.control("DELETE", "ns/one")
    assert sandbox.create("one", random=7)["token"] != one[0]


def test_a_refresh_replaces_the_token_by_one_that_expires(sandbox: SandboxWorld) -> None:
    one = sandbox.create("one", settings={"access_lifetime": "1h"})

    def renewed(refresh: str) -> Any:
        basic = b64encode(f"{one['client_id']}:{one['client_secret']}".encode()).decode()
        form = {"grant_type": "refresh_token", "refresh_token": refresh}
        path = "/_/ns/one/oauth2/token"
        return sandbox.ask("POST", path, "", form, authorization=f"Basic {basic}").json

    def status(token: str) -> int:
        return sandbox.ask("GET", f"/_/ns/one{PATH}", token).status

    pair = renewed(one["refresh_token"])
    sandbox.control("POST", "ns/one/clock/advance", {"seconds": 1})
    assert (status(one["token"]), status(pair["access_token"])) == (401, 200)
    sandbox.control("POST", "ns/one/clock/advance", {"seconds": 3600})
    assert status(pair["access_token"]) == 401
    assert status(renewed(pair["refresh_token"])["access_token"]) == 200


def test_a_reset_brings_everything_back(sandbox: SandboxWorld) -> None:
    one = sandbox.create("one", settings={"customers_limit": "3/10m"})
    before = sandbox.ask("GET", PATH, one["token"])
    sandbox.ask("DELETE", PATH, one["token"])
    sandbox.control("POST", "ns/one/clock/advance", {"seconds": 86_400 * 400})
    fault = {"op": "customers.details", "kind": "status", "status": 503}
    sandbox.control("PUT", "ns/one/faults", {"faults": [fault]})
    assert sandbox.ask("GET", PATH, one["token"]).status == 503
    assert sandbox.control("POST", "ns/one/reset").status == 204
    assert sandbox.control("GET", "ns/one/requests").json["requests"] == []
    after = sandbox.ask("GET", PATH, one["token"])
    assert (after.status, after.body) == (200, before.body)
    assert after.headers["x-ratelimit-remaining"] == before.headers["x-ratelimit-remaining"]


def transcript(sandbox: SandboxWorld, name: str) -> list[Any]:
    token = sandbox.create(name)["token"]
    sandbox.control("POST", f"ns/{name}/clock/set", {"at": "2030-01-01T00:00:00Z"})
    sandbox.control("POST", f"ns/{name}/clock/freeze")
    sandbox.control("POST", f"ns/{name}/clock/set", {"at": "2030-01-02T00:00:00Z"})
    answers = [
        sandbox.ask("POST", "/customers", token, {"first_name": "Sara", "email": "s@example.com"}),
        sandbox.ask("GET", "/customers", token),
    ]
    return [(one.status, one.headers, one.body) for one in answers]


def test_the_same_requests_give_the_same_bytes(sandbox: SandboxWorld) -> None:
    first = transcript(sandbox, "one")
    sandbox.control("DELETE", "ns/one")
    assert transcript(sandbox, "one") == first


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"name": "one"}, 409),
        ({"name": "a/b"}, 422),
        ({"name": ""}, 422),
        ({"nmae": "x"}, 422),
        ({"settings": {"port": "1"}}, 422),
        ({"settings": {"customers_limit": "many"}}, 422),
        ([], 422),
    ],
)
def test_a_namespace_that_cannot_be_is_refused(
    sandbox: SandboxWorld, body: Any, status: int
) -> None:
    sandbox.create("one")
    answer = sandbox.control("POST", "ns", body)
    assert answer.status == status
    assert answer.headers["content-type"] == "application/problem+json"
    names = [one["name"] for one in sandbox.control("GET", "ns").json["namespaces"]]
    assert names == ["default", "one"]


def test_a_namespace_without_a_name_gets_one(sandbox: SandboxWorld) -> None:
    names = [sandbox.control("POST", "ns").json["name"] for _ in range(2)]
    assert names == ["ns1", "ns2"]


def test_a_hundred_namespaces_share_nothing(sandbox: SandboxWorld) -> None:
    made = [sandbox.create(f"n{number}") for number in range(100)]
    for number, one in enumerate(made):
        email = f"canary{number}@example.com"
        assert sandbox.ask("POST", "/customers", one["token"], {"email": email}).status == 200
    for number, one in enumerate(made):
        listed = sandbox.ask("GET", "/customers", one["token"]).json["data"]
        emails = {customer["email"] for customer in listed}
        assert emails == {AHMED.email, f"canary{number}@example.com"}
        requests = sandbox.control("GET", f"ns/n{number}/requests").json["requests"]
        assert [one["op"] for one in requests] == ["customers.create", "customers.list"]


def test_the_limit_of_a_neighbour_stays_where_it_is(sandbox: SandboxWorld) -> None:
    tokens = [sandbox.create(name)["token"] for name in ("one", "two")]
    for _ in range(499):
        sandbox.ask("GET", PATH, tokens[0])
    sandbox.control("POST", "ns/two/clock/advance", {"seconds": 6000})
    last, over = (sandbox.ask("GET", PATH, tokens[0]) for _ in range(2))
    assert (last.headers["x-ratelimit-remaining"], over.status) == ("0", 429)
    sandbox.control("POST", "ns/one/clock/advance", {"seconds": 600})
    assert sandbox.ask("GET", PATH, tokens[0]).headers["x-ratelimit-remaining"] == "499"
