"""Which requests may bring a file."""

import pytest

from sijill.errors import PayloadTooLarge
from sijill.server.request_limits import FRAMING, RequestLimits, body_excess, max_body

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
    ],
)
def test_a_file_is_let_through_where_files_go_and_nowhere_else(url: bytes, most: int) -> None:
    assert max_body(LIMITS, url) == most
    assert body_excess(LIMITS, url, 0, most) is None
    assert isinstance(body_excess(LIMITS, url, 0, most + 1), PayloadTooLarge)
    head = LIMITS.headers + len(url) + 32
    assert body_excess(LIMITS, url, head + FRAMING * most, 0) is None
    assert isinstance(body_excess(LIMITS, url, head + FRAMING * most + 1, 0), PayloadTooLarge)
