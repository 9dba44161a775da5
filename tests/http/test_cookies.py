"""Cookies are Secure everywhere but on plain loopback, where Safari would keep none."""

import pytest
from fixtures.browsing import Browser
from fixtures.oauth import EMAIL, Scene, scene
from fixtures.world import World, request_of

from sijill.http.cookies import cookie, is_plain, set_cookie
from sijill.http.request import Request
from sijill.oauth.browser import SESSION, VISITOR
from sijill.oauth.devices import DEVICE

NAMES = (SESSION, VISITOR, DEVICE)


def asked(is_local: bool, **headers: str) -> Request:
    request = request_of("GET", "/_/login", headers)
    request.is_local = is_local
    return request


@pytest.mark.parametrize(
    ("is_local", "headers", "plain"),
    [
        (True, {"host": "127.0.0.1:8466"}, True),
        (True, {"host": "127.0.0.1"}, True),
        (True, {"host": "127.1.2.3:80"}, True),
        (True, {"host": "[::1]:8466"}, True),
        (True, {"host": "localhost:8466"}, True),
        (True, {"host": "LocalHost"}, True),
        (True, {"host": "shop.localhost:8466"}, True),
        # The server has HTTPS, or a public address with it, or the browser is elsewhere
        (False, {"host": "127.0.0.1:8466"}, False),
        (False, {"host": "localhost"}, False),
        # A proxy on this machine that says the name it was asked by
        (True, {"host": "register.example"}, False),
        (True, {"host": "localhost.example"}, False),
        (True, {"host": "127.0.0.1.example"}, False),
        (True, {"host": "notlocalhost"}, False),
        (True, {"host": "192.168.1.5:8466"}, False),
        (True, {"host": "[::2]"}, False),
        (True, {"host": "127.0.0.1:8466, register.example"}, False),
        (True, {"host": ""}, False),
        (True, {}, False),
        # A proxy on this machine that says nothing but who it is
        (True, {"host": "127.0.0.1", "x_forwarded_proto": "https"}, False),
        (True, {"host": "127.0.0.1", "x_forwarded_proto": "http"}, False),
        (True, {"host": "127.0.0.1", "x_forwarded_for": "192.0.2.1"}, False),
        (True, {"host": "127.0.0.1", "x_forwarded_host": "register.example"}, False),
        (True, {"host": "127.0.0.1", "x_real_ip": "192.0.2.1"}, False),
        (True, {"host": "127.0.0.1", "forwarded": "proto=https"}, False),
        (True, {"host": "127.0.0.1", "via": "1.1 proxy"}, False),
    ],
)
def test_only_a_browser_on_this_machine_gets_a_cookie_that_is_not_secure(
    is_local: bool, headers: dict[str, str], plain: bool
) -> None:
    request = asked(is_local, **headers)
    assert is_plain(request) is plain
    for name in NAMES:
        _, header = set_cookie(request, name, "v")
        first, *rest = header.decode().split("; ")
        assert first == (f"{name.removeprefix('__Host-')}=v" if plain else f"{name}=v")
        assert rest == ["Path=/", *([] if plain else ["Secure"]), "HttpOnly", "SameSite=Lax"]


@pytest.mark.parametrize("is_local", [True, False])
@pytest.mark.parametrize("name", NAMES)
def test_each_kind_of_cookie_is_read_only_where_it_is_given(name: str, is_local: bool) -> None:
    both = f"{name}=secure; {name.removeprefix('__Host-')}=plain"
    request = asked(is_local, host="127.0.0.1:8466", cookie=both)
    assert cookie(request, name) == ("plain" if is_local else "secure")


@pytest.fixture
def oauth(world: World) -> Scene:
    world.is_local = True
    return scene(world)


def test_an_owner_signs_in_consents_and_signs_out_over_plain_loopback(oauth: Scene) -> None:
    oauth.sign_in()
    assert {"sijill", "sijill-visitor"} <= set(oauth.browser.cookies)
    assert oauth.pair()["access_token"]
    page = oauth.browser.get("/_/login")
    assert EMAIL in page.body.decode()
    assert oauth.browser.submit(page, "/_/logout", {}).status == 303
    assert "sijill" not in oauth.browser.cookies


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_browser_that_keeps_no_cookie_is_told_what_to_do(oauth: Scene, language: str) -> None:
    oauth.world.is_local = False
    browser = Browser(oauth.world)
    page = browser.get(f"/_/login?lang={language}")
    browser.cookies.clear()
    refused = browser.submit(page, f"/_/login?lang={language}", {"email": EMAIL, "password": "x"})
    assert refused.status == 403
    assert "--tls" in refused.body.decode()
