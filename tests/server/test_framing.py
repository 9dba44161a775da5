"""What is a request, where it ends, and what is none, however its bytes are cut."""

import pytest
from server.framings import FRAMINGS, OPEN, REFUSED, Framing, Outcome

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


@pytest.mark.parametrize("framing", FRAMINGS, ids=IDS)
def test_a_framing_has_one_outcome_wherever_it_is_cut(framing: Framing) -> None:
    data = framing.data
    assert parsed(data) == framing.outcome
    for cut in range(1, len(data)):
        assert parsed(data[:cut], data[cut:]) == framing.outcome, cut
    assert parsed(*(data[i : i + 1] for i in range(len(data)))) == framing.outcome


def test_each_framing_has_a_name_of_its_own() -> None:
    assert len(set(IDS)) == len(IDS)
