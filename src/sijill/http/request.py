"""Requests and responses of handlers."""

from collections.abc import AsyncGenerator, Callable, Sequence
from typing import Any, NamedTuple

from sijill.errors import Fault, NotFound
from sijill.fields.form import Fields
from sijill.http.bodies import parse_body
from sijill.http.body import NO_BODY, Body
from sijill.http.query import parse_id, parse_query
from sijill.http.sentences import language
from sijill.limits.window import Verdict
from sijill.localized import Language

Headers = list[tuple[bytes, bytes]]

PREFIX = "/admin/v2"
"""The origin's prefix; the same routes answer without it."""

JSON = b"application/json"
HTML = b"text/html; charset=utf-8"
CACHED = [(b"cache-control", b"private, no-cache"), (b"vary", b"Authorization, Accept-Language")]
"""On every answer of the API: caches must revalidate it, and keep it apart for each token."""


Viewed = tuple[str, Sequence[int]]
"""An action of the audit log, and the ids of its subjects."""


class Request:
    """One request. Its body may still be on its way, and nothing in it is trusted."""

    __slots__ = (
        "captured",
        "content",
        "crowded",
        "date",
        "fault",
        "grant",
        "headers",
        "id",
        "is_local",
        "kept_language",
        "method",
        "note",
        "path",
        "peer",
        "query",
        "resets",
        "route",
        "verdict",
        "version",
        "viewed",
    )

    def __init__(
        self,
        method: str,
        path: bytes,
        query: bytes,
        headers: dict[bytes, bytes],
        peer: str = "",
        content: Body = NO_BODY,
        version: str = "1.1",
    ) -> None:
        self.method = method
        self.path = path
        """As sent: a `%2F` inside a segment does not split it."""
        self.query = query
        self.headers = headers
        """By lower-case name; the values of a repeated header as one list (RFC 9110 §5.3)."""
        self.peer = peer
        """The address at the other end of the connection; "" for a local socket."""
        self.content = content
        self.version = version
        """Of HTTP: 1.1 or 1.0."""
        self.crowded = False
        """Whether its connection is one more than the server has places for."""
        self.is_local = False
        """Whether it came in plain HTTP from this machine, to a server not said to have HTTPS."""
        self.id = ""
        self.captured = ""
        """The segment in the place of the route's parameter."""
        self.grant: Any = None
        """The grant that admitted the request; None on a public route."""
        self.route = ""
        """The path template of its route; "" until it is found, and if no route has its path."""
        self.viewed: Viewed | None = None
        """The persons whom the answer shows; set by the handler."""
        self.date = b""
        """The header line `Date` of its answer; b"" for the server's own."""
        self.fault: Fault | None = None
        """Why it was refused; None if it was not, or has no answer yet."""
        self.resets = False
        """Whether its connection is reset, not only closed, if it gets no answer."""
        self.kept_language: Language | None = None
        """The language that the browser keeps for the console; None without one."""
        self.note: Any = None
        """A value that an application stores with the request."""
        self.verdict: Verdict | None = None
        """The limiter's numbers; None until a limiter has counted this request."""

    def header(self, name: bytes) -> str | None:
        """Return a header's text, or None if it was not sent."""
        value = self.headers.get(name)
        return None if value is None else value.decode("latin-1")

    async def body(self) -> bytes:
        """Return the body, which has arrived before a handler is called."""
        return self.content.read()

    async def fields(self) -> Fields:
        """
        Return the fields of the body.

        Raises: BadRequest, Invalid: see `http.bodies.parse_body`.
        """
        return parse_body(await self.body(), self.header(b"content-type"))

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


def _nothing() -> None:
    """Do nothing."""


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
    on_end: Callable[[], None] = _nothing
    """To be called once, when the stream has ended or its client has left."""


def with_language(request: Request, path: str) -> str:
    """Return the address of a form or a page, with the language that `?lang=` chose."""
    chosen = dict(parse_query(request.query)).get("lang")
    joiner = "&" if "?" in path else "?"
    return f"{path}{joiner}lang={chosen}" if chosen in ("ar", "en") else path


def chosen_language(request: Request) -> Language:
    """Return the language of a page: `?lang=ar` or `?lang=en`, else the client's."""
    match dict(parse_query(request.query)).get("lang"):
        case "ar" | "en" as chosen:
            return chosen
        case _:
            return request.kept_language or request.language


def json_response(body: bytes, status: int = 200) -> Response:
    """Return an answer in JSON."""
    return Response(status, body, [(b"content-type", JSON)])
