"""Streams: an answer that comes piece by piece, as fast as its client reads."""

import asyncio
import json
import socket
import struct
from collections.abc import AsyncGenerator, Iterator
from typing import Any

import pytest
from fixtures.serving import LIMITS, Echo, Peer, Site, wait_until

from sijill.http.request import Request, Response, Stream

PIECE = bytes(100_000)


class Streaming(Echo):
    """Streams what is asked for: /three pieces, /endless ones, or one and then /silence."""

    def __init__(self) -> None:
        super().__init__()
        self.made = self.ended = self.closed = 0

    async def answer(self, request: Request) -> Response | Stream:  # type: ignore[override]
        request.id = "-"
        if request.path == b"/plain":
            return Response(200, json.dumps({}).encode(), [])
        self.seen.append(request.path.decode())
        return Stream(200, self._pieces(request.path), [], (1, 1), self._end)

    def _end(self) -> None:
        self.ended += 1

    async def _pieces(self, path: bytes) -> AsyncGenerator[bytes, None]:
        try:
            if path == b"/three":
                for piece in (b"one", b"", b"three"):
                    yield piece
            elif path == b"/silence":
                yield b"one"
                await asyncio.Event().wait()
            else:
                while True:
                    self.made += 1
                    yield PIECE
        finally:
            self.closed += 1


@pytest.fixture
def app() -> Streaming:
    return Streaming()


@pytest.fixture
def site(app: Streaming) -> Iterator[Site]:
    made = Site(LIMITS, keep_alive=60.0)
    made.app = app
    with made.running():
        yield made


@pytest.fixture
def peer(site: Site) -> Iterator[Peer]:
    with Peer(site.port) as connected:
        yield connected


def get(path: str, version: str = "1.1") -> bytes:
    return f"GET {path} HTTP/{version}\r\n\r\n".encode()


def test_a_stream_is_chunked_and_the_connection_lives_on(peer: Peer, app: Streaming) -> None:
    for _ in range(2):
        peer.send(get("/three") + get("/plain"))
        assert b"\r\ntransfer-encoding: chunked\r\n" in peer._until(b"\r\n\r\n")
        assert peer._until(b"0\r\n\r\n") == b"3\r\none\r\n5\r\nthree\r\n0\r\n\r\n"
        assert peer.answer().status == 200
    assert (app.ended, app.closed) == (2, 2)


def test_an_old_client_reads_a_stream_to_the_end_of_the_connection(peer: Peer) -> None:
    peer.send(get("/three", "1.0"))
    head = peer._until(b"\r\n\r\n")
    assert b"\r\nconnection: close\r\n" in head
    assert b"chunked" not in head
    assert peer._until(b"three") == b"onethree"
    assert peer.is_closed()


@pytest.mark.parametrize("half", [False, True])
def test_a_client_that_leaves_ends_its_stream(
    site: Site, peer: Peer, app: Streaming, half: bool
) -> None:
    peer.send(get("/silence"))
    peer._until(b"one\r\n")
    if half:
        peer.socket.shutdown(1)
    else:
        peer.socket.close()
    wait_until(lambda: app.ended == 1)
    assert app.closed == 1
    wait_until(lambda: not site.connections)


def test_no_piece_is_made_ahead_of_a_client_that_does_not_read(
    site: Site, peer: Peer, app: Streaming
) -> None:
    peer.send(get("/endless"))
    wait_until(lambda: not site.connections)  # it is cut off in the end
    wait_until(lambda: app.ended == 1)
    assert app.closed == 1
    assert app.made * len(PIECE) < 50 * 2**20


def test_a_stream_whose_client_has_left_before_it_began_ends_too(
    site: Site, app: Streaming
) -> None:
    waiting = asyncio.Event()
    plain = app.answer

    async def late(request: Request) -> Any:
        await waiting.wait()
        return await plain(request)

    app.answer = late  # type: ignore[method-assign]
    with Peer(site.port) as peer:
        peer.send(get("/silence"))
        wait_until(lambda: bool(site.server.site.tasks))
        peer.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    wait_until(lambda: not site.connections)
    site.loop.call_soon_threadsafe(waiting.set)
    wait_until(lambda: app.ended == 1)


def test_requests_behind_a_stream_wait_for_its_end(site: Site, peer: Peer, app: Streaming) -> None:
    peer.send(get("/three") + get("/three") + get("/plain"))
    for _ in range(2):
        peer._until(b"0\r\n\r\n")
    assert peer.answer().status == 200
    assert app.seen == ["/three"] * 2
