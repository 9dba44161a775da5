"""The ASGI application: one way in, one way out. Every fault becomes its answer here, once."""

import re
from collections import Counter
from typing import Any

from sijill.errors import Fault, TooManyRequests, Unavailable
from sijill.http.parts import Parts
from sijill.http.refusals import refused
from sijill.http.request import CACHED, Headers, Request, Response, Stream, respond, stream
from sijill.http.router import Refuse, Router
from sijill.limits.window import Verdict
from sijill.oauth.admission import admit

NO_ROUTE = "(none)"
MOST_STREAMS = 8
"""Streams that one app may have open in one store, in one process."""

STREAM_WAIT = 5
"""Seconds after which a refused one may try again."""

READS = frozenset({"GET", "HEAD", "OPTIONS"})
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

_TRUSTED_ID = re.compile(r"[0-9A-Fa-f]{16,32}|[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
"""Request ids that are taken over: hexadecimal or UUID, so that no personal data rides in one."""


class Api:
    """Answers requests from `parts`; counts, in its own layer, how many are in flight."""

    def __init__(self, parts: Parts, router: Router) -> None:
        self._parts = parts
        self._router = router
        self._in_flight = 0
        self._streams: Counter[tuple[int, int]] = Counter()

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        """Answer one request."""
        parts = self._parts
        begun = parts.monotonic()
        request = Request(scope, receive, parts.new_id())
        named = request.header(b"x-request-id")
        if named is not None and _TRUSTED_ID.fullmatch(named):
            request.id = named
        self._in_flight += 1
        try:
            template, response = await self._answer(request)
            status = response.status
            if not isinstance(response, Stream):
                await respond(send, request, response)
        finally:
            self._in_flight -= 1
        if isinstance(response, Stream):  # it may last for days, and holds nobody's place
            status = await self._stream(send, request, template, response)
        if request.method not in READS:
            parts.on_write()
        method = request.method if request.method in METHODS else "other"
        seconds = parts.monotonic() - begun
        parts.gauges.answered(method, template, status, seconds)
        parts.journal.answered(request.id, method, template, status, seconds * 1000)

    async def _stream(self, send: Any, request: Request, template: str, response: Stream) -> int:
        """
        Send a stream, unless the app has enough of them, and return the status.

        A fault ends it: the client asks again, and is told of it then.
        """
        whose = request.grant.store.id, request.grant.app_id
        if self._streams[whose] >= MOST_STREAMS:
            await response.pieces.aclose()
            refusal = refused(request, TooManyRequests(STREAM_WAIT))
            await respond(send, request, refusal)
            return refusal.status
        self._streams[whose] += 1
        try:
            await stream(send, request, response)
        except Fault as fault:
            if fault.__cause__ is not None:
                self._parts.journal.failed(request.id, template, fault.__cause__)
        except Exception as fault:
            self._parts.journal.failed(request.id, template, fault)
        finally:
            self._streams[whose] -= 1
            self._streams = +self._streams
        return response.status

    async def _answer(self, request: Request) -> tuple[str, Response | Stream]:
        """Return the template of the route that was found, and the answer."""
        template = NO_ROUTE
        refuse: Refuse = refused
        try:
            if self._in_flight > self._parts.max_in_flight:
                raise Unavailable
            route, request.captured = self._router.find(request.method, request.path)
            template, refuse = route.path, route.refuse
            if route.public:
                return template, await route.handler(request, self._parts)
            await admit(request, route, self._parts)
            response = await route.handler(request, self._parts)
        except Fault as fault:
            if isinstance(fault, Unavailable) and fault.__cause__ is not None:
                self._parts.journal.failed(request.id, template, fault.__cause__)
            response = refuse(request, fault)
        except Exception as fault:
            self._parts.journal.failed(request.id, template, fault)
            response = refuse(request, Fault())
        if refuse is not refused:
            return template, response
        response.headers.extend(CACHED)
        response.headers.extend(limit_headers(request.verdict))
        return template, response


def limit_headers(verdict: Verdict | None) -> Headers:
    """Return the limiter's numbers as headers, none where nothing was counted."""
    if verdict is None:
        return []
    return [
        (b"x-ratelimit-limit", b"%d" % verdict.limit),
        (b"x-ratelimit-remaining", b"%d" % verdict.remaining),
        (b"x-ratelimit-reset", b"%d" % verdict.reset),
    ]
