"""A request as handlers see it, an answer as they give it, and how it is sent."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any, NamedTuple

from sijill.errors import NotFound
from sijill.fields.form import Fields
from sijill.http.bodies import parse_body
from sijill.http.languages import Language, language
from sijill.http.query import parse_id, parse_query
from sijill.limits.window import Verdict

Headers = list[tuple[bytes, bytes]]

PREFIX = "/admin/v2"
"""The origin's prefix; the same routes answer without it."""

JSON = b"application/json"
CACHED = [
    (b"cache-control", b"private, no-cache"),
    (b"vary", b"Authorization, Accept-Language"),
]
"""On every answer of the API: whoever keeps it asks again, and never shows it to another token."""


class Request:
    """One request that has arrived whole; nothing in it is trusted."""

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
        """By lower-case name; of a repeated one all values, as one list."""
        if len(self.headers) < len(scope["headers"]):
            self.headers = _joined(scope["headers"])
        self.captured = ""
        """The segment that stood in the place of the route's parameter."""
        self.verdict: Verdict | None = None
        """The limiter's numbers; None until one has counted this request."""

    def header(self, name: bytes) -> str | None:
        """Return a header's text, or None if it was not sent."""
        value = self.headers.get(name)
        return None if value is None else value.decode("latin-1")

    async def body(self) -> bytes:
        """Return the body; it may be asked for once. The edge hands over whole requests."""
        message = await self._receive()
        body: bytes = message.get("body", b"")
        return body

    async def fields(self) -> Fields:
        """
        Return the fields of the body.

        Raises: BadRequest, Invalid: see `http.bodies.parse_body`.
        """
        return parse_body(await self.body(), self.header(b"content-type"))

    async def left(self) -> None:
        """Return once the client is gone."""
        while (await self._receive())["type"] != "http.disconnect":
            pass

    @property
    def found_id(self) -> int:
        """
        The id in the place of the route's parameter.

        Raises: NotFound for what is none.
        """
        number = parse_id(self.captured)
        if number is None:
            raise NotFound
        return number

    @property
    def language(self) -> Language:
        """The language refusals are written in."""
        return language(self.header(b"accept-language"))

    @property
    def peer(self) -> str:
        """The address at the other end of the connection; "" where there is none."""
        client = self.scope.get("client")
        return client[0] if client else ""


def _joined(headers: Headers) -> dict[bytes, bytes]:
    """Return headers of which some came twice, their values as a list (RFC 9110 §5.3)."""
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
    """An answer whose body comes piece by piece, for as long as there are any."""

    status: int
    pieces: AsyncGenerator[bytes, None]
    headers: Headers
    owner: tuple[int, int]
    """The store and the app that hold the stream open; each app has a limit of its own."""


def with_language(request: Request, path: str) -> str:
    """Return the address of a form, which keeps the language that `?lang=` chose."""
    chosen = dict(parse_query(request.query)).get("lang")
    return f"{path}?lang={chosen}" if chosen in ("ar", "en") else path


def chosen_language(request: Request) -> Language:
    """Return the language a page is written in: `?lang=ar` or `?lang=en`, else the client's."""
    match dict(parse_query(request.query)).get("lang"):
        case "ar":
            return "ar"
        case "en":
            return "en"
        case _:
            return request.language


def json_response(body: bytes, status: int = 200) -> Response:
    """Return an answer in JSON."""
    return Response(status, body, [(b"content-type", JSON)])


async def respond(send: Any, request: Request, response: Response) -> None:
    """Send an answer; the body of a 304 is none, and the server leaves out that of a HEAD."""
    headers = [*response.headers, (b"x-request-id", request.id.encode("ascii"))]
    if response.status != 304:
        headers.append((b"content-length", b"%d" % len(response.body)))
    start = {"type": "http.response.start", "status": response.status, "headers": headers}
    await send(start)
    await send({"type": "http.response.body", "body": response.body})


async def stream(send: Any, request: Request, response: Stream) -> None:
    """
    Send an answer piece by piece, until there are no more or the client is gone.

    The next piece is asked for once the one before is taken: a slow reader takes no memory.
    Raises: whatever making a piece raises; the answer is ended all the same.
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
