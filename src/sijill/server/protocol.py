"""
The HTTP protocol: uvicorn's, with size limits and a deadline for every request.

A request reaches the application once it has arrived whole. This class refuses a request that is
too long, too large or too slow, in Salla's dialect and in its turn, and closes the connection.

One class in one file: arriving bytes, the deadline and the refusal change the same state.
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

from sijill.errors import Fault, HeadersTooLarge, PayloadTooLarge, RequestTimeout, UriTooLong
from sijill.http.errors import refusal
from sijill.http.sentences import language
from sijill.server.request_limits import RequestLimits, body_excess, head_excess, max_body
from sijill.server.write_buffer import WriteBuffer

LINGER = 2.0
"""Seconds a refused peer may go on sending before the connection is aborted."""

NOT_HTTP = b"Invalid HTTP request received."
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"

Headers = Iterable[tuple[bytes, bytes]]


class _Settings(NamedTuple):
    limits: RequestLimits
    new_request_id: Callable[[], str]
    on_refused: Callable[[int, str], None]


def bounded_protocol(
    limits: RequestLimits, new_request_id: Callable[[], str], on_refused: Callable[[int, str], None]
) -> type[HttpToolsProtocol]:
    """
    Return the protocol class for `uvicorn.Config(http=…)`.

    The protocol calls `on_refused(status, request_id)` for each request that it answers itself:
    408, 413, 414, 431, and 400 for bytes that are not HTTP. It logs nothing.
    """
    given = _Settings(limits, new_request_id, on_refused)

    class BoundedProtocol(_BoundedProtocol):
        rules = given

    return BoundedProtocol


class _StopParsing(Exception):
    """No error: it makes the parser skip the rest of a read."""


class _Flow(FlowControl):
    """Reads nothing more while whole requests wait for their turn, even if asked to resume."""

    def __init__(self, transport: Transport, waiting: deque[Any]) -> None:
        super().__init__(transport)
        self._waiting = waiting

    def resume_reading(self) -> None:
        if not self._waiting:
            super().resume_reading()


class _BoundedProtocol(HttpToolsProtocol):
    rules: ClassVar[_Settings]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._discarding = False  # drop all further bytes: a refusal or a last request came before
        self._refusal: bytes | None = None  # the refusal, until its turn comes
        self._deadline: TimerHandle | None = None
        self._arriving = False  # a request has begun and is incomplete
        self._in_body = False
        self._body = bytearray()
        self._begun_in_read = 0  # requests that began in this read
        self._read_size = 0  # bytes of this read
        self._bytes_before = 0  # bytes of earlier reads since the request began …
        self._earlier_bytes = 0  # … of which so many may belong to earlier requests

    # The connection

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.flow = _Flow(transport, self.pipeline)
        self._write_buffer = WriteBuffer(transport, self.loop)
        self._start_deadline()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_deadline()
        super().connection_lost(exc)

    def eof_received(self) -> bool:  # type: ignore[override]
        """
        A client that has finished sending still gets its pending answers (except under TLS).

        A client of a stream counts as gone: that answer has begun and has no end.
        """
        streams = not self._is_answered() and self.cycle.response_started
        if self._is_answered() or streams or self.scheme == "https":
            self._write_buffer.flush()
            return False
        self._discard_rest()
        if self._refusal is None:
            self.cycle.keep_alive = False
        return True

    def shutdown(self) -> None:
        self._write_buffer.flush()
        super().shutdown()

    def data_received(self, data: bytes) -> None:
        if self._discarding:
            return
        was_arriving, self._begun_in_read, self._read_size = self._arriving, 0, len(data)
        try:
            self.parser.feed_data(data)
        except HttpParserUpgrade as upgrade:
            self._ignore_upgrade(data[upgrade.args[0] :])
        except HttpParserError:
            if not self._discarding:
                self._refuse_bytes()
        else:
            if self._arriving:
                self._wait_for_more(was_arriving)

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        cycle.transport = self._write_buffer  # type: ignore[assignment]
        HttpToolsProtocol._start_asgi_task(self, cycle, app)

    def on_response_complete(self) -> None:
        HttpToolsProtocol.on_response_complete(self)
        if (self._arriving or self._discarding) and not self.transport.is_closing():
            self._write_pending()
            if self._arriving:
                # Reading may have paused while the answer was made: not the client's fault.
                self._unset_keepalive_if_required()
                self._start_deadline()

    # The request: the parser calls these methods. Naming the base costs a third of `super()`

    def on_message_begin(self) -> None:
        if self._discarding:
            raise _StopParsing
        self._unset_keepalive_if_required()
        self._arriving, self._in_body = True, False
        self._begun_in_read += 1
        self._bytes_before = 0
        HttpToolsProtocol.on_message_begin(self)

    def on_headers_complete(self) -> None:
        self._in_body = True
        self.headers = []  # the parser adds only trailers from now on: nothing may read them
        limits = self.rules.limits
        if len(self.url) > limits.url:
            raise self._refuse(UriTooLong())
        if self._bytes_before + self._read_size > limits.headers < _size(self.scope["headers"]):
            raise self._refuse(HeadersTooLarge())

    def on_body(self, body: bytes) -> None:
        self._body += body
        if len(self._body) > max_body(self.rules.limits, self.url):
            raise self._refuse(PayloadTooLarge())

    def on_message_complete(self) -> None:
        """Hand the request to uvicorn, which has not seen its head until now."""
        if self.parser.should_upgrade():
            return
        self._arriving = False
        self._stop_deadline()
        self.expect_100_continue = False
        HttpToolsProtocol.on_headers_complete(self)
        if self._body:
            self.cycle.body, self._body = self._body, bytearray()
        self.cycle.more_body = False
        self.cycle.message_event.set()
        self._discarding = not self.cycle.keep_alive

    # The request that comes in pieces

    def _wait_for_more(self, was_arriving: bool) -> None:
        if self._begun_in_read:
            self._start_deadline()
            self._earlier_bytes = self._read_size if was_arriving or self._begun_in_read > 1 else 0
        self._bytes_before += self._read_size
        fault = self._excess()
        if fault is not None:
            self._refuse(fault)
        else:
            self._write_pending()

    def _excess(self) -> Fault | None:
        own = self._bytes_before - self._earlier_bytes
        if not self._in_body:
            return head_excess(self.rules.limits, len(self.url), own)
        announced = int(_value(self.scope["headers"], b"content-length") or "0")
        return body_excess(self.rules.limits, self.url, own, announced)

    def _ignore_upgrade(self, rest: bytes) -> None:
        """
        Read the request again without its `Upgrade`, as RFC 9110 §7.8 lets a server do.

        The parser treats bytes after such a head as another protocol: a body would be lost, or
        be parsed as the next request.
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

    # The deadline

    def _start_deadline(self) -> None:
        self._stop_deadline()
        self._deadline = self.loop.call_later(self.rules.limits.receive, self._on_deadline)

    def _stop_deadline(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _on_deadline(self) -> None:
        """A peer that sent nothing gets no answer: a 408 would answer its next request."""
        self._deadline = None
        if not self._arriving:
            self.transport.close()
        elif not self.flow.read_paused:
            self._refuse(RequestTimeout())

    # The refusal

    def _refuse(self, fault: Fault) -> _StopParsing:
        """Refuse the request and all later ones; return the exception that a callback raises."""
        accept = _value(self.scope["headers"], b"accept-language")
        answer = refusal(fault, language(accept))
        headers = [(b"content-type", b"application/json")]
        if answer.language is not None:
            headers.append((b"content-language", answer.language.encode()))
        # Before its URL has begun, the parser still knows the method of the request before.
        is_head = bool(self.url) and self.parser.get_method() == b"HEAD"
        self._queue_refusal(answer.status, headers, answer.body, is_head)
        return _StopParsing()

    def _refuse_bytes(self) -> None:
        self._queue_refusal(400, [(b"content-type", b"text/plain; charset=utf-8")], NOT_HTTP, False)

    def _queue_refusal(self, status: int, headers: Headers, body: bytes, is_head: bool) -> None:
        self._discard_rest()
        request_id = self.rules.new_request_id()
        lines = [
            *self.server_state.default_headers,
            *headers,
            (b"content-length", b"%d" % len(body)),
            (b"connection", b"close"),
            (b"x-request-id", request_id.encode()),
        ]
        head = STATUS_LINE[status] + b"".join(b"%b: %b\r\n" % line for line in lines) + b"\r\n"
        self._refusal = head if is_head else head + body
        self.rules.on_refused(status, request_id)
        self._write_pending()

    def _discard_rest(self) -> None:
        self._discarding, self._arriving = True, False
        self._stop_deadline()

    def _is_answered(self) -> bool:
        """Return whether every whole request has its answer; `cycle` belongs to the last one."""
        return self.cycle is None or self.cycle.response_complete

    def _write_pending(self) -> None:
        """Write the refusal or the 100 Continue that had to wait for earlier answers."""
        if not self._is_answered():
            return
        if self._refusal is not None:
            self._send_refusal(self._refusal)
        elif self._in_body and self._arriving and self.expect_100_continue:
            self.expect_100_continue = False
            if self.parser.get_http_version() != "1.0":  # RFC 9110 §10.1.1
                self._write_buffer.flush()
                self.transport.write(CONTINUE)

    def _send_refusal(self, refusal: bytes) -> None:
        """
        Write the refusal, then drop further bytes until the peer is done or the time is up.

        Closing on unread bytes would make the kernel send a reset, and the peer lose the answer.
        """
        self._refusal = None
        self._unset_keepalive_if_required()
        self._write_buffer.flush()
        self.transport.write(refusal)
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self.flow.resume_reading()
        self._deadline = self.loop.call_later(LINGER, self.transport.abort)


def _size(headers: Headers) -> int:
    return sum(len(name) + len(value) + 4 for name, value in headers)


def _value(headers: Headers, name: bytes) -> str | None:
    return next((value.decode("latin-1") for key, value in headers if key == name), None)
