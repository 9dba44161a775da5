"""The protocol of the server, through raw sockets."""

import logging
import socket
import struct
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from fixtures.serving import BOUND, LIMITS, Peer, Site, serving, wait_until

from sijill.errors import (
    Fault,
    HeadersTooLarge,
    PayloadTooLarge,
    RequestTimeout,
    UriTooLong,
)
from sijill.http.errors import refusal

pytestmark = pytest.mark.proves(
    "a request that is too slow, too long or too large is refused in Salla's "
    "dialect, and a hundred pipelined ones are answered in order"
)

GET = b"GET /plain HTTP/1.1\r\nHost: a\r\n\r\n"
CHUNKED = b"POST /plain HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.fixture(scope="module")
def running() -> Iterator[Site]:
    with serving(LIMITS) as site:
        yield site


@pytest.fixture
def site(running: Site) -> Site:
    wait_until(lambda: not running.connections)
    running.app.close_gate()
    running.seen.clear()
    running.refused.clear()
    return running


@pytest.fixture
def peer(site: Site) -> Iterator[Peer]:
    with Peer(site.port) as connected:
        yield connected


def post(length: int, extra: bytes = b"") -> bytes:
    return b"POST /plain HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n%b\r\n" % (length, extra)


# Refusals

ENGLISH = b"Accept-Language: en\r\n"
REFUSALS: list[tuple[str, Fault, Callable[[bytes], bytes]]] = [
    ("url", UriTooLong(), lambda extra: b"GET /%b HTTP/1.1\r\n%b\r\n" % (b"a" * 256, extra)),
    (
        "headers",
        HeadersTooLarge(),
        lambda extra: b"GET / HTTP/1.1\r\n%bA: %b\r\n\r\n" % (extra, b"a" * 1024),
    ),
    ("length", PayloadTooLarge(), lambda extra: post(2049, extra)),
    (
        "chunks",
        PayloadTooLarge(),
        lambda extra: CHUNKED[:-2] + extra + b"\r\n801\r\n" + b"a" * 2049,
    ),
    ("unknown route", PayloadTooLarge(), lambda extra: post(2049, extra)),
    ("slow head", RequestTimeout(), lambda extra: b"GET / HTTP/1.1\r\n" + extra + b"A"),
    ("slow body", RequestTimeout(), lambda extra: post(10, extra) + b"12345"),
]


@pytest.mark.parametrize("english", [False, True])
@pytest.mark.parametrize(("name", "fault", "request_of"), REFUSALS, ids=[r[0] for r in REFUSALS])
def test_a_refusal_is_salla_s_answer_with_its_headers_and_the_end_of_the_connection(
    site: Site,
    peer: Peer,
    name: str,
    fault: Fault,
    request_of: Callable[[bytes], bytes],
    english: bool,
) -> None:
    language = "en" if english else "ar"
    peer.send(request_of(ENGLISH if english else b""))
    status, headers, body = peer.answer()
    expected = refusal(fault, "en" if english else "ar")
    assert (status, body) == (expected.status, expected.body)
    assert headers.pop("date")
    assert headers == {
        "content-type": "application/json",
        "content-language": language,
        "content-length": str(len(body)),
        "connection": "close",
        "x-request-id": site.refused[0][1],
    }
    assert peer.is_closed()
    assert site.refused == [(expected.status, headers["x-request-id"])]
    assert site.seen == []


def test_a_refused_head_request_gets_the_headers_alone(site: Site, peer: Peer) -> None:
    peer.send(b"HEAD /%b HTTP/1.1\r\n\r\n" % (b"a" * 256))
    answer = peer.answer("HEAD")
    assert answer.status == 414
    assert int(answer.headers["content-length"]) > 0
    assert peer.is_closed()


def test_a_request_without_a_method_yet_is_not_taken_for_the_head_before_it(peer: Peer) -> None:
    peer.send(b"HEAD /plain HTTP/1.1\r\n\r\nGE")
    assert peer.answer("HEAD").status == 200
    answer = peer.answer()
    assert (answer.status, answer.body) == (408, refusal(RequestTimeout(), "ar").body)


def in_pieces(data: bytes) -> list[bytes]:
    return [data[i : i + 100] for i in range(0, len(data), 100)]


def get(target: bytes, *lines: bytes) -> bytes:
    return b"GET %b HTTP/1.1\r\n%b\r\n" % (target, b"".join(lines))


