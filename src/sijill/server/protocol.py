"""
The edge of the server: what uvicorn's protocol lacks, caps and a deadline for every request.

A request reaches the application once it has arrived whole; one that is too long, too large or
too slow is refused here, in Salla's dialect and in its turn, and its connection closed.

One class in one file: what arrives, the clock and the refusal change the same connection's state.
"""

from asyncio import TimerHandle, Transport
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any, ClassVar, NamedTuple

from httptools import HttpParserError, HttpParserUpgrade, HttpRequestParser
from uvicorn.protocols.http.flow_control import FlowControl
from uvicorn.protocols.http.httptools_impl import (
    STATUS_LINE,
    HttpToolsProtocol,
    RequestResponseCycle,
)

from sijill.errors import (
    Fault,
    HeadersTooLarge,
    PayloadTooLarge,
    RequestTimeout,
    UriTooLong,
)
from sijill.http.errors import refusal
from sijill.http.languages import language
from sijill.server.request_limits import Caps, excess_of_body, excess_of_head, most_body
from sijill.server.write_buffer import Whole

LINGER = 2.0
"""Seconds a refused peer may go on sending before the connection is cut under it."""

NOT_HTTP = b"Invalid HTTP request received."
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"

Headers = Iterable[tuple[bytes, bytes]]


class _Rules(NamedTuple):
    caps: Caps
    new_request_id: Callable[[], str]
    on_refused: Callable[[int, str], None]


def edge(
    caps: Caps, new_request_id: Callable[[], str], on_refused: Callable[[int, str], None]
) -> type[HttpToolsProtocol]:
    """
    Return the protocol class for `uvicorn.Config(http=…)`.

    `on_refused(status, request_id)` is told of each request that is answered here: 408, 413, 414,
    431, and 400 for bytes that are not HTTP. Nothing is logged.
    """
    given = _Rules(caps, new_request_id, on_refused)

    class Edge(_Edge):
        rules = given

    return Edge


class _Stop(Exception):
    """No error: it takes the parser off the rest of a read."""


class _Flow(FlowControl):
    """Reads nothing more while whole requests wait for their turn, whoever asks to go on."""

    def __init__(self, transport: Transport, waiting: deque[Any]) -> None:
        super().__init__(transport)
        self._waiting = waiting

    def resume_reading(self) -> None:
        if not self._waiting:
            super().resume_reading()


