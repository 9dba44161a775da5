"""The language of `?lang=` goes along wherever a page leads, and a session keeps it."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from fixtures.browsing import Browser
from fixtures.oauth import EMAIL, PASSWORD, Scene, scene
from fixtures.tables import rows
from fixtures.world import Answer, World

import sijill
from console.desks import seat
from sijill.oauth.browser import SESSION
from sijill.oauth.tokens import SETUP, digest, mint
from sijill.pages.html import language_query, without_language
from sijill.pages.look import LOOK

pytestmark = pytest.mark.proves(
    "a page in the language of `?lang=` leads to pages in this language, by every redirect"
)

ENGLISH = {"accept_language": "en"}
"""The browser asks for English: only `?lang=ar` makes a page Arabic."""


@pytest.fixture
def oauth(world: World) -> Scene:
    return scene(world)


def login(oauth: Scene, onward: str = "") -> Answer:
    page = oauth.browser.get(f"/_/login?lang=ar&onward={quote(onward, safe='')}", **ENGLISH)
    fields = {"email": EMAIL, "password": PASSWORD}
    return oauth.browser.submit(page, "/_/login?lang=ar", fields, **ENGLISH)


def sign_out(oauth: Scene) -> Answer:
    login(oauth)
    page = oauth.browser.get("/_/login?lang=ar", **ENGLISH)
    return oauth.browser.submit(page, "/_/logout?lang=ar", {}, **ENGLISH)


def ready(oauth: Scene) -> Answer:
    login(oauth)
    return oauth.browser.get("/_/login?lang=ar&onward=%2F_%2Fconsole", **ENGLISH)


def console(oauth: Scene) -> Answer:
    login(oauth)
    return oauth.browser.get("/_/console?lang=ar", **ENGLISH)


def ended(oauth: Scene) -> Answer:
    """Answer a request for consent whose session has ended."""
    login(oauth)
    page = oauth.browser.get(oauth.ask(lang="ar"), **ENGLISH)
    del oauth.browser.cookies[SESSION]
    return oauth.browser.submit(page, "/oauth2/auth?lang=ar", {}, **ENGLISH)


def entry(oauth: Scene) -> str:
    return f"{oauth.world.handlers.entry.entries.offer(EMAIL)}&lang=ar"


def form(oauth: Scene) -> Answer:
    """Send a form of the console from a page in the other language."""
    return seat(oauth.world, "support").post("/groups/new?lang=ar", name="VIP")


def last_store(oauth: Scene) -> Answer:
    """Leave the only store of a person."""
    person = seat(oauth.world, "viewer")
    oauth.world.run(oauth.world.register.people.set_role(person.person.id, "owner"))
    return person.post(f"/people/{person.person.id}/remove?lang=ar", confirmed="yes")


def no_store(oauth: Scene) -> Answer:
    people, owner, store = oauth.world.register.people, oauth.owner, oauth.world.store
    oauth.world.run(people.update(owner, []))
    answer = console(oauth)
    oauth.world.run(people.update(owner, [store.id]))
    return answer


REDIRECTS: dict[str, Callable[[Scene], Answer]] = {
    "the console, to a stranger": lambda oauth: oauth.browser.get("/_/console?lang=ar", **ENGLISH),
    "consent, to a stranger": lambda oauth: oauth.browser.get(oauth.ask(lang="ar"), **ENGLISH),
    "signing in": login,
    "signing in, with an address to go on to": lambda oauth: login(oauth, "/_/console"),
    "the form to sign in, to a person who is signed in": ready,
    "signing out": sign_out,
    "the console, to a person of one store": console,
    "the console, to a person without a store": no_store,
    "an answer to consent after the session": ended,
    "a link that signs in": lambda oauth: oauth.browser.get(entry(oauth), **ENGLISH),
    "a link that is looked at": lambda oauth: oauth.browser.head(entry(oauth), **ENGLISH),
    "a form of the console": form,
    "a person who leaves a store": last_store,
}
"""Every way in which a page leads to another, and how it begins."""


@rows("way", REDIRECTS)
def test_a_redirect_takes_the_language_along(oauth: Scene, way: str) -> None:
    oauth.browser.cookies.clear()
    answer = REDIRECTS[way](oauth)
    assert answer.status == 303
    assert parse_qs(urlsplit(answer.headers["location"]).query)["lang"][-1] == "ar"


def test_the_first_owner_comes_to_a_page_in_the_language_of_the_set_up(world: World) -> None:
    browser, link = Browser(world), mint(SETUP)
    until = world.moment + timedelta(minutes=30)
    world.run(world.register.people.offer_set_up(digest(link), until))
    page = browser.get(f"/_/setup?link={link}&lang=ar", **ENGLISH)
    fields = {"name": "نورة", "email": "noura@example.com", "password": "a long enough one"}
    answer = browser.submit(page, "/_/setup?lang=ar", fields, **ENGLISH)
    assert answer.headers["location"] == "/_/login?lang=ar"


def test_a_session_begun_in_arabic_stays_arabic_without_the_parameter(oauth: Scene) -> None:
    assert b'href="/_/console?lang=ar"' in oauth.browser.get("/?lang=ar", accept="text/html").body
    asked = oauth.browser.get("/_/console?lang=ar", **ENGLISH).headers["location"]
    page = oauth.browser.get(asked, **ENGLISH)
    fields = {"email": EMAIL, "password": PASSWORD}
    oauth.browser.submit(page, "/_/login?lang=ar", fields, **ENGLISH)
    shown = oauth.browser.get(f"/_/console/{oauth.world.store.id}", **ENGLISH)
    assert b'<html lang="ar" dir="rtl"' in shown.body


def test_signing_in_without_the_parameter_keeps_no_language(oauth: Scene) -> None:
    oauth.sign_in()
    assert LOOK not in oauth.browser.cookies


def test_the_language_that_a_person_chooses_wins_over_that_of_the_address(world: World) -> None:
    owner = seat(world, "owner")
    here = owner.at("/groups?page=2&lang=ar")
    assert owner.post("/look", theme="dark", back=here).headers["location"] == here
    chosen = owner.post("/look", language="en", back=here)
    assert chosen.headers["location"] == owner.at("/groups?page=2")


@rows(
    ("target", "without", "query"),
    [
        ("/a", "/a", ""),
        ("/a?", "/a", ""),
        ("/a?lang=ar", "/a", "?lang=ar"),
        ("/a?x=1&lang=en&y=%20", "/a?x=1&y=%20", "?lang=en"),
        ("/a?lang=xx&%6cang=ar", "/a", ""),
    ],
)
def test_the_language_of_an_address_is_read_and_left_out(
    target: str, without: str, query: str
) -> None:
    assert (without_language(target), language_query(target)) == (without, query)


def test_only_a_redirect_to_an_app_or_by_the_choice_itself_leaves_the_language_out() -> None:
    package = Path(sijill.__path__[0])
    calls = {
        (path.relative_to(package).as_posix(), call)
        for path in package.rglob("*.py")
        for call in re.findall(r"(?<!def )see_other\((\w+)", path.read_text("utf-8"))
    }
    assert calls == {
        ("oauth/browser.py", "with_language"),
        ("oauth/consent_handlers.py", "with_parameters"),
        ("console/home.py", "target"),
    }
