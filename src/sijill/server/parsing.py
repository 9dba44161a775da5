"""
Requests from the bytes of one connection; llhttp parses.

The parser gets bytes in pieces, and no piece holds bytes of two requests: a head and a chunked body
end with an empty line, and any other body has a length. So the bytes behind a request can wait
unparsed until their turn.
"""

from typing import Any
from urllib.parse import quote_from_bytes

from httptools import (
    HttpParserError,
    HttpParserInvalidURLError,
    HttpParserUpgrade,
    HttpRequestParser,
    parse_url,
)

from sijill.errors import NotHTTP, PayloadTooLarge
from sijill.http.body import NO_BODY, Body
from sijill.http.request import Request
from sijill.server.request_limits import RequestLimits, body_excess, head_excess, max_body

_EMPTY_LINE = b"\r\n\r\n"
_ASCII = bytes(range(128))
_VERSIONS = ("1.1", "1.0")


class RequestParser:
    """
    Parses the requests of one connection, one after the other.

    llhttp calls the methods whose names begin with `on_`, which record what it found.
    `on_message_begin` also refuses a second request in one piece, and `on_header` drops trailers.
    """

    def __init__(self, limits: RequestLimits, peer: str) -> None:
        self._limits, self._peer = limits, peer
        self._parser: Any = HttpRequestParser(self)
        self.is_open = False
        """Whether a request has begun and is incomplete."""
        self.request: Request | None = None
        """The current request, or the last one; None before its head is complete."""
        self.is_last = False
        """Whether the connection ends after that request: by its headers, or as HTTP/1.0 does."""
        self.expects_continue = False
        """Whether the client sends the body of that request once it is told to."""
        self._tail = b""  # the last bytes of the piece before: an empty line may begin in them
        self._start()

    def _start(self) -> None:
        self._url = b""
        self._headers: dict[bytes, bytes] = {}
        self._in_body = False
        self._ended = False  # the request has ended in this piece
        self._line_ended = False
        self._raw = 0  # bytes of the head, and then of the body, as they were sent
        self._received = 0  # bytes of the body
        self.missing = 0
        """Bytes of the current body that are still to come, where its length is known."""
        self._pieces: list[bytes] = []

    @property
    def arriving(self) -> Request | None:
        """The current request while its body is still to come, wholly or in part."""
        return self.request if self.is_open else None

    def partial(self) -> Request:
        """Return what is known of a request that is incomplete."""
        # Before its URL has begun, llhttp still knows the method of the request before.
        method = self._parser.get_method().decode("ascii") if self._url else "GET"
        return Request(method, self._url, b"", self._headers, self._peer)

    def close(self) -> None:
        """Let go of llhttp, which refers back to this object."""
        self.is_open, self._parser = False, None

    def feed(self, data: bytes, start: int) -> int:
        """
        Parse the next piece of `data` from `start` on, and return where that piece ends.

        Raises: NotHTTP; UriTooLong, HeadersTooLarge, PayloadTooLarge; OSError if there is no room
        for the file of a body.
        """
        end = self._end_of_piece(data, start)
        piece = data if end - start == len(data) else data[start:end]
        self._ended, was_open = False, self.is_open
        try:
            try:
                # Before its first byte what is known is that of the request before.
                if (self.is_open and self._in_body) or piece.isascii():
                    self._parser.feed_data(piece)
                else:
                    self._parser.feed_data(self._with_ascii_target(piece))
            except HttpParserUpgrade:
                self._parse_without_upgrade()
        except HttpParserError:
            raise NotHTTP from None
        self._raw += end - start
        if not self._in_body:
            self._check_head(piece if was_open else piece.lstrip(b"\r\n"))
            return end
        if self.request is None:
            self.request, self._raw = self._read_head(), 0
        if self.request.content is not NO_BODY:
            self._pass_on(self.request.content)
        return end

    def _end_of_piece(self, data: bytes, start: int) -> int:
        """Return the end of the current request in `data`, or an earlier place."""
        if self.missing:
            end = min(start + self.missing, len(data))
            self.missing -= end - start
            return end
        tail, self._tail = self._tail, b""
        if tail:
            place = (tail + data[start : start + 3]).find(_EMPTY_LINE)
            if place >= 0:
                return start + place + 4 - len(tail)
        place = data.find(_EMPTY_LINE, start)
        if place >= 0:
            return place + 4
        self._tail = (tail + data[max(start, len(data) - 3) :])[-3:]
        return len(data)

    # llhttp found

    def on_message_begin(self) -> None:
        if self._ended:
            raise NotHTTP  # two requests in one piece: llhttp and we see different ends
        self._start()
        self.is_open, self.request = True, None

    def on_url(self, url: bytes) -> None:
        self._url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        if self._in_body:
            return  # a trailer: nothing may read it
        name, headers = name.lower(), self._headers
        headers[name] = headers[name] + b", " + value if name in headers else value

    def on_headers_complete(self) -> None:
        self._in_body = True
        parser = self._parser
        self._method, self._version = parser.get_method(), parser.get_http_version()
        self.is_last = not parser.should_keep_alive() or self._version == "1.0"

    def on_body(self, data: bytes) -> None:
        self._pieces.append(data)

    def on_message_complete(self) -> None:
        self.is_open, self._ended = False, True

    # The head

    def _check_head(self, piece: bytes) -> None:
        fault = head_excess(self._limits, len(self._url), self._raw) if self.is_open else None
        if fault is not None:
            raise fault
        self._line_ended = self._line_ended or b"\n" in piece

    def _read_head(self) -> Request:
        limits, url, headers, lines = self._limits, self._url, self._headers, 0
        if self._raw > limits.headers:
            lines = sum(len(name) + len(value) + 4 for name, value in headers.items())
        fault = head_excess(limits, len(url), self._raw, lines)
        if fault is not None:
            raise fault
        if self._version not in _VERSIONS:
            raise NotHTTP
        path, query = _split(url)
        body = self._body_of(url, headers)
        expect = headers.get(b"expect", b"").lower()
        self.expects_continue = expect == b"100-continue" and self._version != "1.0"
        method, version = self._method.decode("ascii"), self._version
        return Request(method, path, query, headers, self._peer, body, version)

    def _body_of(self, url: bytes, headers: dict[bytes, bytes]) -> Body:
        length = headers.get(b"content-length")
        if length is None and b"transfer-encoding" not in headers:
            return NO_BODY
        most = max_body(self._limits, url)
        if length is not None:
            self.missing = int(length)
            if self.missing > most:
                raise PayloadTooLarge
            most = self.missing
        return Body(most) if most or length is None else NO_BODY

    def _with_ascii_target(self, piece: bytes) -> bytes:
        """Percent-encode raw bytes of the request line; llhttp refuses them in a target."""
        if self.is_open and self._line_ended:
            return piece
        blank = 0 if self.is_open else len(piece) - len(piece.lstrip(b"\r\n"))
        end = piece.find(b"\n", blank)
        line, rest = (piece, b"") if end < 0 else (piece[:end], piece[end:])
        return quote_from_bytes(line, _ASCII).encode("ascii") + rest

    def _parse_without_upgrade(self) -> None:
        """
        Parse the head again without its `Upgrade`, as RFC 9110 §7.8 lets a server do.

        llhttp would take the bytes behind such a head for another protocol.
        """
        if self._method == b"CONNECT":
            raise NotHTTP
        lines = [b"%b %b HTTP/%b" % (self._method, self._url, self._version.encode())]
        lines += [b"%b: %b" % line for line in self._headers.items() if line[0] != b"upgrade"]
        self._parser, self._ended = HttpRequestParser(self), False
        self._parser.feed_data(b"\r\n".join([*lines, b"", b""]))

    # The body

    def _pass_on(self, body: Body) -> None:
        """Give the body the parts that have arrived."""
        pieces, self._pieces = self._pieces, []
        for data in pieces:
            self._received += len(data)
            body.write(data)
        fault = body_excess(self._limits, body.most, self._raw, self._received)
        if fault is not None:
            raise fault
        if not self.is_open:
            body.end()


def _split(target: bytes) -> tuple[bytes, bytes]:
    """
    Return the path and the query of a request target.

    Raises: NotHTTP for a target without a path.
    """
    if target.startswith(b"/") and b"#" not in target:
        path, _, query = target.partition(b"?")
        return path, query
    try:
        url = parse_url(target)
    except HttpParserInvalidURLError:
        raise NotHTTP from None
    if url.path is None:
        raise NotHTTP
    return url.path, url.query or b""
