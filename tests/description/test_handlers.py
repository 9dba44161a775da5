"""The description as it is served, and its page for people, in a browser too."""

import asyncio
import base64
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from fixtures.require import missing
from fixtures.routes import ROUTER

from sijill.description.document import document
from sijill.description.page import error_code, form, operations, prose, types
from sijill.http.errors import KINDS
from sijill.http.request import Request, Response

BASE = "http://register.test"
SECONDS = 30.0
"""How long a process may take."""

VOID = {"meta", "link", "br", "img", "input", "hr"}
OTHER = {"ar": "en", "en": "ar"}


def asked(path: str, query: str = "", **headers: str) -> Response:
    """Return what a public route answers, without a server."""
    named = {k.replace("_", "-").encode(): v.encode() for k, v in headers.items()}
    route, _ = ROUTER.find("GET", path.encode())
    request = Request("GET", path.encode(), query.encode(), named)
    answer = asyncio.run(route.handler(request))
    assert isinstance(answer, Response)
    return answer


def docs(language: str) -> str:
    return asked("/_/docs", f"lang={language}").body.decode()


class Page(HTMLParser):
    """The elements of a page with attributes, its headings and ids; elements must nest properly."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.headings: list[str] = []
        self.text = ""
        self._open: list[str] = []
        self.feed(html)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(tag)
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self._open.pop() == tag, f"</{tag}> closes nothing"

    def handle_data(self, data: str) -> None:
        if "style" not in self._open:
            self.text += data

    def all(self, attribute: str) -> list[str]:
        return [str(found[attribute]) for _, found in self.elements if attribute in found]


def test_the_description_is_json_that_needs_no_token() -> None:
    status, body, headers = asked("/_/openapi.json")
    assert (status, dict(headers)[b"content-type"]) == (200, b"application/json")
    assert json.loads(body) == json.loads(json.dumps(document(ROUTER, BASE, "en")))


@pytest.mark.parametrize("path", ["/_/openapi.json", "/_/docs"])
def test_a_kept_copy_is_answered_with_304_and_no_body(path: str) -> None:
    tag = dict(asked(path).headers)[b"etag"].decode()
    status, body, headers = asked(path, if_none_match=tag)
    assert (status, body) == (304, b"")
    assert dict(headers)[b"etag"].decode() == tag
    assert asked(path, if_none_match='"other"').status == 200


@pytest.mark.parametrize(
    ("query", "accept", "language"),
    [
        ("", "", "ar"),
        ("", "en-GB,en;q=0.9", "en"),
        ("", "fr", "ar"),
        ("lang=en", "ar", "en"),
        ("lang=ar", "en", "ar"),
        ("lang=ar&lang=en", "", "en"),
        ("lang=fr", "en", "en"),
        ("lang=", "", "ar"),
        ("lang=../../x", "", "ar"),
    ],
)
def test_the_page_speaks_the_language_that_was_chosen(
    query: str, accept: str, language: str
) -> None:
    headers = {"accept_language": accept} if accept else {}
    answer = asked("/_/docs", query, **headers)
    assert dict(answer.headers)[b"content-language"].decode() == language
    assert f'<html lang="{language}"'.encode() in answer.body


def test_the_page_lets_a_browser_ask_nobody_for_anything() -> None:
    answer = asked("/_/docs")
    headers = {name.decode(): value.decode() for name, value in answer.headers}
    policy = dict(part.split(" ", 1) for part in headers["content-security-policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy.keys() == {
        *("default-src", "style-src", "base-uri", "form-action", "frame-ancestors")
    }
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["vary"] == "Accept-Language"


def test_the_policy_allows_the_pages_one_style_and_no_other() -> None:
    answer = asked("/_/docs")
    (style,) = re.findall(rb"<style>(.*?)</style>", answer.body, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style).digest()).decode()
    policy = dict(answer.headers)[b"content-security-policy"].decode()
    assert f"style-src 'sha256-{digest}';" in policy
    assert b" style=" not in answer.body


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_page_holds_nothing_that_loads_or_runs(language: str) -> None:
    page = Page(docs(language))
    tags = {tag for tag, _ in page.elements}
    assert not tags & {"script", "img", "link", "iframe", "object", "form", "base"}
    assert page.all("src") == []
    assert all(not target.startswith(("http", "//")) for target in page.all("href"))
    assert not [name for _, found in page.elements for name in found if name.startswith("on")]


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_page_describes_every_operation_key_status_header_and_parameter(language: str) -> None:
    page = Page(docs(language))
    described = document(ROUTER, BASE, "ar" if language == "ar" else "en")
    components = described["components"]
    for path, item in described["paths"].items():
        assert path in page.text
        for method in item.keys() - {"servers", "head"}:
            assert item[method]["operationId"] in page.all("id")
    wanted = {
        *components["headers"],
        *(row["name"] for row in components["parameters"].values()),
        *(str(kind.status) for kind in KINDS.values()),
        *components["schemas"]["CustomerFields"]["properties"],
        *components["schemas"]["Customer"]["properties"],
        *components["schemas"]["Pagination"]["properties"],
    }
    assert [word for word in sorted(wanted) if word not in page.text] == []


def test_head_is_named_beside_every_get_alone() -> None:
    described = document(ROUTER, BASE, "en")
    named = {(one["method"], one["path"]) for one in operations(described) if one["head"]}
    assert named == {("GET", path) for path, item in described["paths"].items() if "get" in item}


@pytest.mark.parametrize("language", ["ar", "en"])
def test_headings_never_skip_a_level_and_begin_with_one_title(language: str) -> None:
    levels = [int(heading[1]) for heading in Page(docs(language)).headings]
    assert levels.count(1) == 1
    main = levels[levels.index(1) :]
    assert all(after - before <= 1 for before, after in pairwise(main))


@pytest.mark.parametrize("language", ["ar", "en"])
def test_every_link_inside_the_page_leads_to_one_place(language: str) -> None:
    page = Page(docs(language))
    ids = page.all("id")
    assert len(set(ids)) == len(ids)
    inside = {target[1:] for target in page.all("href") if target.startswith("#")}
    assert inside
    assert inside <= set(ids)
    assert f"?lang={OTHER[language]}" in page.all("href")


def test_code_inside_arabic_keeps_its_own_direction() -> None:
    html = docs("ar")
    assert html.count('<code dir="ltr"') > 100
    before = re.findall(r"(<[^<]*|</span> )<code>", html)
    assert set(before) <= {'<pre dir="ltr" tabindex="0">', "</span> "}
    assert html.count("</span> <code>") == html.count('<p class="request" dir="ltr">')


def test_the_page_begins_with_five_lines_to_try() -> None:
    (lines,) = re.findall(r"<pre[^>]*><code>(TOKEN=.*?)</code>", docs("en"), re.DOTALL)
    assert len(lines.splitlines()) == 5
    assert lines.count("curl ") == 3
    assert f"{BASE}/admin/v2" in lines


def test_text_is_escaped_before_code_and_paragraphs_are_marked() -> None:
    assert prose("a <b> `x<y`\n\n**c**") == (
        'a &lt;b&gt; <code dir="ltr">x&lt;y</code></p><p><strong>c</strong>'
    )


@pytest.mark.parametrize(
    ("schema", "shown"),
    [
        ({"type": "string"}, [("string", None)]),
        ({"type": ["integer", "null"]}, [("integer", None), ("null", None)]),
        ({"$ref": "#/components/schemas/Urls"}, [("Urls", "Urls")]),
        ({"anyOf": [{"$ref": "#/x/A"}, {"type": "null"}]}, [("A", "A"), ("null", None)]),
        ({"type": "array", "items": {"$ref": "#/x/A"}}, [("A[]", "A")]),
        ({"const": True}, [("true", None)]),
        ({"enum": ["a", None]}, [('"a"', None), ("null", None)]),
        ({}, [("any", None)]),
    ],
)
def test_types_are_named_as_json_names_them(schema: Any, shown: Any) -> None:
    assert types(schema) == shown


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"status": 404, "success": False, "error": {"code": 404, "message": "no"}}, "404"),
        ({"status": 422, "success": False, "error": {"code": "error"}}, '"error"'),
        ({"error": "invalid_grant", "error_description": "no"}, '"invalid_grant"'),
    ],
)
def test_the_code_of_an_error_is_shown_in_either_dialect(body: Any, code: str) -> None:
    assert error_code(body) == code


def test_a_form_is_shown_as_its_fields_one_a_line() -> None:
    assert form({"grant_type": "refresh_token", "scope": "a b"}) == (
        "grant_type=refresh_token\nscope=a b"
    )
    assert "grant_type=authorization_code\nclient_id=crm" in Page(docs("en")).text


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_page_tells_what_each_scope_is_and_where_tokens_come_from(language: str) -> None:
    page = Page(docs(language))
    described = document(ROUTER, BASE, "ar" if language == "ar" else "en")
    flow = described["components"]["securitySchemes"]["oauth"]["flows"]["authorizationCode"]
    told = [flow["authorizationUrl"], flow["tokenUrl"], *flow["scopes"], *flow["scopes"].values()]
    assert [text for text in told if text not in page.text] == []


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_page_tells_the_errors_of_oauth_by_code_and_sentence(language: str) -> None:
    page = Page(docs(language))
    (section,) = re.findall(r'<section id="getTokens".*?</section>', docs(language), re.DOTALL)
    for error in ("invalid_request", "invalid_grant", "invalid_client", "temporarily_unavailable"):
        assert f"&#34;{error}&#34;" in section
        assert f"{error}: " in page.text


def test_a_server_that_nobody_asks_for_the_page_has_not_loaded_what_makes_it() -> None:
    makers = "{'babel', 'jinja2', 'sijill.description.document'}"
    code = f"import sys, fixtures.routes; print(*{makers} & sys.modules.keys())"
    process = subprocess.run(
        [sys.executable, "-c", code],
        cwd=Path(__file__).parents[1],
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=True,
    )
    assert process.stdout.strip() == ""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Yield the address of a demo in a process of its own."""
    port_file = folder / "port"
    command = [sys.executable, "-m", "sijill", "demo", "--port", "0", "--port-file", str(port_file)]
    environ = {name: text for name, text in os.environ.items() if not name.startswith("SIJILL_")}
    process = subprocess.Popen(command, cwd=folder, env=environ, stdout=subprocess.DEVNULL)
    try:
        yield ready(port_file, process)
    finally:
        process.terminate()
        try:
            process.wait(SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(SECONDS)


def ready(port_file: Path, process: subprocess.Popen[bytes]) -> str:
    """Return the address of a server once it answers."""
    deadline = time.monotonic() + SECONDS
    while True:
        try:
            address = f"http://127.0.0.1:{int(port_file.read_text())}"
            with urllib.request.urlopen(f"{address}/healthz", timeout=SECONDS):
                return address
        except (OSError, ValueError):
            assert process.poll() is None, "the server ended"
            assert time.monotonic() < deadline, "the server did not come up"
            time.sleep(0.05)


def browser() -> str:
    """Return the path of Chromium, or skip."""
    paths = map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))
    return next(filter(None, paths), None) or missing("chromium", "it is not on PATH")


