"""Signing in, setting up and signing out, in a browser."""

import asyncio
from datetime import timedelta
from urllib.parse import quote, urlencode

import pytest
from fixtures.browsing import HOST, Browser, hidden
from fixtures.oauth import EMAIL, PASSWORD, Scene, scene
from fixtures.world import START, Answer, World

from sijill.errors import Unavailable
from sijill.http.forwarded import parse_networks
from sijill.limits.policy import ADDRESSES, Quota
from sijill.oauth.passwords import MAX_WAITING, Passwords
from sijill.oauth.people import PersonTable
from sijill.oauth.session_handlers import account_key
from sijill.oauth.tokens import SETUP, digest, mint
from sijill.oauth.wording import WORDS

pytestmark = pytest.mark.proves(
    "a form counts only from a page that was shown to this browser, and guesses of "
    "passwords are limited for each account and address"
)


@pytest.fixture
def oauth(world: World) -> Scene:
    return scene(world)


def signed_in(browser: Browser) -> bool:
    return EMAIL in browser.get("/_/login").body.decode()


@pytest.mark.proves("`GET /_/login`", "`POST /_/login`", "`email`", "`password`")
def test_a_wrong_password_and_an_unknown_account_look_alike(oauth: Scene) -> None:
    wrong = oauth.browser.sign_in(EMAIL, "wrong password")
    unknown = oauth.browser.sign_in("nobody@example.com", "wrong password")
    assert wrong.status == unknown.status == 403
    assert wrong.body.replace(EMAIL.encode(), b"") == unknown.body.replace(
        b"nobody@example.com", b""
    )
    assert b"wrong password" not in wrong.body
    assert not signed_in(oauth.browser)


def test_an_account_is_limited_wherever_the_attempts_come_from(oauth: Scene) -> None:
    limits = oauth.world.policy._replace(logins=Quota(2, 900.0))
    oauth.world.change(proxies=parse_networks("198.51.100.7"), policy=limits)

    def attempt(number: int, password: str) -> Answer:
        page = oauth.browser.get("/_/login")
        fields = {"email": EMAIL, "password": password}
        return oauth.browser.submit(page, "/_/login", fields, x_forwarded_for=f"192.0.2.{number}")

    for number in range(2 * ADDRESSES):
        assert attempt(number, "wrong password").status == 403
    held = attempt(100, PASSWORD)
    assert held.status == 429
    assert 0 < int(held.headers["retry-after"]) <= 900
    oauth.world.clock.now += 900
    assert attempt(101, PASSWORD).status == 303


def test_an_address_is_limited_whichever_account_it_tries(oauth: Scene) -> None:
    for number in range(10):
        assert oauth.browser.sign_in(f"a{number}@example.com", "x").status == 403
    assert oauth.browser.sign_in(EMAIL, PASSWORD).status == 429


def attempt_from(oauth: Scene, number: int, password: str = PASSWORD, email: str = EMAIL) -> int:
    """Try from an address of its own, in a browser that is new."""
    oauth.world.change(proxies=parse_networks("198.51.100.7"))
    browser = Browser(oauth.world)
    fields = {"email": email, "password": password}
    page = browser.get("/_/login")
    return browser.submit(page, "/_/login", fields, x_forwarded_for=f"192.0.2.{number}").status


def test_sign_ins_that_succeed_do_not_count_as_guesses(oauth: Scene) -> None:
    for number in range(3 * ADDRESSES):
        assert attempt_from(oauth, 1) == 303
        if number % 4 == 0 and number < 36:
            assert attempt_from(oauth, 1, "wrong password") == 403
    for _ in range(2):
        assert attempt_from(oauth, 1, "wrong password") == 403
    assert attempt_from(oauth, 1, "wrong password") == 429
    assert attempt_from(oauth, 1) == 429
    assert attempt_from(oauth, 2) == 303


