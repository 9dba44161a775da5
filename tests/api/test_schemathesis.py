"""
The served API against its own description: requests made up from it, answers held against it.

Each operation gets its examples, the edges of its parameters, methods it does not have, and random
values; status, content type, headers and body must be as described, and none may be a 5xx.
"""

import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.python import asgi
from schemathesis.specs.openapi import checks

from sijill.api import customers
from sijill.api.description.examples import CUSTOMER_ID
from sijill.api.description.openapi import document
from sijill.app import App, open_app
from sijill.config import load
from sijill.demo import prepare
from sijill.domain.errors import Unavailable

BASE = "http://testserver"
TOKEN = "chosen-for-these-tests"
KEY = {"Authorization": f"Bearer {TOKEN}"}
NOW = datetime(2026, 1, 1, tzinfo=UTC)
FLAGS = {
    "demo_token": TOKEN,
    "demo_customers": "40",
    "customers_limit": "off",
    "plan_limit": "off",
    "failed_tokens_limit": "off",
    "access_log": "off",
}
AS_DESCRIBED = [
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]


class Server:
    """The real application over a demo's register, opened and closed by the loop that asks it."""

    def __init__(self, **flags: str) -> None:
        self._flags = FLAGS | flags
        self._app: App | None = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif self._app is not None:
            await self._app.api(scope, receive, send)

    async def _live(self, receive: Any, send: Any) -> None:
        with tempfile.TemporaryDirectory() as folder:
            chosen, _ = load(self._flags, environ={}, folder=Path(folder))
            ready = await prepare(chosen, Path(folder), NOW, lambda done: None)
            self._app = await open_app(ready.settings, BASE)
            await receive()
            await send({"type": "lifespan.startup.complete"})
            await receive()
            await self._app.close()
        await send({"type": "lifespan.shutdown.complete"})


def against(server: Server) -> Any:
    """Return the description, its requests to be sent to a server."""
    described = schemathesis.openapi.from_dict(document(BASE, "en"))
    described.app = server
    return described


SCHEMA = against(Server())
"""What the tests below ask by name; they leave the demo's customer as it is."""

MADE_UP = against(Server())
"""What made-up requests go to: they write and delete."""


@pytest.fixture(scope="module", autouse=True)
def _servers() -> Iterator[None]:
    yield
    asgi.shutdown_lifespans()