def chunks(size: int) -> bytes:
    return CHUNKED + b"1\r\na\r\n%x\r\n%b\r\n0\r\n\r\n" % (size - 1, b"a" * (size - 1))


EDGES: list[tuple[Callable[[int], bytes], int, int]] = [
    (lambda size: get(b"/plain?".ljust(size, b"a")), LIMITS.url, 414),
    (lambda size: get(b"/plain", b"A: ".ljust(size - 2, b"a") + b"\r\n"), LIMITS.headers, 431),
    (lambda size: post(size) + b"a" * size, LIMITS.body, 413),
    (chunks, LIMITS.body, 413),
]


@pytest.mark.parametrize("split", [False, True])
@pytest.mark.parametrize(("request_of", "cap", "status"), EDGES)
def test_a_cap_is_the_last_size_that_passes_however_the_request_is_cut(
    site: Site, request_of: Callable[[int], bytes], cap: int, status: int, split: bool
) -> None:
    for size, expected in [(cap, 200), (cap + 1, status)]:
        data = request_of(size)
        with Peer(site.port) as peer:
            for piece in in_pieces(data) if split else [data]:
                peer.send(piece)
            assert peer.answer().status == expected


@pytest.mark.parametrize(
    ("start", "more", "status"),
    [
        (b"GET / HTTP/1.1\r\nA: ", b"a" * 512, 431),
        (b"GET / HTTP/1.1\r\n", b"A: b\r\n", 431),
        (b"GET / HTTP/1.1\r\nA:", b" " * 512, 431),
        (b"GET /", b"a" * 128, 414),
        (b"GET", b" " * 512, 431),
        (CHUNKED, b"1\r\na\r\n" * 20, 413),
        (CHUNKED + b"1;a=", b"a" * 2048, 413),
        (CHUNKED + b"1\r\na\r\n0\r\nA: ", b"a" * 2048, 413),
    ],
)
def test_the_server_refuses_an_endless_request_long_before_the_deadline(
    start: bytes, more: bytes, status: int
) -> None:
    with serving(LIMITS._replace(receive=60.0)) as patient, Peer(patient.port) as peer:
        peer.send(start)
        for _ in range(2000):
            if not peer.is_quiet(0.0005):
                break
            peer.send(more)
        assert peer.answer().status == status


def test_a_peer_that_is_still_sending_can_read_its_refusal(peer: Peer) -> None:
    peer.send(post(10_000_000))
    for _ in range(64):
        peer.send(b"a" * 65536)
    assert peer.answer().status == 413
    assert peer.is_closed()


def test_a_refused_peer_that_never_stops_is_cut_off(site: Site, peer: Peer) -> None:
    peer.send(post(10_000_000))
    assert peer.answer().status == 413
    assert peer.is_closed()  # one way: what it sends is still taken, for a while
    peer.send(b"a")
    wait_until(lambda: not site.connections)


# The deadline


def test_a_connection_that_sends_nothing_is_closed_without_a_word(site: Site, peer: Peer) -> None:
    assert peer.is_closed()
    assert site.refused == []


def test_empty_lines_are_no_request_and_do_not_keep_a_connection(site: Site, peer: Peer) -> None:
    peer.send(b"\r\n")
    assert peer.is_quiet(0.1)
    peer.send(b"\r\n")
    assert peer.is_closed()
    assert site.refused == []


def test_empty_lines_do_not_prolong_an_idle_connection(site: Site, peer: Peer) -> None:
    peer.send(GET)
    assert peer.answer().status == 200
    begun = time.monotonic()
    while peer.is_quiet(0.05):
        peer.send(b"\r\n")
        assert time.monotonic() - begun < BOUND
    assert peer.is_closed()
    assert site.refused == []


def test_bytes_that_cross_a_close_reset_the_peer_and_it_is_closed_all_the_same() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, Peer(server.getsockname()[1]) as peer:
        accepted, _ = server.accept()
        with accepted:
            peer.send(b"\r\n")
            assert accepted.recv(1, socket.MSG_PEEK)
        assert peer.is_closed()


def test_a_drop_at_a_time_does_not_move_the_deadline(peer: Peer) -> None:
    peer.send(b"GET / HTTP/1.1\r\nA: ")
    begun = time.monotonic()
    while peer.is_quiet(0.05):
        peer.send(b"a")
        assert time.monotonic() - begun < BOUND
    assert peer.answer().status == 408