@pytest.mark.parametrize("broken", ["find_by_email", "matches"])
def test_an_attempt_whose_password_was_not_checked_does_not_count(
    oauth: Scene, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    async def away(*_: object) -> None:
        raise Unavailable

    with monkeypatch.context() as patch:
        patch.setattr(PersonTable if broken == "find_by_email" else Passwords, broken, away)
        assert [attempt_from(oauth, 1) for _ in range(12)] == [503] * 12
    assert attempt_from(oauth, 1) == 303


def test_of_guesses_at_once_only_as_many_are_checked_as_the_limit_says(oauth: Scene) -> None:
    world, page = oauth.world, oauth.browser.get("/_/login")
    fields = {"email": EMAIL, "password": "wrong password", **hidden(page, "/_/login")}
    cookies = "; ".join(f"{name}={value}" for name, value in oauth.browser.cookies.items())
    headers = {
        "content_type": "application/x-www-form-urlencoded",
        "host": HOST,
        "origin": f"http://{HOST}",
        "cookie": cookies,
    }

    async def everyone() -> list[int]:
        body = urlencode(fields).encode()
        asked = (world.answer("POST", "/_/login", None, body, **headers) for _ in range(30))
        return [answer.status for answer in await asyncio.gather(*asked)]

    statuses = world.run(everyone())
    assert (statuses.count(403), statuses.count(429)) == (10, 20)


def test_a_session_gets_a_new_cookie_at_every_sign_in(oauth: Scene) -> None:
    assert oauth.browser.sign_in(EMAIL, PASSWORD).status == 303
    before = oauth.browser.cookies["__Host-sijill"]
    stale = Browser(oauth.world)
    stale.cookies = dict(oauth.browser.cookies)
    del oauth.browser.cookies["__Host-sijill"]
    oauth.browser.sign_in(EMAIL, PASSWORD)
    assert oauth.browser.cookies["__Host-sijill"] != before
    assert signed_in(stale)  # another browser's session is its own


def test_a_planted_cookie_does_not_become_a_session(oauth: Scene) -> None:
    oauth.browser.cookies["__Host-sijill"] = "planted"
    oauth.browser.sign_in(EMAIL, PASSWORD)
    assert oauth.browser.cookies["__Host-sijill"] != "planted"
    assert signed_in(oauth.browser)


def test_an_idle_session_ends_after_half_an_hour(oauth: Scene) -> None:
    oauth.browser.sign_in(EMAIL, PASSWORD)
    for _ in range(3):
        oauth.world.clock.now += 29 * 60
        assert signed_in(oauth.browser)
    oauth.world.clock.now += 30 * 60
    assert not signed_in(oauth.browser)


def test_no_session_lasts_longer_than_twelve_hours(oauth: Scene) -> None:
    oauth.browser.sign_in(EMAIL, PASSWORD)
    while oauth.world.clock.now < START + timedelta(hours=11.5).total_seconds():
        oauth.world.clock.now += 20 * 60
        assert signed_in(oauth.browser)
    oauth.world.clock.now += 30 * 60 - 1
    oauth.world.clock.now += 2
    assert not signed_in(oauth.browser)


@pytest.mark.proves("`POST /_/logout`")
def test_signing_out_ends_the_session_here_and_on_the_server(oauth: Scene) -> None:
    oauth.browser.sign_in(EMAIL, PASSWORD)
    stale = Browser(oauth.world)
    stale.cookies = dict(oauth.browser.cookies)
    page = oauth.browser.get("/_/login")
    out = oauth.browser.submit(page, "/_/logout", {})
    assert out.status == 303
    assert "__Host-sijill" not in oauth.browser.cookies
    assert not signed_in(stale)


def test_the_language_of_the_login_page_stays_after_signing_in(oauth: Scene) -> None:
    login = oauth.browser.get("/_/login?lang=en&onward=" + quote(oauth.ask(), safe=""))
    fields = {"email": EMAIL, "password": "wrong password"}
    again = oauth.browser.submit(login, "/_/login?lang=en", fields)
    assert again.headers["content-language"] == "en"
    onward = oauth.browser.submit(again, "/_/login?lang=en", fields | {"password": PASSWORD})
    page = oauth.browser.get(onward.headers["location"])
    assert page.headers["content-language"] == "en"


def test_the_language_of_a_request_for_consent_is_that_of_the_login_page(oauth: Scene) -> None:
    asked = oauth.browser.get(oauth.ask(lang="en"), accept_language="ar")
    login = oauth.browser.get(asked.headers["location"], accept_language="ar")
    assert login.headers["content-language"] == "en"
    fields = {"email": EMAIL, "password": PASSWORD}
    onward = oauth.browser.submit(login, "/_/login?lang=en", fields)
    page = oauth.browser.get(onward.headers["location"], accept_language="ar")
    assert page.headers["content-language"] == "en"


@pytest.mark.proves("`onward`")
@pytest.mark.parametrize(
    "onward",
    [
        "https://evil.example/oauth2/auth?x",
        "//evil.example/oauth2/auth?x",
        "/\\evil.example",
        "/oauth2/auth",
        "/oauth2/auth?x\r\nset-cookie: a=b",
        "/oauth2/auth?\u0000",
        "javascript:alert(1)",
        "/_/login",
        "/_/consoles",
        "/_/console/\u0000",
        "/_/console/1\r\nset-cookie: a=b",
    ],
)
def test_signing_in_leads_only_to_consent_and_to_the_console(oauth: Scene, onward: str) -> None:
    answer = oauth.browser.sign_in(EMAIL, PASSWORD, onward)
    assert answer.headers["location"] == "/_/console"


@pytest.mark.parametrize("onward", ["/_/console/12", "/_/console/12/customers?banned=yes"])
def test_signing_in_leads_back_to_a_page_of_the_console(oauth: Scene, onward: str) -> None:
    answer = oauth.browser.sign_in(EMAIL, PASSWORD, onward)
    assert answer.headers["location"] == onward


@pytest.mark.proves("`token` of every form")
@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/_/login", {"email": EMAIL, "password": PASSWORD}),
        ("/_/logout", {}),
        ("/_/setup", {"link": "x", "name": "A", "email": EMAIL, "password": PASSWORD}),
        ("/oauth2/auth", {"answer": "allow"}),
    ],
)
def test_a_form_without_the_token_of_a_page_is_refused(
    oauth: Scene, path: str, fields: dict[str, str]
) -> None:
    signed = oauth.browser
    signed.sign_in(EMAIL, PASSWORD)
    for token in ("", "0" * 64):
        assert signed.post(path, {**fields, "token": token}).status == 403
    assert signed_in(signed)


