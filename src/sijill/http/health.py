"""The handlers for operators: liveness, readiness and metrics."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

from sijill.errors import Unavailable
from sijill.http.request import Request, Response
from sijill.telemetry.metrics import Metrics
from sijill.telemetry.wire import HEALTH, liveness, readiness


class Draining:
    """Whether the server is shutting down; `/readyz` and streams read it."""

    def __init__(self, on_begin: Callable[[], None] | None = None) -> None:
        """`on_begin` is called when the shutdown begins."""
        self._event, self._on_begin = asyncio.Event(), on_begin

    @property
    def begun(self) -> bool:
        """Whether the shutdown has begun."""
        return self._event.is_set()

    def begin(self) -> None:
        """Begin the shutdown."""
        self._event.set()
        if self._on_begin is not None:
            self._on_begin()

    async def sleep(self, seconds: float) -> None:
        """Wait some real seconds, at most until the shutdown begins."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._event.wait()


class HealthHandlers:
    """Answers operators; `ping` raises Unavailable if the database is away."""

    def __init__(
        self,
        ping: Callable[[], Awaitable[None]],
        metrics: Metrics,
        draining: Draining,
        replica: Callable[[], bool | None] = lambda: None,
    ) -> None:
        """`replica` returns whether the replica can be read; None if there is none."""
        self._ping, self._metrics, self._draining = ping, metrics, draining
        self._replica = replica

    async def healthz(self, request: Request) -> Response:
        """Answer 200 as long as the process answers at all."""
        return Response(200, liveness(), _headers(HEALTH.encode("ascii")))

    async def readyz(self, request: Request) -> Response:
        """Answer 200 if requests can be served: the database answers, and no shutdown has begun."""
        try:
            await self._ping()
            answers = True
        except Unavailable:
            answers = False
        good, body = readiness(
            database=answers, server=not self._draining.begun, replica=self._replica()
        )
        return Response(200 if good else 503, body, _headers(HEALTH.encode("ascii")))

    async def metrics(self, request: Request) -> Response:
        """Answer with every metric, in the text format of Prometheus."""
        text, media_type = self._metrics.exposition()
        return Response(200, text, _headers(media_type.encode("ascii")))


def _headers(media_type: bytes) -> list[tuple[bytes, bytes]]:
    return [(b"content-type", media_type), (b"cache-control", b"no-store")]
