"""What every write begins with: the fields of its body, and its time."""

from datetime import UTC, datetime

from sijill.http.bodies import Fields, parse_body
from sijill.http.parts import Parts
from sijill.http.request import Request


async def fields_of(request: Request) -> Fields:
    """
    Return the fields of the request's body.

    Raises: BadRequest, Invalid: see `wire.bodies.parse_body`.
    """
    return parse_body(await request.body(), request.header(b"content-type"))


def now_of(parts: Parts) -> datetime:
    """Return the time of the write."""
    return datetime.fromtimestamp(parts.clock(), UTC)
