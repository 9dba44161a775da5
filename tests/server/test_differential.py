"""Requests cut anywhere, to our server and to uvicorn's own protocol: the same answers."""

import hashlib
import json
import socket
import threading
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import pytest
import uvicorn
import uvloop
from fixtures.profiles import example_count
from fixtures.serving import BOUND, Peer, Site
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sijill.http.request import Request, Response
from sijill.server.request_limits import RequestLimits

pytestmark = pytest.mark.proves(
    "two readers never see two different requests: 274 framings have one outcome "
    "wherever they are cut, and well-formed ones are read as uvicorn reads them"
)

LIMITS = RequestLimits(body=2**20, receive=BOUND)


def echo(method: str, path: bytes, query: bytes, headers: Any, body: bytes) -> bytes:
    """Return what an application was asked, as JSON; values of one header are one list."""
    named: dict[str, str] = {}
    for name, value in headers:
        key, text = name.decode("latin-1"), value.decode("latin-1")
        named[key] = f"{named[key]}, {text}" if key in named else text
    digest = hashlib.sha256(body).hexdigest()
    return json.dumps([method, path.decode(), query.decode(), named, len(body), digest]).encode()


class Ours:
    async def answer(self, request: Request) -> Response:
        request.id = "-"
        await request.content.receive()
        body = await request.body()
        asked = request.method, request.path, request.query, request.headers.items(), body
        return Response(200, echo(*asked), [])

    def refuse(self, request: Request, fault: Exception) -> Response:
        request.id = "-"
        return Response(400, b"", [])


async def theirs(scope: Any, receive: Any, send: Any) -> None:
    body, more = b"", True
    while more:
        message = await receive()
        body, more = body + message["body"], message["more_body"]
    # uvicorn takes trailers for headers; we drop them.
    headers = [line for line in scope["headers"] if line[0] != b"x-trailer"]
    asked = scope["method"], scope["raw_path"], scope["query_string"], headers, body
    answer = echo(*asked)
    length = [(b"content-length", b"%d" % len(answer))]
    await send({"type": "http.response.start", "status": 200, "headers": length})
    await send({"type": "http.response.body", "body": answer})


@pytest.fixture(scope="module")
def ours() -> Iterator[Any]:
    site = Site(LIMITS, keep_alive=BOUND)
    site.app = Ours()  # type: ignore[assignment]
    with site.running():
        yield site


class Uvicorn:
    """uvicorn as it is, in a thread."""

    def __init__(self) -> None:
        bound = socket.create_server(("127.0.0.1", 0))
        self.port = bound.getsockname()[1]
        config = uvicorn.Config(
            theirs,
            http="httptools",
            ws="none",
            lifespan="off",
            interface="asgi3",
            proxy_headers=False,
            log_config=None,
            access_log=False,
        )
        self.server = uvicorn.Server(config)
        self._bound = bound
        self.thread = threading.Thread(target=self._serve, daemon=True)

    def _serve(self) -> None:
        uvloop.run(self.server.serve(sockets=[self._bound]))


@pytest.fixture(scope="module")
def original() -> Iterator[Any]:
    running = Uvicorn()
    running.thread.start()
    yield running
    running.server.should_exit = True
    running.thread.join(BOUND)
    assert not running.thread.is_alive()


class Sent(NamedTuple):
    """A request as bytes, and whether its answer has a body."""

    data: bytes
    method: str


_TOKEN = st.text("abcXYZ019!#$%&'*+-.^_`|~", min_size=1, max_size=12).map(lambda text: f"x-{text}")
_VALUE = st.text(
    st.characters(min_codepoint=0x20, max_codepoint=0xFF, exclude_characters="\x7f"), max_size=30
).map(str.strip)
_HEADERS = st.lists(st.tuples(_TOKEN, _VALUE), max_size=5)
_TEXT = st.text("abcz09-._~!$&'()*+,;=:@/%", max_size=20)
_TARGETS = st.tuples(_TEXT, st.none() | _TEXT.map(lambda text: text + "?")).map(
    lambda parts: "/" + parts[0] + ("" if parts[1] is None else f"?{parts[1]}")
)
_LONG = st.integers(1_000, 60_000).map(lambda size: (b"\r\n" * size)[:size])
_BODIES = st.binary(max_size=200) | _LONG


@st.composite
def requests(draw: Any, *, last: bool) -> Sent:
    method = draw(st.sampled_from(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]))
    version = draw(st.sampled_from(["1.1", "1.0"])) if last else "1.1"
    lines = [f"{name}: {value}" for name, value in draw(_HEADERS)]
    body = b""
    match draw(st.sampled_from(["none", "length", "chunks"])):
        case "length":
            body = draw(_BODIES)
            lines.append(f"Content-Length: {len(body)}")
        case "chunks":
            lines.append("Transfer-Encoding: chunked")
            pieces = [piece for piece in draw(st.lists(_BODIES, max_size=4)) if piece]
            body = b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces)
            body += b"0\r\n" + draw(st.sampled_from([b"", b"X-Trailer: a\r\n"])) + b"\r\n"
    if last:
        lines.append("Connection: close")
    head = [f"{method} {draw(_TARGETS)} HTTP/{version}", *draw(st.permutations(lines)), "", ""]
    return Sent("\r\n".join(head).encode("latin-1") + body, method)


@st.composite
def conversations(draw: Any) -> tuple[list[bytes], list[str]]:
    """Return requests, cut into reads anywhere, and their methods."""
    sent = [*draw(st.lists(requests(last=False), max_size=4)), draw(requests(last=True))]
    data = b"".join(one.data for one in sent)
    cuts = sorted(draw(st.sets(st.integers(1, len(data) - 1), max_size=6)))
    edges = [0, *cuts, len(data)]
    reads = [data[a:b] for a, b in pairwise(edges)]
    return reads, [one.method for one in sent]


def told(port: int, reads: Sequence[bytes], methods: Sequence[str]) -> list[Any]:
    """Return status, length and body of each answer, and whether it ends the connection."""
    with Peer(port) as peer:
        for data in reads:
            peer.send(data)
        answers = []
        for method in methods:
            status, headers, body = peer.answer(method)
            closes = headers.get("connection") == "close"
            answers.append((status, headers["content-length"], body, closes))
        assert peer.is_closed()
    return answers


@settings(
    max_examples=example_count(60),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(conversation=conversations())
def test_well_formed_requests_are_answered_alike(
    ours: Any, original: Any, conversation: tuple[list[bytes], list[str]]
) -> None:
    reads, methods = conversation
    assert told(ours.port, reads, methods) == told(original.port, reads, methods)
