"""Entity tags: a client that has the answer already is told so in a few bytes."""

import hashlib

from sijill.http.idempotency import replayed
from sijill.http.request import JSON, Request, Response

_ENTITY = b"etag"


def entity_tag(body: bytes) -> str:
    """Return a strong tag of a rendered body: equal tags, equal bytes."""
    return f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'


def tagged(request: Request, body: bytes) -> Response:
    """
    Return a success with its tag, or a 304 if the client's `If-None-Match` names it.

    Source: RFC 9110 §13.1.2: a list of tags or `*`, compared weakly.
    """
    tag = entity_tag(body)
    wanted = request.header(b"if-none-match")
    if wanted is not None and matches(wanted, tag):
        return Response(304, b"", [(_ENTITY, tag.encode("ascii"))])
    return Response(200, body, [(b"content-type", JSON), (_ENTITY, tag.encode("ascii"))])


def with_tag(body: bytes, *, again: bool = False) -> Response:
    """Return the answer to a write with the tag of what was written, for the next `If-Match`."""
    answer = Response(200, body, [(b"content-type", JSON), (_ENTITY, entity_tag(body).encode())])
    return replayed(answer) if again else answer


def matches(wanted: str, tag: str) -> bool:
    """Return whether a list of entity tags holds `tag`, weak or strong, or is `*`."""
    if wanted.strip() == "*":
        return True
    return any(item.strip().removeprefix("W/") == tag for item in wanted.split(","))
