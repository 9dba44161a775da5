"""OAuth in a namespace: its pages stay in it, and its codes and tokens lead to it."""

from urllib.parse import urlencode

import pytest
from fixtures.browsing import Browser, sent_with
from fixtures.world import Answer
from sandbox.conftest import KEYS, SandboxWorld

from sijill.customers.examples import AHMED
from sijill.demo import APP, OWNER
from sijill.http.request import HTML, Response
from sijill.sandbox.pages import within
from sijill.stores.model import SHOP

CALLBACK = "http://127.0.0.1/callback"
AUTHORIZE = "/oauth2/auth?" + urlencode(
    {"client_id": APP.client_id, "response_type": "code", "redirect_uri": CALLBACK, "state": "s"}
)
PATH = f"/customers/{AHMED.id}"


class Desk:
    """A sandbox where a `Browser` expects a world."""

    is_local = False

    def __init__(self, sandbox: SandboxWorld) -> None:
        self._sandbox = sandbox

    def ask(self, method: str, path: str, _: None, body: bytes, **headers: str) -> Answer:
        return self._sandbox.send(method, path, body, **headers)


def agreed(sandbox: SandboxWorld, base: str, browser: Browser | None = None) -> str:
    """Sign in below an address as a browser does, agree, and return the code."""
    browser = browser or Browser(Desk(sandbox))  # type: ignore[arg-type]
    asked = browser.get(base + AUTHORIZE)
    assert asked.status == 303
    assert asked.headers["location"].startswith(f"{base}/_/login?")
    fields = {"email": OWNER.email, "password": KEYS.password}
    login = browser.get(asked.headers["location"])
    back = browser.submit(login, f"{base}/_/login", fields)
    assert back.headers["location"].startswith(f"{base}/oauth2/auth?")
    page = browser.get(back.headers["location"])
    fields = {"answer": "allow", "store": str(SHOP.id)}
    sent = sent_with(browser.submit(page, f"{base}/oauth2/auth", fields))
    assert sent["state"] == "s"
    return sent["code"]


def token(sandbox: SandboxWorld, secret: str, path: str = "/oauth2/token", **fields: str) -> Answer:
    sent = {"client_id": APP.client_id, "client_secret": secret} | fields
    form = {"content_type": "application/x-www-form-urlencoded"}
    return sandbox.send("POST", path, urlencode(sent).encode(), **form)


def redeem(sandbox: SandboxWorld, secret: str, code: str, path: str = "/oauth2/token") -> Answer:
    fields = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK}
    return token(sandbox, secret, path, **fields)


def test_codes_and_tokens_lead_to_the_namespace_that_issued_them(sandbox: SandboxWorld) -> None:
    one = sandbox.create("one")
    sandbox.ask("DELETE", PATH, one["token"])
    issued = redeem(sandbox, one["client_secret"], agreed(sandbox, "/_/ns/one"))
    assert issued.status == 200
    assert sandbox.ask("GET", PATH, issued.json["access_token"]).status == 404
    assert sandbox.ask("GET", PATH).status == 200
    refresh = {"grant_type": "refresh_token", "refresh_token": issued.json["refresh_token"]}
    renewed = token(sandbox, one["client_secret"], **refresh)
    assert renewed.status == 200
    assert sandbox.ask("GET", PATH, renewed.json["access_token"]).status == 404
    ops = [one["op"] for one in sandbox.control("GET", "ns/one/requests").json["requests"]]
    assert ops.count("oauth.token") == 2


def test_the_default_namespace_has_its_pages_at_the_root(sandbox: SandboxWorld) -> None:
    code = agreed(sandbox, "")
    issued = redeem(sandbox, sandbox.credentials.client_secret, code)
    assert sandbox.ask("GET", PATH, issued.json["access_token"]).status == 200


def test_a_token_request_that_names_two_namespaces_is_refused(sandbox: SandboxWorld) -> None:
    one, two = sandbox.create("one"), sandbox.create("two")
    code = agreed(sandbox, "/_/ns/one")
    disagree = redeem(sandbox, two["client_secret"], code, "/_/ns/two/oauth2/token")
    assert disagree.status == 409
    assert redeem(sandbox, one["client_secret"], code).status == 200


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/x-www-form-urlencoded", b"code=%ff"),
        ("application/json", b"{"),
        ("text/plain", b"code=1"),
        ("application/x-www-form-urlencoded", b""),
    ],
)
def test_a_token_request_that_cannot_be_read_is_refused_as_ever(
    sandbox: SandboxWorld, kind: str, body: bytes
) -> None:
    answer = sandbox.send("POST", "/oauth2/token", body, content_type=kind)
    assert (answer.status, answer.json["error"]) == (400, "invalid_request")


def test_links_and_plain_cookies_of_a_page_stay_below_its_namespace() -> None:
    html = b'<form action="/_/login"><a href="/x">y</a><a href="//other"><a href="https://other/">'
    headers = [
        (b"content-type", HTML),
        (b"location", b"/_/login"),
        (b"set-cookie", b"sijill=1; Path=/; HttpOnly"),
        (b"set-cookie", b"__Host-sijill=1; Path=/; Secure"),
    ]
    moved = within(b"/_/ns/one", Response(200, html, headers))
    assert moved.body == (
        b'<form action="/_/ns/one/_/login"><a href="/_/ns/one/x">y</a><a href="//other">'
        b'<a href="https://other/">'
    )
    assert [value for _, value in moved.headers[1:]] == [
        b"/_/ns/one/_/login",
        b"sijill=1; Path=/_/ns/one/; HttpOnly",
        b"__Host-sijill=1; Path=/; Secure",
    ]
    away = Response(303, html, [(b"location", b"https://app.example/")])
    assert within(b"/_/ns/one", away) == away
