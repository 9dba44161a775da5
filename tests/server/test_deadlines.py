"""Waits that are too long, on a clock that the test moves."""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest

from sijill.errors import Fault
from sijill.http.errors import refused
from sijill.http.request import Request, Response
from sijill.server import connection as module
from sijill.server.budget import Budget
from sijill.server.connection import LINGER, Connection
from sijill.server.request_limits import RequestLimits
from sijill.server.site import Site

RECEIVE, KEEP_ALIVE = 10.0, 75.0
GET = b"GET /a HTTP/1.1\r\n\r\n"


class Wire:
    """The transport of a connection, and whether the server has ended it."""

    def __init__(self) -> None:
        self.written = b""
        self.ended = ""
        self.unread = 0
        self.reads = True
        self._pair = socket.socketpair()

    def get_extra_info(self, name: str) -> Any:
        return {"peername": ("198.51.100.7", 5), "socket": self._pair[0]}.get(name)

    def write(self, data: bytes) -> None:
        self.written += data

    def get_write_buffer_size(self) -> int:
        return self.unread

    def is_closing(self) -> bool:
        return bool(self.ended)

    def close(self) -> None:
        self.ended = "closed"

    def abort(self) -> None:
        self.ended = "aborted"

    def can_write_eof(self) -> bool:
        return True

    def write_eof(self) -> None:
        self.written += b"<eof>"

    def pause_reading(self) -> None:
        self.reads = False

    def resume_reading(self) -> None:
        self.reads = True

    def release(self) -> None:
        for end in self._pair:
            end.close()


class App:
    """Answers at once, but those for /slow when it is told to."""

    def __init__(self) -> None:
        self.go = asyncio.Event()

    async def answer(self, request: Request) -> Response:
        request.id = "-"
        if request.path == b"/slow":
            await self.go.wait()
        try:
            await request.content.receive()
        except Fault as fault:
            return self.refuse(request, fault)
        return Response(200, b"", [])

    def refuse(self, request: Request, fault: Fault) -> Response:
        request.id = "-"
        return refused(request, fault)


class Story:
    """One connection, and a clock."""

    def __init__(self, *, places: int = 1) -> None:
        self.app = App()
        self.site = Site(
            self.app,
            RequestLimits(receive=RECEIVE),
            asyncio.get_running_loop(),
            places=Budget(places, places),
            bodies=Budget(10**6, 10**6),
            memory=Budget(10**6, 10**6),
            keep_alive=KEEP_ALIVE,
            eager=True,
        )
        self.site.date = b"date: -\r\n"
        self.wire = Wire()
        self.connection = Connection(self.site)
        self.connection.connection_made(self.wire)
        self.now = asyncio.get_running_loop().time()

    async def reads(self, data: bytes) -> None:
        self.connection.data_received(data)
        await self.turn()

    async def turn(self) -> None:
        for _ in range(5):
            await asyncio.sleep(0)

    async def passes(self, seconds: float) -> None:
        """Let seconds pass: a moment less ends no wait."""
        self.now += seconds
        self.connection.check(self.now)
        await self.turn()

    @property
    def status(self) -> str:
        return self.wire.written.split(b"\r\n")[0].removeprefix(b"HTTP/1.1 ").decode()[:3]


Tell = Callable[[Story], Awaitable[None]]


@pytest.fixture
def tell() -> Iterator[Callable[[Tell], None]]:
    def run(story: Tell, **options: Any) -> None:
        async def whole() -> None:
            told = Story(**options)
            try:
                await story(told)
            finally:
                told.wire.release()

        asyncio.run(whole())

    return run


SOON, LATE = RECEIVE - 0.5, 1.0
"""Almost the deadline, and enough to be beyond it."""


@pytest.mark.parametrize(
    ("begun", "status"),
    [(b"", ""), (b"\r\n", ""), (b"G", "408"), (GET[:-1], "408")],
)
def test_a_head_has_its_time_and_an_unbegun_one_ends_without_a_word(
    tell: Any, begun: bytes, status: str
) -> None:
    async def story(it: Story) -> None:
        await it.reads(begun)
        await it.passes(SOON)
        assert (it.wire.ended, it.wire.written) == ("", b"")
        await it.passes(LATE)
        assert it.status == status
        assert it.wire.ended == ("" if status else "closed")
        assert it.wire.written.endswith(b"<eof>") is bool(status)
        if status:
            await it.passes(LINGER + LATE)
            assert it.wire.ended == "aborted"

    tell(story)


def test_a_body_has_its_time(tell: Any) -> None:
    async def story(it: Story) -> None:
        await it.reads(b"POST /a HTTP/1.1\r\nContent-Length: 5\r\n\r\n")
        for byte in b"hell":
            await it.passes(SOON / 4)
            await it.reads(bytes([byte]))
        assert it.status == ""
        await it.passes(LATE)
        assert it.status == "408"

    tell(story)