def test_the_deadline_of_a_request_starts_at_its_first_byte(peer: Peer) -> None:
    for _ in range(2):
        assert peer.is_quiet(0.2)
        peer.send(GET[:20])
        assert peer.is_quiet(0.15)
        peer.send(GET[20:])
        assert peer.answer().status == 200


def test_a_request_that_has_begun_is_not_idle() -> None:
    with serving(LIMITS, keep_alive=0.05) as site, Peer(site.port) as peer:
        peer.send(GET)
        assert peer.answer().status == 200
        peer.send(GET[:20])
        assert peer.is_quiet(0.1)
        peer.send(GET[20:])
        assert peer.answer().status == 200


def test_a_request_that_began_behind_others_has_its_deadline_too() -> None:
    with serving(LIMITS, keep_alive=0.05) as site, Peer(site.port) as peer:
        peer.send(b"GET /gate HTTP/1.1\r\n\r\n" + GET + GET[:20])
        assert peer.is_quiet(0.4)
        site.open_gate()
        assert [peer.answer().status for _ in range(3)] == [200, 200, 408]


def test_time_spent_on_earlier_answers_is_not_the_client_s(site: Site, peer: Peer) -> None:
    peer.send(b"GET /gate HTTP/1.1\r\n\r\n" + GET + GET[:20])
    peer.send(GET[20:])
    assert peer.is_quiet(0.5)
    site.open_gate()
    assert [peer.answer().status for _ in range(3)] == [200] * 3


def test_twenty_slow_sockets_do_not_stop_a_healthy_client(site: Site) -> None:
    with ExitStack() as stack:
        slow = [stack.enter_context(Peer(site.port)) for _ in range(20)]
        for number, peer in enumerate(slow):
            peer.send(GET[:10] if number % 2 else post(100) + b"a")
        healthy = stack.enter_context(Peer(site.port))
        begun = time.monotonic()
        for _ in range(20):
            healthy.send(GET)
            assert healthy.answer().status == 200
        assert time.monotonic() - begun < LIMITS.receive
        assert [peer.answer().status for peer in slow] == [408] * 20


# Whole requests


def test_the_application_hears_of_a_request_once_it_is_whole(site: Site, peer: Peer) -> None:
    peer.send(post(10) + b"12345")
    assert peer.is_quiet(0.1)
    assert site.seen == []
    peer.send(b"67890")
    assert peer.answer().echo["body"] == 10


@pytest.mark.parametrize(
    "request_", [post(5) + b"hello", CHUNKED + b"2\r\nhe\r\n3;a=b\r\nllo\r\n0\r\n\r\n"]
)
def test_a_connection_is_used_again_after_a_body(peer: Peer, request_: bytes) -> None:
    for _ in range(3):
        peer.send(request_)
        assert peer.answer().echo["body"] == 5
        peer.send(GET)
        assert peer.answer().echo["body"] == 0


def test_a_request_may_come_byte_by_byte(peer: Peer) -> None:
    for byte in CHUNKED + b"5\r\nhello\r\n0\r\n\r\n":
        peer.send(bytes([byte]))
    assert peer.answer().echo["body"] == 5


def test_a_body_far_above_uvicorn_s_high_water_mark_arrives() -> None:
    limits = LIMITS._replace(body=2**20, receive=BOUND)
    with serving(limits) as site, Peer(site.port) as peer:
        peer.send(post(2**20) + b"a" * 2**20)
        assert peer.answer().echo["body"] == 2**20
        peer.send(GET)
        assert peer.answer().status == 200


def test_trailers_never_become_headers(peer: Peer) -> None:
    peer.send(CHUNKED + b"1\r\na\r\n0\r\nAuthorization: b\r\nExpect: 100-continue\r\n\r\n")
    assert peer.answer().echo["names"] == ["host", "transfer-encoding"]


