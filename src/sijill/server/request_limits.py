"""What one request may take, and whether one that has not arrived whole is over it already."""

from typing import NamedTuple

from sijill.errors import Fault, HeadersTooLarge, PayloadTooLarge, UriTooLong

REQUEST_LINE = 32
"""Bytes of a request line beside its target, at most: the longest method, blanks, the version."""

FRAMING = 8
"""Raw bytes a byte of the body may take: alone in its chunk it takes six."""


UPLOADS = b"/customers/import"
"""How the path of a request that brings a file ends."""


class Caps(NamedTuple):
    """What one request may take. Sizes are in bytes, `receive` in seconds."""

    url: int = 8 * 1024
    headers: int = 16 * 1024
    """The whole header section, each line counted as `name: value` and its end."""
    body: int = 64 * 1024
    upload: int = 10 * 2**20
    """The body of a request to UPLOADS."""
    receive: float = 10.0
    """From a request's first byte to its last; also for a new connection that sends none."""


def excess_of_head(caps: Caps, url: int, own: int) -> Fault | None:
    """
    Return the cap that a request is over while its head is still arriving.

    Units: bytes of the target so far, and of the request's own bytes so far.
    """
    if url > caps.url:
        return UriTooLong()
    return HeadersTooLarge() if own > _most_head(caps, url) else None


def most_body(caps: Caps, url: bytes) -> int:
    """Return the bytes that the body of a request to this target may have."""
    return caps.upload if url.partition(b"?")[0].endswith(UPLOADS) else caps.body


def excess_of_body(caps: Caps, url: bytes, own: int, announced: int) -> Fault | None:
    """
    Return the cap that a request is over while its body is still arriving.

    Units: `own` as above; `announced` is the Content-Length, 0 where there is none.
    """
    body = most_body(caps, url)
    most = _most_head(caps, len(url)) + FRAMING * body
    return PayloadTooLarge() if announced > body or own > most else None


def _most_head(caps: Caps, url: int) -> int:
    return caps.headers + url + REQUEST_LINE