def test_the_time_of_a_body_does_not_run_while_the_server_is_busy(tell: Any) -> None:
    async def story(it: Story) -> None:
        await it.reads(b"POST /slow HTTP/1.1\r\nContent-Length: 5\r\n\r\nhe")
        assert not it.wire.reads
        await it.passes(10 * RECEIVE)
        assert it.wire.written == b""
        it.app.go.set()
        await it.turn()
        assert it.wire.reads
        await it.reads(b"llo")
        assert it.status == "200"

    tell(story)


def test_an_idle_connection_is_kept_for_its_time(tell: Any) -> None:
    async def story(it: Story) -> None:
        await it.reads(GET)
        await it.passes(KEEP_ALIVE - 1)
        assert it.wire.ended == ""
        await it.reads(b"\r\n")
        await it.passes(2)
        assert it.wire.ended == "closed"

    tell(story)


def test_an_answer_takes_as_long_as_it_takes(tell: Any) -> None:
    async def story(it: Story) -> None:
        await it.reads(b"GET /slow HTTP/1.1\r\n\r\n")
        await it.passes(1000 * RECEIVE)
        assert (it.wire.ended, it.wire.written) == ("", b"")
        it.app.go.set()
        await it.turn()
        assert it.status == "200"

    tell(story)


def test_a_reader_is_kept_while_it_reads_and_no_longer(tell: Any) -> None:
    async def story(it: Story) -> None:
        await it.reads(GET)
        for unread in (5000, 4000, 1000):
            it.wire.unread = unread
            await it.passes(SOON)
            assert it.wire.ended == ""
        await it.passes(SOON)
        assert it.wire.ended == ""
        await it.passes(LATE)
        assert it.wire.ended == "aborted"

    tell(story)


def test_a_reader_that_has_everything_is_idle_and_no_reader(tell: Any) -> None:
    async def story(it: Story) -> None:
        await it.reads(GET)
        it.wire.unread = 5000
        await it.passes(1)
        it.wire.unread = 0
        await it.passes(1)
        await it.passes(KEEP_ALIVE - 1)
        assert it.wire.ended == ""
        await it.passes(2)
        assert it.wire.ended == "closed"

    tell(story)


def test_a_closed_connection_whose_client_does_not_answer_is_aborted(tell: Any) -> None:
    async def story(it: Story) -> None:
        await it.reads(b"GET /a HTTP/1.0\r\n\r\n")
        assert it.wire.ended == "closed"
        await it.passes(LINGER + LATE)
        assert it.wire.ended == "aborted"

    tell(story)


def test_a_connection_without_a_place_has_little_time(tell: Any) -> None:
    async def story(it: Story) -> None:
        await it.passes(LINGER + LATE)
        assert it.wire.ended == "closed"

    tell(story, places=0)


def test_a_body_that_nobody_asked_for_has_its_time_and_then_no_word(tell: Any) -> None:
    class Refusing(App):
        async def answer(self, request: Request) -> Response:
            request.id = "-"
            return Response(401, b"", [])

    async def story(it: Story) -> None:
        it.site.application = Refusing()
        await it.reads(b"POST /a HTTP/1.1\r\nContent-Length: 5\r\n\r\nhe")
        assert it.status == "401"
        answered = it.wire.written
        await it.passes(SOON)
        assert it.wire.ended == ""
        await it.passes(LATE)
        assert (it.wire.ended, it.wire.written) == ("closed", answered)

    tell(story)


def test_a_server_that_stops_hears_a_client_that_has_just_come(tell: Any) -> None:
    async def story(it: Story) -> None:
        it.connection.shutdown()
        assert it.wire.ended == ""
        await it.reads(GET)
        assert it.status == "200"
        assert b"connection: close" in it.wire.written
        assert it.wire.ended == "closed"

    tell(story)


@pytest.mark.parametrize("sent", [b"", b"GET /a HT"])
def test_a_server_that_stops_does_not_wait_for_a_client_that_says_nothing(
    tell: Any, monkeypatch: pytest.MonkeyPatch, sent: bytes
) -> None:
    monkeypatch.setattr(module, "LAST_CALL", 0.0)

    async def story(it: Story) -> None:
        await it.reads(sent)
        it.connection.shutdown()
        for _ in range(3):
            await asyncio.sleep(0)
        assert it.wire.ended == "closed"

    tell(story)


def test_a_server_that_stops_ends_a_connection_at_rest_at_once(tell: Any) -> None:
    async def story(it: Story) -> None:
        await it.reads(GET)
        assert it.wire.ended == ""
        it.connection.shutdown()
        assert it.wire.ended == "closed"

    tell(story)
