"""The handlers for operators: liveness, readiness and metrics."""

from collections.abc import Awaitable, Callable

from sijill.errors import Unavailable
from sijill.http.request import Request, Response
from sijill.telemetry.metrics import Metrics
from sijill.telemetry.wire import HEALTH, liveness, readiness


class Draining:
    """Whether the server is shutting down; `/readyz` and streams read it."""

    def __init__(self) -> None:
        self.begun = False


class HealthHandlers:
    """Answers operators; `ping` raises Unavailable if the database is away."""

    def __init__(
        self, ping: Callable[[], Awaitable[None]], metrics: Metrics, draining: Draining
    ) -> None:
        self._ping, self._metrics, self._draining = ping, metrics, draining

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
        good, body = readiness(database=answers, server=not self._draining.begun)
        return Response(200 if good else 503, body, _headers(HEALTH.encode("ascii")))

    async def metrics(self, request: Request) -> Response:
        """Answer with every metric, in the text format of Prometheus."""
        text, media_type = self._metrics.exposition()
        return Response(200, text, _headers(media_type.encode("ascii")))


def _headers(media_type: bytes) -> list[tuple[bytes, bytes]]:
    return [(b"content-type", media_type), (b"cache-control", b"no-store")]
