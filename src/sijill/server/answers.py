"""Answers as the bytes of HTTP/1.1."""

from email.utils import formatdate
from http import HTTPStatus

from sijill.http.request import Headers, Request, Response, Stream

CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
LAST_CHUNK = b"0\r\n\r\n"

_STATUS_LINES = {
    status.value: f"HTTP/1.1 {status.value} {status.phrase}\r\n".encode() for status in HTTPStatus
}


def date_line(at: float) -> bytes:
    """Return the header line `Date` of a time in UTC epoch seconds. Source: RFC 9110 §6.6.1."""
    return f"date: {formatdate(at, usegmt=True)}\r\n".encode("ascii")


def whole(request: Request, response: Response, date: bytes, *, closes: bool) -> bytes:
    """
    Return an answer. `date` is its header line; `closes` says that the connection ends behind it.

    A 204 may not have a length, a 304 goes without one, and an answer to HEAD has that of GET.
    Source: RFC 9110 §8.6.
    """
    status, body, headers = response
    own: Headers = [(b"x-request-id", request.id.encode("ascii"))]
    if status not in (204, 304):
        own.append((b"content-length", b"%d" % len(body)))
    head = _head(status, [*headers, *own], date, closes=closes)
    return head if request.method == "HEAD" or status in (204, 304) else head + body


def beginning(
    request: Request, stream: Stream, date: bytes, *, chunked: bool, closes: bool
) -> bytes:
    """Return the head of a stream; one that is not `chunked` ends with the connection."""
    headers = [*stream.headers, (b"x-request-id", request.id.encode("ascii"))]
    if chunked:
        headers.append((b"transfer-encoding", b"chunked"))
    return _head(stream.status, headers, date, closes=closes or not chunked)


def chunk(piece: bytes) -> bytes:
    """Return a piece of a stream as a chunk. Source: RFC 9112 §7.1."""
    return b"%x\r\n%b\r\n" % (len(piece), piece)


def _head(status: int, headers: Headers, date: bytes, *, closes: bool) -> bytes:
    """
    Return a head.

    Raises: ValueError if a header would break its line, and begin another.
    """
    lines = [_STATUS_LINES[status], date]
    for name, value in headers:
        lines += (name, b": ", value, b"\r\n")
    lines.append(b"connection: close\r\n\r\n" if closes else b"\r\n")
    head = b"".join(lines)
    if head.count(b"\n") != len(headers) + 3 + closes or head.count(b"\r") != head.count(b"\n"):
        raise ValueError("a header holds a line break")
    return head
