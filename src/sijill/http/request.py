"""Requests and responses of handlers, and how a response is sent."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any, NamedTuple

from sijill.errors import NotFound
from sijill.fields.form import Fields
from sijill.http.bodies import parse_body
from sijill.http.query import parse_id, parse_query
from sijill.http.sentences import Language, language
from sijill.limits.window import Verdict

Headers = list[tuple[bytes, bytes]]

PREFIX = "/admin/v2"
"""The origin's prefix; the same routes answer without it."""

JSON = b"application/json"
CACHED = [(b"cache-control", b"private, no-cache"), (b"vary", b"Authorization, Accept-Language")]
"""On every answer of the API: caches must revalidate it, and keep it apart for each token."""


class Request:
    """One whole request; its content is not trusted."""

    __slots__ = (
        "_receive",
        "captured",
        "headers",
        "id",
        "method",
        "path",
        "query",
        "scope",
        "verdict",
    )

    def __init__(self, scope: dict[str, Any], receive: Any, request_id: str) -> None:
        self.scope = scope
        self._receive = receive
        self.id = request_id
        self.method: str = scope["method"]
        self.path: bytes = scope["raw_path"]
        """As sent: a `%2F` inside a segment does not split it."""
        self.query: bytes = scope["query_string"]
        self.headers: dict[bytes, bytes] = dict(scope["headers"])
        """By lower-case name; the values of a repeated header as one list."""
        if len(self.headers) < len(scope["headers"]):
            self.headers = _joined(scope["headers"])
        self.captured = ""
        """The segment in the place of the route's parameter."""
        self.verdict: Verdict | None = None
        """The limiter's numbers; None until a limiter has counted this request."""

    def header(self, name: bytes) -> str | None:
        """Return a header's text, or None if it was not sent."""
        value = self.headers.get(name)
        return None if value is None else value.decode("latin-1")

    async def body(self) -> bytes:
        """Return the body; works once. It is one message: the protocol waits for whole requests."""
        body: bytes = (await self._receive()).get("body", b"")
        return body

    async def fields(self) -> Fields:
        """
        Return the fields of the body.

        Raises: BadRequest, Invalid: see `http.bodies.parse_body`.
        """
        return parse_body(await self.body(), self.header(b"content-type"))

    async def left(self) -> None:
        """Return when the client has disconnected."""
        while (await self._receive())["type"] != "http.disconnect":
            pass

    @property
    def found_id(self) -> int:
        """
        The id in the place of the route's parameter.

        Raises: NotFound for a malformed id.
        """
        number = parse_id(self.captured)
        if number is None:
            raise NotFound
        return number

    @property
    def language(self) -> Language:
        """The language of refusals."""
        return language(self.header(b"accept-language"))

    @property
    def peer(self) -> str:
        """The address at the other end of the connection; "" for a local socket."""
        client = self.scope.get("client")
        return client[0] if client else ""


def _joined(headers: Headers) -> dict[bytes, bytes]:
    """Return headers with the values of repeated ones as a list (RFC 9110 §5.3)."""
    joined: dict[bytes, bytes] = {}
    for name, value in headers:
        joined[name] = joined[name] + b", " + value if name in joined else value
    return joined


class Response(NamedTuple):
    """An answer: status, body, and headers beyond Content-Length and X-Request-Id."""

    status: int
    body: bytes
    headers: Headers


class Stream(NamedTuple):
    """An answer whose body comes piece by piece."""

    status: int
    pieces: AsyncGenerator[bytes, None]
    headers: Headers
    owner: tuple[int, int]
    """The store and the app that hold the stream open; a limit counts the streams of each pair."""


def with_language(request: Request, path: str) -> str:
    """Return the address of a form, with the language that `?lang=` chose."""
    chosen = dict(parse_query(request.query)).get("lang")
    return f"{path}?lang={chosen}" if chosen in ("ar", "en") else path


def chosen_language(request: Request) -> Language:
    """Return the language of a page: `?lang=ar` or `?lang=en`, else the client's."""
    match dict(parse_query(request.query)).get("lang"):
        case "ar" | "en" as chosen:
            return chosen
        case _:
            return request.language


def json_response(body: bytes, status: int = 200) -> Response:
    """Return an answer in JSON."""
    return Response(status, body, [(b"content-type", JSON)])


async def respond(send: Any, request: Request, response: Response) -> None:
    """Send an answer; a 304 has no body, and the server drops the body of an answer to HEAD."""
    headers = [*response.headers, (b"x-request-id", request.id.encode("ascii"))]
    if response.status != 304:
        headers.append((b"content-length", b"%d" % len(response.body)))
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    await send({"type": "http.response.body", "body": response.body})


async def stream(send: Any, request: Request, response: Stream) -> None:
    """
    Send an answer piece by piece, until its end or until the client disconnects.

    It makes a piece when the one before has been sent: a slow reader takes no memory.
    Raises: as `response.pieces`, after it has ended the answer.
    """
    headers = [*response.headers, (b"x-request-id", request.id.encode("ascii"))]
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    sending = asyncio.create_task(_send_pieces(send, response))
    leaving = asyncio.create_task(request.left())
    try:
        await asyncio.wait((sending, leaving), return_when=asyncio.FIRST_COMPLETED)
    finally:
        sending.cancel()
        leaving.cancel()
        await asyncio.gather(sending, leaving, return_exceptions=True)
    await send({"type": "http.response.body", "body": b""})
    if not sending.cancelled():
        sending.result()


async def _send_pieces(send: Any, response: Stream) -> None:
    async with aclosing(response.pieces) as pieces:
        async for piece in pieces:
            await send({"type": "http.response.body", "body": piece, "more_body": True})
