"""The dispatcher: the only place where a fault becomes an answer."""

import re
from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from typing import Any

from sijill.errors import Fault, NotHTTP, TooManyRequests, Unavailable
from sijill.http.errors import refused
from sijill.http.request import CACHED, Headers, Request, Response, Stream
from sijill.http.router import Refuse, Route, Router
from sijill.limits.window import Verdict
from sijill.telemetry.logs import RequestLog
from sijill.telemetry.metrics import Metrics

NO_ROUTE = "(none)"
UNPARSED = "(edge)"
"""The route of a request that the server refuses before it knows what is asked for."""

NOT_HTTP = Response(
    400, b"Invalid HTTP request received.", [(b"content-type", b"text/plain; charset=utf-8")]
)

DOUBLE_SLASH = (
    b"sijill-hint",
    b"the path has an empty segment: leave out the slash at the end of the base URL",
)

MAX_STREAMS = 8
"""Open streams of one app in one store, at most, in one process."""

STREAM_WAIT = 5
"""Seconds after which a refused client may try again."""

READS = frozenset({"GET", "HEAD", "OPTIONS"})
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

_TRUSTED_ID = re.compile(r"[0-9A-Fa-f]{16,32}|[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
"""Request ids that we accept: hexadecimal or UUID, so that they hold no personal data."""

OnView = Callable[[Request], None]
"""Notes what `request.viewed` says, before the answer is sent."""

Authorize = Callable[[Request, Route], Awaitable[Any]]
"""Returns the second argument of the handler of a route that is not public."""


class Dispatcher:
    """Answers requests, and refuses those above `max_in_flight` at a time."""

    def __init__(
        self,
        router: Router,
        authorize: Authorize,
        metrics: Metrics,
        journal: RequestLog,
        monotonic: Callable[[], float],
        new_id: Callable[[], str],
        on_write: Callable[[], None],
        max_in_flight: int,
        on_view: OnView = lambda request: None,
        on_answer: Callable[[Request, int], None] | None = None,
    ) -> None:
        """`on_answer` gets each request with the status of its answer, before that is sent."""
        self._router, self._authorize = router, authorize
        self._metrics, self._journal = metrics, journal
        self._monotonic, self._new_id, self._on_write = monotonic, new_id, on_write
        self._max_in_flight, self._in_flight = max_in_flight, 0
        self._on_view = on_view
        self._on_answer = on_answer
        self._streams: Counter[tuple[int, int]] = Counter()

    async def answer(self, request: Request) -> Response | Stream:
        """
        Return the answer to one request; it never raises a fault.

        Route, token, limits and scopes are judged by the head; only then is the body received.
        """
        begun = self._monotonic()
        client_id = request.header(b"x-request-id")
        trusted = client_id is not None and _TRUSTED_ID.fullmatch(client_id)
        request.id = client_id if client_id is not None and trusted else self._new_id()
        template, response = await self._answer(request)
        if self._on_answer is not None:
            self._on_answer(request, response.status)
        if isinstance(response, Stream):
            if self._streams[response.owner] < MAX_STREAMS:
                return self._begin_stream(request, template, response, begun)
            await response.pieces.aclose()
            response = refused(request, TooManyRequests(STREAM_WAIT))
        self._record(request, template, response.status, begun)
        return response

    @property
    def is_idle(self) -> bool:
        """Whether no request is being answered."""
        return not self._in_flight

    def refuse(self, request: Request, fault: Fault) -> Response:
        """Return the answer to a request that the server refuses by itself."""
        request.id = self._new_id()
        response = NOT_HTTP
        if not isinstance(fault, NotHTTP):
            response = refused(request, fault)
            response.headers.extend(CACHED)
        self._metrics.answered("other", UNPARSED, response.status, 0.0)
        self._journal.refused(request.id, response.status)
        return response

    async def _answer(self, request: Request) -> tuple[str, Response | Stream]:
        """Return the path template of the request's route, and the answer."""
        template = NO_ROUTE
        refuse: Refuse = refused
        response: Response | Stream
        try:
            route, request.captured = self._router.find(request.method, request.path)
            template = request.route = route.path
            if route.always:
                return template, await route.handler(request)
            if request.crowded or self._in_flight >= self._max_in_flight:
                raise Unavailable
            self._in_flight += 1
            try:
                if route.permission is not None:
                    refuse = route.refuse
                if not route.public:
                    request.grant = await self._authorize(request, route)
                if not request.content.whole:
                    await request.content.receive()
                refuse = route.refuse
                if route.public:
                    return template, await route.handler(request)
                response = await route.handler(request, request.grant)
                if request.viewed is not None:
                    self._on_view(request)
            finally:
                self._in_flight -= 1
        except NotHTTP:  # of a body: its head was a request
            return template, NOT_HTTP
        except Exception as error:
            request.fault = self._fault_of(error, request, template)
            response = refuse(request, request.fault)
            if request.fault is error and template == NO_ROUTE:
                response.headers.extend(_hints(self._router, request.method, request.path))
        if refuse is refused:
            response.headers.extend(CACHED)
            response.headers.extend(limit_headers(request.verdict))
        return template, response

    def _fault_of(self, error: Exception, request: Request, template: str) -> Fault:
        """Return the fault that a client is told; the log has the error behind it."""
        if isinstance(error, Fault):
            if isinstance(error, Unavailable) and error.__cause__ is not None:
                self._journal.failed(request.id, template, error.__cause__)
            return error
        self._journal.failed(request.id, template, error)
        # No file or no space is left: that passes.
        return Unavailable() if isinstance(error, OSError) else Fault()

    def _begin_stream(
        self, request: Request, template: str, stream: Stream, begun: float
    ) -> Stream:
        """Return a stream that is counted until the server calls its `on_end`."""
        self._streams[stream.owner] += 1

        def end() -> None:
            self._streams[stream.owner] -= 1
            self._streams = +self._streams
            self._record(request, template, stream.status, begun)

        return stream._replace(pieces=self._guarded(request, template, stream), on_end=end)

    async def _guarded(
        self, request: Request, template: str, stream: Stream
    ) -> AsyncGenerator[bytes, None]:
        """
        Yield the pieces of a stream.

        A fault ends it: the client asks again, and the next answer names the fault.
        """
        try:
            async with aclosing(stream.pieces) as pieces:
                async for piece in pieces:
                    if request.viewed is not None:
                        self._on_view(request)
                    yield piece
        except Fault as fault:
            if fault.__cause__ is not None:
                self._journal.failed(request.id, template, fault.__cause__)
        except Exception as fault:
            self._journal.failed(request.id, template, fault)

    def _record(self, request: Request, template: str, status: int, begun: float) -> None:
        if request.method not in READS:
            self._on_write()
        method = request.method if request.method in METHODS else "other"
        seconds = self._monotonic() - begun
        self._metrics.answered(method, template, status, seconds)
        self._journal.answered(request.id, method, template, status, seconds * 1000)


def limit_headers(verdict: Verdict | None) -> Headers:
    """Return the limiter's numbers as headers; no headers if no limiter counted the request."""
    if verdict is None:
        return []
    return [
        (b"x-ratelimit-limit", b"%d" % verdict.limit),
        (b"x-ratelimit-remaining", b"%d" % verdict.remaining),
        (b"x-ratelimit-reset", b"%d" % verdict.reset),
    ]


def _hints(router: Router, method: str, path: bytes) -> Headers:
    """Return the header of a hint on a 404: at the mistake that most clients make with a base."""
    if b"//" not in path:
        return []
    while b"//" in path:
        path = path.replace(b"//", b"/")
    try:
        router.find(method, path)
    except Fault:
        return []
    return [DOUBLE_SLASH]
