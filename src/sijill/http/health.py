"""What operators ask: is it alive, can it serve, what does it count."""

from msgspec import json

from sijill.errors import Unavailable
from sijill.http.parts import Parts
from sijill.http.request import Request, Response

_HEALTH = b"application/health+json"


async def healthz(request: Request, parts: Parts) -> Response:
    """Answer 200 as long as the process answers at all."""
    return Response(200, json.encode({"status": "pass"}), _headers(_HEALTH))


async def readyz(request: Request, parts: Parts) -> Response:
    """Answer 200 if requests can be served: the database answers, and no shutdown has begun."""
    checks = {"database": "pass", "server": "fail" if parts.draining.begun else "pass"}
    try:
        await parts.health.ping()
    except Unavailable:
        checks["database"] = "fail"
    status = "fail" if "fail" in checks.values() else "pass"
    document = {"status": status, "checks": {name: [{"status": s}] for name, s in checks.items()}}
    return Response(200 if status == "pass" else 503, json.encode(document), _headers(_HEALTH))


async def metrics(request: Request, parts: Parts) -> Response:
    """Answer with every metric, in the text format of Prometheus."""
    text, media_type = parts.gauges.exposition()
    return Response(200, text, _headers(media_type.encode("ascii")))


def _headers(media_type: bytes) -> list[tuple[bytes, bytes]]:
    return [(b"content-type", media_type), (b"cache-control", b"no-store")]
