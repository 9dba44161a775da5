"""The ASGI application: the only place where a fault becomes an answer."""

import re
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any

from sijill.errors import Fault, TooManyRequests, Unavailable
from sijill.http.errors import refused
from sijill.http.request import CACHED, Headers, Request, Response, Stream, respond, stream
from sijill.http.router import Refuse, Route, Router
from sijill.limits.window import Verdict
from sijill.telemetry.logs import RequestLog
from sijill.telemetry.metrics import Metrics

NO_ROUTE = "(none)"
MAX_STREAMS = 8
"""Open streams of one app in one store, at most, in one process."""

STREAM_WAIT = 5
"""Seconds after which a refused client may try again."""

READS = frozenset({"GET", "HEAD", "OPTIONS"})
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

_TRUSTED_ID = re.compile(r"[0-9A-Fa-f]{16,32}|[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
"""Request ids that we accept: hexadecimal or UUID, so that they hold no personal data."""

Authorize = Callable[[Request, Route], Awaitable[Any]]
"""Returns the second argument of the handler of a route that is not public."""


class AsgiApp:
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
    ) -> None:
        self._router, self._authorize = router, authorize
        self._metrics, self._journal = metrics, journal
        self._monotonic, self._new_id, self._on_write = monotonic, new_id, on_write
        self._max_in_flight, self._in_flight = max_in_flight, 0
        self._streams: Counter[tuple[int, int]] = Counter()

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        """Answer one request."""
        begun = self._monotonic()
        request = Request(scope, receive, self._new_id())
        client_id = request.header(b"x-request-id")
        if client_id is not None and _TRUSTED_ID.fullmatch(client_id):
            request.id = client_id
        self._in_flight += 1
        try:
            template, response = await self._answer(request)
            status = response.status
            if not isinstance(response, Stream):
                await respond(send, request, response)
        finally:
            self._in_flight -= 1
        if isinstance(response, Stream):  # it may last for days, and is not counted as in flight
            status = await self._stream(send, request, template, response)
        if request.method not in READS:
            self._on_write()
        method = request.method if request.method in METHODS else "other"
        seconds = self._monotonic() - begun
        self._metrics.answered(method, template, status, seconds)
        self._journal.answered(request.id, method, template, status, seconds * 1000)

    async def _stream(self, send: Any, request: Request, template: str, response: Stream) -> int:
        """
        Send a stream, unless its app has MAX_STREAMS open, and return the status.

        A fault ends the stream: the client asks again, and the next answer names the fault.
        """
        owner = response.owner
        if self._streams[owner] >= MAX_STREAMS:
            await response.pieces.aclose()
            refusal = refused(request, TooManyRequests(STREAM_WAIT))
            await respond(send, request, refusal)
            return refusal.status
        self._streams[owner] += 1
        try:
            await stream(send, request, response)
        except Fault as fault:
            if fault.__cause__ is not None:
                self._journal.failed(request.id, template, fault.__cause__)
        except Exception as fault:
            self._journal.failed(request.id, template, fault)
        finally:
            self._streams[owner] -= 1
            self._streams = +self._streams
        return response.status

    async def _answer(self, request: Request) -> tuple[str, Response | Stream]:
        """Return the path template of the request's route, and the answer."""
        template = NO_ROUTE
        refuse: Refuse = refused
        try:
            if self._in_flight > self._max_in_flight:
                raise Unavailable
            route, request.captured = self._router.find(request.method, request.path)
            template, refuse = route.path, route.refuse
            if route.public:
                return template, await route.handler(request)
            response = await route.handler(request, await self._authorize(request, route))
        except Fault as fault:
            if isinstance(fault, Unavailable) and fault.__cause__ is not None:
                self._journal.failed(request.id, template, fault.__cause__)
            response = refuse(request, fault)
        except Exception as fault:
            self._journal.failed(request.id, template, fault)
            response = refuse(request, Fault())
        if refuse is not refused:
            return template, response
        response.headers.extend(CACHED)
        response.headers.extend(limit_headers(request.verdict))
        return template, response


def limit_headers(verdict: Verdict | None) -> Headers:
    """Return the limiter's numbers as headers; no headers if no limiter counted the request."""
    if verdict is None:
        return []
    return [
        (b"x-ratelimit-limit", b"%d" % verdict.limit),
        (b"x-ratelimit-remaining", b"%d" % verdict.remaining),
        (b"x-ratelimit-reset", b"%d" % verdict.reset),
    ]
