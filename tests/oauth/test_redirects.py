"""Redirect URIs match exactly, so that a code reaches only its app (ASVS 5 V10.4.1, RFC 9700)."""

import re

import pytest
from fixtures.redirects import HOSTILE, REGISTERED
from fixtures.tables import rows
from hypothesis import assume, given
from hypothesis import strategies as st

from sijill.oauth.redirects import MAX_LENGTH, is_registered, registrable

pytestmark = pytest.mark.proves(
    "a browser is redirected only to registered redirect URIs, for every request"
)

_LOOPBACK = re.compile(r"http://(127\.0\.0\.1|localhost|\[::1\])[:/]")
ADDRESSES = st.sampled_from(HOSTILE + REGISTERED) | st.text(max_size=40).map("https://".__add__)


def test_the_corpus_is_large_and_holds_each_address_once() -> None:
    assert len(HOSTILE) >= 60
    assert len(set(HOSTILE) | set(REGISTERED)) == len(HOSTILE) + len(REGISTERED)


@rows("asked", HOSTILE)
def test_no_open_redirect_is_registered(asked: str) -> None:
    assert not is_registered(asked, REGISTERED)


@pytest.mark.parametrize("uri", REGISTERED)
def test_a_registered_redirect_uri_is_registered(uri: str) -> None:
    assert is_registered(uri, REGISTERED)
    assert registrable(uri) == uri


@pytest.mark.parametrize(
    "asked",
    [
        "http://127.0.0.1:1/callback",
        "http://127.0.0.1:65535/callback",
        "http://localhost/cb",
        "http://localhost:49152/cb",
        "http://[::1]:8080/cb",
    ],
)
def test_a_loopback_redirect_uri_may_have_any_port(asked: str) -> None:
    assert is_registered(asked, REGISTERED)


def test_a_loopback_redirect_uri_must_be_registered() -> None:
    assert not is_registered("http://127.0.0.1/callback", REGISTERED[:2])
    assert not is_registered("http://127.0.0.1/callback", ())
    assert not is_registered("https://127.0.0.1:8443/cb", ["https://127.0.0.1/cb"])


@given(ADDRESSES, ADDRESSES)
def test_but_for_loopback_a_redirect_uri_is_compared_byte_for_byte(one: str, other: str) -> None:
    assume(not _LOOPBACK.match(one))
    assert is_registered(one, [other]) == (one == other)


@given(st.integers(0, 65535), st.text(st.characters(codec="ascii"), max_size=10))
def test_a_loopback_redirect_uri_keeps_its_path(port: int, path: str) -> None:
    asked = f"http://127.0.0.1:{port}/{path}"
    assert not is_registered(asked, ["http://127.0.0.1/callback"]) or path == "callback"


@pytest.mark.parametrize(
    "text",
    [
        "https://a/",
        "https://app.example.com",
        "https://app.example.com:8443/cb",
        "https://xn--mgbh0fb.example/cb",
        "https://[2001:db8::1]:8443/cb",
        "https://app_1.example.com/cb?x=1&y=%2F",
        "http://127.0.0.1",
        "http://localhost:5173/auth/callback?x=1",
        "http://[::1]:1/",
        "https://a/".ljust(MAX_LENGTH, "a"),
    ],
)
def test_https_and_loopback_are_registrable_as_they_are_written(text: str) -> None:
    assert registrable(text) == text


@rows(
    "text",
    [
        "HTTPS://app.example.com/cb",
        "http://app.example.com/cb",
        "http://127.0.0.1.evil.example/cb",
        "http://127.0.0.2/cb",
        "http://0.0.0.0/cb",
        "http://127.0.0.1@evil.example/cb",
        "http://[::2]/cb",
        "https://app.example.com/cb#",
        "https://app.example.com/cb#x",
        "https://app.example.com\\cb",
        "https://تطبيق.example/cb",
        "https://app.example.com;sandbox/cb",
        "https://app%2eexample.com/cb",
        "com.example.app:/cb",
        "https://a/".ljust(MAX_LENGTH + 1, "a"),
    ],
)
def test_no_other_uri_can_be_registered(text: str) -> None:
    with pytest.raises(ValueError, match=r"^write "):
        registrable(text)
