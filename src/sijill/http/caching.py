"""Entity tags: a client that still has the current answer gets a 304."""

import hashlib

from sijill.http.idempotency import replayed
from sijill.http.request import JSON, Headers, Request, Response


def entity_tag(body: bytes) -> str:
    """Return a strong tag of a rendered body: equal tags, equal bytes."""
    return f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'


def tagged(
    request: Request,
    body: bytes,
    media_type: bytes = JSON,
    headers: Headers | None = None,
    tag: str | None = None,
) -> Response:
    """
    Return a success with its tag, or a 304 if the client's `If-None-Match` names it.

    `headers` stand on both; `tag` is the body's, if it is known.
    Source: RFC 9110 §13.1.2: a list of tags or `*`, compared weakly.
    """
    tag = tag or entity_tag(body)
    always = [*(headers or ()), (b"etag", tag.encode("ascii"))]
    if_none_match = request.header(b"if-none-match")
    if if_none_match is not None and matches(if_none_match, tag):
        return Response(304, b"", always)
    return Response(200, body, [(b"content-type", media_type), *always])


def with_tag(body: bytes, *, again: bool = False) -> Response:
    """Return the answer to a write, with the tag that the next `If-Match` may name."""
    answer = Response(200, body, [(b"content-type", JSON), (b"etag", entity_tag(body).encode())])
    return replayed(answer) if again else answer


def matches(header: str, tag: str) -> bool:
    """Return whether a list of entity tags holds `tag`, weak or strong, or is `*`."""
    tags = header.strip().split(",")
    return tags == ["*"] or any(item.strip().removeprefix("W/") == tag for item in tags)