def test_the_public_url_is_an_accepted_origin(oauth: Scene) -> None:
    oauth.world.change(public_url=lambda: "https://customers.example.com")
    page = oauth.browser.get("/_/login")
    fields = {"email": EMAIL, "password": PASSWORD}
    origin = "https://customers.example.com"
    assert oauth.browser.submit(page, "/_/login", fields, origin=origin).status == 303


# The first owner


def link_of(world: World) -> str:
    link = mint(SETUP)
    until = world.moment + timedelta(minutes=30)
    assert world.run(world.register.people.offer_set_up(digest(link), until))
    return link


NEW = {"name": "نورة", "email": "noura@example.com", "password": "a long enough one"}


@pytest.mark.proves("`GET /_/setup`", "`POST /_/setup`", "`link`")
def test_the_link_creates_the_first_owner_of_every_store_once(world: World) -> None:
    browser, link = Browser(world), link_of(world)
    page = browser.get(f"/_/setup?link={link}")
    assert page.status == 200
    assert browser.submit(page, "/_/setup", NEW).status == 303
    assert "نورة" in browser.get("/_/login").body.decode()
    (person,) = world.run(world.register.people.all())
    assert len(world.run(world.register.people.stores_of(person.id))) == 2
    assert browser.get(f"/_/setup?link={link}").status == 404
    assert browser.submit(page, "/_/setup", NEW).status == 404
    assert not world.run(world.register.people.offer_set_up(digest("x"), world.moment))


@pytest.mark.parametrize("link", ["", "nothing", "日本"])
def test_a_wrong_link_creates_no_owner(world: World, link: str) -> None:
    link_of(world)
    browser = Browser(world)
    assert browser.get(f"/_/setup?{urlencode({'link': link})}").status == 404


def test_a_link_ends_after_half_an_hour(world: World) -> None:
    browser, link = Browser(world), link_of(world)
    page = browser.get(f"/_/setup?link={link}")
    world.clock.now += 30 * 60
    assert browser.submit(page, "/_/setup", NEW).status == 404
    assert world.run(world.register.people.all()) == []


