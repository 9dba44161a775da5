"""Masses of connections that are reset or send no HTTP: the log has a few lines of them all."""

import socket
import ssl
import struct
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from e2e.conftest import PATIENCE, Process, Shell
from e2e.test_process import get

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.proves(
        "a storm of faults or of refused connections is a line and then a count, at last one a "
        "minute"
    ),
]

COUNT = 60
TOKEN = "0123456789abcdef"
RESET = struct.pack("ii", 1, 0)
HEAD = f"Host: a\r\nAuthorization: Bearer {TOKEN}\r\n".encode()
POST = b"POST /customers HTTP/1.1\r\n" + HEAD

UNANSWERED = {
    "nothing": b"",
    "half a line": b"GET /customers HT",
    "half a head": b"GET /customers HTTP/1.1\r\nHost: a\r\n",
    "half a body": POST + b"Content-Length: 100\r\n\r\n{",
    "half a chunk": POST + b"Transfer-Encoding: chunked\r\n\r\n40\r\n{",
}
"""What a client sends before it resets the connection: there is nothing to answer."""

REFUSED = {
    "rubbish": b"\0rubbish\r\n\r\n",
    "a hello of TLS": bytes.fromhex("16030100c8010000c40303") + bytes(190),
    "another protocol": b"SSH-2.0-OpenSSH_9.2\r\n",
    "a head that is too long": b"GET / HTTP/1.1\r\nA: " + b"a" * 40_000,
    "a target that is too long": b"GET /" + b"a" * 40_000,
    "two lengths": b"POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
    "a body that is too large": POST + b"Content-Length: 99999999\r\n\r\n",
}
"""What the server refuses before it knows a route."""

FAULTY = POST + b"Transfer-Encoding: chunked\r\n\r\nno number\r\n"
"""A request whose body is no HTTP: it is answered as one, and is no fault of the server."""


class Site:
    """A demo, and clients that leave without a word."""

    def __init__(self, shell: Shell, options: str) -> None:
        where = f"--port 0 --data-dir {shell.folder}/data --demo-token {TOKEN}"
        limits = "--customers-limit off --access-log on --log-format json"
        self.process: Process = shell.start(f"sandbox {where} {limits} {options}")
        self.base = self.process.line(r"https?://127\.0\.0\.1:\d+")[0]
        self.port = int(self.base.rsplit(":", 1)[1])
        self.authority = shell.folder / "data" / "tls" / "ca.pem"

    @property
    def is_secure(self) -> bool:
        return self.base.startswith("https")

    def connect(self) -> socket.socket:
        """Return a connection that is reset when it is closed."""
        peer = socket.create_connection(("127.0.0.1", self.port), PATIENCE)
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        return peer

    def client(self) -> socket.socket:
        """Return the same as a client of the API has it."""
        if not self.is_secure:
            return self.connect()
        context = ssl.create_default_context(cafile=str(self.authority))
        return context.wrap_socket(self.connect(), server_hostname="api.salla.dev")

    def reset(self, connect: Callable[[], socket.socket], data: bytes) -> None:
        """Send bytes and reset the connection, COUNT times."""
        for _ in range(COUNT):
            with connect() as peer, suppress(OSError):
                peer.sendall(data)

    def answer(self, connect: Callable[[], socket.socket], data: bytes) -> bytes:
        """Send bytes, and return the first bytes of the answer."""
        with connect() as peer:
            peer.sendall(data)
            return peer.recv(12)

    def lines(self) -> Counter[str]:
        """Return how often each event is in the log, after everything that was sent was read."""
        assert get(f"{self.base}/healthz").status_code == 200
        return Counter(line["event"] for line in self.process.log())


@pytest.fixture(params=["", "--tls"], ids=["http", "https"])
def site(
    request: pytest.FixtureRequest, installed: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    shell = Shell(installed, tmp_path_factory.mktemp("hostile"))
    try:
        made = Site(shell, request.param)
        yield made
        assert made.process.end() == 0
    finally:
        for process in shell.started:
            process.destroy()


def test_connections_that_are_reset_write_no_line(site: Site) -> None:
    before = site.lines()
    for data in (*UNANSWERED.values(), *REFUSED.values()):
        if site.is_secure:
            site.reset(site.connect, data)  # whatever it is, it is no hello that is whole
    for data in UNANSWERED.values():
        site.reset(site.client, data)
    assert site.lines() - before == Counter(request=1)  # for healthz


def test_refused_connections_are_counted_and_not_written_each(site: Site) -> None:
    before = site.lines()
    for data in REFUSED.values():
        for _ in range(COUNT):
            assert site.answer(site.client, data).startswith(b"HTTP/1.1 4")
    lines = site.lines() - before
    assert set(lines) == {"refused", "request"}
    assert lines["request"] == 1
    assert 0 < lines["refused"] < COUNT / 2


def test_a_request_whose_body_is_no_http_is_no_fault_of_the_server(site: Site) -> None:
    before = site.lines()
    assert site.answer(site.client, FAULTY) == b"HTTP/1.1 400"
    assert site.lines() - before == Counter(request=2)