@MADE_UP.parametrize()
@settings(
    max_examples=20,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
def test_every_answer_is_as_described(case: Any) -> None:
    # Left out: nothing is refused for a parameter that is odd; it is read leniently, or ignored.
    lenient = [checks.negative_data_rejection]
    # Left out: a made-up date or mobile passes as text and is rightly a 422, as is described.
    strict = [checks.positive_data_acceptance]
    case.call_and_validate(headers=KEY, excluded_checks=lenient + strict)


def test_the_served_description_is_the_one_that_is_tested() -> None:
    with asgi.get_client(SCHEMA.app) as client:
        assert client.get("/_/openapi.json").json() == SCHEMA.raw_schema


def asked(described: Any, path: str, method: str = "GET", **parts: Any) -> Any:
    """Ask one operation, hold the answer against the description, and return it."""
    case = described[path][method].Case(**parts)
    response = case.call()
    case.validate_response(response, checks=AS_DESCRIBED)
    return response


DETAILS = "/customers/{customer}"
ONE = {"customer": CUSTOMER_ID}


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize(
    ("path", "status", "parts"),
    [
        (DETAILS, 200, {"path_parameters": ONE, "headers": KEY}),
        (DETAILS, 200, {"path_parameters": ONE, "headers": KEY, "query": {"fields[]": ["x"]}}),
        (DETAILS, 304, {"path_parameters": ONE, "headers": KEY | {"If-None-Match": "*"}}),
        (DETAILS, 404, {"path_parameters": {"customer": 1}, "headers": KEY}),
        (DETAILS, 404, {"path_parameters": {"customer": "007"}, "headers": KEY}),
        (DETAILS, 401, {"path_parameters": ONE}),
        (DETAILS, 401, {"path_parameters": ONE, "headers": {"Authorization": "Bearer guess"}}),
        ("/customers", 200, {"headers": KEY, "query": {"page": "2?per_page=40", "per_page": "7"}}),
        ("/customers", 200, {"headers": KEY, "query": {"page": "99"}}),
        ("/customers", 422, {"headers": KEY, "query": {"date_from": "today"}}),
        ("/customers", 401, {}),
        ("/healthz", 200, {}),
        ("/readyz", 200, {}),
        ("/metrics", 200, {}),
        ("/_/openapi.json", 200, {}),
        ("/_/docs", 200, {"query": {"lang": "en"}}),
        ("/_/docs", 304, {"headers": {"If-None-Match": "*"}}),
    ],
)
def test_each_status_that_can_be_had_is_as_described(
    path: str, status: int, parts: Any, method: str
) -> None:
    assert asked(SCHEMA, path, method, **parts).status_code == status


BLACKLIST = "/customers/blacklist/{customer}"
WRITE = {"headers": KEY, "media_type": "application/json"}
NEW = {"email": "new@example.com"}


@pytest.mark.parametrize(
    ("method", "path", "status", "parts"),
    [
        ("POST", "/customers", 422, {"body": {"email": ""}}),
        ("POST", "/customers", 422, {"body": NEW, "headers": KEY | {"Idempotency-Key": "a b"}}),
        ("POST", "/customers", 401, {"body": NEW, "headers": {}}),
        ("PUT", DETAILS, 404, {"path_parameters": {"customer": 1}, "body": NEW}),
        ("PUT", DETAILS, 422, {"path_parameters": ONE, "body": {"gender": "robot"}}),
        ("PUT", DETAILS, 412, {"path_parameters": ONE, "body": NEW}),
        ("DELETE", DETAILS, 404, {"path_parameters": {"customer": 1}}),
        ("DELETE", DETAILS, 412, {"path_parameters": ONE}),
        ("PUT", BLACKLIST, 422, {"path_parameters": ONE, "body": {"reason": ""}}),
        ("PUT", BLACKLIST, 404, {"path_parameters": {"customer": 1}, "body": {"reason": "x"}}),
        ("PUT", BLACKLIST, 412, {"path_parameters": ONE, "body": {"reason": "x"}}),
        ("DELETE", BLACKLIST, 404, {"path_parameters": {"customer": 1}}),
        ("DELETE", BLACKLIST, 412, {"path_parameters": ONE}),
    ],
)
def test_each_refusal_of_a_write_is_as_described(
    method: str, path: str, status: int, parts: Any
) -> None:
    stale = {"headers": KEY | {"If-Match": '"old"'}} if status == 412 else {}
    more = (WRITE if "body" in parts else {"headers": KEY}) | parts | stale
    assert asked(SCHEMA, path, method, **more).status_code == status


def test_a_customer_from_beginning_to_end_is_as_described() -> None:
    described = against(Server())
    once = WRITE | {"headers": KEY | {"Idempotency-Key": "k1"}}
    made = asked(described, "/customers", "POST", body=NEW, **once)
    again = asked(described, "/customers", "POST", body=NEW, **once)
    assert again.headers["idempotent-replayed"] == ["true"]
    one = {"path_parameters": {"customer": made.json()["data"]["id"]}}
    steps = [
        asked(described, DETAILS, "PUT", body={"first_name": "New"}, **WRITE, **one),
        asked(described, BLACKLIST, "PUT", body={"reason": "late"}, **WRITE, **one),
        asked(described, BLACKLIST, "DELETE", headers=KEY, **one),
        asked(described, DETAILS, "DELETE", headers=KEY, **one),
        asked(described, DETAILS, "GET", headers=KEY, **one),
    ]
    assert [step.status_code for step in [made, again, *steps]] == [
        *(200, 200, 200, 201, 202, 200, 404)
    ]


@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_a_body_that_cannot_be_read_is_a_400_as_described(method: str) -> None:
    path, one = ("/customers", {}) if method == "POST" else (DETAILS, {"path_parameters": ONE})
    case = SCHEMA[path][method].Case(headers=KEY, **one)
    response = case.call(data=b"{", headers={"Content-Type": "application/json"})
    case.validate_response(response, checks=AS_DESCRIBED)
    assert response.status_code == 400


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/customers", "GET, HEAD, POST"),
        ("/healthz", "GET, HEAD"),
        ("/_/docs", "GET, HEAD"),
    ],
)
def test_a_method_the_path_does_not_have_is_a_405_as_described(path: str, allowed: str) -> None:
    case = SCHEMA[path]["GET"].Case()
    object.__setattr__(case, "method", "DELETE")
    response = case.call()
    case.validate_response(response, checks=AS_DESCRIBED)
    assert (response.status_code, response.headers["allow"]) == (405, [allowed])


@pytest.mark.parametrize(("fault", "status"), [(RuntimeError("secret"), 500), (Unavailable(), 503)])
def test_our_own_faults_are_as_described(
    monkeypatch: pytest.MonkeyPatch, fault: Exception, status: int
) -> None:
    def fail(*_: Any) -> None:
        raise fault

    monkeypatch.setattr(customers, "body", fail)
    answer = asked(SCHEMA, DETAILS, path_parameters=ONE, headers=KEY)
    assert answer.status_code == status
    assert b"secret" not in answer.content


def test_limits_and_their_refusal_are_as_described() -> None:
    described = against(Server(customers_limit="1/10m", plan_limit="on"))
    first = asked(described, DETAILS, path_parameters=ONE, headers=KEY)
    second = asked(described, "/customers", headers=KEY)
    assert (first.status_code, second.status_code) == (200, 429)
    numbers = ("x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset")
    for answer in (first, second):
        assert all(name in answer.headers for name in numbers)


def test_the_other_profile_is_as_described() -> None:
    described = against(Server(demo_profile="observed"))
    answer = asked(described, "/customers", headers=KEY, query={"per_page": "60"})
    assert "full_name" in answer.json()["data"][0]
    assert answer.json()["pagination"]["links"] == {}
