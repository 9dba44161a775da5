"""What operators ask: is it alive, can it serve, what does it count."""

from collections.abc import Awaitable, Callable

from msgspec import json

from sijill.errors import Unavailable
from sijill.http.request import Request, Response
from sijill.telemetry.metrics import Metrics

_HEALTH = b"application/health+json"


class Draining:
    """Whether the server is shutting down: only `/readyz` and streams ask."""

    def __init__(self) -> None:
        self.begun = False


class HealthHandlers:
    """Answers what operators ask."""

    def __init__(
        self,
        ping: Callable[[], Awaitable[None]],
        metrics: Metrics,
        draining: Draining,
    ) -> None:
        self._ping = ping
        self._metrics = metrics
        self._draining = draining

    async def healthz(self, request: Request) -> Response:
        """Answer 200 as long as the process answers at all."""
        return Response(200, json.encode({"status": "pass"}), _headers(_HEALTH))

    async def readyz(self, request: Request) -> Response:
        """Answer 200 if requests can be served: the database answers, and no shutdown has begun."""
        checks = {"database": "pass", "server": "fail" if self._draining.begun else "pass"}
        try:
            await self._ping()
        except Unavailable:
            checks["database"] = "fail"
        status = "fail" if "fail" in checks.values() else "pass"
        document = {
            "status": status,
            "checks": {name: [{"status": s}] for name, s in checks.items()},
        }
        return Response(200 if status == "pass" else 503, json.encode(document), _headers(_HEALTH))

    async def metrics(self, request: Request) -> Response:
        """Answer with every metric, in the text format of Prometheus."""
        text, media_type = self._metrics.exposition()
        return Response(200, text, _headers(media_type.encode("ascii")))


def _headers(media_type: bytes) -> list[tuple[bytes, bytes]]:
    return [(b"content-type", media_type), (b"cache-control", b"no-store")]
