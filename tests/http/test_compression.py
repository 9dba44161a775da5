"""Texts that are the same for everybody, in the coding that a client takes."""

import gzip
from typing import Any

import pytest
from fixtures.tables import rows
from fixtures.world import World
from hypothesis import given
from hypothesis import strategies as st

from sijill.http.compression import coded, negotiated, takes_gzip
from sijill.http.request import Request
from sijill.pages.assets import FONTS, MARK, SCRIPT, STYLE, address

pytestmark = pytest.mark.proves(
    "the description and the files of pages are compressed where Accept-Encoding takes gzip, and "
    "an answer of the API never is"
)

TEXT = coded(b"the same for everybody " * 100)
JSON = b"application/json"


@rows(
    ("accepted", "packed"),
    [
        (None, False),
        ("", False),
        ("identity", False),
        ("gzip", True),
        ("GZIP", True),
        ("x-gzip", True),
        ("gzip, deflate, br", True),
        ("br;q=1.0, gzip;q=0.8, *;q=0.1", True),
        ("br", False),
        ("deflate, br, zstd", False),
        ("*", True),
        ("*;q=0.5", True),
        ("*;q=0", False),
        ("br, *;q=0", False),
        ("gzip;q=0", False),
        ("gzip;q=0.0", False),
        ("gzip;q=0, *", False),  # the name says more than the star
        ("gzip;q=0.001", True),
        ("gzip;q=1.000", True),
        ("gzip ; q=0.5 , identity;q=0.4", True),
        ("gzip;q=0.5, identity", False),
        ("gzip;q=0.5, identity;q=0.5", True),
        ("identity;q=0", False),  # nothing else is named: an uncompressed answer, and no 406
        ("identity;q=0, gzip", True),
        ("identity;q=0.5, *;q=0", False),
        ("*;q=0.5, identity;q=0.6", False),
        ("gzip;q=2", False),
        ("gzip;q=0.1234", False),
        ("gzip;q=-1", False),
        ("gzip;q=", False),
        ("gzip;q", False),
        ("gzip;level=9", False),
        ("gzip;q=1;q=0", False),
        ("gzipped", False),
        (",, gzip ,", True),
    ],
)
def test_the_coding_follows_the_weights(accepted: str | None, packed: bool) -> None:
    assert takes_gzip(accepted) is packed


@given(st.text(st.characters(codec="latin-1"), max_size=60))
def test_any_header_is_read(accepted: str) -> None:
    assert takes_gzip(accepted) in (True, False)


def asked(accepted: str | None = None, if_none_match: str | None = None) -> tuple[int, bytes, Any]:
    said = {b"accept-encoding": accepted, b"if-none-match": if_none_match}
    headers = {name: value.encode() for name, value in said.items() if value is not None}
    request = Request("GET", b"/", b"", headers)
    status, body, told = negotiated(request, TEXT, JSON, [(b"vary", b"Accept-Language")])
    return status, body, dict(told)


def test_both_forms_have_strong_tags_of_their_own() -> None:
    status, body, headers = asked()
    assert (status, body, headers[b"content-type"]) == (200, TEXT.plain, JSON)
    assert b"content-encoding" not in headers
    assert headers[b"etag"].decode() == TEXT.tag
    status, packed, told = asked("gzip")
    assert (status, gzip.decompress(packed), told[b"content-encoding"]) == (200, body, b"gzip")
    assert told[b"etag"].decode() == TEXT.packed_tag != TEXT.tag
    assert not TEXT.packed_tag.startswith("W/")
    assert headers[b"vary"] == told[b"vary"] == b"Accept-Language, Accept-Encoding"


@rows(
    ("accepted", "tag", "status"),
    [
        (None, TEXT.tag, 304),
        ("gzip", TEXT.packed_tag, 304),
        ("gzip", "*", 304),
        (None, TEXT.packed_tag, 200),
        ("gzip", TEXT.tag, 200),
    ],
)
def test_a_kept_copy_is_current_in_its_own_coding(
    accepted: str | None, tag: str, status: int
) -> None:
    found, body, headers = asked(accepted, tag)
    assert found == status
    assert headers[b"vary"] == b"Accept-Language, Accept-Encoding"
    assert (b"content-encoding" in headers) is (status == 200 and accepted == "gzip")
    assert bool(body) is (status == 200)


def test_a_text_is_compressed_once_and_to_the_same_bytes() -> None:
    text = b"again " * 1_000
    assert coded(text) is coded(text)
    assert gzip.compress(text, 9, mtime=0) == coded(text).packed


PAGES = ("/_/docs", "/_/openapi.json", *map(address, (STYLE, SCRIPT, MARK)))
OTHERS = ("/customers", "/customers/41", "/healthz", "/_/login", *map(address, FONTS))


@pytest.mark.parametrize("path", [*PAGES, *OTHERS])
def test_what_is_compressed(world: World, path: str) -> None:
    plain = world.get(path)
    packed = world.get(path, accept_encoding="gzip")
    assert plain.status == packed.status
    assert "content-encoding" not in plain.headers
    if path in PAGES:
        assert packed.headers["content-encoding"] == "gzip"
        assert gzip.decompress(packed.body) == plain.body
        assert "Accept-Encoding" in plain.headers["vary"]
    else:
        assert "content-encoding" not in packed.headers
        assert "Accept-Encoding" not in packed.headers.get("vary", "")
