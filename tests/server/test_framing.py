"""What is a request, where it ends, and what is none, however its bytes are cut."""

import pytest
from fixtures.tables import rows
from server.framings import FRAMINGS, OPEN, REFUSED, Framing, Outcome, head

from sijill.errors import NotHTTP
from sijill.server.parsing import RequestParser
from sijill.server.request_limits import RequestLimits

pytestmark = pytest.mark.proves(
    "two readers never see two different requests: 274 framings have one outcome "
    "wherever they are cut, and well-formed ones are read as uvicorn reads them"
)

LIMITS = RequestLimits(url=600, headers=2000, body=2000)


def parsed(*reads: bytes) -> Outcome:
    """Return what becomes of bytes that arrive in these reads."""
    parser, outcome = RequestParser(LIMITS, ""), Outcome()
    for data in reads:
        at = 0
        while at < len(data):
            was_open = parser.is_open
            known = parser.request
            try:
                at = parser.feed(data, at)
            except NotHTTP:
                return [*outcome, REFUSED]
            request = parser.request
            if request is None or parser.is_open or not (was_open or request is not known):
                continue
            target = request.path + b"?" * bool(request.query) + request.query
            outcome.append((request.method, target.decode(), request.content.read()))
            if parser.is_last:
                return outcome
    return [*outcome, OPEN] if parser.is_open else outcome


IDS = [framing.name for framing in FRAMINGS]

PLAIN, RAW, ENCODED = b" /a ", " /a?keyword=أحمد ".encode(), "/a?keyword=%D8%A3%D8%AD%D9%85%D8%AF"


def raw(framing: Framing) -> Framing:
    """Return the framing with raw UTF-8 in its target, as clients send that do not encode it."""
    outcome = [
        (part[0], ENCODED, part[2]) if isinstance(part, tuple) and part[1] == "/a" else part
        for part in framing.outcome
    ]
    return Framing(framing.name, framing.data.replace(PLAIN, RAW, 1), outcome)


def assert_one_outcome(framing: Framing) -> None:
    """Cut the bytes once at each place, and at all places."""
    data = framing.data
    assert parsed(data) == framing.outcome
    for cut in range(1, len(data)):
        assert parsed(data[:cut], data[cut:]) == framing.outcome, cut
    assert parsed(*(data[i : i + 1] for i in range(len(data)))) == framing.outcome


@pytest.mark.parametrize("framing", FRAMINGS, ids=IDS)
def test_a_framing_has_one_outcome_wherever_it_is_cut(framing: Framing) -> None:
    assert_one_outcome(framing)


@rows("framing", [framing for framing in FRAMINGS if framing.data.count(PLAIN) == 1])
def test_raw_utf_8_in_a_target_changes_no_framing(framing: Framing) -> None:
    assert_one_outcome(raw(framing))


@pytest.mark.parametrize("blank", [b"", b"\r\n", b"\r\n\r\n"])
@pytest.mark.parametrize(
    "first", [b"GET /b HTTP/1.1\r\n\r\n", head(b"Content-Length: 2") + b"\xd8\xa3"]
)
def test_raw_utf_8_is_taken_in_every_request_of_a_connection(first: bytes, blank: bytes) -> None:
    data = head(line=b"GET" + RAW + b"HTTP/1.1")
    for cut in range(1, len(data)):
        *_, last = parsed(first, blank + data[:cut], data[cut:])
        assert last == ("GET", ENCODED, b""), cut
        *_, last = parsed(first, blank, data[:cut], data[cut:])
        assert last == ("GET", ENCODED, b""), cut


def test_each_framing_has_a_name_of_its_own() -> None:
    assert len(set(IDS)) == len(IDS)