@pytest.mark.proves("each field of the set-up page when it is faulty")
@pytest.mark.parametrize(
    ("field", "value", "fault"),
    [
        ("name", "", "required"),
        ("name", "a\u202eb", "characters"),
        ("name", "x" * 256, "too_long"),
        ("name", "\N{MUSICAL SYMBOL EIGHTH NOTE}" * 90, "too_long"),
        ("email", "", "required"),
        ("email", "nobody", "email"),
        ("password", "short", "short"),
        ("password", "x" * 257, "long"),
        ("password", "", "short"),
    ],
)
def test_a_faulty_field_has_a_message_and_the_others_come_back(
    world: World, field: str, value: str, fault: str
) -> None:
    browser, link = Browser(world), link_of(world)
    page = browser.get(f"/_/setup?link={link}")
    again = browser.submit(page, "/_/setup", NEW | {field: value})
    assert again.status == 422
    text = again.body.decode()
    assert WORDS[f"fault_{fault}"].ar in text
    assert NEW["password"] not in text
    for name in {"name", "email"} - {field}:
        assert NEW[name] in text
    assert hidden(again, "/_/setup")["link"] == link
    assert browser.submit(again, "/_/setup", NEW).status == 303


# Cookies and origins as attackers send them


def asked_with(oauth: Scene, cookie: str) -> int:
    return oauth.world.get(oauth.ask(), None, cookie=cookie).status


@pytest.mark.parametrize("other", ['prefs={"a":1}', "path=/", "x", "n=\xe9", "=;;=", '"', "a=b=c"])
def test_cookies_of_others_are_ignored(oauth: Scene, other: str) -> None:
    oauth.browser.sign_in(EMAIL, PASSWORD)
    mine = f"__Host-sijill={oauth.browser.cookies['__Host-sijill']}"
    assert asked_with(oauth, f"{other}; {mine}") == 200
    assert asked_with(oauth, f"{mine}; {other}") == 200


def test_a_repeated_or_nested_cookie_does_not_count(oauth: Scene) -> None:
    oauth.browser.sign_in(EMAIL, PASSWORD)
    mine = f"__Host-sijill={oauth.browser.cookies['__Host-sijill']}"
    assert asked_with(oauth, f"t=1 {mine}") == 303
    assert asked_with(oauth, f"{mine}; {mine}") == 303


@pytest.mark.parametrize(
    "origin",
    [
        *("http://[", "http://a]b", "null", "", "127.0.0.1:8466", "ftp://127.0.0.1:8466"),
        *("http://127.0.0.1:8467", "http://127.0.0.1", "http://x@127.0.0.1:8466"),
        "https://evil.example",
    ],
)
def test_a_malformed_or_foreign_origin_is_refused(oauth: Scene, origin: str) -> None:
    page = oauth.browser.get("/_/login")
    fields = {"email": EMAIL, "password": PASSWORD}
    assert oauth.browser.submit(page, "/_/login", fields, origin=origin).status == 403


@pytest.mark.parametrize("origin", ["null", "http://", "https://"])
def test_no_origin_belongs_to_a_request_without_a_host(oauth: Scene, origin: str) -> None:
    page = oauth.browser.get("/_/login")
    fields = {"email": EMAIL, "password": PASSWORD}
    refused = oauth.browser.submit(page, "/_/login", fields, origin=origin, host="")
    assert refused.status == 403


def test_one_address_cannot_close_an_account_to_another(oauth: Scene) -> None:
    for _ in range(11):
        last = oauth.browser.sign_in(EMAIL, "wrong password").status
    assert last == 429
    oauth.world.change(proxies=parse_networks("198.51.100.7"))
    page = oauth.browser.get("/_/login")
    fields = {"email": EMAIL, "password": PASSWORD}
    elsewhere = oauth.browser.submit(page, "/_/login", fields, x_forwarded_for="192.0.2.1")
    assert elsewhere.status == 303


def test_all_spellings_of_an_e_mail_count_as_one_account() -> None:
    spellings = ["\u00e9a@example.com", "e\u0301a@example.com", "\u00c9A@example.com"]
    assert len({account_key(spelling) for spelling in spellings}) == 1
    assert account_key("no address") != account_key("no other")


def test_a_full_queue_of_passwords_is_a_503(oauth: Scene) -> None:
    async def everybody() -> list[object]:
        asked = (passwords.matches("x", None) for _ in range(MAX_WAITING + 3))
        return await asyncio.gather(*asked, return_exceptions=True)

    passwords = Passwords()
    outcomes = oauth.world.run(everybody())
    assert [type(outcome) for outcome in outcomes[MAX_WAITING:]] == [Unavailable] * 3
    assert outcomes[:MAX_WAITING] == [False] * MAX_WAITING
    assert oauth.world.run(passwords.matches("x", None)) is False
