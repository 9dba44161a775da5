"""
The served API against its own description: requests made up from it, answers held against it.

Each operation gets its examples, the edges of its parameters, methods it does not have, and random
values; status, content type, headers and body must be as described, and none may be a 5xx.
"""

import shutil
import tempfile
from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, datetime
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import msgspec
import pytest
import schemathesis
from fixtures.browsing import hidden
from fixtures.profiles import example_count
from fixtures.routes import ROUTER
from fixtures.world import Answer, arrived
from hypothesis import HealthCheck, settings
from schemathesis.python import asgi
from schemathesis.specs.openapi import checks

from sijill.app import open_app
from sijill.customers import handlers as customers
from sijill.customers.examples import AHMED
from sijill.demo import APP, OWNER, Ready, demo_store, prepare
from sijill.demo_credentials import Credentials
from sijill.description.document import document
from sijill.errors import Unavailable
from sijill.http.request import Request
from sijill.oauth import consent_handlers as authorize
from sijill.oauth import session_handlers as sessions
from sijill.oauth import setup_handlers as setup
from sijill.oauth import token_handlers as token
from sijill.oauth.wording import WORDS
from sijill.openapi.operation import FORM
from sijill.server.application import Application
from sijill.settings import Settings, load
from sijill.setup import offer

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
    "webhooks": "capture",
}
CALLBACK = APP.redirect_uris[0]
ASK = {"client_id": "demo", "response_type": "code", "redirect_uri": CALLBACK, "state": "a-b"}
AS_DESCRIBED = [
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]


class Server:
    """The real application over a demo's register, opened and closed by the loop that asks it."""

    ready: Ready
    """The opened demo, from the first request on."""

    def __init__(self, **flags: str) -> None:
        self._flags = FLAGS | flags
        self._app: Application | None = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif self._app is not None:
            content = arrived((await receive()).get("body", b""))
            asked = scope["method"], scope["raw_path"], scope["query_string"]
            request = Request(*asked, dict(scope["headers"]), scope["client"][0], content)
            try:
                response = await self.api.answer(request)
            finally:
                content.close()
            headers = [*response.headers, (b"x-request-id", request.id.encode())]
            status = {"type": "http.response.start", "status": response.status}
            await send(status | {"headers": headers})
            await send({"type": "http.response.body", "body": response.body})

    @property
    def api(self) -> Any:
        assert self._app is not None
        return self._app.dispatcher

    async def _live(self, receive: Any, send: Any) -> None:
        with tempfile.TemporaryDirectory() as folder:
            chosen, _ = load(self._flags, environ={}, folder=Path(folder))
            self._app = await open_app(await self._prepared(chosen, Path(folder)), BASE)
            await receive()
            await send({"type": "lifespan.startup.complete"})
            await receive()
            await self._app.close()
        await send({"type": "lifespan.shutdown.complete"})

    async def _prepared(self, chosen: Settings, folder: Path) -> Settings:
        self.ready = await demo_in(folder, chosen)
        return self.ready.settings


MADE: dict[str, tuple[tempfile.TemporaryDirectory[str], Credentials]] = {}
"""A demo of each profile that no server has opened, and what logs in to it."""


async def demo_in(folder: Path, chosen: Settings) -> Ready:
    """Return a new demo in a folder: a copy of the one of its profile, which is made once."""
    if chosen.demo_profile not in MADE:
        kept = tempfile.TemporaryDirectory()
        ready = await prepare(chosen, Path(kept.name), NOW, lambda done: None)
        MADE[chosen.demo_profile] = (kept, ready.credentials)
    kept, credentials = MADE[chosen.demo_profile]
    shutil.copytree(kept.name, folder, dirs_exist_ok=True)
    return Ready(
        msgspec.structs.replace(chosen, data_dir=str(folder), database_url=""), credentials
    )


class FirstStart(Server):
    """The same over an empty register, and the link its first start prints."""

    link = ""

    async def _prepared(self, chosen: Settings, folder: Path) -> Settings:
        settings = msgspec.structs.replace(chosen, data_dir=str(folder))
        self.link = await offer(settings, lambda: datetime.now(UTC)) or ""
        return settings


def against(server: Server) -> Any:
    """Return the description, its requests to be sent to a server."""
    described = schemathesis.openapi.from_dict(document(ROUTER, BASE, "en"))
    described.app = server
    return described


SCHEMA = against(Server())
"""For the tests below, which leave the demo's customer as it is."""

MADE_UP = against(Server())
"""For made-up requests, which write and delete."""


@pytest.fixture(scope="module", autouse=True)
def _servers() -> Iterator[None]:
    yield
    asgi.shutdown_lifespans()
    for kept, _ in MADE.values():
        kept.cleanup()
    MADE.clear()


