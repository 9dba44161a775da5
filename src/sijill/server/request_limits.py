"""The sizes and time that one request may take, and whether an incomplete one exceeds them."""

from typing import NamedTuple

from sijill.errors import Fault, HeadersTooLarge, PayloadTooLarge, UriTooLong

REQUEST_LINE = 32
"""Most bytes of a request line beside its target: the longest method, blanks, the version."""

FRAMING = 8
"""Raw bytes per byte of the body, at most: a byte alone in its chunk takes six."""

UPLOADS = b"/customers/import"
"""The end of the path of a request that uploads a file."""


class RequestLimits(NamedTuple):
    """The limits of one request. Sizes are in bytes, `receive` in seconds."""

    url: int = 8 * 1024
    headers: int = 16 * 1024
    """The whole header section; a line counts as `name: value` and its end."""
    body: int = 64 * 1024
    upload: int = 10 * 2**20
    """The body of a request to UPLOADS."""
    receive: float = 10.0
    """From a request's first byte to its last; also for a new connection that sends nothing."""


def head_excess(limits: RequestLimits, url: int, own: int) -> Fault | None:
    """
    Return the fault of a request whose incomplete head exceeds a limit, or None.

    Units: bytes of the target so far, and of the request's own bytes so far.
    """
    if url > limits.url:
        return UriTooLong()
    return HeadersTooLarge() if own > _max_head(limits, url) else None


def max_body(limits: RequestLimits, url: bytes) -> int:
    """Return the most bytes that the body of a request to this target may have."""
    return limits.upload if url.partition(b"?")[0].endswith(UPLOADS) else limits.body


def body_excess(limits: RequestLimits, url: bytes, own: int, announced: int) -> Fault | None:
    """
    Return the fault of a request whose incomplete body exceeds a limit, or None.

    Units: `own` as above; `announced` is the Content-Length, 0 where there is none.
    """
    body = max_body(limits, url)
    raw = _max_head(limits, len(url)) + FRAMING * body
    return PayloadTooLarge() if announced > body or own > raw else None


def _max_head(limits: RequestLimits, url: int) -> int:
    return limits.headers + url + REQUEST_LINE
