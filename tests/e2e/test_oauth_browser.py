"""A real browser logs in and agrees: it keeps the cookies and obeys the policy."""

import threading
from collections.abc import Iterator
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

import httpx
import pytest
from fixtures.chromium import Chromium, Page, found
from fixtures.require import missing

from e2e.conftest import PATIENCE
from e2e.oauth import EMAIL, PASSWORD, Served, query_of, running

pytestmark = [pytest.mark.e2e, pytest.mark.browser]

STATE = "f00d-cafe 日本&x=1"
LANGUAGES = {"ar": "rtl", "en": "ltr"}
LOGIN = "form[action='/_/login'] button"


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    command = found()
    if command is None:
        missing("chromium", "it is not on the path")
    browser = Chromium(command, tmp_path_factory.mktemp("chromium"))
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def served(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with running(installed, tmp_path_factory.mktemp("http")) as one:
        yield one


@pytest.fixture(scope="module")
def served_by_tls(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with running(installed, tmp_path_factory.mktemp("https"), "--tls") as one:
        yield one


class AnApp(BaseHTTPRequestHandler):
    """An app's site: at / a link to log in, and elsewhere a word that the browser came back."""

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        to = dict(parse_qsl(parts.query)).get("to", "")
        link = f'<a href="{escape(to)}">Connect</a>' if parts.path == "/" else "back"
        page = f'<!doctype html><link rel="icon" href="data:,"><title>App</title>{link}'.encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """The port of an app's site on 127.0.0.1."""
    with ThreadingHTTPServer(("127.0.0.1", 0), AnApp) as site:
        thread = threading.Thread(target=site.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield site.server_port
        site.shutdown()
        thread.join(PATIENCE)


def opened(chromium: Chromium, served: Served, language: str) -> Page:
    page = chromium.page(language)
    if served.base.startswith("https:"):
        # Chromium keeps its authorities where only its own tools write; other tests check ours.
        page.call("Security.setIgnoreCertificateErrors", ignore=True)
    return page


def asking(served: Served, port: int) -> str:
    """Return the address at which an app asks for consent."""
    asked = {"client_id": "crm", "response_type": "code", "state": STATE}
    asked["redirect_uri"] = f"http://127.0.0.1:{port}/callback"
    return f"{served.authorize_url}?{urlencode(asked, quote_via=quote)}"


def looks_right(page: Page, language: str) -> None:
    """Check a page as it is shown now: its language, that it runs nothing, that nothing failed."""
    assert page.run("document.documentElement.lang") == language
    assert page.run("document.documentElement.dir") == LANGUAGES[language]
    assert page.run("getComputedStyle(document.body).direction") == LANGUAGES[language]
    for words in ("document.title", "document.querySelector('h1').innerText"):
        assert page.run(f"/[\\u0600-\\u06ff]/.test({words})") == (language == "ar")
    assert page.run("document.scripts.length") == 0
    asked = page.run(
        "performance.getEntriesByType('resource').map(one => new URL(one.name))"
        ".filter(one => one.origin !== location.origin || !one.pathname.startsWith('/_/assets/'))"
        ".map(String)"
    )
    assert asked == []
    assert page.run("document.compatMode") == "CSS1Compat"
    assert page.faults() == []


def fits_a_telephone(page: Page, picture: Path) -> None:
    page.resize(390, 844)
    assert page.run("innerWidth") == 390
    assert page.run("document.documentElement.scrollWidth") <= 390
    page.screenshot(picture)
    page.call("Emulation.clearDeviceMetricsOverride")


def sign_in(page: Page) -> None:
    page.type("input[name=email]", EMAIL)
    page.type("input[name=password]", PASSWORD)
    page.follow(LOGIN)


def exchange(served: Served, port: int, code: str) -> httpx.Response:
    form = {"grant_type": "authorization_code", "code": code, "client_id": "crm"}
    form |= {"client_secret": served.made.secret}
    form |= {"redirect_uri": f"http://127.0.0.1:{port}/callback"}
    with served.client() as http:
        return http.post("/oauth2/token", data=form)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("server", ["served", "served_by_tls"])
def test_an_owner_logs_in_agrees_and_the_app_gets_a_code(
    chromium: Chromium,
    request: pytest.FixtureRequest,
    server: str,
    port: int,
    language: str,
    tmp_path: Path,
) -> None:
    served = request.getfixturevalue(server)
    page = opened(chromium, served, language)
    page.open(asking(served, port))
    looks_right(page, language)
    page.screenshot(tmp_path / f"login-{language}.png")
    fits_a_telephone(page, tmp_path / f"login-{language}-390.png")
    sign_in(page)
    looks_right(page, language)
    page.screenshot(tmp_path / f"consent-{language}.png")
    fits_a_telephone(page, tmp_path / f"consent-{language}-390.png")
    text = page.run("document.body.innerText")
    assert "CRM" in text
    assert "Perfumes" in text
    assert f"127.0.0.1:{port}" in text
    page.follow("button[name=answer][value=allow]")
    landed = page.run("location.href")
    assert landed.startswith(f"http://127.0.0.1:{port}/callback?code=")
    assert query_of(landed)["state"] == STATE
    assert page.run("document.referrer") == ""
    answer = exchange(served, port, query_of(landed)["code"])
    assert answer.status_code == 200, answer.text
    assert page.faults() == []


def test_the_browser_keeps_the_cookie_for_this_host_alone_and_from_scripts(
    chromium: Chromium, served: Served, port: int
) -> None:
    page = opened(chromium, served, "en")
    page.open(asking(served, port))
    sign_in(page)
    kept = {
        one["name"]: one for one in page.call("Network.getCookies", urls=[served.base])["cookies"]
    }
    session = kept["sijill"]  # Safari keeps no Secure cookie over HTTP
    assert not session["secure"]
    assert session["httpOnly"]
    assert session["session"]
    assert (session["sameSite"], session["domain"]) == ("Lax", "127.0.0.1")
    assert page.run("document.cookie") == ""


def test_an_owner_who_comes_from_an_apps_site_signed_in_is_asked_at_once_and_may_refuse(
    chromium: Chromium, served: Served, port: int
) -> None:
    page = opened(chromium, served, "en")
    page.open(asking(served, port))
    sign_in(page)
    # localhost is another site than 127.0.0.1.
    page.open(f"http://localhost:{port}/?to={quote(asking(served, port), safe='')}")
    page.follow("a")
    looks_right(page, "en")
    page.follow("button[name=answer][value=deny]")
    landed = page.run("location.href")
    assert landed.startswith(f"http://127.0.0.1:{port}/callback?error=access_denied")
    assert query_of(landed)["state"] == STATE
    assert "code" not in query_of(landed)
    assert page.faults() == []


def test_a_wrong_password_says_so_and_keeps_the_address(
    chromium: Chromium, served: Served, port: int
) -> None:
    page = opened(chromium, served, "en")
    page.open(asking(served, port))
    page.type("input[name=email]", EMAIL)
    page.type("input[name=password]", PASSWORD + "!")
    page.follow(LOGIN)
    assert page.run("document.querySelector('[role=alert]').innerText")
    assert page.run("document.querySelector('input[name=email]').value") == EMAIL
    assert page.run("document.querySelector('input[name=password]').value") == ""


def test_a_script_that_gets_into_a_page_is_not_run_and_is_noticed(
    chromium: Chromium, served: Served, port: int
) -> None:
    page = opened(chromium, served, "en")
    page.open(asking(served, port))
    page.run("""
        for (const [name, more] of [["script", {text: "window.ran = true"}],
                                    ["img", {src: "https://example.com/x.png"}],
                                    ["style", {textContent: "body {display: none}"}]]) {
            document.body.append(Object.assign(document.createElement(name), more));
        }
    """)
    assert page.run("window.ran") is None
    assert page.run("getComputedStyle(document.body).display") != "none"
    assert len(page.faults()) >= 3