@pytest.mark.parametrize("protocol", [b"h2c", b"websocket"])
def test_an_upgrade_is_ignored_and_its_request_answered(
    site: Site, peer: Peer, protocol: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    upgrade = b"Connection: Upgrade\r\nUpgrade: " + protocol + b"\r\n"
    peer.send(post(len(GET), upgrade))
    peer.send(GET)
    assert peer.answer().echo["body"] == len(GET)
    peer.send(GET[:-2] + upgrade + b"\r\n" + GET)
    assert [peer.answer().status for _ in range(2)] == [200, 200]
    assert site.seen == ["/plain"] * 3
    assert caplog.records == []


# Expect


def test_continue_is_said_once_the_head_has_passed(peer: Peer) -> None:
    peer.send(post(5, b"Expect: 100-continue\r\n"))
    assert peer.interim() == b"HTTP/1.1 100 Continue\r\n\r\n"
    peer.send(b"he")
    peer.send(b"llo")
    assert peer.answer().echo["body"] == 5
    peer.send(GET)
    assert peer.answer().status == 200


def test_a_body_over_the_cap_is_refused_instead_of_continued(peer: Peer) -> None:
    peer.send(post(2049, b"Expect: 100-continue\r\n"))
    assert peer.answer().status == 413


def test_continue_waits_for_the_answers_before_it(site: Site, peer: Peer) -> None:
    peer.send(b"GET /gate HTTP/1.1\r\n\r\n" + post(5, b"Expect: 100-continue\r\n"))
    assert peer.is_quiet(0.05)
    site.open_gate()
    assert peer.answer().status == 200
    assert peer.interim() == b"HTTP/1.1 100 Continue\r\n\r\n"
    peer.send(b"hello")
    assert peer.answer().echo["body"] == 5


def test_an_old_client_is_not_told_to_continue(peer: Peer) -> None:
    peer.send(post(5, b"Expect: 100-continue\r\n").replace(b"HTTP/1.1", b"HTTP/1.0"))
    assert peer.is_quiet(0.05)
    peer.send(b"hello")
    assert peer.answer().echo["body"] == 5
    assert peer.is_closed()


# Pipelining


def test_a_hundred_pipelined_requests_get_a_hundred_answers_in_order(peer: Peer) -> None:
    peer.send(b"".join(b"GET /plain?%d HTTP/1.1\r\n\r\n" % i for i in range(100)))
    assert [peer.answer().echo["query"] for _ in range(100)] == [str(i) for i in range(100)]


def test_pipelined_bodies_stay_with_their_requests(peer: Peer) -> None:
    sizes = [0, 1, 2000, 0, 2048, 7]
    peer.send(b"".join(post(size) + b"a" * size for size in sizes))
    assert [peer.answer().echo["body"] for _ in sizes] == sizes


BAD_NEWS = [
    (post(2049), 413),
    (b"GET /%b HTTP/1.1\r\n\r\n" % (b"a" * 256), 414),
    (b"GET / HTTP/1.1\r\n", 408),
    (b"\x16\x03\x01\x02\x00\x01", 400),
]


@pytest.mark.parametrize(("bad", "status"), BAD_NEWS)
def test_a_refusal_waits_for_the_answers_before_it(
    site: Site, peer: Peer, bad: bytes, status: int
) -> None:
    peer.send(b"GET /gate HTTP/1.1\r\n\r\n" * 2 + bad)
    assert peer.is_quiet(0.05)
    site.open_gate()
    assert peer.answer().status == 200
    assert peer.is_quiet(0.05)
    site.open_gate()
    assert [peer.answer().status for _ in range(2)] == [200, status]
    assert peer.is_closed()


def test_nothing_is_done_after_a_refusal(site: Site, peer: Peer) -> None:
    peer.send(b"GET /%b HTTP/1.1\r\n\r\n" % (b"a" * 256) + GET)
    assert peer.answer().status == 414
    assert peer.is_closed()
    assert site.seen == []


@pytest.mark.parametrize("after", [GET, b"\x00", post(2049)])
@pytest.mark.parametrize(
    "last",
    [
        b"GET /gate HTTP/1.1\r\nConnection: close\r\n\r\n",
        b"GET /gate HTTP/1.0\r\n\r\n",
        b"GET /gate HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
    ],
)
def test_the_server_drops_bytes_that_follow_the_last_request(
    site: Site, peer: Peer, last: bytes, after: bytes
) -> None:
    peer.send(last + after)
    wait_until(lambda: site.seen == ["/gate"])
    peer.send(after)
    with Peer(site.port) as other:  # once it is answered, all that was sent before has been read
        other.send(b"GET /other HTTP/1.1\r\n\r\n")
        assert other.answer().status == 200
    site.open_gate()
    assert peer.answer().status == 200
    assert peer.is_closed()
    assert (site.seen, site.refused) == (["/gate", "/other"], [])


def test_the_head_behind_a_large_body_is_counted_alone(peer: Peer) -> None:
    head = b"GET /plain HTTP/1.1\r\nA: " + b"a" * 900
    peer.send(post(2000) + b"a" * 2000 + head)
    assert peer.answer().status == 200
    peer.send(b"a\r\n\r\n")
    assert peer.answer().status == 200


def test_the_head_behind_a_large_body_is_still_counted(peer: Peer) -> None:
    head = b"GET /plain HTTP/1.1\r\nA: " + b"a" * 900
    peer.send(post(2000) + b"a" * 2000 + head)
    assert peer.answer().status == 200
    peer.send(b"a" * 200 + b"\r\n\r\n")
    assert peer.answer().status == 431


def test_nothing_more_is_read_while_whole_requests_wait(site: Site, peer: Peer) -> None:
    peer.send(b"GET /gate HTTP/1.1\r\n\r\n" * 3)
    wait_until(lambda: site.seen == ["/gate"])
    site.open_gate()
    assert peer.answer().status == 200
    wait_until(lambda: site.seen == ["/gate"] * 2)
    assert len(site.only_connection._waiting) == 1
    assert site.only_connection._paused_reading
    for _ in range(2):
        site.open_gate()
        assert peer.answer().status == 200
    assert not site.only_connection._paused_reading


# Peers that leave


def test_a_peer_that_is_done_sending_still_gets_its_answer(site: Site, peer: Peer) -> None:
    peer.send(b"GET /gate HTTP/1.1\r\n\r\n")
    wait_until(lambda: site.seen == ["/gate"])
    peer.socket.shutdown(socket.SHUT_WR)
    wait_until(lambda: site.only_connection._half_closed)
    site.open_gate()
    answer = peer.answer()
    assert (answer.status, answer.headers["connection"]) == (200, "close")
    assert peer.is_closed()


def test_a_peer_that_is_done_sending_still_gets_its_pipelined_answers(peer: Peer) -> None:
    peer.send(GET * 100)
    peer.socket.shutdown(socket.SHUT_WR)
    assert [peer.answer().status for _ in range(100)] == [200] * 100
    assert peer.is_closed()


def test_a_peer_that_is_done_sending_still_gets_its_refusal(site: Site, peer: Peer) -> None:
    peer.send(b"GET /gate HTTP/1.1\r\n\r\n" + post(2049))
    peer.socket.shutdown(socket.SHUT_WR)
    wait_until(lambda: site.seen == ["/gate"])
    site.open_gate()
    assert [peer.answer().status for _ in range(2)] == [200, 413]
    assert peer.is_closed()


@pytest.mark.parametrize("part", [b"GET", GET[:-2], post(10) + b"1"])
def test_a_request_that_ends_in_the_middle_is_never_done(
    site: Site, peer: Peer, part: bytes
) -> None:
    peer.send(part)
    peer.socket.shutdown(socket.SHUT_WR)
    assert peer.is_closed()
    assert (site.seen, site.refused) == ([], [])


def test_a_peer_that_vanishes_leaves_the_server_well(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    gates = b"GET /gate HTTP/1.1\r\n\r\n" * 3
    for data in [b"", GET[:10], post(10) + b"1", post(2049), gates]:
        with Peer(site.port) as peer:
            peer.send(data)
            if data == gates:
                wait_until(lambda: site.seen == ["/gate"])
            peer.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    site.open_gate()
    wait_until(lambda: not site.connections)
    with Peer(site.port) as peer:
        peer.send(GET)
        assert peer.answer().status == 200
    assert caplog.records == []


# Bytes that are not HTTP, and requests that two readers would read in two ways

HIDDEN = b"GET /hidden HTTP/1.1\r\nHost: a\r\n\r\n"
SECRET = b"Authorization: Bearer secret-token\r\n"
NOT_REQUESTS = {
    "tls": b"\x16\x03\x01\x02\x00\x01\x00",
    "http/2 preface": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "lower-case method": b"get / HTTP/1.1\r\n\r\n",
    "unknown version": b"GET / HTTP/1.2\r\n\r\n",
    "target without a path": b"GET http://a HTTP/1.1\r\n\r\n",
    "connect": b"CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n",
    "header without a colon": b"GET / HTTP/1.1\r\nHost\r\n\r\n",
    "nul in a value": b"GET / HTTP/1.1\r\nA: \x00\r\n\r\n",
}
LENGTH, CODING = b"Content-Length: 5\r\n", b"Transfer-Encoding: chunked\r\n"


def head(*lines: bytes) -> bytes:
    return b"POST / HTTP/1.1\r\nHost: a\r\n" + b"".join(lines) + b"\r\n"


AMBIGUOUS = {
    "length and coding": head(LENGTH, CODING) + b"0\r\n\r\n",
    "coding and length": head(CODING, LENGTH) + b"0\r\n\r\n",
    "two equal lengths": head(LENGTH, LENGTH) + b"hello",
    "a list of lengths": head(b"Content-Length: 5, 5\r\n") + b"hello",
    "signed length": head(b"Content-Length: +5\r\n") + b"hello",
    "hexadecimal length": head(b"Content-Length: 0x5\r\n") + b"hello",
    "empty length": head(b"Content-Length: \r\n"),
    "length beyond 64 bits": head(b"Content-Length: 99999999999999999999\r\n"),
    "blank before the colon": head(b"Content-Length : 5\r\n") + b"hello",
    "blank in a name": head(b"Content Length: 5\r\n") + b"hello",
    "unknown coding": head(b"Transfer-Encoding: xchunked\r\n") + b"0\r\n\r\n",
    "identity": head(b"Transfer-Encoding: identity\r\n"),
    "chunked not last": head(b"Transfer-Encoding: chunked, identity\r\n") + b"0\r\n\r\n",
    "chunked twice": head(CODING, CODING) + b"0\r\n\r\n",
    "vertical tab": head(b"Transfer-Encoding: \x0bchunked\r\n") + b"0\r\n\r\n",
    "folded value": head(b"A: b\r\n c\r\n"),
    "folded coding": head(b"Transfer-Encoding:\r\n chunked\r\n") + b"0\r\n\r\n",
    "folded first line": b"GET / HTTP/1.1\r\n Host: a\r\n\r\n",
    "bare LF": b"GET / HTTP/1.1\nHost: a\n\n",
    "bare LF in the headers": head(b"A: b\nContent-Length: 5\r\n") + b"hello",
    "bare LF at their end": b"GET / HTTP/1.1\r\nHost: a\r\n\n",
    "bare CR": head(b"A: b\rContent-Length: 5\r\n") + b"hello",
    "bare LF after a chunk size": CHUNKED + b"5\nhello\n0\n\n",
    "bare LF in an extension": CHUNKED + b"5;a\nhello\r\n0\r\n\r\n",
    "blank after a chunk size": CHUNKED + b"5 ;a\r\nhello\r\n0\r\n\r\n",
    "prefixed chunk size": CHUNKED + b"0x5\r\nhello\r\n0\r\n\r\n",
    "negative chunk size": CHUNKED + b"-5\r\nhello\r\n0\r\n\r\n",
    "chunk size beyond 64 bits": CHUNKED + b"10000000000000005\r\nhello\r\n0\r\n\r\n",
    "chunk longer than its size": CHUNKED + b"5\r\nhello!!0\r\n\r\n",
    "length in a trailer": CHUNKED + b"0\r\nContent-Length: 5\r\n\r\n",
}


@pytest.mark.parametrize("data", [*NOT_REQUESTS.values(), *AMBIGUOUS.values()])
def test_other_than_plain_http_gets_400_and_hides_no_second_request(
    site: Site, peer: Peer, data: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    peer.send(data.replace(b"\r\n", b"\r\n" + SECRET, 1) + HIDDEN)
    status, headers, body = peer.answer()
    assert (status, body) == (400, b"Invalid HTTP request received.")
    assert headers["content-type"] == "text/plain; charset=utf-8"
    assert (headers["connection"], headers["x-request-id"]) == ("close", site.refused[0][1])
    assert peer.is_closed()
    assert (site.seen, [status for status, _ in site.refused]) == ([], [400])
    assert caplog.records == []


@pytest.mark.parametrize(
    ("data", "length"),
    [
        (b"GET /plain HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % len(HIDDEN) + HIDDEN, len(HIDDEN)),
        (CHUNKED + b"%x;a=b\r\n%b\r\n0\r\n\r\n" % (len(HIDDEN), HIDDEN), len(HIDDEN)),
        (b"POST /plain HTTP/1.0\r\n" + CODING + b"\r\n0\r\n\r\n" + HIDDEN, 0),
    ],
)
def test_a_body_that_looks_like_a_request_is_a_body(
    site: Site, peer: Peer, data: bytes, length: int
) -> None:
    peer.send(data)
    assert peer.answer().echo["body"] == length
    assert site.seen == ["/plain"]


def test_a_request_that_gets_no_answer_ends_its_connection(site: Site, peer: Peer) -> None:
    peer.send(b"GET /silent HTTP/1.1\r\nHost: a\r\n\r\n" + GET)
    assert peer.is_closed()
    wait_until(lambda: not site.connections)
    assert site.seen == []
