"""The policy of each page: the style of this server, no script, and forms to where they must."""

import pytest
from fixtures.pages import CONSENT, LANGUAGES, PAGES, Reading
from fixtures.tables import rows

from sijill.oauth import pages
from sijill.pages.assets import MARK, STYLE, address
from sijill.pages.html import source


def directives(policy: str) -> dict[str, list[str]]:
    pairs = [directive.split() for directive in policy.split("; ")]
    return {name: values for name, *values in pairs}


@rows("language", LANGUAGES)
@rows("name", PAGES)
def test_a_policy_allows_the_files_of_its_page_and_nothing_else(name: str, language: str) -> None:
    page = PAGES[name](language)
    reading = Reading(page)
    targets = [link["href"] for link in reading.named("link")]
    assert targets == [address(MARK), address(STYLE)]
    assert reading.named("style") == reading.named("script") == []
    rest = directives(page.policy)
    form_action = rest.pop("form-action")
    assert rest == {
        "default-src": ["'none'"],
        **{key: ["'self'"] for key in ("style-src", "font-src", "img-src")},
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
    if name.startswith("problem"):
        assert form_action == ["'none'"]
    elif name.startswith("consent"):
        assert form_action == ["'self'", "https://loyalty.example.com"]
    else:
        assert form_action == ["'self'"]


@pytest.mark.parametrize(
    ("redirect_uri", "allowed"),
    [
        ("https://app.example.com/cb?x=1", "https://app.example.com"),
        ("https://app.example.com:8443/cb", "https://app.example.com:8443"),
        ("http://127.0.0.1:51004/cb", "http://127.0.0.1:51004"),
        ("http://localhost/cb", "http://localhost"),
        ("http://[::1]:51004/cb", "http:"),
        ("https://[2001:db8::1]/cb", "https:"),
    ],
)
def test_consent_may_lead_to_the_origin_of_the_app(redirect_uri: str, allowed: str) -> None:
    page = pages.consent("en", **CONSENT | {"redirect_uri": redirect_uri})
    assert directives(page.policy)["form-action"] == ["'self'", allowed]


def test_a_host_without_ipv6_names_itself() -> None:
    assert source("https://a.example") == "https://a.example"