class _Edge(HttpToolsProtocol):
    rules: ClassVar[_Rules]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._deaf = False  # what still comes is dropped: a refusal or a last request went before
        self._farewell: bytes | None = None  # the refusal, until its turn comes
        self._clock: TimerHandle | None = None
        self._arriving = False  # a request has begun and is not whole
        self._in_body = False
        self._body = bytearray()
        self._begun = 0  # requests that began in this read
        self._read = 0  # bytes of this read
        self._raw = 0  # bytes of earlier reads since the request began …
        self._foreign = 0  # … of which these may belong to the requests before it

    # The connection

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.flow = _Flow(transport, self.pipeline)
        self._whole = Whole(transport, self.loop)
        self._start_clock()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_clock()
        super().connection_lost(exc)

    def eof_received(self) -> bool:  # type: ignore[override]
        """
        Whoever is done sending still gets the answers he waits for (TLS cannot keep them).

        But for a stream, whose answer has begun and has no end: he is taken to be gone.
        """
        streams = not self._is_answered() and self.cycle.response_started
        if self._is_answered() or streams or self.scheme == "https":
            self._whole.flush()
            return False
        self._turn_deaf()
        if self._farewell is None:
            self.cycle.keep_alive = False
        return True

    def shutdown(self) -> None:
        self._whole.flush()
        super().shutdown()

    def data_received(self, data: bytes) -> None:
        if self._deaf:
            return
        was_arriving, self._begun, self._read = self._arriving, 0, len(data)
        try:
            self.parser.feed_data(data)
        except HttpParserUpgrade as upgrade:
            self._ignore_upgrade(data[upgrade.args[0] :])
        except HttpParserError:
            if not self._deaf:
                self._refuse_bytes()
        else:
            if self._arriving:
                self._wait_for_more(was_arriving)

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        cycle.transport = self._whole  # type: ignore[assignment]
        HttpToolsProtocol._start_asgi_task(self, cycle, app)

    def on_response_complete(self) -> None:
        HttpToolsProtocol.on_response_complete(self)
        if (self._arriving or self._deaf) and not self.transport.is_closing():
            self._catch_up()
            if self._arriving:
                # Nothing may have been read for as long as the answer took: no client's fault.
                self._unset_keepalive_if_required()
                self._start_clock()

    # The request: the parser calls these. Naming the base costs a third of what `super()` does

    def on_message_begin(self) -> None:
        if self._deaf:
            raise _Stop
        self._unset_keepalive_if_required()
        self._arriving, self._in_body = True, False
        self._begun += 1
        self._raw = 0
        HttpToolsProtocol.on_message_begin(self)

    def on_headers_complete(self) -> None:
        self._in_body = True
        self.headers = []  # what the parser adds from now on are trailers: no one may read them
        caps = self.rules.caps
        if len(self.url) > caps.url:
            raise self._refuse(UriTooLong())
        if self._raw + self._read > caps.headers < _size(self.scope["headers"]):
            raise self._refuse(HeadersTooLarge())

    def on_body(self, body: bytes) -> None:
        self._body += body
        if len(self._body) > most_body(self.rules.caps, self.url):
            raise self._refuse(PayloadTooLarge())

    def on_message_complete(self) -> None:
        """Hand the request on: only now does uvicorn hear of its head."""
        if self.parser.should_upgrade():
            return
        self._arriving = False
        self._stop_clock()
        self.expect_100_continue = False
        HttpToolsProtocol.on_headers_complete(self)
        if self._body:
            self.cycle.body, self._body = self._body, bytearray()
        self.cycle.more_body = False
        self.cycle.message_event.set()
        self._deaf = not self.cycle.keep_alive

    # The request that comes in pieces

    def _wait_for_more(self, was_arriving: bool) -> None:
        if self._begun:
            self._start_clock()
            self._foreign = self._read if was_arriving or self._begun > 1 else 0
        self._raw += self._read
        fault = self._excess()
        if fault is not None:
            self._refuse(fault)
        else:
            self._catch_up()

    def _excess(self) -> Fault | None:
        own = self._raw - self._foreign
        if not self._in_body:
            return excess_of_head(self.rules.caps, len(self.url), own)
        announced = int(_value(self.scope["headers"], b"content-length") or "0")
        return excess_of_body(self.rules.caps, self.url, own, announced)

    def _ignore_upgrade(self, rest: bytes) -> None:
        """
        Read the request again without its `Upgrade`, as RFC 9110 §7.8 lets a server do.

        The parser takes what follows such a head for another protocol: a body would be lost, or
        be taken for the next request.
        """
        method, version = self.parser.get_method(), self.parser.get_http_version()
        if method == b"CONNECT":
            self._refuse_bytes()
            return
        lines = [method + b" " + self.url + b" HTTP/" + version.encode()]
        lines += [b": ".join(line) for line in self.scope["headers"] if line[0] != b"upgrade"]
        self._arriving = False
        self.parser = HttpRequestParser(self)
        self.data_received(b"\r\n".join([*lines, b"", rest]))

    # The clock

    def _start_clock(self) -> None:
        self._stop_clock()
        self._clock = self.loop.call_later(self.rules.caps.receive, self._run_out)

    def _stop_clock(self) -> None:
        if self._clock is not None:
            self._clock.cancel()
            self._clock = None

    def _run_out(self) -> None:
        """A peer that sent nothing is left without a word: 408 would answer its next request."""
        self._clock = None
        if not self._arriving:
            self.transport.close()
        elif not self.flow.read_paused:
            self._refuse(RequestTimeout())

    # The refusal

    def _refuse(self, fault: Fault) -> _Stop:
        """Refuse the request and all that follows it; return what a callback has to raise."""
        accept = _value(self.scope["headers"], b"accept-language")
        answer = refusal(fault, language(accept))
        headers = [(b"content-type", b"application/json")]
        if answer.language is not None:
            headers.append((b"content-language", answer.language.encode()))
        # Before its URL has begun, the parser still knows the method of the request before.
        is_head = bool(self.url) and self.parser.get_method() == b"HEAD"
        self._part(answer.status, headers, answer.body, is_head)
        return _Stop()

    def _refuse_bytes(self) -> None:
        self._part(400, [(b"content-type", b"text/plain; charset=utf-8")], NOT_HTTP, False)

    def _part(self, status: int, headers: Headers, body: bytes, is_head: bool) -> None:
        self._turn_deaf()
        request_id = self.rules.new_request_id()
        lines = [
            *self.server_state.default_headers,
            *headers,
            (b"content-length", b"%d" % len(body)),
            (b"connection", b"close"),
            (b"x-request-id", request_id.encode()),
        ]
        head = STATUS_LINE[status] + b"".join(b"%b: %b\r\n" % line for line in lines) + b"\r\n"
        self._farewell = head if is_head else head + body
        self.rules.on_refused(status, request_id)
        self._catch_up()

    def _turn_deaf(self) -> None:
        self._deaf, self._arriving = True, False
        self._stop_clock()

    def _is_answered(self) -> bool:
        """Tell whether every request that came whole has its answer; `cycle` is the last one's."""
        return self.cycle is None or self.cycle.response_complete

    def _catch_up(self) -> None:
        """Write what had to wait for the answers before it: the refusal, or 100 Continue."""
        if not self._is_answered():
            return
        if self._farewell is not None:
            self._part_now(self._farewell)
        elif self._in_body and self._arriving and self.expect_100_continue:
            self.expect_100_continue = False
            if self.parser.get_http_version() != "1.0":  # RFC 9110 §10.1.1
                self._whole.flush()
                self.transport.write(CONTINUE)

    def _part_now(self, farewell: bytes) -> None:
        """
        Write the refusal, then drop what still comes until the peer is done or the time is up.

        Closing on unread bytes would make the kernel send a reset, and the peer lose the answer.
        """
        self._farewell = None
        self._unset_keepalive_if_required()
        self._whole.flush()
        self.transport.write(farewell)
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self.flow.resume_reading()
        self._clock = self.loop.call_later(LINGER, self.transport.abort)


def _size(headers: Headers) -> int:
    return sum(len(name) + len(value) + 4 for name, value in headers)


def _value(headers: Headers, name: bytes) -> str | None:
    return next((value.decode("latin-1") for key, value in headers if key == name), None)
