"""The console of a sandbox: it stays in its namespace, and apps under test see nothing of it."""

import re
from http.cookies import SimpleCookie
from urllib.parse import urlencode

import pytest
from fixtures.world import Answer
from sandbox.conftest import HOST, KEYS, SandboxWorld

from sijill.demo import OWNER
from sijill.stores.model import SHOP

FORM = {
    "content_type": "application/x-www-form-urlencoded",
    "origin": f"http://{HOST}",
    "sec_fetch_site": "same-origin",
}


def signed_in(sandbox: SandboxWorld, base: str) -> str:
    """Return the cookies of the demo's owner in a namespace."""
    page = sandbox.send("GET", f"{base}/_/login")
    cookies = cookies_of(page)
    token = re.search(rb'name="token" value="([^"]+)"', page.body)
    assert token is not None
    fields = {"token": token[1].decode(), "email": OWNER.email, "password": KEYS.password}
    answer = sandbox.send(
        "POST", f"{base}/_/login", urlencode(fields).encode(), cookie=cookies, **FORM
    )
    assert (answer.status, answer.headers["location"]) == (303, f"{base}/_/console")
    return cookies_of(answer)


def cookies_of(answer: Answer) -> str:
    lines = answer.headers.get("set-cookie", "").splitlines()
    pairs = [(name, one.value) for line in lines for name, one in SimpleCookie(line).items()]
    return "; ".join(f"{name}={value}" for name, value in pairs)


@pytest.mark.parametrize("base", ["", "/_/ns/t1"])
def test_every_address_of_a_page_stays_in_its_namespace(sandbox: SandboxWorld, base: str) -> None:
    sandbox.create("t1")
    page = sandbox.send("GET", f"{base}/_/console/{SHOP.id}", cookie=signed_in(sandbox, base))
    assert page.status == 200
    targets = re.findall(rb'(?:href|src|action|data-live)="([^"#]*)"', page.body)
    assert len(targets) > 5
    for target in map(bytes.decode, targets):
        assert target.startswith(f"{base}/_/"), target
        if "/assets/" in target:
            assert sandbox.send("GET", target).status == 200


def test_people_at_the_console_are_in_no_journal(sandbox: SandboxWorld) -> None:
    cookie = signed_in(sandbox, "")
    before = sandbox.control("GET", "journal").body
    page = sandbox.send("GET", f"/_/console/{SHOP.id}", cookie=cookie)
    token = re.search(rb'name="token" value="([^"]+)"', page.body)
    assert token is not None
    form = urlencode({"token": token[1].decode(), "theme": "dark"}).encode()
    answer = sandbox.send("POST", f"/_/console/{SHOP.id}/look", form, cookie=cookie, **FORM)
    assert (page.status, answer.status) == (200, 303)
    assert sandbox.control("GET", "journal").body == before


def test_no_rule_fails_the_console(sandbox: SandboxWorld) -> None:
    cookie = signed_in(sandbox, "")
    sandbox.control("POST", "faults", {"kind": "status", "status": 503})
    assert sandbox.send("GET", f"/_/console/{SHOP.id}", cookie=cookie).status == 200