@MADE_UP.parametrize()
@settings(
    max_examples=example_count(8),
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
def test_every_answer_is_as_described(case: Any) -> None:
    # Left out: nothing is refused for a parameter that is odd; it is read leniently, or ignored.
    lenient = [checks.negative_data_rejection]
    # Left out: a made-up date or mobile passes as text and is rightly a 422, as is described.
    strict = [checks.positive_data_acceptance]
    # Asks everything again without a token and with a wrong one: once for each operation suffices.
    again = [] if case.meta.phase.name == "examples" else [checks.ignored_auth]
    # Left out: other methods of a page for people alone are a 404, as on an unknown path.
    people = [checks.unsupported_method] if case.operation.path in ("/", "/_/") else []
    # A token that nobody asks for would keep a request from naming its client in the body.
    headers = KEY if case.operation.definition.raw["security"] else {}
    case.call_and_validate(headers=headers, excluded_checks=lenient + strict + again + people)


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
ONE = {"customer": AHMED.id}


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
        ("/oauth2/auth", 303, {"query": ASK}),
        ("/oauth2/auth", 303, {"query": ASK | {"response_type": "token"}}),
        ("/oauth2/auth", 400, {"query": ASK | {"client_id": "nobody"}}),
        ("/_/login", 200, {"query": {"onward": "/elsewhere", "lang": "en"}}),
        ("/_/setup", 404, {"query": {"link": "guess"}}),
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
        ("/oauth2/auth", "GET, HEAD, POST"),
        ("/_/login", "GET, HEAD, POST"),
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

    monkeypatch.setattr(customers, "body_of_row", fail)
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


# OAuth, and the pages for owners

AUTH, TOKENS, LOGIN, SET_UP = "/oauth2/auth", "/oauth2/token", "/_/login", "/_/setup"
STORE = str(demo_store("documented").id)
REFRESH = {"grant_type": "refresh_token"}


def sent(described: Any, path: str, fields: Any, **headers: str) -> Any:
    """Send a form, hold the answer against the description, and return it."""
    more = {"headers": headers} if headers else {}
    return asked(described, path, "POST", body=fields, media_type=FORM, **more)


class Visitor:
    """A browser that keeps its cookies and fills in the forms it is shown."""

    def __init__(self, described: Any) -> None:
        self._described = described
        self._cookies: dict[str, str] = {}

    def get(self, path: str, **query: str) -> Any:
        more: Any = {"query": query} if query else {}
        return self._kept(asked(self._described, path, headers=self._headers(), **more))

    def submit(self, page: Any, action: str, **fields: str) -> Any:
        filled = hidden(Answer(page.status_code, {}, page.content), action) | fields
        return self._kept(sent(self._described, action, filled, **self._headers()))

    def _headers(self) -> dict[str, str]:
        return {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}

    def _kept(self, answer: Any) -> Any:
        for line in answer.headers.get("set-cookie", []):
            self._cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
        return answer


def client(described: Any) -> dict[str, str]:
    """Return how the demo's app proves itself."""
    asked(described, "/healthz")  # a server is opened by the first request
    return {"client_id": "demo", "client_secret": described.app.ready.credentials.client_secret}


def location(answer: Any) -> dict[str, str]:
    """Return what the query of an answer's Location says."""
    return dict(parse_qsl(urlsplit(answer.headers["location"][0]).query))


def test_the_way_from_signing_in_to_tokens_is_as_described() -> None:
    described = against(Server())
    proof, browser = client(described), Visitor(described)
    page, onward = browser.get(LOGIN), f"{AUTH}?{urlencode(ASK)}"
    who = {"email": OWNER.email, "onward": onward}
    wrong = browser.submit(page, LOGIN, password="wrong", **who)
    signed = browser.submit(wrong, LOGIN, password=described.app.ready.credentials.password, **who)
    question = browser.get(AUTH, **ASK)
    agreed = browser.submit(question, AUTH, answer="allow", store=STORE)
    denied = browser.submit(question, AUTH, answer="deny")
    code = {"grant_type": "authorization_code", "code": location(agreed)["code"]}
    first = sent(described, TOKENS, proof | code | {"redirect_uri": CALLBACK})
    shown = REFRESH | proof | {"refresh_token": first.json()["refresh_token"]}
    wider = sent(described, TOKENS, shown | {"scope": "orders.eat"})
    again = sent(described, TOKENS, shown)
    reused = sent(described, TOKENS, shown)
    out = browser.submit(browser.get(LOGIN), "/_/logout")
    assert location(denied)["error"] == "access_denied"
    assert wider.json()["error"] == "invalid_scope"
    assert [
        *(answer.status_code for answer in (page, wrong, signed, question, agreed, denied)),
        *(answer.status_code for answer in (first, wider, again, reused, out)),
    ] == [200, 403, 303, 200, 303, 303, 200, 400, 200, 401, 303]


def test_a_first_start_is_as_described() -> None:
    server = FirstStart()
    browser = Visitor(against(server))
    browser.get("/healthz")  # a server is opened by the first request
    link = server.link.partition("=")[2]
    page = browser.get(SET_UP, link=link)
    who = {"name": "Noura", "email": "noura@example.com", "store": "shop"}
    faulty = browser.submit(page, SET_UP, password="short", **who)
    digits = browser.submit(
        faulty, SET_UP, password="a long enough one", **who | {"store": "12345"}
    )
    done = browser.submit(digits, SET_UP, password="a long enough one", **who)
    late = browser.submit(page, SET_UP, **who)
    signed = browser.get(LOGIN, onward=f"{AUTH}?{urlencode(ASK)}")
    answers = (page, faulty, digits, done, late, signed)
    assert [answer.status_code for answer in answers] == [200, 422, 422, 303, 404, 303]
    assert WORDS["fault_digits"].ar in digits.text


@pytest.mark.parametrize(
    ("path", "status", "fields"),
    [
        (AUTH, 303, {"request": urlencode(ASK), "token": "x", "answer": "allow"}),
        (LOGIN, 403, {"email": OWNER.email, "password": "x", "token": "x"}),
        ("/_/logout", 403, {"token": "x"}),
        (
            SET_UP,
            403,
            {"link": "x", "name": "A", "email": OWNER.email, "password": "x", "token": "x"},
        ),
    ],
)
def test_a_form_that_no_page_was_shown_for_is_refused_as_described(
    path: str, status: int, fields: dict[str, str]
) -> None:
    assert sent(SCHEMA, path, fields).status_code == status


@pytest.mark.parametrize("path", [AUTH, TOKENS, LOGIN, "/_/logout", SET_UP])
def test_a_body_that_is_no_form_is_a_400_as_described(path: str) -> None:
    case = SCHEMA[path]["POST"].Case()
    response = case.call(data=b"a=1&a=2", headers={"Content-Type": FORM})
    case.validate_response(response, checks=AS_DESCRIBED)
    assert response.status_code == 400


@pytest.mark.proves("the errors of the token endpoint, as described")
@pytest.mark.parametrize(
    ("status", "error", "fields"),
    [
        (400, "invalid_request", {}),
        (400, "unsupported_grant_type", {"grant_type": "password"}),
        (400, "invalid_grant", REFRESH | {"refresh_token": "guess"}),
        (401, "invalid_client", {"client_secret": "guess"}),
    ],
)
def test_refusals_of_the_token_endpoint_are_the_described_examples(
    status: int, error: str, fields: dict[str, str]
) -> None:
    answer = sent(SCHEMA, TOKENS, client(SCHEMA) | fields)
    described = SCHEMA.raw_schema["paths"][TOKENS]["post"]["responses"][str(status)]
    example = described["content"]["application/json"]["examples"][error]["value"]
    assert (answer.status_code, answer.json()) == (status, example)


def test_a_client_that_names_itself_by_a_header_is_told_how_as_described() -> None:
    basic = b64encode(b"demo:guess").decode()
    answer = sent(SCHEMA, TOKENS, {"grant_type": "password"}, Authorization=f"Basic {basic}")
    assert (answer.status_code, answer.headers["www-authenticate"]) == (
        401,
        ['Basic realm="oauth2"'],
    )


def test_guesses_are_refused_in_the_end_as_described() -> None:
    described = against(Server(failed_tokens_limit="1/1m", login_limit="1/15m"))
    guesses = [
        sent(described, TOKENS, {"client_id": "demo", "client_secret": "x"}) for _ in range(2)
    ]
    browser = Visitor(described)
    page = browser.get(LOGIN)
    guesses += [browser.submit(page, LOGIN, email=OWNER.email, password="x") for _ in range(2)]
    assert [guess.status_code for guess in guesses] == [401, 429, 403, 429]


@pytest.mark.parametrize(("fault", "status"), [(RuntimeError("secret"), 500), (Unavailable(), 503)])
@pytest.mark.parametrize(
    ("path", "method", "module", "name"),
    [
        (AUTH, "GET", authorize, "client_of"),
        (AUTH, "POST", authorize, "parse_form"),
        (TOKENS, "POST", token, "parse_token_request"),
        (LOGIN, "GET", sessions, "onward_of"),
        (LOGIN, "POST", sessions, "read_form"),
        ("/_/logout", "POST", sessions, "read_form"),
        (SET_UP, "GET", setup, "digest"),
        (SET_UP, "POST", setup, "read_form"),
    ],
)
def test_our_own_faults_there_are_as_described(
    monkeypatch: pytest.MonkeyPatch,
    path: str,
    method: str,
    module: Any,
    name: str,
    fault: Exception,
    status: int,
) -> None:
    def fail(*_: Any) -> None:
        raise fault

    monkeypatch.setattr(module, name, fail)
    answer = sent(SCHEMA, path, {}) if method == "POST" else asked(SCHEMA, path, query=ASK)
    assert answer.status_code == status
    assert b"secret" not in answer.content


@pytest.mark.parametrize(("path", "method"), [(AUTH, "GET"), (TOKENS, "POST"), (LOGIN, "POST")])
def test_a_full_server_answers_there_as_described(
    monkeypatch: pytest.MonkeyPatch, path: str, method: str
) -> None:
    assert asked(SCHEMA, "/healthz").status_code == 200  # it is open now
    monkeypatch.setattr(SCHEMA.app.api, "_in_flight", 10**6)
    answer = sent(SCHEMA, path, {}) if method == "POST" else asked(SCHEMA, path, query=ASK)
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "service_unavailable")
