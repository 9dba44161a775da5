"""What a request may take."""

import re

import pytest

from sijill.errors import Fault, HeadersTooLarge, PayloadTooLarge, UriTooLong
from sijill.server.request_limits import (
    FRAMING,
    REQUEST_LINE,
    RequestLimits,
    body_excess,
    head_excess,
    max_body,
)

LIMITS = RequestLimits(body=100, upload=5000)


@pytest.mark.parametrize(
    ("url", "most"),
    [
        (b"/customers/import", 5000),
        (b"/admin/v2/customers/import", 5000),
        (b"/customers/import?x=/y", 5000),
        (b"/customers", 100),
        (b"/customers/import/", 100),
        (b"/customers/importer", 100),
        (b"/customers/7?x=/customers/import", 100),
        (b"/customers/IMPORT", 100),
        (b"", 100),
        (b"/oauth2/token", 100),
    ],
)
def test_a_file_is_let_through_where_files_go_and_nowhere_else(url: bytes, most: int) -> None:
    assert max_body(LIMITS, url) == most


@pytest.mark.parametrize(
    ("url", "most"),
    [
        (b"/oauth2/token", 8_192),
        (b"/oauth2/token?x=1", 8_192),
        (b"/oauth2/tokens", 65_536),
        (b"/oauth2/auth?x=/oauth2/token", 65_536),
    ],
)
def test_a_token_request_is_short(url: bytes, most: int) -> None:
    assert max_body(RequestLimits(), url) == most


def test_a_server_may_name_more_paths_of_long_bodies() -> None:
    limits = LIMITS._replace(uploads=re.compile(rb"/_/ns"))
    for url, most in ((b"/_/ns", 5000), (b"/_/ns?x", 5000), (b"/_/ns/x", 100), (b"/x/_/ns", 100)):
        assert max_body(limits, url) == most
        assert max_body(LIMITS, url) == 100


def test_a_body_has_room_for_what_surrounds_its_chunks_and_no_more() -> None:
    room = LIMITS.headers + FRAMING * 100
    assert body_excess(LIMITS, 100, room, 100) is None
    assert isinstance(body_excess(LIMITS, 100, room, 101), PayloadTooLarge)
    assert isinstance(body_excess(LIMITS, 100, room + 1, 100), PayloadTooLarge)


@pytest.mark.parametrize(
    ("url", "raw", "lines", "fault"),
    [
        (LIMITS.url, 0, 0, None),
        (LIMITS.url + 1, 0, 0, UriTooLong),
        (10, LIMITS.headers + 10 + REQUEST_LINE, LIMITS.headers, None),
        (10, LIMITS.headers + 11 + REQUEST_LINE, 0, HeadersTooLarge),
        (10, 0, LIMITS.headers + 1, HeadersTooLarge),
    ],
)
def test_a_head_is_refused_from_the_first_byte_above_its_limits(
    url: int, raw: int, lines: int, fault: type[Fault] | None
) -> None:
    found = head_excess(LIMITS, url, raw, lines)
    assert (type(found) if found else None) is fault
