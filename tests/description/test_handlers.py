"""The description as it is served, and its page for people."""

import asyncio
import base64
import hashlib
import json
import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from description.reading import Page
from fixtures.routes import ROUTER

from sijill.description.document import document
from sijill.description.page import code, error_code, example, prose, rows, types
from sijill.http.errors import KINDS
from sijill.http.request import Request, Response
from sijill.openapi.operation import FORM, MULTIPART

BASE = "http://register.test"
SECONDS = 30.0
"""How long a process may take."""

LIGHT = 340_000
"""Most bytes of the page. It had 507,000 in Arabic when each operation repeated what it shares."""

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
        *("default-src", "style-src", "script-src", "base-uri", "form-action", "frame-ancestors")
    }
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["vary"] == "Accept-Language, Accept-Encoding"


@pytest.mark.parametrize("element", ["style", "script"])
def test_the_policy_allows_the_pages_one_style_and_script_and_no_other(element: str) -> None:
    answer = asked("/_/docs")
    text = re.findall(rf"<{element}>(.*?)</{element}>".encode(), answer.body, re.DOTALL)
    assert len(text) == answer.body.count(b"<" + element.encode()) == 1
    digest = base64.b64encode(hashlib.sha256(text[0]).digest()).decode()
    policy = dict(answer.headers)[b"content-security-policy"].decode()
    assert f"{element}-src 'sha256-{digest}';" in policy
    assert b" style=" not in answer.body


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_page_holds_nothing_that_loads(language: str) -> None:
    page = Page(docs(language))
    tags = {tag for tag, _ in page.elements}
    assert not tags & {"img", "link", "iframe", "object", "form", "base"}
    assert page.all("src") == []
    assert all(not target.startswith(("http", "//")) for target in page.all("href"))
    assert not [name for _, found in page.elements for name in found if name.startswith("on")]


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_page_stays_light(language: str) -> None:
    assert len(docs(language).encode()) < LIGHT
    packed = asked("/_/docs", f"lang={language}", accept_encoding="gzip")
    assert len(packed.body) < LIGHT / 8


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


@pytest.mark.parametrize("language", ["ar", "en"])
def test_operations_stand_under_their_noun_in_contents_and_page_alike(language: str) -> None:
    described = document(ROUTER, BASE, "ar" if language == "ar" else "en")
    titles = {tag["name"]: tag["x-displayName"] for tag in described["tags"]}
    ids = {
        name: [
            one["operationId"]
            for item in described["paths"].values()
            for method, one in item.items()
            if method not in ("servers", "head") and one["tags"] == [name]
        ]
        for name in titles
    }
    html = docs(language)
    (contents,) = re.findall("<nav.*?</nav>", html, re.DOTALL)
    listed = re.findall(r'<a href="#(\w+)">([^<]*)</a>', contents)
    places = [name for name, _ in listed]
    assert places[3:-2] == [place for name in titles for place in (name, *ids[name])]
    assert [titles[name] for name in titles] == [text for name, text in listed if name in titles]
    sections = re.findall(r'<section id="(\w+)"', html)
    assert sections == places
    assert sections[-2:] == ["shared", "schemas"]


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
    (lines,) = re.findall(r"<pre[^>]*><code>(export SALLA_URL=.*?)</code>", docs("en"), re.DOTALL)
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


@pytest.mark.parametrize(
    ("value", "media_type", "shown"),
    [
        ({"grant_type": "x", "scope": "a b"}, FORM, "grant_type=x\nscope=a b"),
        ({"file": "name\r\nNoura\r\n"}, MULTIPART, "name\r\nNoura\r\n"),
        ({"id": 1}, "application/json", '{\n  "id": 1\n}'),
        ("data: {}\n\n", "text/event-stream", "data: {}\n\n"),
    ],
)
def test_an_example_is_shown_as_it_is_sent(value: Any, media_type: str, shown: str) -> None:
    assert example(value, media_type) == shown


def test_code_is_escaped_but_for_its_quotes() -> None:
    assert code("""a < b && "c" > 'd'""") == """a &lt; b &amp;&amp; "c" > 'd'"""


def test_the_keys_of_inner_objects_and_of_the_members_of_lists_are_shown() -> None:
    inner = {"type": "object", "properties": {"b": {"type": "string"}}}
    listed = {"properties": {"a": inner, "l": {"type": "array", "items": inner}}}
    assert [row["key"] for row in rows(listed)] == ["a", "a.b", "l", "l[].b"]
    answer = {"properties": {"status": {}, "success": {}, "data": inner}}
    assert [row["key"] for row in rows(answer)] == ["data", "data.b"]


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