_NO_PAGE = "not an origin"


def visited(url: str, folder: Path) -> tuple[str, set[str]]:
    """Return the DOM of a page as Chromium has it, and the addresses the page itself asked for."""
    net_log = folder / "net.json"
    flags = """
        --headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-sync
        --disable-background-networking --disable-component-update --disable-default-apps
    """
    command = [
        browser(),
        *flags.split(),
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    ]
    command += [f"--user-data-dir={folder / 'profile'}", f"--log-net-log={net_log}"]
    process = subprocess.run(
        [*command, "--dump-dom", url], capture_output=True, timeout=2 * SECONDS, check=True
    )
    log = json.loads(net_log.read_text())
    started = log["constants"]["logEventTypes"]["URL_REQUEST_START_JOB"]
    asked_for = {
        event["params"]["url"]
        for event in log["events"]
        if event["type"] == started
        # No page begins the requests of a person or of the browser itself.
        and event.get("params", {}).get("initiator", _NO_PAGE) != _NO_PAGE
    }
    return process.stdout.decode(), asked_for


@pytest.mark.browser
@pytest.mark.e2e
def test_a_browser_shows_the_page_in_both_languages_and_asks_for_nothing_else(
    tmp_path: Path,
) -> None:
    browser()
    with served(tmp_path) as address:
        for language, direction, title in (
            ("ar", "rtl", "سجل: وصف الواجهة"),
            ("en", "ltr", "Sijill: the API"),
        ):
            folder = tmp_path / language
            folder.mkdir()
            dom, asked_for = visited(f"{address}/_/docs?lang={language}", folder)
            page = Page(dom)
            assert page.elements[0] == ("html", {"lang": language, "dir": direction})
            assert f"<h1>{title}</h1>" in dom
            assert page.headings.count("h2") >= 10
            assert f"{address}/admin/v2" in page.text
            assert asked_for == set()


@pytest.mark.browser
def test_the_browsers_log_would_show_what_a_page_asks_for(tmp_path: Path) -> None:
    browser()
    page = tmp_path / "page.html"
    page.write_text('<img src="http://127.0.0.1:50999/picture.png">')
    _, asked_for = visited(page.as_uri(), tmp_path)
    assert asked_for == {"http://127.0.0.1:50999/picture.png"}
