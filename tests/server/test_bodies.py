"""Bodies: the head decides, and what is taken in is bounded and let go of."""

import errno
import os
import socket
import struct
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fixtures.serving import LIMITS, Peer, Site, serving, wait_until

from sijill.http import body
from sijill.server.budget import Budget

pytestmark = pytest.mark.proves(
    "token, limits and scope are judged before a body is taken in; large bodies lie "
    "in nameless files and go with their answers"
)

GET = b"GET /plain HTTP/1.1\r\nHost: a\r\n\r\n"
UPLOAD = 300_000
ROOMY = LIMITS._replace(upload=UPLOAD, receive=5.0)


def post(path: bytes, length: int, *lines: bytes) -> bytes:
    return b"POST %b HTTP/1.1\r\nContent-Length: %d\r\n%b\r\n" % (path, length, b"".join(lines))


@pytest.fixture
def held() -> Budget:
    return Budget(2 * UPLOAD, UPLOAD + 1000)


@pytest.fixture
def site(held: Budget, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with serving(ROOMY, bodies=held) as running:
        yield running


@pytest.fixture
def peer(site: Site) -> Iterator[Peer]:
    with Peer(site.port) as connected:
        yield connected


# The head decides


def test_a_refusal_from_the_head_waits_for_no_byte_of_the_body(peer: Peer, held: Budget) -> None:
    peer.send(post(b"/refused", 1000))
    assert peer.answer().status == 401
    assert held.taken == 0


def test_a_short_rest_of_a_refused_body_is_dropped_and_the_connection_lives_on(
    site: Site, peer: Peer
) -> None:
    for _ in range(2):
        peer.send(post(b"/refused", 1000) + b"a" * 400)
        assert "connection" not in peer.answer().headers
        peer.send(b"a" * 600 + GET)
        assert peer.answer().status == 200
    assert site.seen == ["/plain"] * 2


@pytest.mark.parametrize(
    "request_",
    [
        post(b"/refused/customers/import", UPLOAD),
        b"POST /refused HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n",
        post(b"/refused", 10, b"Expect: 100-continue\r\n"),
    ],
)
def test_a_rest_that_is_long_or_uncertain_ends_the_connection_after_the_answer(
    site: Site, peer: Peer, request_: bytes
) -> None:
    peer.send(request_)
    answer = peer.answer()
    assert (answer.status, answer.headers["connection"]) == (401, "close")
    peer.send(GET)
    assert peer.is_closed()
    assert site.seen == []


def test_a_client_that_is_still_sending_its_body_can_read_the_refusal(peer: Peer) -> None:
    peer.send(post(b"/refused/customers/import", UPLOAD) + b"a" * (UPLOAD - 1))
    assert peer.answer().status == 401
    assert peer.is_closed()


def test_a_rest_that_does_not_come_ends_the_connection_without_a_word(site: Site) -> None:
    with serving(LIMITS) as impatient, Peer(impatient.port) as peer:
        peer.send(post(b"/refused", 1000))
        assert peer.answer().status == 401
        assert peer.is_closed()
        assert len(impatient.refused) == 1


# Where it is kept


def files_in(folder: Path) -> list[str]:
    """Return the files in a folder that this process has open, named or not."""
    links = []
    for descriptor in os.listdir("/proc/self/fd"):
        try:
            links.append(os.readlink(f"/proc/self/fd/{descriptor}"))
        except FileNotFoundError:
            continue
    return [link for link in links if link.startswith(str(folder))]


def test_a_large_body_lies_in_a_nameless_file_among_the_data_and_goes_with_its_answer(
    site: Site, peer: Peer, tmp_path: Path, held: Budget
) -> None:
    peer.send(post(b"/customers/import", UPLOAD) + b"a" * (UPLOAD - 1))
    wait_until(lambda: bool(files_in(tmp_path)))
    assert list(tmp_path.iterdir()) == []
    assert held.taken == UPLOAD
    peer.send(b"a")
    assert peer.answer().echo["body"] == UPLOAD
    wait_until(lambda: not (files_in(tmp_path) or held.taken))


def test_a_small_body_needs_no_file(peer: Peer, tmp_path: Path) -> None:
    peer.send(post(b"/plain", 2000) + b"a" * 1000)
    assert peer.is_quiet(0.05)
    assert files_in(tmp_path) == []


def test_a_client_that_leaves_in_the_middle_leaves_nothing_behind(
    site: Site, tmp_path: Path, held: Budget
) -> None:
    with Peer(site.port) as peer:
        peer.send(post(b"/customers/import", UPLOAD) + b"a" * (UPLOAD - 1))
        wait_until(lambda: bool(files_in(tmp_path)))
    wait_until(lambda: not (files_in(tmp_path) or held.taken))  # the file goes first
    assert (site.seen, site.refused) == ([], [])


@pytest.mark.parametrize("how", ["politely", "at once"])
def test_a_client_that_leaves_before_its_body_is_asked_for_leaves_nothing_behind(
    site: Site, held: Budget, how: str
) -> None:
    with Peer(site.port) as peer:
        peer.send(post(b"/late", 1000))
        wait_until(lambda: bool(site.tasks))
        if how == "at once":
            peer.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    wait_until(lambda: not site.connections or site.only_connection._half_closed)
    site.open_gate()
    wait_until(lambda: not (site.tasks or site.connections or held.taken))
    assert site.seen == []


def test_a_body_that_finds_no_file_is_refused_as_a_full_server_does(
    peer: Peer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> Any:
        raise OSError(errno.EMFILE, "too many open files")

    monkeypatch.setattr(body, "new_file", fail)
    peer.send(post(b"/customers/import", UPLOAD) + b"a" * UPLOAD)
    answer = peer.answer()
    assert (answer.status, answer.headers["retry-after"]) == (503, "1")


# How much of it


def test_bodies_beyond_the_bound_of_one_client_are_refused_until_others_are_done(
    site: Site, peer: Peer, held: Budget
) -> None:
    peer.send(post(b"/customers/import", UPLOAD))
    wait_until(lambda: held.taken == UPLOAD)
    with Peer(site.port) as second:
        second.send(post(b"/plain", 1001))
        answer = second.answer()
        assert (answer.status, answer.headers["retry-after"]) == (503, "1")
        second.send(b"a" * 1001 + GET)
        assert second.answer().status == 200
    peer.send(b"a" * UPLOAD)
    assert peer.answer().status == 200
    with Peer(site.port) as third:
        third.send(post(b"/plain", 1001) + b"a" * 1001)
        assert third.answer().status == 200
    wait_until(lambda: held.taken == 0)


def test_a_chunked_body_counts_as_the_longest_that_it_may_be(peer: Peer, held: Budget) -> None:
    peer.send(b"POST /plain HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n")
    wait_until(lambda: held.taken == LIMITS.body)
    peer.send(b"0\r\n\r\n")
    assert peer.answer().echo["body"] == 1
    assert held.taken == 0
