"""Secrets go through a real process at its most talkative; none is in what it writes or counts."""

import secrets
from pathlib import Path
from urllib.parse import quote, urlencode

import httpx
import pytest
from fixtures.browsing import Browser, hidden
from fixtures.oauth import CHALLENGE, VERIFIER

from e2e.conftest import PATIENCE, Process, Shell
from e2e.oauth import (
    CALLBACK,
    EMAIL,
    PASSWORD,
    Served,
    Wire,
    agree,
    copied,
    person,
    prepared,
    query_of,
    serve,
)

pytestmark = pytest.mark.e2e

STATE = "state-" + secrets.token_hex(8)
WRONG = {
    name: f"{name}-{secrets.token_hex(8)}"
    for name in ("password", "secret", "code", "refresh_token", "state", "token", "client", "link")
}
NEW = {"name": "Sara", "email": f"{secrets.token_hex(8)}@first.example", "store": "Roses"}
TALKATIVE = {"SIJILL_LOG_LEVEL": "debug", "SIJILL_ACCESS_LOG": "on"}


def lines(process: Process) -> str:
    return process.out.read_text() + process.err.read_text()


def counted(served: Served) -> str:
    with served.client() as http:
        return http.get("/metrics").text


def found(secret: list[str], text: str) -> list[str]:
    assert all(secret)
    return [value for value in secret if value in text or quote(value) in text]


def address(**changes: str) -> str:
    asked = {"client_id": "crm", "response_type": "code", "redirect_uri": CALLBACK}
    proof = {"code_challenge": CHALLENGE, "code_challenge_method": "S256"}
    return f"/oauth2/auth?{urlencode(asked | proof | {'state': STATE} | changes)}"


def sign_in(browser: Browser, served: Served) -> list[str]:
    """Sign in with a wrong password, without a page, and well; return a code and form tokens."""
    page = browser.get(f"/_/login?{urlencode({'onward': address()})}")
    fields = {"email": EMAIL, "password": WRONG["password"]}
    assert browser.submit(page, "/_/login", fields).status == 403
    assert browser.post("/_/login", {"email": EMAIL, "token": WRONG["token"]}).status == 403
    visitor = list(browser.cookies.values())
    code = query_of(agree(browser, served, address()))["code"]
    asked = browser.get(address())
    assert browser.post("/oauth2/auth", {"token": WRONG["token"]}).status == 403
    assert browser.get(address(client_id=WRONG["client"])).status == 400
    assert browser.get(address(scope=WRONG["code"])).status == 303
    tokens = [hidden(page, "/_/login")["token"], hidden(asked, "/oauth2/auth")["token"]]
    return [code, *tokens, *visitor, *browser.cookies.values()]


def use(served: Served, code: str) -> list[str]:
    """Exchange and refresh, each refused before and after; return the tokens."""
    with served.client() as http:

        def ask(status: int, **form: str) -> dict[str, str]:
            named = {"client_id": "crm", "client_secret": served.made.secret} | form
            answer = http.post("/oauth2/token", data=named)
            assert answer.status_code == status, answer.text
            body: dict[str, str] = answer.json()
            return body

        good = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK}
        ask(401, **good | {"client_secret": WRONG["secret"]})
        ask(401, **good | {"client_id": WRONG["client"]})
        ask(400, **good | {"code": WRONG["code"]})
        ask(400, **good | {"code_verifier": WRONG["password"] * 2})
        basic = http.post("/oauth2/token", auth=(WRONG["client"], WRONG["secret"]), data=good)
        assert basic.status_code == 401
        pair = ask(200, **good, code_verifier=VERIFIER)
        renewal = {"grant_type": "refresh_token", "refresh_token": pair["refresh_token"]}
        ask(400, **renewal | {"refresh_token": WRONG["refresh_token"]})
        fresh = ask(200, **renewal)
        headers = {"Authorization": f"Bearer {fresh['access_token']}"}
        assert http.get("/customers", headers=headers).status_code == 200
        ask(401, **renewal)
        ask(401, **good, code_verifier=VERIFIER)
        headers = {"Authorization": f"Bearer {WRONG['token']}"}
        assert http.get("/customers", headers=headers).status_code == 401
    return [both[name] for both in (pair, fresh) for name in ("access_token", "refresh_token")]


def test_a_process_writes_no_secret_of_oauth(shell: Shell, installed: Path) -> None:
    made = prepared(installed)
    served = serve(shell, made, copied(shell, made), **TALKATIVE)
    with person(served) as browser:
        secret = sign_in(browser, served)
    secret += use(served, secret[0])
    secret += [EMAIL, PASSWORD, made.secret, STATE, VERIFIER, CHALLENGE, *WRONG.values()]
    assert found(secret, counted(served)) == []
    assert served.process.end() == 0
    written = lines(served.process)
    assert written.count("/oauth2/token") > 8
    assert found(secret, written) == []


def test_the_set_up_link_is_shown_once_and_never_logged(shell: Shell) -> None:
    process = shell.start(f"serve --port 0 --data-dir {shell.folder}/data", **TALKATIVE)
    base, link = process.line(r"(http://[^\s/]+)/_/setup\?link=(\S+)").groups()
    with httpx.Client(base_url=base, timeout=PATIENCE, verify=False) as http:
        browser = Browser(Wire(http))
        assert browser.get(f"/_/setup?link={WRONG['link']}").status == 404
        page = browser.get(f"/_/setup?link={link}")
        told = NEW | {"password": PASSWORD}
        assert browser.submit(page, "/_/setup", told | {"password": "short"}).status == 422
        assert browser.submit(page, "/_/setup", told).status == 303
        assert browser.submit(page, "/_/setup", told).status == 404
        secret = [PASSWORD, NEW["email"], WRONG["link"], *browser.cookies.values()]
    secret.append(hidden(page, "/_/setup")["token"])
    assert process.end() == 0
    written = lines(process)
    assert written.count("/_/setup") > 5
    assert written.count(link) == 1
    assert found(secret, written) == []
