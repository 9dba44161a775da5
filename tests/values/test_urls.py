"""A URL leads to a server by its scheme, host and port, and no reader of URLs is lenient."""

import re
from urllib.parse import urlsplit

import pytest
from fixtures.redirects import REGISTERED
from fixtures.tables import rows
from fixtures.urls import MALFORMED
from hypothesis import given
from hypothesis import strategies as st

from sijill.egress.targets import BadTarget, parse_target
from sijill.oauth.redirects import is_registered, registrable
from sijill.settings.parsers import address
from sijill.values.urls import origin_of

pytestmark = pytest.mark.proves(
    "every reader of URLs refuses a malformed one: ports, userinfo, empty hosts, "
    "spaces, control characters"
)

READERS = {
    "origin": (origin_of, ValueError),
    "redirect URI": (registrable, ValueError),
    "public_url": (lambda url: address(url) or address("nothing"), ValueError),
    "webhook URL": (lambda url: parse_target(url, local=True), BadTarget),
}


@rows("url", MALFORMED)
@pytest.mark.parametrize("reader", READERS)
def test_every_reader_of_urls_refuses_a_malformed_one(reader: str, url: str) -> None:
    read, fault = READERS[reader]
    with pytest.raises(fault):
        read(url)


@rows("url", MALFORMED)
def test_a_malformed_url_is_no_registered_redirect_uri(url: str) -> None:
    assert not is_registered(url, (*REGISTERED, "http://127.0.0.1/cb", "http://[::1]/cb"))


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://app.example.com/callback?x=1", "https://app.example.com"),
        ("http://127.0.0.1", "http://127.0.0.1"),
        ("http://localhost:65535/", "http://localhost:65535"),
        ("http://[::1]:1?x", "http://[::1]:1"),
        ("https://APP_1.example.com./", "https://APP_1.example.com."),
    ],
)
def test_an_origin_is_scheme_host_and_port_as_they_are_written(url: str, origin: str) -> None:
    assert origin_of(url) == origin


@given(st.text(max_size=40).map("https://".__add__) | st.sampled_from(MALFORMED))
def test_an_origin_is_safe_in_a_header_and_other_parsers_agree_on_it(url: str) -> None:
    try:
        origin = origin_of(url)
    except ValueError:
        return
    assert url.startswith(origin)
    assert re.fullmatch(r"https?://[A-Za-z0-9._:\[\]-]+", origin)
    parts = urlsplit(url)
    assert f"{parts.scheme}://{parts.netloc}" == origin
    assert parts.port is None or 1 <= parts.port <= 65_535
    assert parts.username is None
